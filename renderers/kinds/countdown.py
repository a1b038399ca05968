"""The kind `countdown`: the time left to a deadline, ticking, as a GIF whose first frame is whole."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import floor
from operator import itemgetter
from typing import Annotated, Any

from PIL import Image as Pictures
from pydantic import BeforeValidator, Field, WithJsonSchema

from renderers.canvas import Flat, panel
from renderers.clip import Clip
from renderers.colour import Rgb, readable_on
from renderers.deadlines import MOST, SECONDS_OF, Unit, read_instant, read_zone, split
from renderers.dial import Dial, Plan, cells, label_colour, make
from renderers.faces import Weight
from renderers.grounds import cell_colour, colour_behind, flattened, lay
from renderers.model import Assets, BadParams, CannotRender, Image, Kind, ParamProblem, Size
from renderers.params import Background, Colour, Params, check, schema_of, text, whole, wrong
from renderers.shaping import Style
from renderers.writing import Align, Setting, write

_KEPT_CLIPS = 4  # for labels, endings and numbers of digits that differ between customers
_ENDING = Style(Weight.SEMIBOLD)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOOKS = itemgetter(*(f"/labels/{unit}" for unit in Unit))
_TEMPLATABLE = {
    "/deadline": "2030-01-01T00:00:00Z",
    "/zone": "UTC",
    **{f"/labels/{unit}": unit.value for unit in Unit},
    "/expired/text": "",
}


def _units(value: Any) -> object:
    every = [unit.value for unit in Unit]
    runs = [every[start:end] for start in range(4) for end in range(start + 1, 5)]
    if value not in runs:
        raise wrong(f"must list neighbours of {', '.join(every)}, from the largest down")
    return tuple(Unit(name) for name in value)


Units = Annotated[
    tuple[Unit, ...], BeforeValidator(_units), WithJsonSchema({"type": "array", "items": {"enum": [*Unit]}})
]


class LabelParams(Params):
    days: text(60) = "Days"  # type: ignore[valid-type]
    hours: text(60) = "Hours"  # type: ignore[valid-type]
    minutes: text(60) = "Minutes"  # type: ignore[valid-type]
    seconds: text(60) = "Seconds"  # type: ignore[valid-type]


class ExpiredParams(Params):
    text: text(400)  # type: ignore[valid-type]


class CountdownParams(Params):
    deadline: text(100, min_chars=1)  # type: ignore[valid-type]
    zone: text(64, min_chars=1) = "UTC"  # type: ignore[valid-type]
    units: Units = tuple(Unit)
    labels: LabelParams = Field(default_factory=LabelParams)
    background: Background = (0x0B, 0x2A, 0x3B)
    cell: Colour | None = None
    colour: Colour | None = None
    label_colour: Colour | None = None
    padding_px: whole(0, 400) = 16  # type: ignore[valid-type]
    frames: whole(30, 120) = 60  # type: ignore[valid-type]
    loop: Annotated[bool, Field(strict=True)] = True
    expired: ExpiredParams | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountdownDrawing:
    """A countdown's ground and plan; clips are made at their first use and kept."""

    texts: Mapping[str, str]
    """Every text by its pointer; those of templates are replaced at each draw."""
    units: tuple[Unit, ...]
    ground: Flat
    behind: Rgb
    plan: Plan
    frames: int
    is_looped: bool
    is_timed: bool = True
    _clips: OrderedDict[tuple[object, ...], Clip] = field(default_factory=OrderedDict)

    @property
    def held_bytes(self) -> int:
        return self.ground.held_bytes * (1 + _KEPT_CLIPS)

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:
        texts = {**self.texts, **values} if values else self.texts
        left = max(_deadline_s(texts["/deadline"], texts["/zone"]) - floor(now.timestamp()), 0)
        frames = self.frames if self.has_seconds else 1
        clip = self._clip(texts, self._first_count(left))
        return clip.assemble(left, min(frames, left), is_ended=left < frames, is_looped=self.is_looped)

    @property
    def has_seconds(self) -> bool:
        return self.units[-1] is Unit.SECONDS

    def _first_count(self, seconds: int) -> int:
        """Digits in the first cell: two or three. The others have two."""
        first = seconds // SECONDS_OF[self.units[0]]
        if first > MOST:
            raise CannotRender(f"/deadline: is more than {MOST} {self.units[0]} away")
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
        dial = make(self.ground, self.plan, [texts[f"/labels/{unit}"] for unit in self.units], counts)
        ending = texts.get("/expired/text")
        return Clip(
            dial,
            None if ending is None else self._ending(dial, ending),
            lambda seconds: self._digits(seconds, counts),
            has_ring=self.units[-2:] == (Unit.MINUTES, Unit.SECONDS),
        )

    def _ending(self, dial: Dial, text: str) -> Pictures.Image:
        canvas = self.ground.copy()
        canvas.palette, canvas.most = dial.palette, 255  # one palette for the whole file
        left, top, _, bottom = self.plan.cells[0]
        box = (left, top, self.plan.cells[-1][2], bottom)
        panel(canvas, box, self.plan.cell, on=self.behind, radius_px=self.plan.radius_px)
        height, inset = bottom - top, (bottom - top) // 8
        setting = Setting(max_px=round(height * 0.4), min_px=height // 8, style=_ENDING, align=Align.CENTER)
        inner = (box[0] + 2 * inset, top + inset, box[2] - 2 * inset, bottom - inset)
        write(canvas, text, inner, setting, self.plan.digits, on=self.plan.cell)
        return canvas.indices


@lru_cache(maxsize=1024)
def _deadline_s(text: str, zone: str) -> int:
    """Whole seconds since 1970."""
    try:
        read = read_zone(zone)
    except ValueError as bad:
        raise CannotRender(f"/zone: {bad}") from bad
    try:
        return (read_instant(text, read) - _EPOCH) // timedelta(seconds=1)
    except ValueError as bad:
        raise CannotRender(f"/deadline: {bad}") from bad


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> CountdownDrawing:
    checked = check(CountdownParams, params)
    _check_times(checked)
    ground = lay(checked.background, size.bitmap, assets, shade=0)
    cell = checked.cell or cell_colour(ground)
    digits = checked.colour or readable_on(cell)
    boxes = cells(size, len(checked.units), checked.padding_px)
    plan = Plan(
        cells=boxes,
        grounds=tuple(colour_behind(ground, box) for box in boxes),
        cell=cell,
        digits=digits,
        label=checked.label_colour or label_colour(digits, cell),
        has_labels=any(getattr(checked.labels, unit) for unit in checked.units),
        scale=size.scale,
    )
    texts = {"/deadline": checked.deadline, "/zone": checked.zone}
    texts |= {f"/labels/{unit}": getattr(checked.labels, unit) for unit in Unit}
    if checked.expired is not None:
        texts["/expired/text"] = checked.expired.text
    return CountdownDrawing(
        texts=texts,
        units=checked.units,
        ground=flattened(ground),
        behind=ground.colour,
        plan=plan,
        frames=checked.frames,
        is_looped=checked.loop,
    )


def _check_times(checked: CountdownParams) -> None:
    try:
        zone = read_zone(checked.zone)
    except ValueError as bad:
        raise BadParams(ParamProblem("/zone", str(bad))) from bad
    try:
        read_instant(checked.deadline, zone)
    except ValueError as bad:
        raise BadParams(ParamProblem("/deadline", str(bad))) from bad


KIND = Kind(
    name="countdown",
    least_size=(120, 30),
    templatable=_TEMPLATABLE,
    example={
        "deadline": "2026-11-30T20:00:00",
        "zone": "Europe/Berlin",
        "labels": {"days": "Tage", "hours": "Stunden", "minutes": "Minuten", "seconds": "Sekunden"},
        "expired": {"text": "Die Aktion ist vorbei"},
    },
    schema=schema_of(CountdownParams),
    prepare=prepare,
)
