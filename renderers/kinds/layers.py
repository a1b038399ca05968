"""The kind `layers`: up to eight texts, each in its box, on a colour, a gradient or an uploaded picture."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from renderers.assets import Fit
from renderers.canvas import Box, Canvas, Flat, Photo
from renderers.colour import INK, Rgb, readable_on
from renderers.faces import Weight
from renderers.focus import FocusParams
from renderers.grounds import Ground, colour_behind, lay, tinted
from renderers.lettering import Effects, Shadow, letter
from renderers.model import Assets, BadParams, Image, Kind, ParamProblem, Size
from renderers.params import Background, Colour, Params, check, one_of, schema_of, several, text, whole
from renderers.scrims import veiled
from renderers.shaping import Style
from renderers.stills import Still
from renderers.writing import Align, Setting, Valign

MOST_LAYERS = 8
_PADDING_PX = 24


class Case(StrEnum):
    AS_WRITTEN = "as_written"
    UPPER = "upper"
    LOWER = "lower"
    TITLE = "title"


class BoxParams(Params):
    """In CSS pixels from the block's upper left corner."""

    x: whole(0, 2000)  # type: ignore[valid-type]
    y: whole(0, 2000)  # type: ignore[valid-type]
    width: whole(1, 2000)  # type: ignore[valid-type]
    height: whole(1, 2000)  # type: ignore[valid-type]


class StrokeParams(Params):
    colour: Colour
    width_px: whole(1, 12) = 2  # type: ignore[valid-type]


class ShadowParams(Params):
    colour: Colour = (0, 0, 0)
    opacity: whole(0, 100) = 45  # type: ignore[valid-type]
    x_px: whole(-40, 40) = 0  # type: ignore[valid-type]
    y_px: whole(-40, 40) = 2  # type: ignore[valid-type]
    blur_px: whole(0, 40) = 6  # type: ignore[valid-type]


class LayerParams(Params):
    text: text(4000)  # type: ignore[valid-type]
    box: BoxParams | None = None
    colour: Colour | None = None
    size_px: whole(8, 200) = 32  # type: ignore[valid-type]
    min_size_px: whole(8, 200) = 12  # type: ignore[valid-type]
    weight: one_of(Weight) = Weight.SEMIBOLD  # type: ignore[valid-type]
    align: one_of(Align) = Align.START  # type: ignore[valid-type]
    valign: one_of(Valign) = Valign.MIDDLE  # type: ignore[valid-type]
    max_lines: whole(1, 50) = 50  # type: ignore[valid-type]
    case: one_of(Case) = Case.AS_WRITTEN  # type: ignore[valid-type]
    letter_spacing: whole(-10, 100) = 0  # type: ignore[valid-type]
    rotation: whole(-180, 180) = 0  # type: ignore[valid-type]
    stroke: StrokeParams | None = None
    shadow: ShadowParams | None = None


class OverlayParams(Params):
    colour: Colour = INK
    opacity: whole(0, 100) = 50  # type: ignore[valid-type]


class LayersParams(Params):
    layers: several(LayerParams, 1, MOST_LAYERS)  # type: ignore[valid-type]
    background: Background = INK
    fit: one_of(Fit) = Fit.COVER  # type: ignore[valid-type]
    focus: FocusParams = Field(default_factory=FocusParams)
    overlay: OverlayParams | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One text and how it is set, in pixels of the bitmap."""

    text: str
    case: Case
    box: Box
    setting: Setting
    colour: Rgb
    behind: Rgb
    effects: Effects


@dataclass(frozen=True, slots=True)
class LayersDrawing:
    """The ground, drawn once, and the layers from the lowest up."""

    layers: tuple[Layer, ...]
    ground: Still[Canvas]
    is_timed: bool = False

    @property
    def held_bytes(self) -> int:
        return self.ground.held_bytes

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        canvas = self.ground.copy()
        for at, layer in enumerate(self.layers):
            words = _CASES[layer.case](values.get(f"/layers/{at}/text", layer.text))
            letter(
                canvas, words, layer.box, layer.setting, layer.colour, on=layer.behind, effects=layer.effects
            )
        return canvas.encode()


def _title(text: str) -> str:
    """Only first letters change: str.title would write Don'T."""
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))


