"""A countdown's drawing: from a deadline and a moment to the clip, the ending, or a text in their place."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import floor
from operator import itemgetter

from renderers import gif
from renderers.canvas import Flat, panel
from renderers.clip import Clip, still
from renderers.colour import Rgb
from renderers.deadlines import MOST, SECONDS_OF, Unit, read_instant, read_zone, split
from renderers.dial import Dial, Plan, make
from renderers.faces import Weight
from renderers.model import CannotRender, Image
from renderers.shaping import Style
from renderers.stills import Still
from renderers.writing import Align, Setting, write

_KEPT_CLIPS = 4  # for labels, endings and numbers of digits that differ between customers
_CLIP_BYTES = 150_000  # besides the rows of digits: steps, a minute of them, roll-overs, first frames
_TEXT = Style(Weight.SEMIBOLD)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOOKS = itemgetter(*(f"/labels/{unit}" for unit in Unit))


@dataclass(frozen=True, slots=True)
class Over:
    """What is shown once the deadline has passed, neither zeros nor a text; `block` ends a clip before it."""

    image: Image
    block: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountdownDrawing:
    """A countdown's ground and plan; clips are made at their first use and kept."""

    texts: Mapping[str, str]
    """Every text by its pointer; those of templates are replaced at each draw."""
    units: tuple[Unit, ...]
    ground: Still[Flat]
    behind: Rgb
    plan: Plan
    frames: int
    is_looped: bool
    step: int
    """-1 counts down to the deadline, 1 up from it."""
    plus_s: int
    over: Over | None
    is_timed: bool = True
    _clips: OrderedDict[tuple[object, ...], Clip] = field(default_factory=OrderedDict)

    @property
    def held_bytes(self) -> int:
        # Of one clip; more are made only where labels or endings differ between customers.
        left, top, right, bottom = self.plan.digit_boxes()[0]
        high = min((bottom - top) * 3 // 4, (right - left) * 6 // 10)  # of the digits, about
        return self.ground.held_bytes + high * (self.ground.bitmap[0] + 10 * high) + _CLIP_BYTES

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:
        texts = {**self.texts, **values} if values else self.texts
        if texts["/instead"] and texts["/instead"].strip():
            return still(self._told(texts["/instead"]))
        start = deadline_s(texts["/deadline"], texts["/zone"]) + self.plus_s
        seconds = (start - floor(now.timestamp())) * -self.step
        if self.step > 0:
            return self._counted_up(texts, seconds)
        if seconds <= 0 and self.over is not None:
            return self.over.image
        left, frames = max(seconds, 0), self._most_frames
        clip = self._clip(texts, self._first_count(left))
        return clip.assemble(left, min(frames, left), is_ended=left < frames, is_looped=self.is_looped)

    def _counted_up(self, texts: Mapping[str, str], seconds: int) -> Image:
        """Noughts, standing still, before the beginning."""
        frames = self._most_frames if seconds >= 0 else 1
        clip = self._clip(texts, self._first_count(max(seconds, 0) + frames))
        return clip.assemble(max(seconds, 0), frames, is_ended=False, is_looped=self.is_looped)

    @property
    def _most_frames(self) -> int:
        return self.frames if self.units[-1] is Unit.SECONDS else 1

    def _first_count(self, seconds: int) -> int:
        """Digits in the first cell: two or three. The others have two."""
        first = seconds // SECONDS_OF[self.units[0]]
        if first > MOST:
            way = "away" if self.step < 0 else "ago"
            raise CannotRender(f"/deadline: is more than {MOST} {self.units[0]} {way}")
        return 2 if first < 100 else 3

    def _digits(self, seconds: int, counts: tuple[int, ...]) -> tuple[int, ...]:
        numbers = zip(split(seconds, self.units), counts, strict=True)
        return tuple(int(digit) for number, count in numbers for digit in f"{number:0{count}}")

    def _clip(self, texts: Mapping[str, str], first_count: int) -> Clip:
        key = (first_count, *_LOOKS(texts), texts.get("/expired/text"))
        held = self._clips.get(key)
        if held is None:
            held = self._clips[key] = self._made(texts, first_count)
            while len(self._clips) > _KEPT_CLIPS:
                self._clips.popitem(last=False)
        return held

    def _made(self, texts: Mapping[str, str], first_count: int) -> Clip:
        counts = (first_count, *(2 for _ in self.units[1:]))
        return Clip(
            self._dial(texts, counts),
            self._ending(texts.get("/expired/text")),
            lambda seconds: self._digits(seconds, counts),
            step=self.step,
            has_ring=self.units[-2:] == (Unit.MINUTES, Unit.SECONDS),
        )

    def _dial(self, texts: Mapping[str, str], counts: tuple[int, ...]) -> Dial:
        labels = [texts[f"/labels/{unit}"] for unit in self.units]
        return make(self.ground.copy(), self.plan, labels, counts)

    def _ending(self, text: str | None) -> bytes | None:
        if self.over is not None:
            return self.over.block
        return None if text is None else block_of(self._told(text))

    def _told(self, text: str) -> Flat:
        """A text where the cells are."""
        canvas = self.ground.copy()
        left, top, _, bottom = self.plan.cells[0]
        box = (left, top, self.plan.cells[-1][2], bottom)
        panel(canvas, box, self.plan.cell, on=self.behind, radius_px=self.plan.radius_px)
        height, inset = bottom - top, (bottom - top) // 8
        setting = Setting(max_px=round(height * 0.4), min_px=height // 8, style=_TEXT, align=Align.CENTER)
        inner = (box[0] + 2 * inset, top + inset, box[2] - 2 * inset, bottom - inset)
        write(canvas, text, inner, setting, self.plan.digits, on=self.plan.cell)
        return canvas


def block_of(canvas: Flat) -> bytes:
    """A picture block with colours of its own."""
    return gif.rectangle(canvas.indices, (0, 0), gif.bits_for(len(canvas.palette)), canvas.palette)


@lru_cache(maxsize=1024)
def deadline_s(text: str, zone: str) -> int:
    """Whole seconds since 1970. Raises CannotRender."""
    try:
        read = read_zone(zone)
    except ValueError as bad:
        raise CannotRender(f"/zone: {bad}") from bad
    try:
        return (read_instant(text, read) - _EPOCH) // timedelta(seconds=1)
    except ValueError as bad:
        raise CannotRender(f"/deadline: {bad}") from bad
