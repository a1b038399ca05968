"""A CSV file as rows, each with its lines as they stand: bounded, and never stopped by a bad one."""

import codecs
import csv
import gzip
import io
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from app.cli.failing import Failed

DELIMITERS = (",", ";", "\t", "|")
LINE_MAX = 256 * 2**10  # bytes
ROW_LINES_MAX = 100
COLUMNS_MAX = 500
HEAD_ROWS = 1_000
SPOTS = 16
SPOT_ROWS = 200
PACKED_ROWS = 50_000
PACKED_STEP = 25

BOM = codecs.BOM_UTF8
_WIDE_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row, or a blank line. `fault` says why it cannot be used, its fields being what could be read."""

    number: int  # of the rows below the header, from 1
    line: int  # where it begins, from 1
    fields: Sequence[str]
    raw: bytes
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing but white space."""
        return not self.raw.strip()


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading goes on: bytes (unpacked) into the file, rows and lines before that."""

    offset: int
    row: int
    line: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file whose manner is known: delimiter, encoding, header."""

    path: Path
    encoding: str
    delimiter: str
    titles: Sequence[str]
    has_bom: bool
    header: bytes
    start: Place

    def rows(self, file: BinaryIO, place: Place | None = None) -> Iterator[tuple[Row, Place]]:
        """Every row from a place on, and where the next one begins."""
        return _Rows(file, self, place or self.start).read()

    def column(self, name: str) -> int:
        """The number of the column with this title. Raises Failed."""
        if self.titles.count(name) == 1:
            return list(self.titles).index(name)
        what = "two columns" if name in self.titles else "no column"
        raise Failed(
            f"{self.path.name} has {what} {name[:64]!r}; its columns are: {', '.join(self.titles)[:800]}"
        )


@contextmanager
def unpacked(path: Path, position: Callable[[Callable[[], int]], None] | None = None) -> Iterator[BinaryIO]:
    """The file's bytes, of a .gz what is packed in it. Raises Failed for a damaged one.

    `position` is given a function that tells how many bytes of the file itself were read.
    """
    try:
        with path.open("rb") as raw:
            if position is not None:
                position(raw.tell)
            if not _is_packed(path):
                yield raw
                return
            with gzip.GzipFile(fileobj=raw) as file:
                yield cast("BinaryIO", file)
    except (gzip.BadGzipFile, EOFError) as damaged:
        raise Failed(f"{path} is damaged: {damaged}") from damaged


def look_at(path: Path, *, encoding: str | None, delimiter: str | None) -> Sheet:
    """Find out a file's manner. Raises Failed when it is no table that can be read."""
    if encoding is not None and not _is_ascii_like(encoding):
        raise Failed(
            f"--encoding {encoding[:40]} is not known here, or not one such as utf-8, cp1252, iso-8859-15"
        )
    with unpacked(path) as file:
        head = file.read(LINE_MAX)
    if head.startswith(_WIDE_BOMS):
        raise Failed(
            f"{path.name} is UTF-16: iconv -f UTF-16 -t UTF-8 {path.name} > utf8.csv makes it readable"
        )
    has_bom = head.startswith(BOM)
    body = head[len(BOM) :] if has_bom else head
    header = body.split(b"\n", 1)[0] + (b"\n" if b"\n" in body else b"")
    if not header.strip():
        raise Failed(f"{path.name} has an empty first line, which must name the columns")
    if b"\r" in header.rstrip(b"\r\n") or header.count(b'"') % 2:
        raise Failed(
            f"{path.name}: the names of the columns must stand in one line that ends with a line feed"
        )
    told = "utf-8" if has_bom else encoding or "utf-8"
    lines = [_decoded(line, told, path) for line in body.splitlines(keepends=True)[:50]]
    separator = delimiter or _delimiter(lines)
    titles = _titles(path, header.decode(told), separator)
    start = Place(len(header) + (len(BOM) if has_bom else 0), 0, 1)
    return Sheet(path, told, separator, titles, has_bom, header, start)


def sample(sheet: Sheet) -> list[Sequence[str]]:
    """Good rows from all over the file: enough to tell what its columns hold."""
    with unpacked(sheet.path) as file:
        if _is_packed(sheet.path):
            return _good(sheet.rows(file), PACKED_ROWS, every=PACKED_STEP)
        found = _good(sheet.rows(file), HEAD_ROWS)
        size = sheet.path.stat().st_size
        for spot in range(1, SPOTS):
            offset = size * spot // SPOTS
            if offset > sheet.start.offset:
                file.seek(offset)
                offset += len(file.readline(LINE_MAX))  # the rest of a line we fell into
                found += _good(sheet.rows(file, Place(offset, 0, 1)), SPOT_ROWS)
    return found


