"""The kind `grid`: up to six offers side by side, each a card; empty ones are filled from a list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from PIL import Image as Pictures
from pydantic import Field

from renderers.assets import Fit, Undecodable, decode, find, fitted
from renderers.canvas import Box, Canvas, Flat, Photo
from renderers.cells import Cells, Point, divide
from renderers.colour import CORAL_DEEP, SAND, TIDE, WHITE, Rgb, mix, readable_on
from renderers.encode import is_better_as_png
from renderers.frames import Frame, frame, mean_colour
from renderers.model import Assets, BadParams, CannotRender, Image, Kind, ParamProblem, Size
from renderers.offer import Look, Words
from renderers.params import Asset, Colour, Params, check, schema_of, several, text, whole
from renderers.product import Boxes, arrange
from renderers.quantities import Quantity, read_value
from renderers.sheets import reads_from_right, told

MOST_ITEMS, MOST_PICTURES = 6, 12
_LARGEST = 1.1  # of a cell's type: smaller than a card's, which stands alone
_TEXTS = ("title", "price", "old_price", "badge", "rating", "picture")


class ItemParams(Params):
    title: text(1000)  # type: ignore[valid-type]
    price: text(1000) = ""  # type: ignore[valid-type]
    old_price: text(1000) = ""  # type: ignore[valid-type]
    badge: text(1000) = ""  # type: ignore[valid-type]
    rating: Quantity | None = None
    picture: text(1000) = ""  # type: ignore[valid-type]
    image: Asset | None = None


class GridParams(Params):
    items: several(ItemParams, 1, MOST_ITEMS)  # type: ignore[valid-type]
    fill: several(ItemParams, 0, MOST_ITEMS) = Field(default_factory=list)  # type: ignore[valid-type]
    pictures: Annotated[dict[str, Asset], Field(max_length=MOST_PICTURES)] = Field(default_factory=dict)
    columns: whole(1, 3) | None = None  # type: ignore[valid-type]
    gap_px: whole(0, 60) = 12  # type: ignore[valid-type]
    button: text(1000) = ""  # type: ignore[valid-type]
    background: Colour = WHITE
    page: Colour = WHITE
    colour: Colour | None = None
    accent: Colour = TIDE
    badge_colour: Colour = CORAL_DEEP


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture at the size of its place, and its mean colour."""

    picture: Pictures.Image
    mean: Rgb


@dataclass(frozen=True, slots=True)
class Offer:
    """One item's words as they are drawn, where they come from, and the picture that is its own."""

    pointer: str
    texts: Mapping[str, str]
    image: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GridDrawing:
    """Frames and pictures, each drawn once; put together at each draw."""

    items: tuple[Offer, ...]
    fill: tuple[Offer, ...]
    button: str
    pictures: Mapping[str, str]
    shown: Mapping[str, Shown]
    frames: Mapping[bool, Frame]
    """By whether the words are read from right to left."""
    cells: Cells
    look: Look
    is_drawing: bool
    is_timed: bool = False

    @property
    def held_bytes(self) -> int:
        pictures = sum(4 * one.picture.width * one.picture.height for one in self.shown.values())
        return pictures + sum(2 * one.canvas.held_bytes for one in self.frames.values())

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        offers = self._present(values)
        (button,) = told([values.get("/button", self.button)])
        mirrored = reads_from_right(offer.texts["title"] for offer in offers)
        canvas = self._blank()
        boxes = self._boxes(offers, button, is_mirrored=mirrored)
        written = []
        for offer, at in zip(offers, self.cells.corners(is_mirrored=mirrored), strict=False):
            shown = self._shown(offer)
            _set(canvas, at, self.frames[mirrored], shown)
            written.append(self._words(canvas, at, offer, shown, boxes, is_mirrored=mirrored))
        size = _shared_size(written, offers)
        for words, offer in zip(written, offers, strict=True):
            replace(words, title_px=size).write({**offer.texts, "button": button})
        return canvas.encode()

    def _boxes(self, offers: list[Offer], button: str, *, is_mirrored: bool) -> Boxes:
        """The same for all, so that neighbours stand at the same heights."""
        return arrange(
            self.cells.cell,
            has_price=any(offer.texts["price"] for offer in offers),
            has_button=bool(button),
            has_stars=any(offer.texts["rating"] for offer in offers),
            is_mirrored=is_mirrored,
            largest=_LARGEST,
        )

    def _present(self, values: Mapping[str, str]) -> list[Offer]:
        """The items that have a title, those that have none filled in order. Raises CannotRender."""
        others = iter(
            [offer for offer in (_told(offer, values) for offer in self.fill) if offer.texts["title"]]
        )
        own = (_told(offer, values) for offer in self.items)
        found = [offer if offer.texts["title"] else next(others, None) for offer in own]
        present = [offer for offer in found if offer is not None]
        if not present:
            raise CannotRender("/items/0/title: no item has a title, and there is none to fill with")
        return present

    def _shown(self, offer: Offer) -> Shown | None:
        reference = self.pictures.get(offer.texts["picture"]) or offer.image
        return self.shown[reference] if reference is not None else None

    def _blank(self) -> Canvas:
        """A bitmap of the page's colour, flat where there is no picture at all."""
        canvas = Flat(self.cells.bitmap, self.look.page)
        if self.shown:
            return Photo(canvas.paletted().convert("RGB"), is_drawing=self.is_drawing)
        # Every cell is drawn in the same order of colours, so they share this palette.
        canvas.palette = list(self.frames[False].with_seascape().palette)
        return canvas

    def _words(
        self, canvas: Canvas, at: Point, offer: Offer, shown: Shown | None, boxes: Boxes, *, is_mirrored: bool
    ) -> Words:
        look = self.look if shown is None else replace(self.look, behind_badge=shown.mean)
        stars = _stars(offer) if offer.texts["rating"] else None
        moved = replace(boxes, picture=_moved(boxes.picture, at), content=_moved(boxes.content, at))
        return Words(canvas, look, moved, is_mirrored, is_spread=True, stars=stars)


