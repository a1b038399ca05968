"""Where the parts of a product card stand, from its size and from what it has."""

from dataclasses import dataclass

from renderers.canvas import Box
from renderers.model import Size

# Heights at full size, in CSS pixels: a title of two lines; price, button and stars with the air above.
_TITLE, _PRICE, _BUTTON, _STARS = 56, 40, 56, 24
_LARGEST = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """Boxes in pixels of the bitmap; `unit` is one CSS pixel at the card's own size of type."""

    picture: Box
    content: Box
    unit: float
    scale: int
    has_price: bool
    has_button: bool

    @property
    def button_px(self) -> int:
        return round(40 * self.unit)

    @property
    def price_px(self) -> int:
        return round(30 * self.unit)

    @property
    def price_air_px(self) -> int:
        return round(8 * self.unit)

    @property
    def foot_px(self) -> int:
        """The height of price and button, with the air above each."""
        price = self.price_px + self.price_air_px if self.has_price else 0
        return price + (self.button_px + self.button_air_px if self.has_button else 0)

    @property
    def stars_px(self) -> int:
        return round(_STARS * self.unit)

    @property
    def button_air_px(self) -> int:
        return round(16 * self.unit)


def arrange(
    size: Size,
    *,
    has_price: bool,
    has_button: bool,
    is_mirrored: bool,
    has_stars: bool = False,
    largest: float = _LARGEST,
) -> Boxes:
    """Picture beside the words where the card lies, above them where it stands.

    What has no room at a readable size is left out, the button first; the title always stays. `largest` is
    the most that `unit` may be, in CSS pixels.
    """
    width, height = size.bitmap
    is_lying = width >= 1.4 * height
    margin = min(24 * size.scale, width // 12, height // 8)
    if is_lying:
        edge = min(height, round(width * 0.4))
        picture = (width - edge, 0, width, height) if is_mirrored else (0, 0, edge, height)
        left, right = (margin, width - edge - margin) if is_mirrored else (edge + margin, width - margin)
        content = (left, margin, right, height - margin)
    else:
        edge = min(round(width * 0.8), round(height * 0.52))
        picture = (0, 0, width, edge)
        content = (margin, edge + margin * 2 // 3, width - margin, height - margin)
    room = content[3] - content[1]
    has_price = has_price and room >= 44 * size.scale
    has_button = has_button and room >= 88 * size.scale
    needed = _TITLE + _PRICE * has_price + _BUTTON * has_button + _STARS * has_stars
    unit = min(largest * size.scale, room / needed)
    return Boxes(
        picture=picture,
        content=content,
        unit=unit,
        scale=size.scale,
        has_price=has_price,
        has_button=has_button,
    )
