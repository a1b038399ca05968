"""A dial's whole frames: only the rows that digits stand in are compressed for each."""

from collections.abc import Sequence

from PIL import Image as Pictures

from renderers import gif
from renderers.dial import Dial
from renderers.lzw import Ending, Stream


class Plate:
    """Makes whole frames. The rows above and below the digits are compressed once.

    The streams are joined bit by bit. Each begins with a clear, so that none needs to know the others.
    """

    def __init__(self, dial: Dial) -> None:
        self._dial = dial
        self._bits = gif.bits_for(len(dial.palette))
        self._ending = Ending(self._bits)
        wide, high = dial.still.size
        top, foot = dial.slots[0].y, dial.slots[0].y + dial.slot_size[1]
        self._rows = (0, top, wide, foot)
        self._head = self._opened(dial.still.crop((0, 0, wide, top)))
        tail = gif.compressed(dial.still.crop((0, foot, wide, high)), self._bits)
        self._tail = Stream(int.from_bytes(tail, "little"), 8 * len(tail))

    @property
    def held_bytes(self) -> int:
        head = 0 if self._head is None else self._head[0].length // 8
        return self._dial.still.width * self._dial.still.height + head + self._tail.length // 8

    def frame(self, digits: Sequence[int]) -> bytes:
        """A picture block of the whole dial."""
        band = self._opened(self._dial.show(digits, self._rows))
        if self._head is None or band is None:
            return gif.rectangle(self._dial.show(digits), (0, 0), self._bits)
        codes = self._joined(*self._head, self._joined(*band, self._tail)).tobytes()
        return gif.picture(self._dial.still.size, (0, 0), self._bits, codes)

    def _opened(self, indices: Pictures.Image) -> tuple[Stream, int] | None:
        return self._ending.reopened(gif.compressed(indices, self._bits))

    def _joined(self, first: Stream, width: int, second: Stream) -> Stream:
        """The second's clear is written as wide as the first's next code would be."""
        opening = self._bits + 1
        rest = Stream(second.bits >> opening, second.length - opening)
        return first.then(Stream(1 << self._bits, width)).then(rest)
