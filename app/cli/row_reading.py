"""Rows of a CSV file with their lines as they stand: bounded, and never stopped by a bad one."""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

LINE_MAX = 256 * 2**10  # bytes
ROW_LINES_MAX = 100


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


class RowReader:
    """Feeds the csv module line by line, so that offsets are known and one bad row ends with itself."""

    def __init__(self, file: BinaryIO, encoding: str, delimiter: str, width: int) -> None:
        self._file = file
        self._encoding = encoding
        self._delimiter = delimiter
        self._width = width  # columns of the header
        self._waiting: deque[bytes] = deque()
        self._taken: list[bytes] = []
        self._skipped = 0  # bytes of a line too long to keep

    def read(self, start: Place) -> Iterator[tuple[Row, Place]]:
        """Every row and blank line from a place on, and where the next one begins."""
        offset, number, line = start.offset, start.row, start.line
        self._file.seek(offset)
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
            fields = next(csv.reader(self._lines(), delimiter=self._delimiter), [])
        except UnicodeDecodeError:
            return [], f"is not {self._encoding}: give --encoding, such as cp1252"
        except _TooLong as long:
            return [], str(long)
        except csv.Error as wrong:
            return [], f"cannot be read: {wrong}"
        if len(fields) != self._width and self._taken and self._taken[0].strip():
            return fields, f"has {len(fields)} columns where the header has {self._width}"
        return fields, ""

    def _lines(self) -> Iterator[str]:
        while line := self._next_line():
            self._taken.append(line)
            if len(line) > LINE_MAX:
                raise _TooLong(f"is longer than {LINE_MAX} bytes")
            if len(self._taken) > ROW_LINES_MAX:
                raise _TooLong("has a quote that is not closed")
            yield line.decode(self._encoding)

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