_CASES: Mapping[Case, Callable[[str], str]] = {
    Case.AS_WRITTEN: lambda text: text,
    Case.UPPER: str.upper,
    Case.LOWER: str.lower,
    Case.TITLE: _title,
}


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> LayersDrawing:
    checked = check(LayersParams, params)
    _check_boxes(checked, size)
    ground = lay(
        checked.background,
        size.bitmap,
        assets,
        how=checked.fit,
        focus=checked.focus.shares,
    )
    if checked.overlay is not None:
        ground = tinted(ground, checked.overlay.colour, checked.overlay.opacity)
    elif isinstance(checked.background, str):
        ground = _readable(
            ground, [_box(layer.box, size) for layer in checked.layers if layer.colour is None]
        )
    layers = tuple(_layer(layer, ground, size) for layer in checked.layers)
    return LayersDrawing(layers, Still(_canvas(ground, layers)))


def _readable(ground: Ground, boxes: list[Box]) -> Ground:
    """An uploaded picture under the thinnest veil on which words without a colour are read everywhere."""
    if isinstance(ground.canvas, Flat) or not boxes:
        return ground
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    words = (min(lefts), min(tops), max(rights), max(bottoms))
    colour = readable_on(colour_behind(ground, words))
    picture, worst = veiled(ground.canvas.picture, words, colour, is_even=True)
    return Ground(Photo(picture), worst)


def _check_boxes(checked: LayersParams, size: Size) -> None:
    problems = [
        ParamProblem(
            f"/layers/{at}/box", f"must lie inside the block's {size.width_px} by {size.height_px} pixels"
        )
        for at, layer in enumerate(checked.layers)
        if layer.box is not None
        and (layer.box.x + layer.box.width > size.width_px or layer.box.y + layer.box.height > size.height_px)
    ]
    if problems:
        raise BadParams(*problems)


def _layer(layer: LayerParams, ground: Ground, size: Size) -> Layer:
    scale, box = size.scale, _box(layer.box, size)
    behind = colour_behind(ground, box)
    return Layer(
        text=layer.text,
        case=layer.case,
        box=box,
        setting=Setting(
            max_px=layer.size_px * scale,
            min_px=min(layer.min_size_px, layer.size_px) * scale,
            style=Style(layer.weight, spacing=layer.letter_spacing),
            align=layer.align,
            valign=layer.valign,
            max_lines=layer.max_lines,
        ),
        colour=layer.colour or readable_on(layer.stroke.colour if layer.stroke else behind),
        behind=behind,
        effects=_effects(layer, scale),
    )


def _box(box: BoxParams | None, size: Size) -> Box:
    """Without a box a text has the whole picture, less some air."""
    if box is not None:
        left, top = box.x * size.scale, box.y * size.scale
        return (left, top, left + box.width * size.scale, top + box.height * size.scale)
    across = min(_PADDING_PX, size.width_px // 4) * size.scale
    down = min(_PADDING_PX, size.height_px // 6) * size.scale
    return (across, down, size.bitmap[0] - across, size.bitmap[1] - down)


def _effects(layer: LayerParams, scale: int) -> Effects:
    stroke, shadow = layer.stroke, layer.shadow
    return Effects(
        stroke=stroke.colour if stroke else None,
        stroke_px=stroke.width_px * scale if stroke else 0,
        shadow=_shadow(shadow, scale) if shadow else None,
        rotation_deg=layer.rotation,
    )


def _shadow(shadow: ShadowParams, scale: int) -> Shadow:
    return Shadow(
        colour=shadow.colour,
        opacity=shadow.opacity / 100,
        x_px=shadow.x_px * scale,
        y_px=shadow.y_px * scale,
        blur_px=shadow.blur_px * scale,
    )


def _canvas(ground: Ground, layers: tuple[Layer, ...]) -> Canvas:
    """A shadow under letters has more colours than a flat canvas knows to mix edges from."""
    if isinstance(ground.canvas, Flat) and any(layer.effects.shadow for layer in layers):
        return Photo(ground.canvas.paletted().convert("RGB"), is_drawing=True)
    return ground.canvas


KIND = Kind(
    name="layers",
    templatable={f"/layers/{at}/text": "x" for at in range(MOST_LAYERS)},
    example={
        "background": "asset:hero",
        "layers": [
            {
                "text": "Summer sale",
                "box": {"x": 24, "y": 20, "width": 380, "height": 24},
                "size_px": 15,
                "case": "upper",
                "letter_spacing": 12,
            },
            {
                "text": "{{ customer.first_name | default: 'Hello' }}, the sea is warm",
                "box": {"x": 24, "y": 52, "width": 380, "height": 90},
                "size_px": 40,
                "weight": "bold",
                "shadow": {},
            },
        ],
    },
    schema=schema_of(LayersParams),
    prepare=prepare,
)
