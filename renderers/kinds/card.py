"""The kind `card`: one product with its picture, title, prices, badge and button."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from PIL import Image as Pictures
from PIL import ImageStat

from renderers.assets import Fit, Undecodable, decode, find, fitted
from renderers.bidi import is_rtl
from renderers.canvas import Box, Canvas, Flat, Photo, panel, rounded
from renderers.colour import CORAL_DEEP, SAND, TIDE, WHITE, Rgb, mix, readable_on
from renderers.faces import Weight
from renderers.layout import ASCENT, Fitted, fit
from renderers.model import Assets, BadParams, Image, Kind, ParamProblem, Size
from renderers.params import Asset, Colour, Params, check, schema_of, text
from renderers.placeholder import seascape
from renderers.product import Boxes, arrange
from renderers.shaping import Style, clean, width
from renderers.writing import Align, Setting, Valign, put, write

_LEAST_PX = 11  # of CSS; smaller letters are no longer read on a telephone
_TEXTS = ("title", "price", "old_price", "badge", "button")


class CardParams(Params):
    title: text(1000)  # type: ignore[valid-type]
    price: text(1000) = ""  # type: ignore[valid-type]
    old_price: text(1000) = ""  # type: ignore[valid-type]
    badge: text(1000) = ""  # type: ignore[valid-type]
    button: text(1000) = ""  # type: ignore[valid-type]
    image: Asset | None = None
    background: Colour = WHITE
    page: Colour = WHITE
    colour: Colour | None = None
    accent: Colour = TIDE
    badge_colour: Colour = CORAL_DEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A card's colours."""

    page: Rgb
    ground: Rgb
    text: Rgb
    soft: Rgb
    sale: Rgb
    accent: Rgb
    badge: Rgb
    behind_badge: Rgb


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDrawing:
    """A card's frame and picture, drawn once for each way of reading; words are put in at each draw."""

    texts: Mapping[str, str]
    look: Look
    size: Size
    stills: Mapping[bool, Canvas]
    """By whether the words are read from right to left."""
    is_timed: bool = False

    @property
    def held_bytes(self) -> int:
        return sum(still.held_bytes for still in self.stills.values())

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        texts = {name: clean(values.get(f"/{name}", self.texts[name])).strip() for name in _TEXTS}
        mirrored = is_rtl(texts["title"])
        boxes = arrange(
            self.size,
            has_price=bool(texts["price"]),
            has_button=bool(texts["button"]),
            is_mirrored=mirrored,
        )
        canvas = self.stills[mirrored].copy()
        _Words(canvas, self.look, boxes, mirrored).write(texts)
        return canvas.encode()


