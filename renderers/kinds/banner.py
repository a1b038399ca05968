"""The kind `banner`: a picture with a headline, a line of text and a button beside it or on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from PIL import Image as Pictures
from pydantic import Field

from renderers.assets import Fit, Undecodable, decode, find, fitted
from renderers.bidi import is_rtl
from renderers.canvas import Box, Canvas, Flat, Photo
from renderers.colour import INK, SAND, TIDE, WHITE, Rgb, mix, readable_on
from renderers.focus import FocusParams
from renderers.grounds import Ground, colour_behind, lay
from renderers.model import Assets, BadParams, Image, Kind, ParamProblem, Size
from renderers.params import Asset, Background, Colour, Params, check, one_of, schema_of
from renderers.params import text as words
from renderers.scrims import veiled
from renderers.shaping import clean
from renderers.stacking import PARTS, Colours, Stack
from renderers.stills import Still
from renderers.writing import Align


class Place(StrEnum):
    """Of the picture: where reading starts, where it ends, or under the words."""

    START = "start"
    END = "end"
    BEHIND = "behind"


class Stand(StrEnum):
    START = "start"
    CENTER = "center"


class BannerParams(Params):
    headline: words(1000)  # type: ignore[valid-type]
    label: words(1000) = ""  # type: ignore[valid-type]
    text: words(1000) = ""  # type: ignore[valid-type]
    button: words(1000) = ""  # type: ignore[valid-type]
    image: Asset | None = None
    place: one_of(Place) = Place.END  # type: ignore[valid-type]
    focus: FocusParams = Field(default_factory=FocusParams)
    align: one_of(Stand) = Stand.START  # type: ignore[valid-type]
    background: Background = INK
    colour: Colour | None = None
    accent: Colour | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is drawn once for one way of reading: the ground, where the words go, and their colours."""

    still: Still[Canvas]
    stack: Stack
    colours: Colours


@dataclass(frozen=True, slots=True)
class BannerDrawing:
    texts: Mapping[str, str]
    scenes: Mapping[bool, Scene]
    """By whether the headline is read from right to left."""
    is_timed: bool = False

    @property
    def held_bytes(self) -> int:
        return sum(scene.still.held_bytes for scene in self.scenes.values())

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        texts = {name: clean(values.get(f"/{name}", self.texts[name])).strip() for name in PARTS}
        texts["label"] = texts["label"].upper()
        scene = self.scenes[is_rtl(texts["headline"])]
        canvas = scene.still.copy()
        scene.stack.write(canvas, texts, scene.colours)
        return canvas.encode()


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> BannerDrawing:
    checked = check(BannerParams, params)
    picture = None
    if checked.image is not None:
        try:
            picture = decode(find(checked.image, assets))
        except Undecodable as wrong:
            raise BadParams(ParamProblem("/image", str(wrong))) from wrong
    ground = lay(checked.background, size.bitmap, assets, shade=None)
    texts = {name: getattr(checked, name) for name in PARTS}
    return BannerDrawing(
        texts, {way: _scene(checked, size, picture, ground, is_mirrored=way) for way in (False, True)}
    )


def _scene(
    checked: BannerParams, size: Size, picture: Pictures.Image | None, ground: Ground, *, is_mirrored: bool
) -> Scene:
    place, room = _places(checked, size, has_picture=picture is not None, is_mirrored=is_mirrored)
    stack = Stack(
        box=room, scale=size.scale, align=Align(checked.align.value), is_mirrored=is_mirrored
    )  # fmt: skip
    canvas = ground.canvas.copy()
    behind = colour_behind(ground, room)
    if picture is not None:
        shown = fitted(
            picture, (place[2] - place[0], place[3] - place[1]), Fit.COVER, behind, focus=checked.focus.shares
        )
        if checked.place is Place.BEHIND:
            is_even = checked.align is Stand.CENTER or size.width_px < 1.4 * size.height_px
            shown, behind = veiled(shown, room, checked.colour or WHITE, is_even=is_even)
        canvas = _with(canvas, shown, place)
    return Scene(still=Still(canvas), stack=stack, colours=_colours(checked, behind))


def _with(canvas: Canvas, shown: Pictures.Image, place: Box) -> Photo:
    full = canvas.paletted().convert("RGB") if isinstance(canvas, Flat) else canvas.picture
    full.paste(shown, place[:2])
    return Photo(full)


def _colours(checked: BannerParams, behind: Rgb) -> Colours:
    headline = checked.colour or readable_on(behind)
    button = checked.accent or (TIDE if readable_on(behind) == INK else SAND)
    return Colours(
        ground=behind,
        label=readable_on(behind, wish=checked.accent or (TIDE if readable_on(behind) == INK else SAND)),
        headline=headline,
        text=readable_on(behind, wish=mix(headline, behind, 0.2)),
        button=button,
    )


def _places(checked: BannerParams, size: Size, *, has_picture: bool, is_mirrored: bool) -> tuple[Box, Box]:
    """The picture's place and the words' room: side by side where the banner lies, else picture above."""
    width, height = size.bitmap
    air = min(32 * size.scale, width // 12, height // 8)
    if not has_picture or checked.place is Place.BEHIND:
        whole = (0, 0, width, height)
        wide = width - 2 * air
        if checked.align is Stand.START and width >= 1.4 * height:
            wide = min(wide, max(round(width * 0.62), 280 * size.scale)) if has_picture else wide
        left = width - air - wide if is_mirrored else air
        return whole, (left, air, left + wide, height - air)
    is_left = (checked.place is Place.START) is not is_mirrored
    if width >= 1.4 * height:
        edge = min(round(width * 0.45), round(height * 1.5))
        if is_left:
            return (0, 0, edge, height), (edge + air, air, width - air, height - air)
        return (width - edge, 0, width, height), (air, air, width - edge - air, height - air)
    edge = round(height * 0.5)
    return (0, 0, width, edge), (air, edge + air, width - air, height - air)


KIND = Kind(
    name="banner",
    least_size=(120, 60),
    example_size=(600, 240),
    templatable={f"/{name}": "x" for name in PARTS},
    example={
        "label": "Summer sale",
        "headline": "{{ customer.first_name | default: 'Hello' }}, the kiln is still warm",
        "text": "Everything glazed this week, 20% off until Friday.",
        "button": "See the new pots",
        "image": "asset:hero",
    },
    schema=schema_of(BannerParams),
    prepare=prepare,
)
