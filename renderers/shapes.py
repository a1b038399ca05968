"""Shapes as masks: stars, ticks, rings, wedges, lines. Drawn larger and reduced, so that edges are smooth."""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from PIL import Image as Pictures
from PIL import ImageDraw

Point = tuple[float, float]
Draw = Callable[[int, int], Pictures.Image]

_FINE, _LESS_FINE = 4, 2  # how much larger shapes are drawn; the second where that would take much memory
_LARGE_PX = 400_000
_KEPT_PX = 200  # of a side: 96 such masks are 4 MB at most
_TICK = ((0.27, 0.52), (0.44, 0.69), (0.74, 0.35))


def disc(size_px: int) -> Pictures.Image:
    return ring(size_px, size_px)


def ring(size_px: int, thick_px: int) -> Pictures.Image:
    """A circle's line, inside a square of the size."""
    return _drawn(_ring, size_px, thick_px)


def _drawn(draw: Draw, size_px: int, more: int) -> Pictures.Image:
    """Small shapes are kept; large ones are few, and would take megabytes."""
    return _kept(draw, size_px, more) if size_px <= _KEPT_PX else draw(size_px, more)


@lru_cache(maxsize=96)
def _kept(draw: Draw, size_px: int, more: int) -> Pictures.Image:
    return draw(size_px, more)


def _ring(size_px: int, thick_px: int) -> Pictures.Image:
    return arc(size_px, thick_px, 0, 360)


def arc(
    size_px: int, thick_px: int, start_deg: float, end_deg: float, *, is_round: bool = False
) -> Pictures.Image:
    """A part of a ring, clockwise from the top; `is_round` gives it round ends."""
    fine = _fineness((size_px, size_px))
    side, thick = size_px * fine, thick_px * fine
    large = Pictures.new("L", (side, side), 0)
    if end_deg > start_deg:
        pen = ImageDraw.Draw(large)
        pen.pieslice((0, 0, side - 1, side - 1), start_deg - 90, end_deg - 90, fill=255)
        if 2 * thick < side:
            pen.ellipse((thick, thick, side - 1 - thick, side - 1 - thick), fill=0)
        if is_round:
            for angle in (start_deg, end_deg):
                x, y = _on_circle(side / 2, (side - thick) / 2, angle)
                pen.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=255)
    return large.reduce(fine)


def _on_circle(centre: float, radius: float, angle_deg: float) -> Point:
    angle = math.radians(angle_deg - 90)
    return centre + radius * math.cos(angle), centre + radius * math.sin(angle)


def star(size_px: int, *, is_outline: bool = False) -> Pictures.Image:
    """Five points with softly rounded tips, as wide as the size; or only the line around them."""
    return _drawn(_star, size_px, int(is_outline))


def _star(size_px: int, is_outline: int) -> Pictures.Image:
    fine = _fineness((size_px, size_px))
    side = size_px * fine
    large = Pictures.new("L", (side, side), 0)
    centre, outer, soft = side / 2, side * 0.455, side * 0.045
    tips = [_on_circle(centre, outer * (1 if at % 2 == 0 else 0.47), at * 36) for at in range(10)]
    lowered = [(x, y + side * 0.035) for x, y in tips]
    pen = ImageDraw.Draw(large)
    if not is_outline:
        pen.polygon(lowered, fill=255)
    _stroke(pen, [*lowered, lowered[0]], 2 * soft)
    return large.reduce(fine)


def tick(size_px: int) -> Pictures.Image:
    """A check mark with room around it, for the middle of a disc of the size."""
    return _drawn(_tick, size_px, 0)


def _tick(size_px: int, _: int) -> Pictures.Image:
    return line([(x * size_px, y * size_px) for x, y in _TICK], (size_px, size_px), max(1.0, size_px * 0.105))


def line(points: Sequence[Point], bitmap: tuple[int, int], thick_px: float) -> Pictures.Image:
    """Straight lines from point to point with round ends and corners."""
    fine = _fineness(bitmap)
    large = Pictures.new("L", (bitmap[0] * fine, bitmap[1] * fine), 0)
    _stroke(ImageDraw.Draw(large), [(x * fine, y * fine) for x, y in points], thick_px * fine)
    return large.reduce(fine)


def area(points: Sequence[Point], bitmap: tuple[int, int]) -> Pictures.Image:
    """The inside of a polygon."""
    fine = _fineness(bitmap)
    large = Pictures.new("L", (bitmap[0] * fine, bitmap[1] * fine), 0)
    ImageDraw.Draw(large).polygon([(x * fine, y * fine) for x, y in points], fill=255)
    return large.reduce(fine)


def _fineness(bitmap: tuple[int, int]) -> int:
    return _FINE if bitmap[0] * bitmap[1] <= _LARGE_PX else _LESS_FINE


def _stroke(pen: ImageDraw.ImageDraw, points: Sequence[Point], thick: float) -> None:
    pen.line(points, fill=255, width=round(thick))
    for x, y in points:
        pen.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=255)


def dashes(
    points: Sequence[Point], bitmap: tuple[int, int], thick_px: float, dash_px: float
) -> Pictures.Image:
    """A line of dashes with gaps nearly as long, which ends as it begins: a whole number of them fits."""
    fine = _fineness(bitmap)
    large = Pictures.new("L", (bitmap[0] * fine, bitmap[1] * fine), 0)
    pen = ImageDraw.Draw(large)
    total = sum(math.dist(one, other) for one, other in itertools.pairwise(points))
    period = total / max(1, round(total / (dash_px * 1.8)))
    dash = period * 0.55
    for start, end in _cut(points, dash, period):
        ends = [(start[0] * fine, start[1] * fine), (end[0] * fine, end[1] * fine)]
        pen.line(ends, fill=255, width=max(1, round(thick_px * fine)))
    return large.reduce(fine)


def _cut(points: Sequence[Point], dash: float, period: float) -> Iterator[tuple[Point, Point]]:
    """The parts of a line that lie within a dash."""
    gone = 0.0
    for one, other in itertools.pairwise(points):
        length = math.dist(one, other)
        first, last = math.floor(gone / period), math.floor((gone + length) / period)
        for at in range(first, last + 1) if length else ():
            start = max(at * period - gone, 0.0) / length
            end = min(at * period + dash - gone, length) / length
            if start < end:
                yield _between(one, other, start), _between(one, other, end)
        gone += length


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share
