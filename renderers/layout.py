"""Texts that fit their box: shrunk in proportion, then wrapped, then shortened. Nothing overflows."""

from dataclasses import dataclass, replace
from functools import lru_cache

from renderers import bidi
from renderers.breaking import REFERENCE_PX, Word, broken, words_of
from renderers.shaping import ELLIPSIS, PLAIN, Style, clean, width

ASCENT = 0.97
DESCENT = 0.24
LINE = 1.25
"""Parts of the size. Ascent and descent are Inter's own: a line between them sits on its capitals' middle."""

_ONE_LINE_SHARE = 0.75  # a text that needs no more shrinking than this stays on one line


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The bounds of a text: its box and sizes in pixels of the bitmap."""

    width_px: int
    height_px: int
    max_px: int
    min_px: int
    style: Style = PLAIN
    max_lines: int = 99
    is_among_rtl: bool = False
    """Whether a text of numbers and signs alone stands among words read from right to left."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text that fits: its size and its lines, read from right to left or not."""

    size_px: int
    lines: tuple[str, ...]
    is_rtl: bool

    @property
    def line_px(self) -> float:
        return self.size_px * LINE

    @property
    def height_px(self) -> float:
        return max(0.0, len(self.lines) * self.line_px - self.size_px * (LINE - ASCENT - DESCENT))


@lru_cache(maxsize=256)
def fit(text: str, within: Fit) -> Fitted:
    """The text at the largest size at which it fits, in as few and as even lines as that takes."""
    text = clean(text).strip()
    rtl = bidi.is_rtl(text, otherwise=within.is_among_rtl)
    tallest = int(within.height_px / (ASCENT + DESCENT))
    top = min(within.max_px, tallest)
    if not text or top < 1 or within.width_px < 1:
        return Fitted(1, (), rtl)
    within = replace(within, max_px=top, min_px=max(1, min(within.min_px, top)))
    paragraphs = [words_of(line, within.style, rtl=rtl) for line in text.split("\n")]
    found = _on_one_line(paragraphs, within) or _wrapped(paragraphs, within)
    if found is None:
        return _shortened(paragraphs, within, rtl=rtl)
    size, lines = found
    return _tightened(size, lines, within, rtl=rtl)


def _on_one_line(paragraphs: list[list[Word]], within: Fit) -> tuple[int, list[str]] | None:
    if len(paragraphs) > 1:
        return None
    natural = sum(word.gap + word.width for word in paragraphs[0]) or 1.0
    size = min(within.max_px, int(within.width_px * REFERENCE_PX / natural))
    if size < max(within.min_px, _ONE_LINE_SHARE * within.max_px):
        return None
    return size, [_text(paragraphs[0])]


def _wrapped(paragraphs: list[list[Word]], within: Fit) -> tuple[int, list[str]] | None:
    """The largest size at which whole words fill lines that fit the height; most texts have room at once."""
    low, size = within.min_px, within.max_px
    high, best = size, 0
    while low <= high:
        if _filling(paragraphs, within, size) is None:
            high = size - 1
        else:
            best, low = size, size + 1
        size = (low + high) // 2
    filled = _filling(paragraphs, within, best) if best else None
    if filled is None:
        return None
    widest = within.width_px * REFERENCE_PX / best
    return best, [
        _text(line)
        for words, lines in zip(paragraphs, filled, strict=True)
        for line in _balanced(words, lines, widest)
    ]


def _filling(paragraphs: list[list[Word]], within: Fit, size: int) -> list[list[list[Word]]] | None:
    """Each paragraph's lines at a size, or None where they are too wide or too many."""
    widest = within.width_px * REFERENCE_PX / size
    room = _room(within, size)
    found: list[list[list[Word]]] = []
    for words in paragraphs:
        filled = _filled(words, widest)
        if filled is None:
            return None
        found.append(filled)
        room -= len(filled)
    return found if room >= 0 else None


def _room(within: Fit, size: int) -> int:
    """How many lines of a size the height holds."""
    spare = within.height_px - size * (ASCENT + DESCENT)
    return min(within.max_lines, 1 + int(spare / (size * LINE))) if spare >= 0 else 0


def _filled(words: list[Word], widest: float) -> list[list[Word]] | None:
    lines: list[list[Word]] = [[]]
    used = 0.0
    for word in words:
        if word.width > widest:
            return None
        if lines[-1] and used + word.gap + word.width > widest:
            lines.append([])
            used = 0.0
        used += word.width + (word.gap if lines[-1] else 0.0)
        lines[-1].append(word)
    return lines


def _balanced(words: list[Word], filled: list[list[Word]], widest: float) -> list[list[Word]]:
    """The same number of lines with the longest as short as can be: no word is left alone."""
    low, high = 0.0, widest
    for _ in range(8 if len(filled) > 1 else 0):
        middle = (low + high) / 2
        narrower = _filled(words, middle)
        if narrower is not None and len(narrower) <= len(filled):
            filled, high = narrower, middle
        else:
            low = middle
    return filled


def _tightened(size: int, lines: list[str], within: Fit, *, rtl: bool) -> Fitted:
    """One pixel less where rounding made a line wider than the proportion said."""
    while size > 1 and max(width(line, size, within.style, rtl=rtl) for line in lines) > within.width_px:
        size -= 1
    return Fitted(size, tuple(lines), rtl)


def _shortened(paragraphs: list[list[Word]], within: Fit, *, rtl: bool) -> Fitted:
    """At the least size: words are broken, and what still has no room ends in an ellipsis."""
    size = within.min_px
    widest = within.width_px * REFERENCE_PX / size
    lines: list[str] = []
    room = max(1, _room(within, size))
    for words in paragraphs:
        parts = [part for word in words for part in broken(word, widest, within.style, rtl=rtl)]
        lines += [_text(line) for line in _filled(parts, widest) or [parts]]
        if len(lines) > room:
            break
    if len(lines) > room:
        lines = [*lines[: room - 1], lines[room - 1].rstrip("-") + ELLIPSIS]
    lines = [_cut(line, size, within, rtl=rtl) for line in lines]
    return Fitted(size, tuple(lines), rtl)


def _cut(line: str, size: int, within: Fit, *, rtl: bool) -> str:
    if width(line, size, within.style, rtl=rtl) <= within.width_px:
        return line
    stem = line.removesuffix(ELLIPSIS)
    low, high = 0, len(stem)
    while low < high:
        middle = (low + high + 1) // 2
        shorter = stem[:middle].rstrip() + ELLIPSIS
        if width(shorter, size, within.style, rtl=rtl) <= within.width_px:
            low = middle
        else:
            high = middle - 1
    return stem[:low].rstrip() + ELLIPSIS if low else ""


def _text(words: list[Word]) -> str:
    return "".join((" " if word.gap and at else "") + word.text for at, word in enumerate(words))
