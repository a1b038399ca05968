"""Where lines of text may break: words, their parts, and words too long for any line."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from renderers.shaping import Style, width

REFERENCE_PX = 64
"""Words are measured at this size, and other sizes follow in proportion."""

_BREAK_AFTER = set("-/\N{EN DASH}\N{EM DASH}\N{HYPHEN}")


@dataclass(frozen=True, slots=True)
class Word:
    """What stands between two places where a line may break; widths at the reference size."""

    text: str
    width: float
    gap: float
    """The space before it, when it does not begin a line."""


def words_of(line: str, style: Style, *, rtl: bool) -> list[Word]:
    space = width(" ", REFERENCE_PX, style, rtl=rtl)
    words: list[Word] = []
    for whole in line.split():
        first, *others = _parts(whole, style, rtl)
        words.append(Word(first.text, first.width, space) if words else first)
        words += others
    return words


# Kept, since most words of a text were met before.
@lru_cache(maxsize=1024)
def _parts(whole: str, style: Style, rtl: bool) -> tuple[Word, ...]:
    return tuple(Word(part, width(part, REFERENCE_PX, style, rtl=rtl), 0.0) for part in _breakable(whole))


def broken(word: Word, widest: float, style: Style, *, rtl: bool) -> Iterator[Word]:
    """A word wider than a line, in parts that are not; a hyphen joins the parts of a written word."""
    if word.width <= widest:
        yield word
        return
    hyphen = width("-", REFERENCE_PX, style, rtl=rtl)
    gap, part, reach = word.gap, "", 0.0
    for cluster in _clusters(word.text):
        # Letters are measured alone, not as they join: a little too wide, and linear in the word's length.
        wide = width(cluster, REFERENCE_PX, style, rtl=rtl)
        if part and reach + wide + hyphen > widest:
            joint = "-" if part[-1].isalpha() and cluster[0].isalpha() and not rtl else ""
            yield Word(part + joint, min(reach + hyphen, widest), gap)
            gap, part, reach = 0.0, "", 0.0
        part += cluster
        reach += wide
    yield Word(part, min(reach, widest), gap)


def _clusters(text: str) -> list[str]:
    clusters: list[str] = []
    for char in text:
        joins = unicodedata.category(char).startswith("M") or char in "\u200c\u200d"
        if clusters and (joins or clusters[-1].endswith("\u200d")):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _breakable(word: str) -> list[str]:
    """A word's parts between places where a line may break: after hyphens, around ideographs."""
    if len(word) < 2:
        return [word]
    parts = [word[0]]
    for before, char in pairwise(word):
        wide = unicodedata.east_asian_width(char) == "W" and unicodedata.category(char) == "Lo"
        if wide or (before in _BREAK_AFTER and char.isalpha()):
            parts.append(char)
        else:
            parts[-1] += char
    return parts
