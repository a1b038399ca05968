"""Exceptions -> statuses, in one table, and the RFC 9457 problem documents that callers read."""

import os
from collections.abc import Mapping, Sequence

import structlog
from flask import Flask, Response
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import HTTPException

from app.domain.problems import Conflict, Forbidden, Invalid, Malformed, NotFound, Problem, Refused, TooLarge
from app.stores.absence import Unavailable
from app.stores.cold.engine import RefusedRows
from app.stores.hot.codec import encode

RETRY_AFTER_S = 5
MEDIA_TYPE = "application/problem+json"
ERRORS_MAX = 50

log = structlog.get_logger("web")


class Unauthorised(Refused):
    """No key, or none that is in use."""

    title = "No valid key"


class Unsupported(Refused):
    """A content type that is not taken here."""

    title = "Content type not taken"


class Busy(Refused):
    """The same request is being answered at this moment."""

    title = "Still being answered"


STATUSES: Mapping[type[Refused], int] = {
    Malformed: 400,
    Unauthorised: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Busy: 409,
    TooLarge: 413,
    Unsupported: 415,
    Invalid: 422,
}

_NAMES: Mapping[type[Refused], str] = {TooLarge: "too_large", NotFound: "not_found"}

_HTTP_DETAILS = {
    404: "There is nothing at this address; /docs lists what there is.",
    405: "This address does not take that method; the Allow header names those it takes.",
    413: "The body is larger than is taken here: send a batch in parts, make a file smaller.",
    414: "The address is too long.",
    431: "The headers are too large.",
}


def status_of(refused: Refused) -> int:
    """The status of a refusal: that of its class, or of the nearest class above it."""
    return next((STATUSES[kind] for kind in type(refused).__mro__ if kind in STATUSES), 400)


def install(app: Flask) -> None:
    """Answer every exception with a problem document."""
    app.register_error_handler(Refused, refused_answer)
    app.register_error_handler(Unavailable, away_answer)
    app.register_error_handler(RefusedRows, _rows_answer)
    app.register_error_handler(HTTPException, _http_answer)
    app.register_error_handler(ParseException, _unreadable_answer)
    app.register_error_handler(Exception, _bug_answer)


def problem(
    status: int,
    title: str,
    detail: str,
    *,
    name: str,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    instance: str | None = None,
) -> Response:
    """One problem document (RFC 9457). `name` makes its `type`, which programs may compare."""
    document: dict[str, object] = {
        "type": f"urn:mailtide:problem:{name}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    if errors:
        document["errors"] = list(errors)
    if instance:
        document["instance"] = instance
    return Response(encode(document), status, {**(headers or {}), "Content-Type": MEDIA_TYPE})


def refused_answer(refused: Refused) -> Response:
    """What a refusal is answered with."""
    status = status_of(refused)
    headers = {"WWW-Authenticate": 'Bearer realm="mailtide"'} if status == 401 else None
    errors = told(refused.problems)
    return problem(
        status, refused.title, detail_of(refused), name=_name(refused), errors=errors, headers=headers
    )


def detail_of(refused: Refused) -> str:
    """A refusal in a sentence: its own, or the first faults it names."""
    if not refused.problems:
        return refused.detail or refused.title
    places = (f"{one.pointer.strip('?{}')}: {one.detail}" for one in refused.problems[:5])
    return "; ".join(place.removeprefix(": ") for place in places)


def away_answer(away: Unavailable) -> Response:
    """What is answered while a store is away."""
    return problem(
        503,
        "A store does not answer",
        f"{away}. Nothing else is wrong with the request: send it again in {RETRY_AFTER_S} seconds.",
        name="unavailable",
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


def told(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Problems as they stand in a document: a pointer into the body, or a parameter's name."""
    return [_one(problem) for problem in problems[:ERRORS_MAX]]


def _one(fault: Problem) -> dict[str, str]:
    # `?limit` and `{customer_id}` are places outside the body, which a JSON Pointer cannot name.
    if fault.pointer.startswith("?") or fault.pointer.startswith("{"):
        return {"parameter": fault.pointer.strip("?{}"), "detail": fault.detail}
    return {"pointer": fault.pointer, "detail": fault.detail}


def _rows_answer(refused: RefusedRows) -> Response:
    detail = f"The database will not take this ({refused}): it is too large, or holds what is not text."
    return problem(422, Invalid.title, detail, name="invalid")


def _http_answer(wrong: HTTPException) -> Response:
    status = wrong.code or 500
    headers = {
        name: value for name, value in wrong.get_headers() if name in ("Allow", "Location", "Retry-After")
    }
    detail = _HTTP_DETAILS.get(status) or wrong.description or wrong.name
    return problem(
        status,
        wrong.name,
        detail,
        name=wrong.name.lower().replace(" ", "_").replace("-", "_"),
        headers=headers,
    )


def _unreadable_answer(wrong: ParseException) -> Response:
    """A body whose chunks are none; gunicorn finds that out while it is read."""
    return refused_answer(Malformed(f"The body cannot be read: {wrong}."))


def _bug_answer(bug: Exception) -> Response:
    incident = os.urandom(6).hex()
    log.error("request_failed", incident=incident, exc_info=bug)
    return problem(
        500,
        "Something went wrong on our side",
        f"It is in the log under {incident}: tell the operator. The request may be sent again.",
        name="bug",
        instance=f"urn:mailtide:incident:{incident}",
    )


def _name(refused: Refused) -> str:
    kind = next((kind for kind in type(refused).__mro__ if kind in STATUSES), Refused)
    return _NAMES.get(kind, kind.__name__.lower())
