"""A CSV file as rows, each with its lines as they stand: bounded, and never stopped by a bad one."""

import codecs
import csv
import gzip
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from app.cli.failing import Failed
from app.cli.row_reading import LINE_MAX, Place, Row, RowReader

DELIMITERS = (",", ";", "\t", "|")
COLUMNS_MAX = 500
HEAD_ROWS = 1_000
SPOTS = 16
SPOT_ROWS = 200
PACKED_ROWS = 50_000
PACKED_STEP = 25

BOM = codecs.BOM_UTF8
_WIDE_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


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
        return RowReader(file, self.encoding, self.delimiter, len(self.titles)).read(place or self.start)

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
