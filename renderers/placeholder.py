"""The picture of a product that has none: tide lines under a sun, in sand."""

import math

from PIL import Image as Pictures
from PIL import ImageChops, ImageDraw

from renderers.canvas import Box, Flat
from renderers.colour import SAND, TIDE, Rgb, mix

_SUN: Rgb = mix(SAND, (255, 255, 255), 0.55)
_TIDES = ((0.64, mix(SAND, TIDE, 0.28)), (0.76, mix(SAND, TIDE, 0.5)), (0.88, mix(SAND, TIDE, 0.72)))


def seascape(canvas: Flat, place: Box, mask: Pictures.Image, *, on: Rgb) -> None:
    """Draws it into a place, through a mask of the place's size."""
    at, size = (place[0], place[1]), mask.size
    canvas.stamp(mask, at, SAND, on=on)
    behind = SAND
    canvas.stamp(ImageChops.multiply(_sun(size), mask), at, _SUN, on=SAND)
    for level, colour in _TIDES:
        canvas.stamp(ImageChops.multiply(_tide(size, level), mask), at, colour, on=behind)
        behind = colour


def _sun(size: tuple[int, int]) -> Pictures.Image:
    fine = _fineness(size)
    width, height = size[0] * fine, size[1] * fine
    radius = min(width, height) * 0.15
    x, y = width * 0.62, height * 0.36
    large = Pictures.new("L", (width, height), 0)
    ImageDraw.Draw(large).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return large.reduce(fine)


def _tide(size: tuple[int, int], level: float) -> Pictures.Image:
    """Everything under a wave whose crests lie at a part of the height."""
    fine = _fineness(size)
    width, height = size[0] * fine, size[1] * fine
    swell, waves = min(width, height) * 0.025, 2.5
    crest = [
        (x, height * level + swell * math.sin(2 * math.pi * (waves * x / max(1, width) + level * 3)))
        for x in range(0, width + 8, 8)
    ]
    large = Pictures.new("L", (width, height), 0)
    ImageDraw.Draw(large).polygon([(0, height), *crest, (width, height)], fill=255)
    return large.reduce(fine)


def _fineness(size: tuple[int, int]) -> int:
    """How much larger shapes are drawn before they are reduced: less where that would take much memory."""
    return 4 if size[0] * size[1] < 400_000 else 2
