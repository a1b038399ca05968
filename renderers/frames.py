"""The frame of an offer: a panel with a thin edge and round corners, and the place of its picture."""

from dataclasses import dataclass

from PIL import Image as Pictures
from PIL import ImageStat

from renderers.canvas import Box, Flat, panel, rounded
from renderers.colour import Rgb, mix
from renderers.model import Size
from renderers.offer import Look
from renderers.placeholder import seascape
from renderers.product import arrange


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawn frame; the mask has the size of the picture's place and its round corners."""

    canvas: Flat
    place: Box
    mask: Pictures.Image
    ground: Rgb

    def with_seascape(self) -> Flat:
        """The frame with a drawing where the picture would be."""
        canvas = self.canvas.copy()
        seascape(canvas, self.place, self.mask, on=self.ground)
        return canvas


def frame(size: Size, look: Look, *, is_mirrored: bool) -> Frame:
    place = arrange(size, has_price=True, has_button=True, is_mirrored=is_mirrored).picture
    bitmap, radius, line = size.bitmap, 8 * size.scale, size.scale
    whole, inside = (0, 0, *bitmap), (line, line, bitmap[0] - line, bitmap[1] - line)
    edge = mix(look.ground, look.text, 0.14)
    canvas = Flat(bitmap, look.page)
    panel(canvas, whole, edge, on=look.page, radius_px=radius)
    panel(canvas, inside, look.ground, on=edge, radius_px=radius - line)
    inner = rounded(max(1, inside[2] - line), max(1, inside[3] - line), radius - line)
    mask = Pictures.new("L", bitmap, 0)
    mask.paste(inner, (line, line))
    return Frame(canvas, place, mask.crop(place), look.ground)


def mean_colour(picture: Pictures.Image) -> Rgb:
    red, green, blue = (round(part) for part in ImageStat.Stat(picture.convert("RGB").reduce(8)).mean)
    return red, green, blue