def _shared_size(written: list[Words], offers: list[Offer]) -> int:
    """The size at which the longest title fits."""
    return min(
        words.title(offer.texts["title"])[0].size_px for words, offer in zip(written, offers, strict=True)
    )


def _told(offer: Offer, values: Mapping[str, str]) -> Offer:
    words = told(values.get(f"{offer.pointer}/{name}", offer.texts[name]) for name in _TEXTS)
    return replace(offer, texts=dict(zip(_TEXTS, words, strict=True)))


def _stars(offer: Offer) -> float:
    return min(5.0, max(0.0, read_value(f"{offer.pointer}/rating", offer.texts["rating"])))


def _moved(box: Box, at: Point) -> Box:
    return box[0] + at[0], box[1] + at[1], box[2] + at[0], box[3] + at[1]


def _set(canvas: Canvas, at: Point, framed: Frame, shown: Shown | None) -> None:
    """A cell's frame, with its picture or a seascape in it."""
    still = framed.canvas if shown else framed.with_seascape()
    if isinstance(canvas, Flat):
        canvas.indices.paste(still.indices, at)
        return
    canvas.picture.paste(still.paletted().convert("RGB"), at)
    if shown is not None:
        place = _moved(framed.place, at)
        canvas.picture.paste(shown.picture, place[:2], framed.mask)


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> GridDrawing:
    checked = check(GridParams, params)
    cells = _cells(checked, size)
    look = _look(checked)
    frames = {mirrored: frame(cells.cell, look, is_mirrored=mirrored) for mirrored in (False, True)}
    left, top, right, bottom = frames[False].place
    shown = _pictures(checked, (right - left, bottom - top), assets, look.ground)
    pictures = [one.picture for one in shown.values()]
    return GridDrawing(
        items=_offers("items", checked.items),
        fill=_offers("fill", checked.fill),
        button=checked.button,
        pictures=checked.pictures,
        shown=shown,
        frames=frames,
        cells=cells,
        look=look,
        is_drawing=all(is_better_as_png(picture) for picture in pictures),
    )


def _cells(checked: GridParams, size: Size) -> Cells:
    try:
        return divide(size, len(checked.items), checked.columns, checked.gap_px)
    except ValueError as bad:
        raise BadParams(ParamProblem("/columns" if checked.columns else "/items", str(bad))) from bad


def _offers(part: str, items: list[ItemParams]) -> tuple[Offer, ...]:
    return tuple(
        Offer(f"/{part}/{at}", {name: getattr(item, name) or "" for name in _TEXTS}, item.image)
        for at, item in enumerate(items)
    )


def _look(checked: GridParams) -> Look:
    words = checked.colour or readable_on(checked.background)
    return Look(
        page=checked.page,
        ground=checked.background,
        text=words,
        soft=mix(words, checked.background, 0.3),
        sale=readable_on(checked.background, wish=checked.badge_colour),
        accent=checked.accent,
        badge=checked.badge_colour,
        behind_badge=SAND,
    )


def _pictures(checked: GridParams, place: tuple[int, int], assets: Assets, ground: Rgb) -> dict[str, Shown]:
    """Every picture that any cell may have, by its reference. Raises BadParams for all that are none."""
    named = {f"/pictures/{name}": reference for name, reference in checked.pictures.items()}
    for name, items in (("items", checked.items), ("fill", checked.fill)):
        named |= {f"/{name}/{at}/image": item.image for at, item in enumerate(items) if item.image}
    shown: dict[str, Shown] = {}
    problems = []
    for pointer, reference in named.items():
        try:
            if reference not in shown:
                picture = fitted(decode(find(reference, assets)), place, Fit.COVER, ground)
                shown[reference] = Shown(picture, mean_colour(picture))
        except Undecodable as wrong:
            problems.append(ParamProblem(pointer, str(wrong)))
    if problems:
        raise BadParams(*problems)
    return shown


_POINTERS = [f"/{name}/{at}" for name in ("items", "fill") for at in range(MOST_ITEMS)]

KIND = Kind(
    name="grid",
    least_size=(100, 80),
    example_size=(600, 300),
    templatable={
        "/button": "x",
        **{
            f"{pointer}/{name}": "4.5" if name == "rating" else "x"
            for pointer in _POINTERS
            for name in _TEXTS
        },
    },
    example={
        "items": [
            {
                "title": "{{ activity.viewed.items[0].title }}",
                "price": "€24.00",
                "rating": 4.5,
                "image": "asset:hero",
            },
            {"title": "{{ activity.viewed.items[1].title }}", "price": "€38.00", "image": "asset:hero"},
            {"title": "The sea, framed", "price": "€32.00", "old_price": "€40.00", "badge": "-20%"},
        ],
        "fill": [{"title": "Moss bowl", "price": "€18.00"}],
    },
    schema=schema_of(GridParams),
    prepare=prepare,
)
