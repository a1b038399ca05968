"""Where lines of text may break: words, their parts, and words too long for any line.

Between ideographs and kana as UAX #14 has it; Korean at its spaces, as it is written today. Thai and Lao have
no spaces between words and no dictionary is asked: their lines break before a vowel that begins a syllable.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from renderers.shaping import Style, width

REFERENCE_PX = 64
"""Words are measured at this size, and other sizes follow in proportion."""

_BREAK_AFTER = set("-/\N{EN DASH}\N{EM DASH}\N{HYPHEN}")
_SPACES = re.compile("[^\\S\u00a0\u2007\u202f]+")
"""All spaces but those that hold together what stands around them."""

_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_GLUE = set("\u00a0\u2007\u202f\u2011")
_NEVER_FIRST = set(
    "、。，．,.：；:;！？!?‼⁇⁈⁉…‥・ー〜～％%‰℃°¢々〻ゝゞヽヾ‐゠–"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
)
"""Classes CL, EX, IS, NS, CJ and PO among ideographs; a line begins with none of them."""

_NEVER_LAST = set("￥¥＄$€￡£￦₩№＃#")
_TONES = {chr(code) for code in range(0x1F3FB, 0x1F400)}
# Of Thai and Lao: vowels written before their consonant, and signs that belong to the letter before.
_LEADING_VOWELS = re.compile("[\u0e40-\u0e44\u0ec0-\u0ec4]")
_FOLLOWING_VOWELS = re.compile("[\u0e2f-\u0e33\u0e45\u0e46\u0eaf-\u0eb3\u0ebd\u0ec6]")


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
    for whole in filter(None, _SPACES.split(line)):
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
            joint = "-" if _is_cased(part[-1]) and _is_cased(cluster[0]) and not rtl else ""
            yield Word(part + joint, min(reach + hyphen, widest), gap)
            gap, part, reach = 0.0, "", 0.0
        part += cluster
        reach += wide
    yield Word(part, min(reach, widest), gap)


def _is_cased(char: str) -> bool:
    """Latin, Greek, Cyrillic and their like: scripts that know a hyphen at the end of a line."""
    return unicodedata.category(char) in ("Lu", "Ll")


def _clusters(text: str) -> list[str]:
    clusters: list[str] = []
    for char in text:
        if clusters and _belongs(clusters[-1][-1], char):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _belongs(before: str, char: str) -> bool:
    """Whether a character is one with that before it, also where a word must be broken."""
    if unicodedata.category(char).startswith("M") or char in _JOINERS or char in _TONES:
        return True
    if before == "\N{ZERO WIDTH JOINER}" or _LEADING_VOWELS.match(before):
        return True
    return _FOLLOWING_VOWELS.match(char) is not None


def _breakable(word: str) -> list[str]:
    """A word's parts between places where a line may break."""
    if len(word) < 2 or (word.isascii() and _BREAK_AFTER.isdisjoint(word)):
        return [word]
    parts = [word[0]]
    for before, char in pairwise(word):
        if _may_break(before, char):
            parts.append(char)
        else:
            parts[-1] += char
    return parts


def _may_break(before: str, char: str) -> bool:
    if before in _GLUE or char in _GLUE or char in _JOINERS or before in _JOINERS:
        return False
    if unicodedata.category(char).startswith("M") or char in _TONES:
        return False
    if before in _BREAK_AFTER and char.isalpha():
        return True
    if _LEADING_VOWELS.match(char):
        return unicodedata.category(before)[0] in "LM" and not _LEADING_VOWELS.match(before)
    return _is_between_ideographs(before, char)


def _is_between_ideographs(before: str, char: str) -> bool:
    if char in _NEVER_FIRST or unicodedata.category(char) in ("Pe", "Pf"):
        return False
    if before in _NEVER_LAST or unicodedata.category(before) in ("Ps", "Pi"):
        return False
    # What closes a clause among ideographs is as wide as they are: after it a line may break as after them.
    return _is_wide(char) or _is_wide(before)


def _is_wide(char: str) -> bool:
    """Ideographs, kana, full-width signs and emoji; not Hangul, whose words stay whole."""
    return unicodedata.east_asian_width(char) in "WF" and not "\uac00" <= char <= "\ud7af"
