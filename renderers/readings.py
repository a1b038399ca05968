"""Values with their labels, and how they are said: alike, short where one is long, exact on an axis."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from renderers.figures import unit_of, write_number

_LONG = 100_000  # numbers from here on are written short


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Values with a label each, some of them empty, and what stands before and after each number."""

    values: Sequence[float]
    labels: Sequence[str]
    prefix: str = ""
    suffix: str = ""

    def say(self, value: float) -> str:
        """A value for people: two places, or the first figure of a small one."""
        size = abs(value) / self._unit(value)[0]
        first = math.floor(math.log10(size)) if size else 0
        return self._said(value, places=min(6, 1 - first) if -6 < first < 0 else 1 if self._is_short else 2)

    def say_all(self, ticks: Sequence[float]) -> list[str]:
        """Marks of an axis with as many places as it takes to say each as it is."""
        step = ticks[1] - ticks[0]

        def is_exact(places: int) -> bool:
            sizes = [(tick / unit, step / unit) for tick in ticks for unit, _ in (self._unit(tick),)]
            return all(abs(round(size, places) - size) < abs(part) / 100 for size, part in sizes)

        places = next((places for places in range(9) if is_exact(places)), 9)
        return [self._said(tick, places=places) for tick in ticks]

    @property
    def _is_short(self) -> bool:
        """Whether one is so long that all are written short, to look alike."""
        return max(map(abs, self.values), default=0) >= _LONG

    def _unit(self, value: float) -> tuple[float, str]:
        return unit_of(value) if self._is_short else (1, "")

    def _said(self, value: float, *, places: int) -> str:
        """The minus stands before all of it."""
        unit, letter = self._unit(value)
        written = write_number(abs(value) / unit, places=places)
        minus = "−" if value < 0 and written != "0" else ""
        return f"{minus}{self.prefix}{written}{letter}{self.suffix}"
