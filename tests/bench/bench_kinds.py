"""What each kind's example costs: to compile, to draw with words not drawn before, to keep."""

import itertools
import statistics
import time
from collections.abc import Callable
from typing import Any

from renderers import KINDS, Design, Image, Size
from renderers import compile as compile_design
from tests.bench.figures import short
from tests.renderers.gallery import NOW, assets

ROUNDS, DRAWS = 5, 20
COMPILE_MS, COUNTDOWN_MS, HELD_KB = 50, 300, 400

_numbers = itertools.count(1)


def rows() -> list[dict[str, Any]]:
    """CPU milliseconds, bytes of the picture, kilobytes that the design takes while it is kept."""
    return [row for kind in KINDS if kind != "collapse" for row in _measured(kind)]


def _measured(kind: str) -> list[dict[str, Any]]:
    name = "kinds: {} {}×{}".format(kind, *KINDS[kind].example_size)
    _draw(kind, _compiled(kind))  # what is kept for all designs, opened faces above all, is no cost of one
    compiled = [_cpu_ms(lambda: _compiled(kind), 1) for _ in range(ROUNDS)]
    design = _compiled(kind)
    drawn = [_cpu_ms(lambda: _draw(kind, design), DRAWS) for _ in range(ROUNDS)]
    most = COUNTDOWN_MS if kind == "countdown" else COMPILE_MS
    return [
        _row(f"{name}, compiled", statistics.median(compiled), "ms CPU", most),
        _row(f"{name}, drawn", statistics.median(drawn), "ms CPU"),
        _row(f"{name}, size", len(_draw(kind, design).data), "bytes"),
        _row(f"{name}, kept", design.held_bytes / 1000, "kB", HELD_KB),
    ]


def _compiled(kind: str) -> Design:
    size = Size(*KINDS[kind].example_size)
    return compile_design(kind, KINDS[kind].example, size=size, assets={"hero": assets()["photo"]})


def _draw(kind: str, design: Design) -> Image:
    """With other words each time, as another customer has them; numbers and dates stay."""
    number = next(_numbers)
    samples = KINDS[kind].templatable.items()
    values = {at: f"Ana {number}" if sample in ("x", "") else sample for at, sample in samples}
    return design.render(values | _FIXED.get(kind, {}), now=NOW)


# Texts that are no free words.
_FIXED: dict[str, dict[str, str]] = {
    "weather": {"/unit": "celsius"},
    "grid": {f"/items/{at}/picture": "" for at in range(6)},
}


def _cpu_ms(work: Callable[[], object], calls: int) -> float:
    began = time.process_time()
    for _ in range(calls):
        work()
    return (time.process_time() - began) / calls * 1_000


def _row(name: str, value: float, unit: str, most: int | None = None) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "value": short(value), "unit": unit}
    return row if most is None else {**row, "target": f"<= {most}", "met": value <= most}
