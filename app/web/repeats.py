"""`Idempotency-Key`: the same POST sent twice is carried out once and answered twice alike."""

import hashlib
import re
from collections.abc import Callable

import structlog
from flask import Response, request

from app.domain.problems import Invalid, Problem, Refused
from app.stores.absence import Unavailable
from app.stores.hot import http_answers
from app.stores.hot.http_answers import Standing
from app.stores.hot.server import HotStore
from app.web.bodies import NDJSON
from app.web.errors import Busy, refused_answer

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")

log = structlog.get_logger("web")


def once(store: HotStore, caller: str, answer: Callable[[], Response]) -> Response:
    """Answer this request, or repeat what was answered to it within the last day.

    Raises Invalid for an unusable key or one that was used for something else, Busy while the first
    is being answered, Unavailable.
    """
    key, route = _key(), f"{request.method} {request.path}"
    digest = hashlib.sha256(request.get_data()).hexdigest()
    standing = http_answers.begin(store, caller, route, key, digest)
    if standing is not None:
        return _repeated(standing, digest)
    try:
        response = _answered(answer)
    except Exception:
        _give_up(store, caller, route, key)
        raise
    made = Standing(
        digest, response.status_code, response.content_type or "", response.get_data(as_text=True)
    )
    try:
        http_answers.finish(store, caller, route, key, made)
    except Unavailable:
        # It is carried out; a repeat within the next minute is told to wait, a later one runs again.
        log.warning("answer_not_kept", route=route)
    return response


def prepare() -> None:
    """Keep a small copy of the body before anybody reads it, when the answer may have to be repeated."""
    if HEADER in request.headers and request.mimetype != NDJSON:
        request.get_data(cache=True)


def _answered(answer: Callable[[], Response]) -> Response:
    try:
        return answer()
    except Refused as refused:
        # A refusal is an answer too: the same request would be refused again.
        return refused_answer(refused)


def _key() -> str:
    key = request.headers[HEADER]
    if request.mimetype == NDJSON:
        raise Invalid(
            problems=[Problem(f"?{HEADER}", "is not taken with NDJSON: its items have their own ids")]
        )
    if not KEY.match(key):
        raise Invalid(problems=[Problem(f"?{HEADER}", "must be 1 to 255 visible ASCII characters")])
    return key


def _repeated(standing: Standing, digest: str) -> Response:
    if standing.digest != digest:
        raise Invalid(
            problems=[Problem(f"?{HEADER}", "was used for another body within the last day: take a new key")]
        )
    if standing.status is None:
        raise Busy("The same request is being answered at this moment: send it again in a few seconds.")
    headers = {"Content-Type": standing.media, "Idempotency-Replayed": "true", "Cache-Control": "no-store"}
    return Response(standing.body, standing.status, headers)


def _give_up(store: HotStore, caller: str, route: str, key: str) -> None:
    try:
        http_answers.give_up(store, caller, route, key)
    except Unavailable:
        log.warning("idempotency_key_stays_taken", route=route)
