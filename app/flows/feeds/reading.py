"""Reading a feed: bytes of somebody else's as records, one by one, or the sentence that says why not."""

import csv
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from app.domain.catalogs.feeds import Feed
from app.flows.feeds.elements import records_of_xml

UNPACKED_MAX = 256 * 2**20
RECORD_MAX = 256 * 2**10  # of one record
FIELDS_MAX = 300
VALUE_MAX = 64 * 2**10
_GZIP = b"\x1f\x8b"


class BadFeed(Exception):
    """What came is not the feed that was said to be there; the text says why."""


class BadRecord(Exception):
    """One record cannot be read; the others can."""


Record = Mapping[str, object]
Records = Iterator[Record | BadRecord]


def records_of(content: bytes, feed: Feed) -> Records:
    """The records of a feed in order, those that cannot be read as BadRecord. Raises BadFeed."""
    plain = _unpacked(content)
    start = plain[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise BadFeed("it is a web page (HTML), and no feed")
    if not start:
        raise BadFeed("it is empty")
    return _READERS[feed.format](plain, feed)


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(_GZIP):
        return content
    unpacking = zlib.decompressobj(wbits=31)
    try:
        plain = unpacking.decompress(content, UNPACKED_MAX)
    except zlib.error as broken:
        raise BadFeed("it begins like gzip and cannot be unpacked") from broken
    if unpacking.unconsumed_tail:
        raise BadFeed(f"it has more than {UNPACKED_MAX // 2**20} MB when it is unpacked")
    if not unpacking.eof:
        raise BadFeed("it ended early")
    return plain


def _csv(content: bytes, _: Feed) -> Records:
    text = _decoded(content)
    if "\0" in text:
        raise BadFeed("it holds NUL bytes, and is no text")
    head = text[: text.find("\n")] if "\n" in text else text
    if head.lstrip()[:1] in ("<", "{", "["):
        raise BadFeed("it is not CSV: it begins like XML or JSON")
    delimiter = max(",;\t|", key=head.count)
    csv.field_size_limit(VALUE_MAX)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [name.strip() for name in next(rows)]
    except (csv.Error, StopIteration) as broken:
        raise BadFeed(f"its first line cannot be read: {broken}") from broken
    if len(names) > FIELDS_MAX:
        raise BadFeed(f"its first line has more than {FIELDS_MAX} names")
    return _rows(rows, names)


def _rows(rows: Any, names: list[str]) -> Records:
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as broken:
            yield BadRecord(f"cannot be read: {broken}")
            continue
        if len(row) > len(names):
            yield BadRecord(f"has {len(row)} fields, and the first line names {len(names)}")
        elif any(row):
            yield dict(zip(names, row, strict=False))


def _json(content: bytes, feed: Feed) -> Records:
    try:
        listed = _list_at(content, [step for step in feed.path.split("/") if step])
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        if not feed.path and _is_lines(content):
            return _lines(content)
        at = f" with a list at {feed.path}" if feed.path else ": say by `path` where its list is"
        raise BadFeed(f"it is no JSON{at} ({str(wrong)[:120]})") from wrong
    return (_record(bytes(raw)) for raw in listed)


def _list_at(content: bytes, steps: list[str]) -> list[msgspec.Raw]:
    """The items of a list, each still as it was written: a feed read at once would take its size tenfold."""
    for step in steps:
        content = bytes(msgspec.json.decode(content, type=dict[str, msgspec.Raw])[step])
    return msgspec.json.decode(content, type=list[msgspec.Raw])


def _is_lines(content: bytes) -> bool:
    first = content[: content.find(b"\n")] if b"\n" in content else content
    return isinstance(_record(first), Mapping)


def _lines(content: bytes) -> Records:
    return (_record(line) for line in io.BytesIO(content) if line.strip())


def _record(raw: bytes) -> Record | BadRecord:
    if len(raw) > RECORD_MAX:
        return BadRecord(f"has more than {RECORD_MAX // 1024} KB")
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        return BadRecord(f"is no JSON: {str(wrong)[:120]}")
    if not isinstance(value, dict):
        return BadRecord("is no object")
    found: dict[str, object] = {}
    _flatten(value, "", found, 5)
    return found


def _flatten(value: Mapping[str, object], prefix: str, into: dict[str, object], depth: int) -> None:
    """Objects in objects by paths: `image/url`."""
    for name, inner in value.items():
        if len(into) >= FIELDS_MAX:
            return
        if isinstance(inner, dict):
            if depth:
                _flatten(inner, f"{prefix}{name}/", into, depth - 1)
        elif isinstance(inner, list):
            into[prefix + name] = [one for one in inner if isinstance(one, str | int | float)]
        elif isinstance(inner, str | int | float):
            into[prefix + name] = inner


def _xml(content: bytes, feed: Feed) -> Records:
    element = feed.path.rpartition("/")[2] or ("item" if feed.format == "rss" else "product")
    names = {element, "entry"} if feed.format == "rss" and not feed.path else {element}
    try:
        yield from records_of_xml(content, names)
    except ValueError as wrong:
        raise BadFeed(str(wrong)) from wrong


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        charsets: tuple[str, ...] = ("utf-16",)
    else:
        charsets = ("utf-8-sig", "windows-1252")
    for charset in charsets:
        try:
            return content.decode(charset)
        except UnicodeError:
            continue
    raise BadFeed("its letters are of no encoding that is known: send UTF-8")


_READERS: Mapping[str, Callable[[bytes, Feed], Records]] = {
    "csv": _csv,
    "json": _json,
    "rss": _xml,
    "xml": _xml,
}
