"""The order in which a line's characters are seen: the bidirectional algorithm without embeddings.

Pillow's RAQM orders one run of one face; a line of several faces is ordered here (UAX #9, rules W1 to L2).
Explicit embedding characters are taken out of texts before they come here.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_NUMBERS = {"EN", "AN"}
_WEAK = {"ES", "ET", "CS"}
_NEUTRAL = {"B", "S", "WS", "ON", "BN"}


@dataclass(frozen=True, slots=True)
class Run:
    """Characters from `start` up to `end` that are read in one direction."""

    start: int
    end: int
    is_rtl: bool


def is_rtl(text: str, *, otherwise: bool = False) -> bool:
    """Whether the first letter with a direction reads from right to left; `otherwise` where there is none."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return otherwise


def visual_runs(text: str, *, rtl: bool) -> list[Run]:
    """A line's runs from left to right, in a paragraph of the given direction."""
    if not text:
        return []
    kinds = [unicodedata.bidirectional(char) or "L" for char in text]
    if not rtl and not any(kind in ("R", "AL", "AN") for kind in kinds):
        return [Run(0, len(text), is_rtl=False)]
    levels = _levels(_neutrals(_weak(kinds, rtl=rtl), rtl=rtl), rtl=rtl)
    for at in range(len(text) - 1, -1, -1):  # L1: space at the end of a line lies at its end
        if not text[at].isspace():
            break
        levels[at] = int(rtl)
    return _reordered(levels)


def _weak(kinds: list[str], *, rtl: bool) -> list[str]:
    """W1 to W7: marks, numbers and what stands at numbers."""
    strong = previous = "R" if rtl else "L"
    resolved: list[str] = []
    for kind in kinds:
        now = previous if kind == "NSM" else kind
        if now in ("L", "R", "AL"):
            strong = now
        elif now == "EN" and strong == "AL":
            now = "AN"
        resolved.append(now)
        previous = now
    resolved = ["R" if kind == "AL" else kind for kind in resolved]
    _join_separators(resolved)
    _join_terminators(resolved)
    strong = "R" if rtl else "L"
    for at, kind in enumerate(resolved):
        if kind in ("L", "R"):
            strong = kind
        elif kind in _WEAK:
            resolved[at] = "ON"
        elif kind == "EN" and strong == "L":
            resolved[at] = "L"
    return resolved


def _join_separators(kinds: list[str]) -> None:
    for at in range(1, len(kinds) - 1):
        before, after = kinds[at - 1], kinds[at + 1]
        if before == after and (
            (kinds[at] == "ES" and before == "EN") or (kinds[at] == "CS" and before in _NUMBERS)
        ):
            kinds[at] = before


def _join_terminators(kinds: list[str]) -> None:
    for start, end in _stretches(kinds, {"ET"}):
        if (start > 0 and kinds[start - 1] == "EN") or (end < len(kinds) and kinds[end] == "EN"):
            kinds[start:end] = ["EN"] * (end - start)


def _neutrals(kinds: list[str], *, rtl: bool) -> list[str]:
    """N1 and N2: what has no direction takes that of both its sides, or the paragraph's."""
    own = "R" if rtl else "L"
    for start, end in _stretches(kinds, _NEUTRAL):
        before = _side(kinds[start - 1]) if start else own
        after = _side(kinds[end]) if end < len(kinds) else own
        kinds[start:end] = [before if before == after else own] * (end - start)
    return kinds


def _side(kind: str) -> str:
    return "R" if kind in _NUMBERS else kind


def _levels(kinds: list[str], *, rtl: bool) -> list[int]:
    if rtl:
        return [1 if kind == "R" else 2 for kind in kinds]
    return [{"L": 0, "R": 1}.get(kind, 2) for kind in kinds]


def _stretches(kinds: list[str], wanted: set[str]) -> Iterator[tuple[int, int]]:
    start = None
    for at, kind in enumerate([*kinds, ""]):
        if kind in wanted:
            start = at if start is None else start
        elif start is not None:
            yield start, at
            start = None


def _reordered(levels: list[int]) -> list[Run]:
    """L2: from the highest level down, every stretch of at least that level is turned round."""
    runs: list[tuple[Run, int]] = []
    for at, level in enumerate(levels):
        if runs and runs[-1][1] == level:
            runs[-1] = (Run(runs[-1][0].start, at + 1, bool(level % 2)), level)
        else:
            runs.append((Run(at, at + 1, bool(level % 2)), level))
    for level in range(max(levels), 0, -1):
        present = ["x" if its >= level else "" for _, its in runs]
        for start, end in list(_stretches(present, {"x"})):
            runs[start:end] = runs[start:end][::-1]
    return [run for run, _ in runs]
