"""The kind `countdown`: the time left to a deadline, ticking, as a GIF whose first frame is whole."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from renderers.assets import Fit, Undecodable, decode, find, fitted
from renderers.blanks import PIXEL
from renderers.canvas import Flat, Photo
from renderers.colour import WHITE, readable_on
from renderers.deadlines import Unit, read_instant, read_zone
from renderers.dial import Plan, Shape, cells, label_colour
from renderers.grounds import Ground, cell_colour, colour_behind, flattened, lay
from renderers.model import Assets, BadParams, Kind, ParamProblem, Size
from renderers.params import (
    Asset,
    Background,
    Colour,
    Params,
    check,
    one_of,
    schema_of,
    text,
    whole,
    wrong,
)
from renderers.stills import Still
from renderers.ticking import CountdownDrawing, Over, block_of

_HOUR_S = 3_600
_PICTURE_COLOURS = 256


class Count(StrEnum):
    DOWN = "down"
    UP = "up"


_TEMPLATABLE = {
    "/deadline": "2030-01-01T00:00:00Z",
    "/zone": "UTC",
    **{f"/labels/{unit}": unit.value for unit in Unit},
    "/expired/text": "",
    "/instead": "",
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


_Told = text(400)  # a field called text hides what makes it


class ExpiredParams(Params):
    text: _Told = ""  # type: ignore[valid-type]
    image: Asset | None = None
    collapse: Annotated[bool, Field(strict=True)] = False


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
    shape: one_of(Shape) = Shape.ROUNDED  # type: ignore[valid-type]
    count: one_of(Count) = Count.DOWN  # type: ignore[valid-type]
    plus_hours: whole(0, 8_760) = 0  # type: ignore[valid-type]
    instead: text(400) = ""  # type: ignore[valid-type]
    frames: whole(30, 300) = 60  # type: ignore[valid-type]
    loop: Annotated[bool, Field(strict=True)] = True
    expired: ExpiredParams | None = None


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> CountdownDrawing:
    checked = check(CountdownParams, params)
    _check_times(checked)
    ground = lay(checked.background, size.bitmap, assets, shade=0)
    texts = {"/deadline": checked.deadline, "/zone": checked.zone, "/instead": checked.instead}
    texts |= {f"/labels/{unit}": getattr(checked.labels, unit) for unit in Unit}
    if checked.expired is not None and "text" in checked.expired.model_fields_set:
        texts["/expired/text"] = checked.expired.text
    return CountdownDrawing(
        texts=texts,
        units=checked.units,
        ground=Still(flattened(ground)),
        behind=ground.colour,
        plan=_plan(checked, size, ground),
        frames=checked.frames,
        is_looped=checked.loop,
        step=1 if checked.count is Count.UP else -1,
        plus_s=checked.plus_hours * _HOUR_S,
        over=_over(checked.expired, size, assets),
    )


def _plan(checked: CountdownParams, size: Size, ground: Ground) -> Plan:
    if checked.shape is Shape.PLAIN and isinstance(ground.canvas, Photo):
        raise BadParams(ParamProblem("/shape", "plain needs a background of one colour: take another shape"))
    cell = ground.colour if checked.shape is Shape.PLAIN else checked.cell or cell_colour(ground)
    digits = checked.colour or readable_on(cell)
    boxes = cells(size, len(checked.units), checked.padding_px)
    return Plan(
        cells=boxes,
        grounds=tuple(colour_behind(ground, box) for box in boxes),
        cell=cell,
        digits=digits,
        label=checked.label_colour or label_colour(digits, cell),
        has_labels=any(getattr(checked.labels, unit) for unit in checked.units),
        shape=checked.shape,
        scale=size.scale,
    )


def _over(expired: ExpiredParams | None, size: Size, assets: Assets) -> Over | None:
    """A picture or nothing at all; a text depends on the customer and is none of this."""
    if expired is None:
        return None
    if ("text" in expired.model_fields_set) + (expired.image is not None) + expired.collapse != 1:
        raise BadParams(ParamProblem("/expired", "must have one of text, image, and collapse as true"))
    if expired.collapse:
        return Over(PIXEL, None)
    if expired.image is None:
        return None
    try:
        picture = fitted(decode(find(expired.image, assets)), size.bitmap, Fit.COVER, WHITE)
    except Undecodable as bad:
        raise BadParams(ParamProblem("/expired/image", str(bad))) from bad
    return Over(Photo(picture).encode(), block_of(Flat.of(picture, colours=_PICTURE_COLOURS)))


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
