"""What changes on a dial from one second to the next: rectangles, and a minute's of them in a row."""

from collections import OrderedDict
from collections.abc import Callable
from itertools import accumulate

from PIL import Image as Pictures
from PIL import ImageChops

from renderers import gif, lzw
from renderers.canvas import Box
from renderers.dial import Dial

SECOND_CS = 100
_KEPT_BYTES = 60_000  # the roll-overs of sixty minutes at usual sizes
_LATELY = 16
_AROUND = 120  # bytes of a key and its entry
_MOST_FREE_PX = 8_000  # larger rectangles go to Pillow's encoder, which knows no free pixels

Digits = tuple[int, ...]


class Steps:
    """Control and picture blocks from one number of seconds to the next: each is encoded once and kept.

    `unchanged` is the index that leaves a pixel as it was; the digits' own indices are below it.
    """

    def __init__(self, dial: Dial, unchanged: int, digits: Callable[[int], Digits], step: int) -> None:
        """`step` is -1 or 1: which way the seconds go. `digits` says what a number of seconds shows."""
        self._dial = dial
        self._unchanged = unchanged
        self._bits = gif.bits_for(unchanged + 1)
        self._control = gif.control(SECOND_CS, unchanged)
        self._digits = digits
        self._step = step
        self._kept: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
        self._kept_bytes = 0
        self._lately: dict[int, bytes] = {}  # a clip of an ordinary minute needs one, and finds it at once
        self._ring = b""
        self._marks: list[int] = []

    @property
    def held_bytes(self) -> int:
        return len(self._ring) + 8 * len(self._marks) + self._kept_bytes

    def close_ring(self) -> None:
        """Joins the steps within a minute, for dials whose seconds begin anew each minute."""
        begin = 59 if self._step < 0 else 0
        steps = [self.one(begin + self._step * at) for at in range(59)]
        self._ring = b"".join(steps)
        self._marks = list(accumulate((len(each) for each in steps), initial=0))
        self._kept.clear()
        self._lately.clear()
        self._kept_bytes = 0

    def run(self, start: int, count: int) -> list[bytes]:
        """The blocks of `count` steps from `start` seconds on."""
        if not self._marks:
            return [self.one(start + self._step * at) for at in range(count)]
        blocks, now, left = [], start, count
        while left:
            at = self._place(now)
            going = min(59 - at, left)
            if going:
                blocks.append(self._ring[self._marks[at] : self._marks[at + going]])
            else:
                going = 1
                blocks.append(self.one(now))
            now += self._step * going
            left -= going
        return blocks

    def one(self, seconds: int) -> bytes:
        """The blocks of the step that leaves so many seconds. Where no digit changes, one pixel stays."""
        if self._marks and (at := self._place(seconds)) < 59:
            return self._ring[self._marks[at] : self._marks[at + 1]]
        held = self._lately.get(seconds)
        if held is None:
            if len(self._lately) >= _LATELY:
                self._lately.clear()
            held = self._lately[seconds] = self._step_from(seconds)
        return held

    def _place(self, seconds: int) -> int:
        """How far into its minute: 59 is the last, whose step is no part of the ring."""
        return seconds % 60 if self._step > 0 else 59 - seconds % 60

    def _step_from(self, seconds: int) -> bytes:
        before, after = self._digits(seconds), self._digits(seconds + self._step)
        changed = [at for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        box = self._dial.box(changed or (0,))
        within = self._dial.within(box)
        key = (within, *((before[at], after[at]) for at in within))
        held = self._kept.get(key)
        if held is None:
            held = self._kept[key] = self._control + self._picture(before, after, box)
            self._kept_bytes += _AROUND + len(held)
            while self._kept_bytes > _KEPT_BYTES and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._kept_bytes -= _AROUND + len(dropped)
        return held

    def _picture(self, before: Digits, after: Digits, box: Box) -> bytes:
        old, new = (self._dial.show(digits, box) for digits in (before, after))
        same = ImageChops.difference(old, new).point([255, *[0] * 255])
        changed = ImageChops.invert(same).getbbox() or (0, 0, 1, 1)
        at = (box[0] + changed[0], box[1] + changed[1])
        return self._encoded(new.crop(changed), same.crop(changed), at)

    def _encoded(self, new: Pictures.Image, same: Pictures.Image, at: tuple[int, int]) -> bytes:
        if new.width * new.height <= _MOST_FREE_PX and max(new.tobytes()) < self._unchanged:
            is_free = [value > 0 for value in same.tobytes()]
            codes = lzw.free(new.tobytes(), is_free, self._unchanged, self._bits)
            return gif.picture(new.size, at, self._bits, codes)
        new.paste(self._unchanged, (0, 0), same)
        return gif.rectangle(new, at, self._bits)
