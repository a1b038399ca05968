"""The weathers as vectors: each a few masks in a square, and what each of them is."""

import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import lru_cache

from PIL import Image as Pictures
from PIL import ImageChops, ImageDraw

from renderers.lettering import grown
from renderers.skies import Sky

Point = tuple[float, float]
Pen = Callable[[ImageDraw.ImageDraw, float], None]

_FINE = 4  # shapes are drawn this much larger and reduced; half of it from _LARGE pixels on
_LARGE = 400
_SLIT = 0.03  # of the side: the gap between a cloud and what is behind it
_PUFFS = ((0.29, 0.62, 0.165), (0.47, 0.49, 0.225), (0.68, 0.6, 0.185))
_UPPER_RAYS = (5, 6, 7, 0, 1)  # in eighths of a turn from the right, clockwise
_DROPS = (0.35, 0.51, 0.67)


class Stuff(StrEnum):
    """What a mask shows, and so its colour."""

    SUN = "sun"
    MOON = "moon"
    CLOUD = "cloud"
    FAR_CLOUD = "far_cloud"
    DROP = "drop"
    FLAKE = "flake"
    BOLT = "bolt"
    AIR = "air"


Masks = tuple[tuple[Stuff, Pictures.Image], ...]


@lru_cache(maxsize=32)
def icon(sky: Sky, side_px: int, *, is_day: bool) -> Masks:
    """The masks of a weather from the farthest to the nearest, each of the side's square."""
    return _ICONS[sky](max(1, side_px), is_day)


def _clear(side: int, is_day: bool) -> Masks:
    return (_light(side, (0.5, 0.5), 1.0, is_day=is_day),)


def _partly(side: int, is_day: bool) -> Masks:
    return _behind_cloud(side, is_day, lift=-0.08)


def _cloudy(side: int, is_day: bool) -> Masks:  # noqa: ARG001
    near = _cloud(side, at=(-0.04, 0.06))
    far = _cloud(side, at=(0.3, -0.02), scale=0.68)
    return (Stuff.FAR_CLOUD, _without(far, near, side)), (Stuff.CLOUD, near)


def _rain(side: int, is_day: bool) -> Masks:  # noqa: ARG001
    drops = _strokes(side, [_drop(x, 0.74 + 0.03 * (at == 1), 0.15) for at, x in enumerate(_DROPS)], 0.055)
    return (Stuff.CLOUD, _cloud(side, at=(0, -0.12))), (Stuff.DROP, drops)


def _showers(side: int, is_day: bool) -> Masks:
    drops = _strokes(
        side, [_drop(x - 0.04, 0.865 + 0.015 * (at == 1), 0.07) for at, x in enumerate(_DROPS)], 0.055
    )
    return (*_behind_cloud(side, is_day, lift=-0.09), (Stuff.DROP, drops))


def _snow(side: int, is_day: bool) -> Masks:  # noqa: ARG001
    arms = [
        ((x + across, y + down), (x - across, y - down))
        for x, y in ((0.33, 0.79), (0.51, 0.87), (0.69, 0.79))
        for across, down in ((0, 0.058), (0.05, 0.029), (0.05, -0.029))
    ]
    return (Stuff.CLOUD, _cloud(side, at=(0, -0.12))), (Stuff.FLAKE, _strokes(side, arms, 0.026))


def _thunder(side: int, is_day: bool) -> Masks:  # noqa: ARG001
    points = [
        (0.53, 0.56),
        (0.38, 0.78),
        (0.485, 0.78),
        (0.43, 0.97),
        (0.63, 0.71),
        (0.515, 0.71),
        (0.6, 0.56),
    ]
    bolt = _drawn(side, lambda pen, full: pen.polygon([(x * full, y * full) for x, y in points], fill=255))
    cloud = _cloud(side, at=(0, -0.12))
    return (Stuff.CLOUD, _without(cloud, bolt, side)), (Stuff.BOLT, bolt)


def _fog(side: int, is_day: bool) -> Masks:  # noqa: ARG001
    lines = [((0.2, 0.76), (0.72, 0.76)), ((0.3, 0.86), (0.82, 0.86)), ((0.24, 0.96), (0.62, 0.96))]
    return (Stuff.CLOUD, _cloud(side, at=(0, -0.14))), (Stuff.AIR, _strokes(side, lines, 0.05))


def _wind(side: int, is_day: bool) -> Masks:  # noqa: ARG001
    paths = [
        _gust((0.12, 0.39), 0.48, 0.1, up=True),
        _gust((0.2, 0.56), 0.72, 0.12, up=True),
        _gust((0.12, 0.72), 0.5, 0.09, up=False),
    ]
    return ((Stuff.AIR, _strokes(side, paths, 0.058)),)


