"""A progress bar for whoever looks at a terminal; nothing anywhere else."""

import sys
import time
from typing import TextIO

EVERY_S = 0.1
CELLS = 24


class Progress:
    """`[######      ] 42 %  12,345 rows  5,100/s  0 refused`, at most ten times a second."""

    def __init__(self, total: int, *, out: TextIO = sys.stderr) -> None:
        self._total = max(total, 1)
        self._out = out
        self._is_shown = out.isatty()
        self._began = time.monotonic()
        self._next_at = 0.0
        self._first: int | None = None

    @property
    def took_s(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._began

    def show(self, done: int, rows: int, refused: int) -> None:
        """Where the work stands: bytes done of the total, rows taken since the beginning, rows refused."""
        first = self._first = rows if self._first is None else self._first
        now = time.monotonic()
        if not self._is_shown or now < self._next_at:
            return
        self._next_at = now + EVERY_S
        part = min(done / self._total, 1.0)
        bar = "#" * round(part * CELLS)
        rate = (rows - first) / max(now - self._began, 0.001)
        self._out.write(
            f"\r[{bar:<{CELLS}}] {part:4.0%}  {rows:,} rows  {rate:,.0f}/s  {refused:,} refused  "
        )
        self._out.flush()

    def tell(self, text: str) -> None:
        """A line in place of the bar, for the terminal alone."""
        if self._is_shown and time.monotonic() >= self._next_at:
            self._next_at = time.monotonic() + EVERY_S
            self._out.write(f"\r{text:<79}")
            self._out.flush()

    def clear(self) -> None:
        """Take the bar away."""
        if self._is_shown:
            self._out.write("\r" + " " * 79 + "\r")
            self._out.flush()
