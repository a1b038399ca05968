"""Reading what is sent: strict JSON, NDJSON line by line, and their bounds."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from flask import Request
from flask.json.provider import DefaultJSONProvider

from app.domain.problems import Malformed, TooLarge
from app.stores.hot.codec import encode
from app.web.errors import Unsupported

JSON = "application/json"
NDJSON = "application/x-ndjson"
MULTIPART = "multipart/form-data"

BODY_MAX = 8 * 2**20
NDJSON_MAX = 64 * 2**20
LINE_MAX = 256 * 2**10
LINES_MAX = 200_000
DEPTH_MAX = 32
BATCH_MAX = 1_000


class Json(DefaultJSONProvider):
    """Strict JSON: no NaN, no lone surrogates, no comments, bounded depth."""

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """Read one document, or raise Malformed."""
        return read_json(s.encode() if isinstance(s, str) else s)

    def dumps(self, obj: Any, **_: Any) -> str:
        """Write one document."""
        return encode(obj).decode()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an NDJSON body: its value, or why it cannot be read."""

    number: int
    value: object = None
    fault: str = ""


def read_json(data: bytes) -> Any:
    """Read one JSON document, or raise Malformed with the place of the fault."""
    try:
        document = msgspec.json.decode(data)
    except RecursionError as deep:
        raise Malformed(f"JSON may be nested {DEPTH_MAX} deep at most.") from deep
    except (msgspec.MsgspecError, ValueError) as wrong:
        reason = str(wrong).removeprefix("JSON is malformed: ")
        raise Malformed(f"The body is not valid JSON: {reason}." if data else "The body is empty.") from wrong
    if is_deeper_than(document, DEPTH_MAX):
        raise Malformed(f"JSON may be nested {DEPTH_MAX} deep at most.")
    return document


def json_of(request: Request, *, accepted: tuple[str, ...] = (JSON,)) -> Any:
    """The JSON body of a request. Raises Malformed, Unsupported, TooLarge."""
    require_type(request, accepted)
    # Werkzeug reads a body that tells no length up to the limit, and stops there without a word.
    if request.content_length is None and len(request.get_data()) >= (request.max_content_length or BODY_MAX):
        raise TooLarge("The body is larger than is taken here: send a batch in parts, make a file smaller.")
    document = request.get_json(force=True)
    if not isinstance(document, dict | list):
        raise Malformed("The body must be a JSON object or a list of them.")
    return document


def require_type(request: Request, accepted: tuple[str, ...]) -> None:
    """Raise Unsupported unless the body's content type is one of these."""
    if request.mimetype not in accepted:
        told = f"this is {request.mimetype[:60]}" if request.mimetype else "no Content-Type was sent"
        raise Unsupported(f"This address takes {' or '.join(accepted)}; {told}.")


def ndjson_of(request: Request) -> Iterator[Line]:
    """The lines of an NDJSON body as they arrive; a bad line is told and the next one comes.

    Raises TooLarge past the bounds of the whole.
    """
    number = 0
    for raw, is_whole in _raw_lines(request):
        if not raw.strip():
            continue
        if number >= LINES_MAX:
            raise TooLarge(f"An NDJSON body has {LINES_MAX} lines at most; what came before them was taken.")
        yield _line(number, raw, is_whole)
        number += 1


def _raw_lines(request: Request) -> Iterator[tuple[bytes, bool]]:
    # Unbuffered, every character is a call through werkzeug and the server: a third of the speed.
    stream = io.BufferedReader(request.stream) if isinstance(request.stream, io.RawIOBase) else request.stream
    while raw := stream.readline(LINE_MAX + 1):
        is_whole = len(raw) <= LINE_MAX
        rest = raw
        while not is_whole and rest and not rest.endswith(b"\n"):
            rest = stream.readline(LINE_MAX)
        yield raw, is_whole


def _line(number: int, raw: bytes, is_whole: bool) -> Line:
    if not is_whole:
        return Line(number, fault=f"a line has {LINE_MAX // 1024} KB at most")
    try:
        value = read_json(raw.strip())
    except Malformed as wrong:
        return Line(number, fault=wrong.detail.replace("The body is", "the line is").rstrip("."))
    return Line(number, value)


def is_deeper_than(document: object, depth: int) -> bool:
    """Whether lists and objects are nested deeper than this."""
    level = [document] if isinstance(document, dict | list) else []
    while level and depth:
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        depth -= 1
    return bool(level)
