"""The compressed pixels of a GIF, where Pillow's encoder is not enough: free pixels, and streams joined.

A pixel that a rectangle does not change is *free*: it may be stored as itself or as "unchanged", whichever
makes the longer match. Format: GIF89a, appendix F.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

_MOST_BITS = 12
_MOST_NODES = 12  # more matches kept in mind than this gain nothing that can be measured
_SHORTER = 6  # a match is cut by up to so many pixels where the next one gains by it

Match = tuple[int, int]
"""A code and its first pixel."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Codes as one number, the first in its lowest bits."""

    bits: int
    length: int

    @classmethod
    def of(cls, codes: Sequence[int], widths: Sequence[int]) -> "Stream":
        whole = at = 0
        for code, width in zip(codes, widths, strict=True):
            whole |= code << at
            at += width
        return cls(whole, at)

    def then(self, other: "Stream") -> "Stream":
        return Stream(self.bits | other.bits << self.length, self.length + other.length)

    def tobytes(self) -> bytes:
        return self.bits.to_bytes((self.length + 7) // 8, "little")


def widths(bits: int, count: int) -> list[int]:
    """The widths of a clear and `count` codes after it, fewer than fill the table.

    A reader adds one entry for every code after the first, and widens its codes when 2^width are taken.
    """
    found = [bits + 1]
    width, taken = bits + 1, (1 << bits) + 2
    for at in range(count):
        found.append(width)
        taken += at > 0
        if taken == 1 << width and width < _MOST_BITS:
            width += 1
    return found


def capacity(bits: int) -> int:
    """Most codes between one clear and the next."""
    return (1 << _MOST_BITS) - (1 << bits) - 8


class Ending:
    """Finds where a stream of Pillow's ends: the last bits of it are fill, and how many is not told."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        widest = widths(bits, capacity(bits))
        self._places = list(accumulate(widest))
        self._widths = widest

    def reopened(self, data: bytes) -> tuple[Stream, int] | None:
        """The codes without their end, and the width of the next one; None for more than fill one table."""
        whole = int.from_bytes(data, "little")
        # The end is code 2^bits + 1, so its own highest bit is the stream's.
        at = whole.bit_length() - self._bits - 1
        place = bisect_right(self._places, at)
        if place >= len(self._widths) or self._places[place - 1] != at:
            return None
        return Stream(whole & ((1 << at) - 1), at), self._widths[place]


@dataclass(slots=True)
class _Table:
    """What reader and writer know alike: strings of pixels as codes, each the longer by one of another."""

    clear: int
    after: int = 0
    children: dict[Match, int] = field(default_factory=dict)
    firsts: dict[int, int] = field(default_factory=dict)
    previous: int = -1

    def take(self, code: int, first: int) -> None:
        if self.previous >= 0:
            self.children.setdefault((self.previous, first), self.after)
            self.firsts[self.after] = self.firsts.get(self.previous, self.previous)
            self.after += 1
        self.previous = code

    def levels(self, choices: Sequence[tuple[int, ...]], at: int, *, is_next: bool) -> list[Match]:
        """A match of one pixel, of two, and so on, as far as there are any.

        `is_next` says that it follows the code taken last: then the code just being made may be meant too.
        """
        nodes = [(own, own) for own in choices[at]]
        coming = (self.previous, self.firsts.get(self.previous, self.previous)) if is_next else None
        found = [nodes[0]]
        for owns in choices[at + 1 :]:
            longer = []
            for node, first in nodes:
                for own in owns:
                    code = self.children.get((node, own))
                    if code is None and coming == (node, own) and first == own:
                        code = self.after
                    if code is not None:
                        longer.append((code, first))
            if not longer:
                break
            nodes = longer[:_MOST_NODES]
            found.append(nodes[0])
        return found


def free(pixels: bytes, is_free: Sequence[bool], unchanged: int, bits: int) -> bytes:
    """Compressed pixels, those that are free as themselves or as `unchanged`."""
    choices = [(own, unchanged) if may else (own,) for own, may in zip(pixels, is_free, strict=True)]
    clear = 1 << bits
    whole, at = Stream(0, 0), 0
    while at < len(choices):
        codes, at = _filled(choices, at, clear, capacity(bits))
        whole = whole.then(Stream.of([clear, *codes], widths(bits, len(codes))))
        # What follows a code that filled less than the table is as wide as the next one would be.
        width = widths(bits, len(codes) + 1)[-1]
        if at < len(choices):
            whole = whole.then(Stream(clear, width))
    return whole.then(Stream(clear + 1, width)).tobytes()


def _filled(choices: Sequence[tuple[int, ...]], at: int, clear: int, most: int) -> tuple[list[int], int]:
    """Codes from a place on until they fill a table, and the place then."""
    table = _Table(clear, clear + 2)
    codes: list[int] = []
    while at < len(choices) and len(codes) < most:
        code, first, length = _best(table, choices, at)
        codes.append(code)
        table.take(code, first)
        at += length
    return codes, at


def _best(table: _Table, choices: Sequence[tuple[int, ...]], at: int) -> tuple[int, int, int]:
    """The match that reaches furthest together with the one after it: code, first pixel, length."""
    levels = table.levels(choices, at, is_next=table.previous >= 0)
    best, reach = len(levels), -1
    for length in range(len(levels), max(0, len(levels) - _SHORTER), -1):
        end = at + length
        following = len(table.levels(choices, end, is_next=False)) if end < len(choices) else 0
        if length + following > reach:
            best, reach = length, length + following
    return (*levels[best - 1], best)
