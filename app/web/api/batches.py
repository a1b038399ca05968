"""Batches: a JSON list or NDJSON in, an answer for every item out; one bad item spoils nothing."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from app.domain.problems import Invalid, Problem, Refused
from app.stores.hot.codec import encode
from app.web.bodies import BATCH_MAX, NDJSON, Line, ndjson_of
from app.web.errors import detail_of, status_of, told
from app.web.routing import Reply
from app.web.sentences import problems_of

MEMORY_MAX = 2**20
READ_BYTES = 64 * 2**10

Model = TypeVar("Model", bound=BaseModel)
Outcome = Mapping[str, Any] | Refused


@dataclass(frozen=True, slots=True)
class Item(Generic[Model]):
    """One item of a batch: where it stood, and what it says or why it cannot be taken."""

    index: int
    said: Model | None = None
    problems: Sequence[Problem] = field(default_factory=tuple)
    names: Mapping[str, Any] = field(default_factory=dict)


Carry = Callable[[Sequence[Model]], Sequence[Outcome]]


def checked(document: object, model: type[Model]) -> Model:
    """One object as its model, or Invalid with every fault."""
    try:
        return model.model_validate(document)
    except ValidationError as wrong:
        raise Invalid(problems=problems_of(wrong, model)) from wrong


def one_or_many(document: object, model: type[Model], carry: Carry[Model], names: Sequence[str]) -> Reply:
    """Answer an object by itself, and a list or NDJSON item by item."""
    if isinstance(document, dict):
        [outcome] = carry([checked(document, model)])
        if isinstance(outcome, Refused):
            raise outcome
        return Reply(outcome)
    return many(document, model, carry, names)


def many(document: object, model: type[Model], carry: Carry[Model], names: Sequence[str]) -> Reply:
    """Carry out a batch in portions, and answer 207 with a result for each item, in order.

    `carry` takes models and gives back as many outcomes: what to answer, or a refusal. `names` are
    the fields that name an item in its result. The results wait in a file until all is read: a
    caller that sends everything before it reads anything would otherwise wait for us for ever.
    """
    lines = ndjson_of(request) if document is None else _listed(document)
    spool = tempfile.SpooledTemporaryFile(MEMORY_MAX)  # noqa: SIM115 - closed when it was sent
    is_lines = NDJSON in request.accept_mimetypes.values()
    spool.write(b"" if is_lines else b'{"results":[')
    is_first = True
    taken = refused = 0
    try:
        for result in _results(lines, model, carry, names):
            is_good = result["code"] < 300
            taken, refused = taken + is_good, refused + (not is_good)
            separator = b"" if is_lines or is_first else b","
            spool.write(separator + encode(result) + (b"\n" if is_lines else b""))
            is_first = False
    except BaseException:
        spool.close()
        raise
    if not is_lines:
        spool.write(b'],"accepted":%d,"refused":%d}' % (taken, refused))
    return Reply(_sending(spool), 207, media=NDJSON if is_lines else "application/json")


def _results(
    lines: Iterable[Line], model: type[Model], carry: Carry[Model], names: Sequence[str]
) -> Iterator[dict[str, Any]]:
    source = iter(lines)
    while portion := list(islice(source, BATCH_MAX)):
        items = [_item(line, model, names) for line in portion]
        good = [item.said for item in items if item.said is not None]
        outcomes = iter(carry(good) if good else ())
        for item in items:
            yield _result(item, next(outcomes) if item.said is not None else Invalid(problems=item.problems))


def _result(item: Item[Model], outcome: Outcome) -> dict[str, Any]:
    if not isinstance(outcome, Refused):
        return {"index": item.index, "code": 200, **outcome}
    result: dict[str, Any] = {
        "index": item.index,
        "code": status_of(outcome),
        **item.names,
        "status": "refused",
        "detail": detail_of(outcome),
    }
    if outcome.problems:
        result["errors"] = told(outcome.problems)
    return result


def _item(line: Line, model: type[Model], names: Sequence[str]) -> Item[Model]:
    if line.fault:
        return Item(line.number, problems=[Problem("", line.fault)])
    value = line.value if isinstance(line.value, dict) else {}
    # Whatever stands there is given back, cut to what an id may be.
    named = {name: value[name][:128] for name in names if isinstance(value.get(name), str)}
    try:
        return Item(line.number, model.model_validate(line.value), names=named)
    except ValidationError as wrong:
        return Item(line.number, problems=problems_of(wrong, model), names=named)


def _listed(document: object) -> Iterator[Line]:
    if not isinstance(document, list):
        raise Invalid(problems=[Problem("", f"must be a list of at most {BATCH_MAX} objects, or NDJSON")])
    if len(document) > BATCH_MAX:
        told_how = (
            f"a list has at most {BATCH_MAX} items; this has {len(document)}: send NDJSON, or several lists"
        )
        raise Invalid(problems=[Problem("", told_how)])
    return (Line(number, value) for number, value in enumerate(document))


def _sending(spool: Any) -> Iterator[bytes]:
    with spool:
        spool.seek(0)
        while data := spool.read(READ_BYTES):
            yield data
