"""The kind `weather`: an icon of the sky, the temperature, the place, and words that go with it."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from PIL import Image as Pictures
from pydantic import Field

from renderers.canvas import Box, Canvas, Flat
from renderers.colour import INK, TIDE, WHITE, Rgb, mix, readable_on
from renderers.columns import Line, write_column
from renderers.faces import Weight
from renderers.forecast import TEXTS, Degrees, Told, tell
from renderers.grounds import Ground, colour_behind, lay
from renderers.icons import Stuff, icon
from renderers.layout import fit
from renderers.model import Assets, BadParams, CannotRender, Image, Kind, ParamProblem, Size
from renderers.params import Background, Colour, Params, check, one_of, schema_of
from renderers.params import text as words
from renderers.pills import reach
from renderers.shaping import Style
from renderers.skies import Sky, sky_colours
from renderers.writing import Align, Setting, put

_KEPT_SCENES = 3  # skies with their icon, for what the readers of an hour mostly have
_LEAST_PX = 11


class NameParams(Params):
    """What each sky is called, in the reader's language."""

    clear: words(60) = "Clear"  # type: ignore[valid-type]
    partly_cloudy: words(60) = "Partly cloudy"  # type: ignore[valid-type]
    cloudy: words(60) = "Cloudy"  # type: ignore[valid-type]
    fog: words(60) = "Fog"  # type: ignore[valid-type]
    rain: words(60) = "Rain"  # type: ignore[valid-type]
    showers: words(60) = "Showers"  # type: ignore[valid-type]
    snow: words(60) = "Snow"  # type: ignore[valid-type]
    thunder: words(60) = "Thunderstorms"  # type: ignore[valid-type]
    wind: words(60) = "Windy"  # type: ignore[valid-type]


class WeatherParams(Params):
    condition: words(200, min_chars=1)  # type: ignore[valid-type]
    temperature: words(1000) = ""  # type: ignore[valid-type]
    given_in: one_of(Degrees) = Degrees.CELSIUS  # type: ignore[valid-type]
    unit: words(1000) = ""  # type: ignore[valid-type]
    is_day: words(1000) = ""  # type: ignore[valid-type]
    place: words(1000) = ""  # type: ignore[valid-type]
    text: words(1000) = ""  # type: ignore[valid-type]
    names: NameParams = Field(default_factory=NameParams)
    background: Background | None = None
    colour: Colour | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """A sky with its icon, to write on."""

    canvas: Canvas
    behind: Rgb
    colour: Rgb


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherDrawing:
    """Skies are drawn at their first use; without a background each sky has its own."""

    texts: Mapping[str, str]
    names: Mapping[Sky, str]
    given_in: Degrees
    size: Size
    ground: Ground | None
    colour: Rgb | None
    is_timed: bool = False
    _scenes: OrderedDict[tuple[Sky, bool, bool], Scene] = field(default_factory=OrderedDict)

    @property
    def held_bytes(self) -> int:
        across, down = self.size.bitmap
        return across * down * _KEPT_SCENES if self.ground is None else self.ground.canvas.held_bytes * 5

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        texts = {name: values.get(f"/{name}", self.texts[name]) for name in TEXTS}
        told = tell(texts, self.names, self.given_in)
        scene = self._scene(told)
        canvas = scene.canvas.copy()
        _Words(canvas, scene, self.size, told.is_mirrored).write(told)
        return canvas.encode()

    def _scene(self, told: Told) -> Scene:
        key = (told.sky, told.is_day, told.is_mirrored)
        held = self._scenes.get(key)
        if held is None:
            held = self._scenes[key] = self._made(told)
            while len(self._scenes) > _KEPT_SCENES:
                self._scenes.popitem(last=False)
        return held

    def _made(self, told: Told) -> Scene:
        ground = self.ground or _sky(told, self.size)
        canvas = ground.canvas.copy()
        place = _mirrored(_icon_place(self.size), self.size, is_mirrored=told.is_mirrored)
        behind = colour_behind(ground, place)
        for stuff, mask in icon(told.sky, place[2] - place[0], is_day=told.is_day):
            canvas.stamp(mask, place[:2], _stuff_colour(stuff, behind), on=behind)
        around = colour_behind(ground, (0, 0, *self.size.bitmap))
        return Scene(canvas, around, self.colour or readable_on(around))