@dataclass(frozen=True, slots=True)
class _Words:
    """Puts one card's words onto its canvas, from the top down."""

    canvas: Canvas
    look: Look
    boxes: Boxes
    is_mirrored: bool

    def write(self, texts: Mapping[str, str]) -> None:
        boxes, (left, top, right, bottom) = self.boxes, self.boxes.content
        price_px = boxes.price_px + boxes.price_air_px if boxes.has_price else 0
        button_px = boxes.button_px + boxes.button_air_px if boxes.has_button else 0
        setting = self._setting(22, 15, Weight.SEMIBOLD, valign=Valign.TOP, max_lines=3)
        title = fit(texts["title"], setting.within((left, top, right, bottom - price_px - button_px)))
        y = top + (bottom - top - round(title.height_px) - price_px - button_px) // 2
        put(self.canvas, title, (left, y, right, bottom), setting, self.look.text, on=self.look.ground)
        y += round(title.height_px)
        if boxes.has_price:
            y += boxes.price_air_px
            self._prices(texts, (left, y, right, y + boxes.price_px))
            y += boxes.price_px
        if boxes.has_button:
            y += boxes.button_air_px
            self._button(texts["button"], (left, y, right, y + boxes.button_px))
        if texts["badge"]:
            self._badge(texts["badge"])

    def _prices(self, texts: Mapping[str, str], box: Box) -> None:
        length = box[2] - box[0]
        has_old = bool(texts["old_price"])
        setting = self._setting(24, 14, Weight.BOLD, is_tabular=True)
        share = 0.6 if has_old else 1.0
        part = self._part(box, 0, round(length * share))
        colour = self.look.sale if has_old else self.look.text
        price = write(self.canvas, texts["price"], part, setting, colour, on=self.look.ground)
        if not has_old:
            return
        reach = _reach(price, setting) + round(10 * self.boxes.unit)
        self._old_price(texts["old_price"], self._part(box, reach, length - reach))

    def _old_price(self, text: str, box: Box) -> None:
        setting = self._setting(16, 12, Weight.REGULAR, is_tabular=True)
        old = write(self.canvas, text, box, setting, self.look.soft, on=self.look.ground)
        left, top, right, bottom = self._part(box, 0, _reach(old, setting))
        thick = max(1, round(old.size_px / 12))
        middle = round(top + (bottom - top - old.height_px) / 2 + old.size_px * (ASCENT - 0.34))
        if old.lines:
            self.canvas.fill((left, middle, right, middle + thick), self.look.soft)

    def _button(self, text: str, box: Box) -> None:
        unit, (left, _, right, _) = self.boxes.unit, box
        setting = self._setting(15, 12, Weight.SEMIBOLD, align=Align.CENTER, max_lines=1)
        inset = round(20 * unit)
        label = fit(text, setting.within((left + inset, box[1], right - inset, box[3])))
        pill = self._part(box, 0, _reach(label, setting) + 2 * inset)
        panel(self.canvas, pill, self.look.accent, on=self.look.ground, radius_px=round(8 * unit))
        put(self.canvas, label, pill, setting, readable_on(self.look.accent), on=self.look.accent)

    def _badge(self, text: str) -> None:
        """A pill in the picture's outer upper corner."""
        unit, (left, top, right, bottom) = self.boxes.unit, self.boxes.picture
        air, inset, high = round(12 * unit), round(10 * unit), round(26 * unit)
        setting = self._setting(13, 11, Weight.BOLD, align=Align.CENTER, max_lines=1)
        room = (left + air, top + air, right - air, min(bottom, top + air + high))
        label = fit(text, setting.within((room[0] + inset, room[1], room[2] - inset, room[3])))
        if label.lines:
            pill = self._part(room, 0, _reach(label, setting) + 2 * inset)
            panel(self.canvas, pill, self.look.badge, on=self.look.behind_badge, radius_px=high // 2)
            put(self.canvas, label, pill, setting, readable_on(self.look.badge), on=self.look.badge)

    def _part(self, box: Box, start: int, length: int) -> Box:
        """So many pixels of a box from the side where reading starts."""
        left, top, right, bottom = box
        if self.is_mirrored:
            return (max(left, right - start - length), top, right - start, bottom)
        return (left + start, top, min(right, left + start + length), bottom)

    def _setting(
        self,
        size: int,
        least: int,
        weight: Weight,
        *,
        is_tabular: bool = False,
        align: Align | None = None,
        valign: Valign = Valign.MIDDLE,
        max_lines: int = 1,
    ) -> Setting:
        unit, most = self.boxes.unit, max(1, round(size * self.boxes.unit))
        return Setting(
            max_px=most,
            min_px=min(most, max(_LEAST_PX * self.boxes.scale, round(least * unit))),
            style=Style(weight, is_tabular),
            align=align or (Align.RIGHT if self.is_mirrored else Align.LEFT),
            valign=valign,
            max_lines=max_lines,
            is_among_rtl=self.is_mirrored,
        )


def _reach(text: Fitted, setting: Setting) -> int:
    widths = (width(line, text.size_px, setting.style, rtl=text.is_rtl) for line in text.lines)
    return round(max(widths, default=0))


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> CardDrawing:
    checked = check(CardParams, params)
    text_colour = checked.colour or readable_on(checked.background)
    picture = None
    if checked.image is not None:
        try:
            picture = decode(find(checked.image, assets))
        except Undecodable as wrong:
            raise BadParams(ParamProblem("/image", str(wrong))) from wrong
    look = Look(
        page=checked.page,
        ground=checked.background,
        text=text_colour,
        soft=mix(text_colour, checked.background, 0.3),
        sale=readable_on(checked.background, wish=checked.badge_colour),
        accent=checked.accent,
        badge=checked.badge_colour,
        behind_badge=SAND if picture is None else _mean(picture),
    )
    stills = {mirrored: _still(size, look, picture, is_mirrored=mirrored) for mirrored in (False, True)}
    texts = {name: getattr(checked, name) for name in _TEXTS}
    return CardDrawing(texts=texts, look=look, size=size, stills=stills)


def _mean(picture: Pictures.Image) -> Rgb:
    red, green, blue = (round(part) for part in ImageStat.Stat(picture.convert("RGB").reduce(8)).mean)
    return red, green, blue


def _still(size: Size, look: Look, picture: Pictures.Image | None, *, is_mirrored: bool) -> Canvas:
    """The frame with the picture in it, or with a drawn seascape in the picture's place."""
    place = arrange(size, has_price=True, has_button=True, is_mirrored=is_mirrored).picture
    bitmap, radius, line = size.bitmap, 8 * size.scale, size.scale
    whole, inside = (0, 0, *bitmap), (line, line, bitmap[0] - line, bitmap[1] - line)
    frame = Flat(bitmap, look.page)
    panel(frame, whole, mix(look.ground, look.text, 0.14), on=look.page, radius_px=radius)
    panel(frame, inside, look.ground, on=mix(look.ground, look.text, 0.14), radius_px=radius - line)
    inner = rounded(max(1, inside[2] - line), max(1, inside[3] - line), radius - line)
    mask = Pictures.new("L", bitmap, 0)
    mask.paste(inner, (line, line))
    mask = mask.crop(place)
    if picture is None:
        seascape(frame, place, mask, on=look.ground)
        return frame
    full = frame.paletted().convert("RGB")
    shown = fitted(picture, (place[2] - place[0], place[3] - place[1]), Fit.COVER, look.ground)
    full.paste(shown, place[:2], mask)
    return Photo(full)


KIND = Kind(
    name="card",
    least_size=(120, 60),
    templatable={f"/{name}": "x" for name in _TEXTS},
    example={
        "image": "asset:hero",
        "title": "{{ activity.viewed.items[0].title }}",
        "price": "€24.00",
        "old_price": "€32.00",
        "badge": "-25%",
        "button": "Take another look",
    },
    schema=schema_of(CardParams),
    prepare=prepare,
)
