"""A dial's whole frames: only the rows that digits stand in are compressed for each."""

from collections.abc import Sequence

from PIL import Image as Pictures

from renderers import gif
from renderers.dial import Dial
from renderers.lzw import Ending, Stream


class Plate:
    """Makes whole frames. The rows above and below the digits are compressed once.

    The streams are joined bit by bit. Each begins with a clear, so that none needs to know the others. `band`
    is what it keeps of the dial.
    """

    def __init__(self, dial: Dial) -> None:
        self._size = wide, high = dial.still.size
        self.band = band = dial.band()
        self._bits = gif.bits_for(len(dial.palette))
        self._ending = Ending(self._bits)
        top, foot = band.top, band.top + band.still.height
        self._head = self._opened(dial.still.crop((0, 0, wide, top))) if top else None
        self._tail = None
        if foot < high:
            tail = gif.compressed(dial.still.crop((0, foot, wide, high)), self._bits)
            self._tail = Stream(int.from_bytes(tail, "little"), 8 * len(tail))

    @property
    def held_bytes(self) -> int:
        parts = (self._head and self._head[0], self._tail)
        return self.band.held_bytes + sum(part.length // 8 for part in parts if part)

    def frame(self, digits: Sequence[int]) -> bytes:
        """A picture block of the whole dial."""
        codes, width = self._opened(self.band.show(digits))
        end = Stream((1 << self._bits) + 1, width)
        codes = codes.then(end) if self._tail is None else self._joined(codes, width, self._tail)
        if self._head is not None:
            codes = self._joined(*self._head, codes)
        return gif.picture(self._size, (0, 0), self._bits, codes.tobytes())

    def _opened(self, indices: Pictures.Image) -> tuple[Stream, int]:
        """The codes of some rows without their end, and the width of the next one.

        What does not fit into one table is halved until it does: a single row always does.
        """
        found = self._ending.reopened(gif.compressed(indices, self._bits))
        if found is not None:
            return found
        wide, high = indices.size
        first, width = self._opened(indices.crop((0, 0, wide, high // 2)))
        second, following = self._opened(indices.crop((0, high // 2, wide, high)))
        return self._joined(first, width, second), following

    def _joined(self, first: Stream, width: int, second: Stream) -> Stream:
        """The second's clear is written as wide as the first's next code would be."""
        opening = self._bits + 1
        rest = Stream(second.bits >> opening, second.length - opening)
        return first.then(Stream(1 << self._bits, width)).then(rest)
