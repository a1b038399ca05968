"""A dial's seconds as one GIF: a whole first frame, then only the rectangles that change."""

from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise

from PIL import Image as Pictures

from renderers import gif
from renderers.canvas import Box
from renderers.dial import Dial
from renderers.model import Image

SECOND_CS = 100
_LAST_CS = 6000  # how long the end stands where a client starts again by itself
_MOST_DELTAS = 512

Digits = tuple[int, ...]


class Clip:
    """Assembles clips of one dial. A rectangle is encoded once and kept: seconds need only sixteen."""

    def __init__(self, dial: Dial, ending: Pictures.Image | None) -> None:
        """`ending` is the picture shown at zero, in the dial's palette; None shows zeros."""
        self._dial = dial
        self._ending = ending
        self._bits = gif.bits_for(len(dial.palette))
        self._header = gif.header(dial.still.size, dial.palette)
        self._deltas: OrderedDict[tuple[int, int, Digits], bytes] = OrderedDict()

    def assemble(self, ticks: Sequence[Digits], *, is_ended: bool, is_looped: bool) -> Image:
        """A frame a second for `ticks`, and the ending after them where `is_ended`."""
        blocks = [self._header]
        if is_looped and not is_ended and len(ticks) > 1:
            blocks.append(gif.LOOP_FOREVER)
        frames = [self._whole(self._dial.show(ticks[0]))] if ticks else []
        frames += [self._delta(before, after) for before, after in pairwise(ticks)]
        if is_ended:
            frames.append(self._last(len(self._dial.slots)))
        for at, frame in enumerate(frames):
            is_end = at == len(frames) - 1 and not (is_looped and not is_ended)
            blocks += (gif.delay(_LAST_CS if is_end else SECOND_CS), frame)
        blocks.append(gif.TRAILER)
        return Image(b"".join(blocks), "image/gif", *self._dial.still.size)

    def _last(self, digits: int) -> bytes:
        ending = self._dial.show((0,) * digits) if self._ending is None else self._ending
        return self._whole(ending)

    def _whole(self, indices: Pictures.Image) -> bytes:
        return gif.rectangle(indices, (0, 0), self._bits)

    def _delta(self, before: Digits, after: Digits) -> bytes:
        """From the first changed digit to the last; where none changes, one pixel."""
        changed = [at for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        first, last = (changed[0], changed[-1]) if changed else (0, -1)
        key = (first, last, after[first : last + 1])
        held = self._deltas.get(key)
        if held is None:
            held = self._encoded(after, self._dial.box(first, last) if changed else (0, 0, 1, 1))
            self._deltas[key] = held
            while len(self._deltas) > _MOST_DELTAS:
                self._deltas.popitem(last=False)
        return held

    def _encoded(self, digits: Digits, box: Box) -> bytes:
        return gif.rectangle(self._dial.show(digits).crop(box), (box[0], box[1]), self._bits)
