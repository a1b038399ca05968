"""Masks of words that have been drawn, kept within a bound of bytes: most of a text was drawn before."""

import math
import threading
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from PIL import Image as Pictures

_FRAME_BYTES = 500  # what keeping a mask costs besides its pixels


@dataclass(frozen=True, slots=True)
class Sprite:
    """A picture in colours of its own, RGBA; `x_px` and `y_px` lead from an origin to its top left."""

    picture: Pictures.Image
    x_px: int
    y_px: int


@dataclass(frozen=True, slots=True)
class Mask:
    """Coverage, 0 to 255; `left_px` and `baseline_px` say where its origin lies within, or outside.

    Coloured emoji stand beside it, seen from its origin.
    """

    picture: Pictures.Image
    left_px: int
    baseline_px: int
    sprites: tuple[Sprite, ...] = ()

    @property
    def has_ink(self) -> bool:
        return self is not EMPTY

    def trimmed(self) -> "Mask":
        """Without the empty rows and columns around it; EMPTY where there is nothing else."""
        box = self.picture.getbbox()
        if box is None:
            return EMPTY
        if box == (0, 0, *self.picture.size):
            return self
        return Mask(self.picture.crop(box), self.left_px - box[0], self.baseline_px - box[1])


EMPTY = Mask(Pictures.new("L", (1, 1), 0), 0, 0)
"""Of a text that leaves no ink: one empty pixel."""


Placed = tuple[Pictures.Image, int, int]
"""Coverage, and where its upper left corner stands; in pixels."""


def gather(onto: Pictures.Image, placed: Iterable[Placed]) -> None:
    """Puts coverage onto an empty picture. What reaches into one before it is mixed, the rest only copied."""
    whole, end = onto.im, -math.inf
    for mask, x, y in placed:
        width, height = mask.size
        box = (x, y, x + width, y + height)
        if x >= end:
            whole.paste(mask.im, box)
        else:
            whole.paste(255, box, mask.im)
        end = max(end, x + width)


class Masks:
    """The masks kept last. What came first goes first: finding one changes nothing, so it needs no lock."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._held: dict[Hashable, Mask] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Mask | None:
        return self._held.get(key)

    def keep(self, key: Hashable, mask: Mask) -> None:
        weight = _weight(mask)
        if weight > self._max_bytes // 8:
            return
        with self._lock:
            if key in self._held:
                return
            self._held[key] = mask
            self._bytes += weight
            while self._bytes > self._max_bytes:
                self._bytes -= _weight(self._held.pop(next(iter(self._held))))


def _weight(mask: Mask) -> int:
    width, height = mask.picture.size
    coloured = 0
    if mask.sprites:
        coloured = sum(4 * one.picture.width * one.picture.height for one in mask.sprites)
    return width * height + coloured + _FRAME_BYTES