def _good(rows: Iterator[tuple[Row, Place]], most: int, *, every: int = 1) -> list[Sequence[str]]:
    found = []
    for count, (row, _) in enumerate(rows):
        if count >= most:
            break
        if not row.fault and not row.is_blank and (count < HEAD_ROWS or count % every == 0):
            found.append(row.fields)
    return found


class _Rows:
    """Feeds the csv module line by line, so that offsets are known and one bad row ends with itself."""

    def __init__(self, file: BinaryIO, sheet: Sheet, place: Place) -> None:
        self._file = file
        self._sheet = sheet
        self._place = place
        self._waiting: deque[bytes] = deque()
        self._taken: list[bytes] = []
        self._skipped = 0  # bytes of a line too long to keep
        file.seek(place.offset)

    def read(self) -> Iterator[tuple[Row, Place]]:
        offset, number, line = self._place.offset, self._place.row, self._place.line
        while True:
            self._taken, self._skipped = [], 0
            fields, fault = self._row()
            if not self._taken:
                return
            if fault and len(self._taken) > 1:
                # A quote that nobody closed swallows what follows: only its own line is spoilt.
                self._waiting.extendleft(reversed(self._taken[1:]))
                del self._taken[1:]
            raw = b"".join(self._taken)
            number += bool(raw.strip())
            row = Row(number, line + 1, fields, raw, fault)
            offset, line = offset + len(raw) + self._skipped, line + len(self._taken)
            yield row, Place(offset, number, line)

    def _row(self) -> tuple[Sequence[str], str]:
        try:
            fields = next(csv.reader(self._lines(), delimiter=self._sheet.delimiter), [])
        except UnicodeDecodeError:
            return [], f"is not {self._sheet.encoding}: give --encoding, such as cp1252"
        except _TooLong as long:
            return [], str(long)
        except csv.Error as wrong:
            return [], f"cannot be read: {wrong}"
        wanted = len(self._sheet.titles)
        if len(fields) != wanted and self._taken and self._taken[0].strip():
            return fields, f"has {len(fields)} columns where the header has {wanted}"
        return fields, ""

    def _lines(self) -> Iterator[str]:
        while line := self._next_line():
            self._taken.append(line)
            if len(line) > LINE_MAX:
                raise _TooLong(f"is longer than {LINE_MAX} bytes")
            if len(self._taken) > ROW_LINES_MAX:
                raise _TooLong("has a quote that is not closed")
            yield line.decode(self._sheet.encoding)

    def _next_line(self) -> bytes:
        if self._waiting:
            return self._waiting.popleft()
        line = self._file.readline(LINE_MAX + 1)
        if len(line) > LINE_MAX and not line.endswith(b"\n"):
            self._skip_line()
        return line

    def _skip_line(self) -> None:
        while more := self._file.readline(LINE_MAX):
            self._skipped += len(more)
            if more.endswith(b"\n"):
                return


class _TooLong(Exception):
    """A line or row is longer than anything we keep."""


def _titles(path: Path, header: str, delimiter: str) -> list[str]:
    try:
        titles = [title.strip() for title in next(csv.reader(io.StringIO(header), delimiter=delimiter), [])]
    except csv.Error as wrong:
        raise Failed(
            f"{path.name}: the first line, which must name the columns, cannot be read: {wrong}"
        ) from wrong
    if len(titles) > COLUMNS_MAX:
        raise Failed(f"{path.name} has {len(titles)} columns; {COLUMNS_MAX} can be read")
    return titles


def _delimiter(lines: Sequence[str]) -> str:
    """The one that parts most lines into as many columns as the header, and most columns of these."""

    def score(delimiter: str) -> tuple[int, int]:
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            return 0, 0
        width = len(rows[0]) if rows else 0
        alike = sum(len(row) == width for row in rows[:-1]) if width > 1 else 0
        return alike, width

    return max(DELIMITERS, key=score)


def _decoded(line: bytes, encoding: str, path: Path) -> str:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError as wrong:
        raise Failed(
            f"{path.name} is not {encoding}: say what it is, such as --encoding cp1252 for old Excel"
        ) from wrong


def _is_packed(path: Path) -> bool:
    return path.suffix.lower() == ".gz"


def _is_ascii_like(encoding: str) -> bool:
    try:
        return '\n",;\t|a'.encode(encoding) == b'\n",;\t|a'
    except (LookupError, UnicodeError):
        return False