@dataclass(frozen=True, slots=True)
class _Words:
    """Puts one reader's words onto a scene: beside the icon where the picture lies, else below it."""

    canvas: Canvas
    scene: Scene
    size: Size
    is_mirrored: bool

    def write(self, told: Told) -> None:
        width, height = self.size.bitmap
        icon_place = _icon_place(self.size)
        if _is_standing(self.size):
            air = width // 16
            room = (air, icon_place[3], width - air, height - height // 14)
            number = Line(
                told.temperature, self._setting(0.15, Weight.BOLD, least=14), self.scene.colour, height // 4
            )
            self._column([number, *self._lines(told, 0.07)], room)
            return
        start, gap = icon_place[2] + height // 10, height // 7
        if told.temperature:
            start = self._number(told.temperature, start) + gap
        room = (start, height // 10, width - height // 6, height - height // 10)
        self._column(self._lines(told, 0.12), room)

    def _number(self, text: str, start: int) -> int:
        """Writes the temperature, and says where it ends."""
        width, height = self.size.bitmap
        setting = self._setting(0.32, Weight.BOLD, least=14)
        number = fit(text, setting.within((0, 0, round(width * 0.3), height)))
        end = start + reach(number, setting)
        box = _mirrored((start, 0, end, height), self.size, is_mirrored=self.is_mirrored)
        put(self.canvas, number, box, setting, self.scene.colour, on=self.scene.behind)
        return end

    def _lines(self, told: Told, share: float) -> list[Line]:
        height = self.size.bitmap[1]
        soft = readable_on(self.scene.behind, wish=mix(self.scene.colour, self.scene.behind, 0.15))
        title = self._setting(share, Weight.SEMIBOLD, least=13, lines=3)
        below = self._setting(share * 0.72, Weight.REGULAR, least=_LEAST_PX, lines=2)
        return [
            Line(told.title, title, self.scene.colour, height // 2, height // 24),
            Line(told.below, below, soft, height // 4, height // 40),
        ]

    def _column(self, lines: list[Line], room: Box) -> None:
        box = _mirrored(room, self.size, is_mirrored=self.is_mirrored)
        write_column(self.canvas, lines, box, on=self.scene.behind)

    def _setting(self, share: float, weight: Weight, *, least: int, lines: int = 1) -> Setting:
        most = max(1, round(self.size.bitmap[1] * share))
        side = Align.RIGHT if self.is_mirrored else Align.LEFT
        return Setting(
            max_px=most,
            min_px=min(most, least * self.size.scale),
            style=Style(weight),
            align=Align.CENTER if _is_standing(self.size) else side,
            max_lines=lines,
            is_among_rtl=self.is_mirrored,
        )


def _is_standing(size: Size) -> bool:
    return size.width_px < 1.6 * size.height_px


def _icon_place(size: Size) -> Box:
    width, height = size.bitmap
    if _is_standing(size):
        side = round(min(width * 0.7, height * 0.48))
        left, top = (width - side) // 2, height // 18
    else:
        side = round(min(height * 0.72, width * 0.3))
        left, top = height // 8, (height - side) // 2
    return (left, top, left + side, top + side)


def _mirrored(box: Box, size: Size, *, is_mirrored: bool) -> Box:
    width = size.bitmap[0]
    return (width - box[2], box[1], width - box[0], box[3]) if is_mirrored else box


def _sky(told: Told, size: Size) -> Ground:
    """So few shades from top to foot that the gradient stays exact in a palette."""
    top, foot = sky_colours(told.sky, is_day=told.is_day)
    width, height = size.bitmap
    shades = [mix(top, foot, (row + 0.5) / height) for row in range(height)]
    canvas = Flat(size.bitmap, shades[0])
    canvas.palette = list(dict.fromkeys(shades))
    rows = Pictures.frombytes("L", (1, height), bytes(canvas.palette.index(shade) for shade in shades))
    canvas.indices = rows.resize((width, height), Pictures.Resampling.NEAREST)
    return Ground(canvas, mix(top, foot, 0.5))


def _stuff_colour(stuff: Stuff, ground: Rgb) -> Rgb:
    if readable_on(ground) == INK:
        return _ON_LIGHT[stuff]
    return mix(WHITE, ground, 0.35) if stuff is Stuff.FAR_CLOUD else _ON_DARK[stuff]


_ON_DARK: Mapping[Stuff, Rgb] = {
    Stuff.SUN: (0xFF, 0xC9, 0x4D),
    Stuff.MOON: (0xF0, 0xE2, 0xB4),
    Stuff.CLOUD: (0xF4, 0xF8, 0xF8),
    Stuff.DROP: (0x9F, 0xDD, 0xF0),
    Stuff.FLAKE: WHITE,
    Stuff.BOLT: (0xFF, 0xC9, 0x4D),
    Stuff.AIR: (0xDC, 0xEB, 0xF0),
}
_ON_LIGHT: Mapping[Stuff, Rgb] = {
    Stuff.SUN: (0xE0, 0x94, 0x12),
    Stuff.MOON: (0x5B, 0x6F, 0x8F),
    Stuff.CLOUD: (0x86, 0x9D, 0xAA),
    Stuff.FAR_CLOUD: (0xB3, 0xC2, 0xCA),
    Stuff.DROP: TIDE,
    Stuff.FLAKE: TIDE,
    Stuff.BOLT: (0xD0, 0x82, 0x08),
    Stuff.AIR: (0x6B, 0x82, 0x8E),
}


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> WeatherDrawing:
    checked = check(WeatherParams, params)
    names = {sky: getattr(checked.names, sky.value) for sky in Sky}
    texts = {name: getattr(checked, name) for name in TEXTS}
    try:
        tell(texts, names, checked.given_in)
    except CannotRender as wrong:
        pointer, _, detail = str(wrong).partition(": ")
        raise BadParams(ParamProblem(pointer, detail)) from wrong
    ground = None if checked.background is None else lay(checked.background, size.bitmap, assets, shade=None)
    return WeatherDrawing(
        texts=texts,
        names=names,
        given_in=checked.given_in,
        size=size,
        ground=ground,
        colour=checked.colour,
    )


KIND = Kind(
    name="weather",
    least_size=(80, 60),
    example_size=(600, 180),
    templatable={
        "/condition": "clear", "/temperature": "20", "/unit": "", "/is_day": "1", "/place": "x", "/text": "x",
    },
    example={
        "condition": "{{ customer.weather_code | default: 'partly cloudy' }}",
        "temperature": "{{ customer.temperature | default: 21 }}",
        "is_day": "{{ customer.is_day | default: 1 }}",
        "place": "{{ customer.city | default: 'Lisbon' }}",
        "text": "Iced tea weather",
    },
    schema=schema_of(WeatherParams),
    prepare=prepare,
)  # fmt: skip
