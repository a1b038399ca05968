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
        _cast(canvas, shape, at, effects.shadow, on=on)
    if effects.stroke is not None:
        _stamp(canvas, shape, at, effects.stroke, on=on)
        on = effects.stroke
    _stamp(canvas, letters, at, colour, on=on)


def _masks(text: str, box: Box, setting: Setting, effects: Effects) -> tuple[Pictures.Image, Pictures.Image]:
    """The letters, and the letters with their outline: of one size, around the box's middle."""
    width, height = box[2] - box[0], box[3] - box[1]
    is_shaped = effects.rotation_deg or effects.stroke_px
    room = effects.stroke_px + 2
    fine = 2 if is_shaped and (width + 2 * room) * (height + 2 * room) <= _MOST_FINE_PIXELS else 1
    margin = room * fine
    sheet = Photo(
        Pictures.new("RGB", (width * fine + 2 * margin, height * fine + 2 * margin)), is_drawing=True
    )
    inner = (margin, margin, margin + width * fine, margin + height * fine)
    write(sheet, text, inner, setting.times(fine).in_one_colour(), _WHITE, on=_BLACK)
    letters = sheet.picture.getchannel("R")
    if effects.rotation_deg:
        letters = letters.rotate(-effects.rotation_deg, Pictures.Resampling.BICUBIC, expand=True)
    shape = grown(letters, effects.stroke_px * fine)
    return (letters.reduce(fine), shape.reduce(fine)) if fine > 1 else (letters, shape)


def grown(mask: Pictures.Image, by_px: int) -> Pictures.Image:
    """The shape with so many pixels around it: itself moved to every side. Its own edge must be free."""
    inked = mask.getbbox()
    if inked is None or by_px < 1:
        return mask
    box = (inked[0] - by_px, inked[1] - by_px, inked[2] + by_px, inked[3] + by_px)
    small = mask.crop(box)
    larger = small
    steps = min(64, 8 * by_px)
    for step in range(steps):
        angle = 2 * math.pi * step / steps
        across, down = round(by_px * math.cos(angle)), round(by_px * math.sin(angle))
        larger = ImageChops.lighter(larger, ImageChops.offset(small, across, down))
    full = Pictures.new("L", mask.size, 0)
    full.paste(larger, box[:2])
    return full


def _cast(canvas: Canvas, shape: Pictures.Image, at: tuple[int, int], shadow: Shadow, *, on: Rgb) -> None:
    """The shadow of a shape, with room around it to fade out in."""
    inked = shape.getbbox()
    if inked is None:
        return
    fade = 3 * shadow.blur_px
    soft = shape.crop((inked[0] - fade, inked[1] - fade, inked[2] + fade, inked[3] + fade))
    if shadow.blur_px:
        soft = soft.filter(ImageFilter.GaussianBlur(shadow.blur_px))
    soft = soft.point([round(value * shadow.opacity) for value in range(256)])
    moved = (at[0] + inked[0] - fade + shadow.x_px, at[1] + inked[1] - fade + shadow.y_px)
    _stamp(canvas, soft, moved, shadow.colour, on=on)


def _stamp(canvas: Canvas, mask: Pictures.Image, at: tuple[int, int], colour: Rgb, *, on: Rgb) -> None:
    inked = mask.getbbox()
    if inked is not None:
        canvas.stamp(mask.crop(inked), (at[0] + inked[0], at[1] + inked[1]), colour, on=on)
