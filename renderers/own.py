"""An author's own font: an uploaded one, or one for each weight. A picture's texts are set in it.

It is a parameter of the whole picture, so `lettered` says it once for all texts that are prepared and drawn
inside; styles made there have it, and what it lacks is drawn by the shipped faces.
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from PIL import ImageFont
from pydantic import BeforeValidator, Discriminator, Tag, WithJsonSchema

from renderers.assets import NAME, PREFIX, Undecodable, find
from renderers.faces import LAYOUT, OF_WEIGHT, Face, Weight, axes_at
from renderers.model import Assets, BadParams, ParamProblem
from renderers.params import Params, check, wrong
from renderers.sfnt import BadFont, describe, faces_in, ranges_of

_ROOM_ABOVE, _ROOM_BELOW = 0.97, 0.27
"""Parts of the size that a line leaves above and below its baseline; Inter's accents keep within."""

_TALL, _DEEP = "ÅÉlH", "gjpqy,"
_MEASURED_PX = 200
_SMALLEST = 0.3


def _reference(value: object) -> object:
    if isinstance(value, str) and value.startswith(PREFIX) and NAME.fullmatch(value.removeprefix(PREFIX)):
        return value
    raise wrong('must be asset:NAME, an uploaded font, or {"regular", "semibold", "bold"} with one for each')


_Reference = Annotated[
    str,
    BeforeValidator(_reference),
    WithJsonSchema({"type": "string", "pattern": "^asset:[A-Za-z0-9._-]{1,100}$"}),
]


class WeightsParams(Params):
    """A font for each weight; those left out have the nearest."""

    regular: _Reference | None = None
    semibold: _Reference | None = None
    bold: _Reference | None = None


class FontParams(Params):
    """One font for all weights, or several."""

    font: Annotated[
        Annotated[WeightsParams, Tag("<weights>")] | Annotated[_Reference, Tag("<asset>")],
        Discriminator(lambda value: "<weights>" if isinstance(value, Mapping) else "<asset>"),
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Typeface:
    """A face for each weight; `held_bytes` of the files behind them."""

    faces: Mapping[Weight, Face]
    held_bytes: int


_in_use: ContextVar[Typeface | None] = ContextVar("typeface", default=None)


def in_use() -> Typeface | None:
    """The font of the picture that is prepared or drawn here and now, where it has one."""
    return _in_use.get()


@contextmanager
def lettered(typeface: Typeface | None) -> Iterator[None]:
    """What is prepared and drawn inside is set in this font."""
    token = _in_use.set(typeface)
    try:
        yield
    finally:
        _in_use.reset(token)


def lettered_schema(schema: dict[str, object]) -> dict[str, object]:
    """The JSON Schema of a kind's parameters with that of the font among them."""
    font = FontParams.model_json_schema()
    properties, more = schema.get("properties", {}), schema.get("$defs", {})
    assert isinstance(properties, dict)  # noqa: S101 - tells the type checker what pydantic writes
    assert isinstance(more, dict)  # noqa: S101
    return {
        **schema,
        "properties": {**properties, "font": font["properties"]["font"]},
        "$defs": {**more, **font.get("$defs", {})},
    }


def typeface_of(font: object, assets: Assets) -> Typeface:
    """The font that a parameter names. Raises BadParams at /font."""
    told = check(FontParams, {"font": font}).font
    if isinstance(told, str):
        references = {Weight.REGULAR: told}
    else:
        references = {weight: name for weight in Weight if (name := getattr(told, weight)) is not None}
    if not references:
        raise BadParams(ParamProblem("/font", "must name a font for one weight at least"))
    try:
        return _typeface(tuple((weight, find(name, assets)) for weight, name in references.items()))
    except Undecodable as unfit:
        raise BadParams(ParamProblem("/font", str(unfit))) from unfit


# One object for the same files: styles, and with them all that is kept of texts, are told apart by it.
@lru_cache(maxsize=16)
def _typeface(files: tuple[tuple[Weight, bytes], ...]) -> Typeface:
    held = dict(files)
    return Typeface(
        {weight: _face(held[_nearest(weight, held)], OF_WEIGHT[weight]) for weight in Weight},
        sum(len(data) for _, data in files),
    )


def _nearest(weight: Weight, held: Mapping[Weight, bytes]) -> Weight:
    return min(held, key=lambda one: abs(OF_WEIGHT[one] - OF_WEIGHT[weight]))


@lru_cache(maxsize=32)
def _face(data: bytes, weight: int) -> Face:
    try:
        [sfnt] = faces_in(data)
        told = describe(sfnt)
        ranges_of(sfnt)
        axes = axes_at(told.axes, weight)
        return Face(told.family, data, axes=axes, scale=_scale(data, axes))
    except (BadFont, OSError, ValueError) as unfit:
        raise Undecodable("the asset is no font: upload one as TTF, OTF, WOFF or WOFF2") from unfit


def _scale(data: bytes, axes: tuple[float, ...]) -> float:
    """The part of a size at which its letters keep within a line as it is."""
    font = ImageFont.truetype(io.BytesIO(data), _MEASURED_PX, layout_engine=LAYOUT)
    if axes:
        font.set_variation_by_axes(list(axes))
    above = -font.getbbox(_TALL, anchor="ls")[1] / _MEASURED_PX
    below = font.getbbox(_DEEP, anchor="ls")[3] / _MEASURED_PX
    fits = min(_ROOM_ABOVE / max(above, 0.1), _ROOM_BELOW / max(below, 0.1), 1.0)
    return max(_SMALLEST, round(fits, 3))
