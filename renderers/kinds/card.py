"""The kind `card`: one product with its picture, title, prices, badge and button."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from PIL import Image as Pictures

from renderers.assets import Fit, Undecodable, decode, find, fitted
from renderers.bidi import is_rtl
from renderers.canvas import Canvas, Photo
from renderers.colour import CORAL_DEEP, SAND, TIDE, WHITE, mix, readable_on
from renderers.frames import frame, mean_colour
from renderers.model import Assets, BadParams, Filled, Image, Kind, ParamProblem, Size
from renderers.offer import Look, Words
from renderers.params import Asset, Colour, Params, check, schema_of, text
from renderers.product import arrange
from renderers.shaping import clean
from renderers.stills import Still

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
class CardDrawing:
    """A card's frame and picture, drawn once for each way of reading; words are put in at each draw."""

    texts: Mapping[str, str]
    look: Look
    size: Size
    stills: Mapping[bool, Still[Canvas]]
    """By whether the words are read from right to left; a badge that is no template is on them already."""
    has_badge: bool
    is_timed: bool = False

    @property
    def held_bytes(self) -> int:
        return sum(still.held_bytes for still in self.stills.values())

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        texts = {name: clean(values.get(f"/{name}", self.texts[name])).strip() for name in _TEXTS}
        mirrored = is_rtl(texts["title"])
        canvas = self.stills[mirrored].copy()
        if not self.has_badge:
            _badge(canvas, texts["badge"], self.look, self.size, is_mirrored=mirrored)
        boxes = arrange(
            self.size,
            has_price=bool(texts["price"]),
            has_button=bool(texts["button"]),
            is_mirrored=mirrored,
        )
        Words(canvas, self.look, boxes, mirrored).write({**texts, "badge": ""})
        return canvas.encode()


def prepare(params: Filled, size: Size, assets: Assets) -> CardDrawing:
    checked = check(CardParams, params)
    picture = None
    if checked.image is not None:
        try:
            picture = decode(find(checked.image, assets))
        except Undecodable as wrong:
            raise BadParams(ParamProblem("/image", str(wrong))) from wrong
    look = _look(checked, picture)
    has_badge = "/badge" not in params.templates
    stills = _stills(size, look, picture, clean(checked.badge).strip() if has_badge else "")
    texts = {name: getattr(checked, name) for name in _TEXTS}
    return CardDrawing(texts=texts, look=look, size=size, stills=stills, has_badge=has_badge)


def _look(checked: CardParams, picture: Pictures.Image | None) -> Look:
    text_colour = checked.colour or readable_on(checked.background)
    return Look(
        page=checked.page,
        ground=checked.background,
        text=text_colour,
        soft=mix(text_colour, checked.background, 0.3),
        sale=readable_on(checked.background, wish=checked.badge_colour),
        accent=checked.accent,
        badge=checked.badge_colour,
        behind_badge=SAND if picture is None else mean_colour(picture),
    )


def _stills(size: Size, look: Look, picture: Pictures.Image | None, badge: str) -> dict[bool, Still[Canvas]]:
    """One after the other: at the largest size both at once would take twice as much memory."""
    stills: dict[bool, Still[Canvas]] = {}
    is_drawing: bool | None = None
    for mirrored in (False, True):
        canvas = _ground(size, look, picture, is_mirrored=mirrored, is_drawing=is_drawing)
        if isinstance(canvas, Photo):
            is_drawing = canvas.is_drawing  # the same picture at another side
        _badge(canvas, badge, look, size, is_mirrored=mirrored)
        stills[mirrored] = Still(canvas)
    return stills


def _ground(
    size: Size, look: Look, picture: Pictures.Image | None, *, is_mirrored: bool, is_drawing: bool | None
) -> Canvas:
    """The frame with the picture in it, or with a drawn seascape in the picture's place."""
    framed = frame(size, look, is_mirrored=is_mirrored)
    if picture is None:
        return framed.with_seascape()
    place = framed.place
    full = framed.canvas.paletted().convert("RGB")
    shown = fitted(picture, (place[2] - place[0], place[3] - place[1]), Fit.COVER, look.ground)
    full.paste(shown, place[:2], framed.mask)
    return Photo(full, is_drawing=is_drawing)


def _badge(canvas: Canvas, text: str, look: Look, size: Size, *, is_mirrored: bool) -> None:
    """Of one size whatever the words are: it belongs to the picture."""
    boxes = arrange(size, has_price=True, has_button=True, is_mirrored=is_mirrored)
    Words(canvas, look, boxes, is_mirrored).badge(text)


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
