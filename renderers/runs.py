"""Lines split into runs of one face and one direction: which face draws which characters."""

import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from renderers import bidi, emoji, missing
from renderers.faces import Face, Weight, chain, covering, emoji_face
from renderers.han import Han, han_of
from renderers.own import Typeface

MISSING = "\N{WHITE SQUARE}"
"""Stands where no face has the character."""


JOINERS = {"\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}"}
_PLAIN = ((0x20, 0x24F), (0x370, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2026), (0x20A0, 0x20BF))


class Piece(NamedTuple):
    """Characters of one face in one direction."""

    text: str
    face: Face
    is_rtl: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom the characters of a line are asked of."""

    weight: Weight
    han: Han = Han.NONE
    own: Typeface | None = None
    is_one_colour: bool = False

    @property
    def first(self) -> Face:
        return self.own.faces[self.weight] if self.own else chain(self.weight)[0]

    def covering(self, char: str, *, before: str = "", after: str = "") -> Face | None:
        if not self.is_one_colour and emoji.is_meant(char, before=before, after=after):
            return emoji_face()
        if self.own is not None and self.first.covers(char):
            return self.first
        return covering(char, self.weight, self.han)


@lru_cache(maxsize=1024)
def pieces(line: str, asked: Asked, *, rtl: bool) -> tuple[Piece, ...]:
    """A line's pieces from left to right, in a paragraph of the given direction."""
    if line and not rtl and plain(asked.first).issuperset(line):
        return (Piece(line, asked.first, is_rtl=False),)
    return mixed_pieces(line, replace(asked, han=asked.han or han_of(line)), rtl=rtl)


def mixed_pieces(line: str, asked: Asked, *, rtl: bool) -> tuple[Piece, ...]:
    """The same, character by character: a line of several scripts or faces."""
    found: list[Piece] = []
    for run in bidi.visual_runs(line, rtl=rtl):
        split = _by_face(line[run.start : run.end], asked)
        ordered = reversed(split) if run.is_rtl else split
        found += [Piece(text, face, run.is_rtl) for text, face in ordered]
    return tuple(found)


@lru_cache(maxsize=16)
def plain(face: Face) -> frozenset[str]:
    """Characters of Latin, Greek and Cyrillic texts that stand for themselves, and that the face has.

    A line of these alone has one face and one order, so nothing has to be looked up for each of them.
    """
    return frozenset(
        char
        for first, last in _PLAIN
        for char in map(chr, range(first, last + 1))
        if face.covers(char)
        and unicodedata.category(char)[0] not in "CM"
        and unicodedata.bidirectional(char) not in ("R", "AL", "AN")
    )


def _by_face(text: str, asked: Asked) -> list[tuple[str, Face]]:
    split: list[tuple[str, Face]] = []
    for at, char in enumerate(text):
        last = split[-1] if split else None
        if char in emoji.SIGNS and (last is None or not last[1].is_colour):
            continue
        follows = char.isspace() or char in JOINERS or unicodedata.category(char).startswith("M")
        if last is not None and (follows or char in emoji.TONES) and _is_kept(char, last[1]):
            face: Face | None = last[1]
        else:
            face = asked.covering(char, before=text[at - 1 : at], after=text[at + 1 : at + 2])
        if face is None:
            if follows:
                continue
            missing.note(char)
            char, face = MISSING, asked.covering(MISSING)
        if face is None:
            continue
        if last is not None and last[1] is face:
            split[-1] = (last[0] + char, face)
        else:
            split.append((char, face))
    return split


def _is_kept(char: str, face: Face) -> bool:
    """Whether what follows a character is drawn by that one's face."""
    if face.is_colour:
        return char in emoji.SIGNS or char in JOINERS
    return char in JOINERS or face.covers(char)
