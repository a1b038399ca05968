"""A dial's seconds as one GIF: a whole first frame, then only the rectangles that change."""

from collections import OrderedDict
from collections.abc import Callable

from renderers import gif
from renderers.canvas import Flat
from renderers.dial import Dial
from renderers.model import Image
from renderers.plate import Plate
from renderers.steps import SECOND_CS, Digits, Steps

_LAST_CS = 6000  # how long the end stands where a client starts again by itself
_KEPT_FRAMES_BYTES = 12_000  # a few seconds: most open in the second of all others, or in one of their own


class Clip:
    """Assembles clips of one dial out of bytes that are kept."""

    def __init__(
        self,
        dial: Dial,
        ending: bytes | None,
        digits: Callable[[int], Digits],
        *,
        step: int = -1,
        has_ring: bool,
    ) -> None:
        """`ending` is the picture block shown at zero; None shows zeros.

        `digits` are those of a number of seconds; `step` is which way the seconds go; `has_ring` says that
        the last two digits run through a minute.
        """
        whole, self._unchanged = dial.ordered()
        self._digits, self._step = digits, step
        self._size = whole.still.size
        self._header = gif.header(self._size, whole.palette)
        self._plate = Plate(whole)
        self._steps = Steps(self._plate.band, self._unchanged, digits, step)
        if has_ring:
            self._steps.close_ring()
        self._firsts: OrderedDict[int, bytes] = OrderedDict()
        self._firsts_bytes = 0
        self._ending = gif.control(_LAST_CS) + (self._plate.frame(digits(0)) if ending is None else ending)

    @property
    def held_bytes(self) -> int:
        """About what it holds now, and what its first frames may come to hold."""
        return self._plate.held_bytes + self._steps.held_bytes + _KEPT_FRAMES_BYTES + len(self._ending)

    def assemble(self, start: int, frames: int, *, is_ended: bool, is_looped: bool) -> Image:
        """So many frames, one a second, from `start` seconds on; the ending after them where `is_ended`."""
        blocks = [self._header]
        if is_ended:
            blocks += (*self._running(start, frames), self._ending)
        elif is_looped and frames > 1:
            blocks += (gif.LOOP_FOREVER, *self._running(start, frames))
        else:
            blocks += self._running(start, frames - 1)
            blocks.append(self._standing(start, frames))
        blocks.append(gif.TRAILER)
        return Image(b"".join(blocks), "image/gif", *self._size)

    def _running(self, start: int, frames: int) -> list[bytes]:
        return [self._first(start), *self._steps.run(start, frames - 1)] if frames > 0 else []

    def _standing(self, start: int, frames: int) -> bytes:
        """The last frame of a clip that stops."""
        if frames < 2:
            return gif.control(_LAST_CS) + self._first(start)[gif.CONTROL_LENGTH :]
        step = self._steps.one(start + self._step * (frames - 2))
        return gif.control(_LAST_CS, self._unchanged) + step[gif.CONTROL_LENGTH :]

    def _first(self, seconds: int) -> bytes:
        held = self._firsts.get(seconds)
        if held is not None:
            return held
        made = gif.control(SECOND_CS) + self._plate.frame(self._digits(seconds))
        self._firsts[seconds] = made
        self._firsts_bytes += len(made)
        while self._firsts_bytes > _KEPT_FRAMES_BYTES and len(self._firsts) > 1:
            _, dropped = self._firsts.popitem(last=False)
            self._firsts_bytes -= len(dropped)
        return made


def still(canvas: Flat) -> Image:
    """A file of one frame."""
    bits = gif.bits_for(len(canvas.palette))
    blocks = (
        gif.header(canvas.bitmap, canvas.palette),
        gif.rectangle(canvas.indices, (0, 0), bits),
        gif.TRAILER,
    )
    return Image(b"".join(blocks), "image/gif", *canvas.bitmap)
