"""Texts with an outline, a shadow or a slant: drawn as one mask, then put onto the canvas."""

import math
from dataclasses import dataclass

from PIL import Image as Pictures
from PIL import ImageChops, ImageFilter

from renderers.canvas import Box, Canvas, Photo
from renderers.colour import Rgb
from renderers.writing import Setting, write

_MOST_FINE_PIXELS = (
    1_000_000  # an outlined or slanted text up to here is drawn twice as large, for smooth edges
)
_BLACK: Rgb = (0, 0, 0)
_WHITE: Rgb = (255, 255, 255)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """Lengths in pixels of the bitmap; opacity from 0 to 1."""

    colour: Rgb
    opacity: float
    x_px: int
    y_px: int
    blur_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What a text has besides its letters; lengths in pixels of the bitmap, clockwise degrees."""

    stroke: Rgb | None = None
    stroke_px: int = 0
    shadow: Shadow | None = None
    rotation_deg: int = 0

    @property
    def reach_px(self) -> int:
        """How far anything can lie outside the text's box."""
        shadow = self.shadow
        beyond = 0 if shadow is None else max(abs(shadow.x_px), abs(shadow.y_px)) + 3 * shadow.blur_px
        return self.stroke_px + beyond + 2


PLAIN = Effects()


def letter(
    canvas: Canvas, text: str, box: Box, setting: Setting, colour: Rgb, *, on: Rgb, effects: Effects
) -> None:
    """Draws a text inside a box, turned round the box's middle; shadow below stroke below letters."""
    if effects == PLAIN:
        write(canvas, text, box, setting, colour, on=on)
        return
    letters, shape = _masks(text, box, setting, effects)
    middle = ((box[0] + box[2]) // 2, (box[1] + box[3]) // 2)
    at = (middle[0] - letters.width // 2, middle[1] - letters.height // 2)
    if effects.shadow is not None:
        shade = effects.shadow
        soft = shape.filter(ImageFilter.GaussianBlur(shade.blur_px)) if shade.blur_px else shape
        soft = soft.point([round(value * shade.opacity) for value in range(256)])
        _stamp(canvas, soft, (at[0] + shade.x_px, at[1] + shade.y_px), shade.colour, on=on)
    if effects.stroke is not None:
        _stamp(canvas, shape, at, effects.stroke, on=on)
        on = effects.stroke
    _stamp(canvas, letters, at, colour, on=on)


def _masks(text: str, box: Box, setting: Setting, effects: Effects) -> tuple[Pictures.Image, Pictures.Image]:
    """The letters, and the letters with their outline: of one size, around the box's middle."""
    width, height = box[2] - box[0], box[3] - box[1]
    is_shaped = effects.rotation_deg or effects.stroke_px
    fine = 2 if is_shaped and width * height <= _MOST_FINE_PIXELS else 1
    margin = effects.reach_px * fine
    sheet = Photo(
        Pictures.new("RGB", (width * fine + 2 * margin, height * fine + 2 * margin)), is_drawing=True
    )
    inner = (margin, margin, margin + width * fine, margin + height * fine)
    write(sheet, text, inner, setting.times(fine), _WHITE, on=_BLACK)
    letters = sheet.picture.getchannel("R")
    if effects.rotation_deg:
        letters = letters.rotate(-effects.rotation_deg, Pictures.Resampling.BICUBIC, expand=True)
    shape = _grown(letters, effects.stroke_px * fine)
    return (letters.reduce(fine), shape.reduce(fine)) if fine > 1 else (letters, shape)


def _grown(mask: Pictures.Image, by_px: int) -> Pictures.Image:
    """The shape with so many pixels around it: itself moved to every side."""
    grown = mask
    steps = min(64, 8 * by_px)
    for step in range(steps):
        angle = 2 * math.pi * step / steps
        across, down = round(by_px * math.cos(angle)), round(by_px * math.sin(angle))
        grown = ImageChops.lighter(grown, ImageChops.offset(mask, across, down))
    return grown


def _stamp(canvas: Canvas, mask: Pictures.Image, at: tuple[int, int], colour: Rgb, *, on: Rgb) -> None:
    inked = mask.getbbox()
    if inked is not None:
        canvas.stamp(mask.crop(inked), (at[0] + inked[0], at[1] + inked[1]), colour, on=on)
