"""What lies behind a picture: a colour, a gradient or an uploaded picture, and the colour to write on it."""

from dataclasses import dataclass

from PIL import Image as Pictures
from PIL import ImageStat

from renderers.assets import Fit, Undecodable, decode, find, fitted
from renderers.canvas import Box, Canvas, Flat, Photo, gradient
from renderers.colour import FOAM, INK, READABLE, WHITE, Rgb, contrast, mix, readable_on
from renderers.model import Assets, BadParams, ParamProblem
from renderers.params import GradientParams

_SHADE: Rgb = (6, 24, 34)
_SHADES = range(0, 85, 5)
_CLEAR = 7.0  # WCAG AAA: room for a label that is softer than the digits
_GROUND_COLOURS = 192


@dataclass(frozen=True, slots=True)
class Ground:
    """A canvas to copy and draw on; `colour` stands for it where edges and contrast are reckoned."""

    canvas: Canvas
    colour: Rgb

    def text_colour(self, wish: Rgb | None) -> Rgb:
        """The author's colour as it is; without one, the clearer of ink and white."""
        return wish if wish is not None else readable_on(self.colour)


def lay(
    background: Rgb | GradientParams | str,
    bitmap: tuple[int, int],
    assets: Assets,
    *,
    shade: int | None = 0,
    how: Fit = Fit.COVER,
    focus: tuple[float, float] = (0.5, 0.5),
) -> Ground:
    """The ground of a background parameter.

    `shade` is the percentage of darkness laid over an uploaded picture; None takes the least at which white
    text can be read on its lighter parts. `how` and `focus` fit the picture. Raises BadParams at /background.
    """
    if isinstance(background, GradientParams):
        return _gradient(background, bitmap)
    if isinstance(background, str):
        return _picture(_fitted(background, bitmap, assets, how, focus), shade)
    return Ground(Flat(bitmap, background), background)


def tinted(ground: Ground, colour: Rgb, opacity: int) -> Ground:
    """The ground under so many per cent of a colour."""
    if isinstance(ground.canvas, Flat):
        mixed = mix(ground.colour, colour, opacity / 100)
        return Ground(Flat(ground.canvas.bitmap, mixed), mixed)
    over = Pictures.new("RGB", ground.canvas.bitmap, colour)
    return _picture(Pictures.blend(ground.canvas.picture, over, opacity / 100), 0)


def flattened(ground: Ground) -> Flat:
    """A ground in a palette, with some sixty colours free to draw with."""
    if isinstance(ground.canvas, Flat):
        return ground.canvas
    return Flat.of(ground.canvas.picture, colours=_GROUND_COLOURS)


def colour_behind(ground: Ground, box: Box) -> Rgb:
    """The mean colour of a part of the ground."""
    if not isinstance(ground.canvas, Photo):
        return ground.colour
    mean = ImageStat.Stat(ground.canvas.picture.crop(box)).mean
    return round(mean[0]), round(mean[1]), round(mean[2])


def cell_colour(ground: Ground) -> Rgb:
    """A panel's colour: stands out a little from one colour, and clearly from whatever a picture has."""
    behind = ground.colour
    if isinstance(ground.canvas, Photo):
        return WHITE if readable_on(behind) == WHITE else INK
    if readable_on(behind) == INK:
        return mix(behind, INK, 0.07)
    lighter = mix(behind, WHITE, 0.1)
    return lighter if contrast(lighter, WHITE) >= _CLEAR else mix(behind, _SHADE, 0.35)


def _gradient(background: GradientParams, bitmap: tuple[int, int]) -> Ground:
    picture = gradient(bitmap, background.from_, background.to, background.angle)
    return Ground(Photo(picture), mix(background.from_, background.to, 0.5))


def _fitted(
    reference: str, bitmap: tuple[int, int], assets: Assets, how: Fit, focus: tuple[float, float]
) -> Pictures.Image:
    try:
        return fitted(decode(find(reference, assets)), bitmap, how, FOAM, focus=focus)
    except Undecodable as wrong:
        raise BadParams(ParamProblem("/background", str(wrong))) from wrong


def _picture(picture: Pictures.Image, shade: int | None) -> Ground:
    if shade is None:
        shade = _least_shade(picture)
    if shade:
        picture = Pictures.blend(picture, Pictures.new("RGB", picture.size, _SHADE), shade / 100)
    return Ground(Photo(picture), _lighter_part(picture))


def _least_shade(picture: Pictures.Image) -> int:
    light = _lighter_part(picture)
    if contrast(light, INK) >= 2 * READABLE:
        return 0  # light all over: ink is read on it as it is
    return next(share for share in _SHADES if contrast(mix(light, _SHADE, share / 100), WHITE) >= READABLE)


def _lighter_part(picture: Pictures.Image) -> Rgb:
    """The mean and one deviation more, band by band: what the lighter fifth or so looks like."""
    small = ImageStat.Stat(picture.reduce(max(1, min(picture.size) // 50)))
    red, green, blue = (
        min(255, round(mean + deviation)) for mean, deviation in zip(small.mean, small.stddev, strict=True)
    )
    return red, green, blue