_ICONS: dict[Sky, Callable[[int, bool], Masks]] = {
    Sky.CLEAR: _clear,
    Sky.PARTLY_CLOUDY: _partly,
    Sky.CLOUDY: _cloudy,
    Sky.FOG: _fog,
    Sky.RAIN: _rain,
    Sky.SHOWERS: _showers,
    Sky.SNOW: _snow,
    Sky.THUNDER: _thunder,
    Sky.WIND: _wind,
}


def _behind_cloud(side: int, is_day: bool, *, lift: float) -> Masks:
    cloud = _cloud(side, at=(-0.05, 0.2 + lift), scale=0.92)
    stuff, light = _light(side, (0.66, 0.44 + lift), 0.74, is_day=is_day, rays=_UPPER_RAYS)
    return (stuff, _without(light, cloud, side)), (Stuff.CLOUD, cloud)


def _light(
    side: int, centre: Point, scale: float, *, is_day: bool, rays: Sequence[int] = range(8)
) -> tuple[Stuff, Pictures.Image]:
    """The sun with its rays by day, the moon by night."""
    if not is_day:
        full = _disc(side, centre, 0.31 * scale)
        bite = _disc(side, (centre[0] + 0.16 * scale, centre[1] - 0.11 * scale), 0.26 * scale)
        return Stuff.MOON, ImageChops.subtract(full, bite)
    lines = []
    for eighth in rays:
        across, down = math.cos(eighth * math.pi / 4) * scale, math.sin(eighth * math.pi / 4) * scale
        lines.append([(centre[0] + far * across, centre[1] + far * down) for far in (0.315, 0.405)])
    return Stuff.SUN, ImageChops.lighter(
        _disc(side, centre, 0.215 * scale), _strokes(side, lines, 0.058 * scale)
    )


def _cloud(side: int, *, at: Point, scale: float = 1.0) -> Pictures.Image:
    def draw(pen: ImageDraw.ImageDraw, full: float) -> None:
        def placed(x: float, y: float) -> Point:
            return (x * scale + at[0]) * full, (y * scale + at[1]) * full

        for x, y, radius in _PUFFS:
            pen.ellipse((*placed(x - radius, y - radius), *placed(x + radius, y + radius)), fill=255)
        left, right = _PUFFS[0], _PUFFS[-1]
        pen.rectangle((*placed(left[0], left[1]), *placed(right[0], left[1] + left[2])), fill=255)

    return _drawn(side, draw)


def _without(mask: Pictures.Image, near: Pictures.Image, side: int) -> Pictures.Image:
    """A shape with what lies before it cut out, and a slit around that."""
    return ImageChops.subtract(mask, grown(near, max(1, round(side * _SLIT))))


def _disc(side: int, centre: Point, radius: float) -> Pictures.Image:
    x, y = centre
    box = (x - radius, y - radius, x + radius, y + radius)
    return _drawn(side, lambda pen, full: pen.ellipse([part * full for part in box], fill=255))


def _drop(x: float, y: float, length: float) -> Sequence[Point]:
    return ((x + length * 0.18, y), (x - length * 0.18, y + length))


def _gust(start: Point, reach: float, radius: float, *, up: bool) -> Sequence[Point]:
    """A line that curls at its end."""
    x, y = start[0] + reach - 0.1, start[1]
    sign = -1 if up else 1
    curl = [
        (x + radius * math.sin(math.radians(turn)), y + sign * radius * (1 - math.cos(math.radians(turn))))
        for turn in range(0, 250, 6)
    ]
    return (start, *curl)


def _strokes(side: int, paths: Sequence[Sequence[Point]], thick: float) -> Pictures.Image:
    """Lines with round ends and corners."""

    def draw(pen: ImageDraw.ImageDraw, full: float) -> None:
        wide = max(1.0, thick * full)
        end = (wide - 1) / 2  # Pillow's ellipses reach half a pixel beyond their box
        for path in paths:
            points = [(x * full, y * full) for x, y in path]
            pen.line(points, fill=255, width=round(wide))
            for x, y in points:
                pen.ellipse((x - end, y - end, x + end, y + end), fill=255)

    return _drawn(side, draw)


def _drawn(side: int, draw: Pen) -> Pictures.Image:
    fine = _FINE if side < _LARGE else _FINE // 2
    large = Pictures.new("L", (side * fine, side * fine), 0)
    draw(ImageDraw.Draw(large), float(side * fine))
    return large.reduce(fine)
