"""The demo shop's pictures, drawn by us: five pots on coloured ground, and a sea for the top of a mail."""

import io
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

SIDE_PX = 480
WINDOW_PX = (1200, 400)
MARK_PX = 96
_FINE = 3  # drawn this much larger, then reduced, for smooth edges

Rgb = tuple[int, int, int]
Draw = ImageDraw.ImageDraw

CLAY: Rgb = (196, 112, 75)
CREAM: Rgb = (243, 233, 214)
SEA: Rgb = (58, 124, 134)
INK: Rgb = (11, 42, 59)
MOSS: Rgb = (116, 134, 92)
SAND: Rgb = (226, 209, 178)


def pictures() -> dict[str, bytes]:
    """Every picture of the demo by asset name, as PNG."""
    pots = {
        "mug": (_mug, (221, 232, 230)),
        "teapot": (_teapot, (240, 228, 210)),
        "vase": (_vase, (229, 222, 232)),
        "bowl": (_bowl, (222, 230, 217)),
        "lamp": (_lamp, (235, 226, 214)),
    }
    drawn = {f"demo-{name}": _png(_pot(draw, ground)) for name, (draw, ground) in pots.items()}
    return {**drawn, "demo-window": _png(_window()), "demo-mark": _png(_mark())}


def _pot(draw: Callable[[Draw, float], None], ground: Rgb) -> Image.Image:
    side = SIDE_PX * _FINE
    picture = _fade((side, side), _lighter(ground, 0.35), ground)
    shade = Image.new("L", (side, side), 0)
    ImageDraw.Draw(shade).ellipse(_box(0.24, 0.76, 0.8, 0.86, side), fill=90)
    picture.paste((60, 48, 40), mask=shade.filter(ImageFilter.GaussianBlur(side * 0.018)))
    draw(ImageDraw.Draw(picture), side)
    return picture.resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)


def _mug(pen: Draw, side: float) -> None:
    pen.arc(_box(0.58, 0.4, 0.83, 0.68, side), 250, 110, fill=_darker(SEA, 0.15), width=int(side * 0.045))
    _body(pen, side, [(0.3, 0.34), (0.66, 0.34), (0.645, 0.8), (0.32, 0.8)], SEA, round_at=0.04)
    pen.polygon(_points([(0.304, 0.5), (0.656, 0.5), (0.645, 0.8), (0.32, 0.8)], side), fill=CREAM)
    pen.ellipse(_box(0.32, 0.765, 0.645, 0.83, side), fill=CREAM)
    pen.ellipse(_box(0.3, 0.3, 0.66, 0.38, side), fill=_lighter(SEA, 0.2))
    pen.ellipse(_box(0.325, 0.315, 0.635, 0.365, side), fill=(74, 48, 34))


def _teapot(pen: Draw, side: float) -> None:
    pen.polygon(_points([(0.66, 0.56), (0.86, 0.4), (0.9, 0.43), (0.72, 0.7)], side), fill=_darker(CLAY, 0.1))
    pen.arc(_box(0.1, 0.4, 0.4, 0.74, side), 80, 285, fill=_darker(CLAY, 0.2), width=int(side * 0.04))
    pen.ellipse(_box(0.24, 0.38, 0.76, 0.82, side), fill=CLAY)
    pen.ellipse(_box(0.3, 0.43, 0.5, 0.64, side), fill=_lighter(CLAY, 0.12))
    pen.ellipse(_box(0.36, 0.345, 0.64, 0.445, side), fill=_darker(CLAY, 0.16))
    pen.ellipse(_box(0.37, 0.33, 0.63, 0.42, side), fill=_lighter(CLAY, 0.1))
    pen.ellipse(_box(0.465, 0.275, 0.535, 0.345, side), fill=INK)


def _vase(pen: Draw, side: float) -> None:
    for lean, height, colour in ((-0.1, 0.12, MOSS), (0.02, 0.07, _darker(MOSS, 0.2)), (0.13, 0.16, MOSS)):
        foot, top = (0.5 * side, 0.42 * side), ((0.5 + lean) * side, height * side)
        pen.line([foot, top], fill=colour, width=int(side * 0.012))
        for step in range(1, 6):
            at = step / 6
            x, y = (
                foot[0] + (top[0] - foot[0]) * (0.3 + at * 0.7),
                foot[1] + (top[1] - foot[1]) * (0.3 + at * 0.7),
            )
            wide = side * 0.035 * (1.25 - at)
            pen.ellipse((x - 2 * wide, y - wide, x, y + wide), fill=colour)
            pen.ellipse((x, y - wide, x + 2 * wide, y + wide), fill=_lighter(colour, 0.12))
    pen.ellipse(_box(0.3, 0.46, 0.7, 0.84, side), fill=CREAM)
    pen.polygon(_points([(0.44, 0.38), (0.56, 0.38), (0.6, 0.54), (0.4, 0.54)], side), fill=CREAM)
    pen.ellipse(_box(0.425, 0.36, 0.575, 0.41, side), fill=_darker(CREAM, 0.12))
    pen.ellipse(_box(0.45, 0.37, 0.55, 0.4, side), fill=_darker(CREAM, 0.45))
    for row in range(3):
        pen.arc(
            _box(0.31, 0.5 + row * 0.06, 0.69, 0.7 + row * 0.06, side),
            25,
            155,
            fill=SEA,
            width=int(side * 0.012),
        )


def _bowl(pen: Draw, side: float) -> None:
    pen.pieslice(_box(0.18, 0.2, 0.82, 0.84, side), 0, 180, fill=MOSS)
    pen.rectangle(_box(0.42, 0.8, 0.58, 0.85, side), fill=_darker(MOSS, 0.25))
    pen.ellipse(_box(0.18, 0.43, 0.82, 0.6, side), fill=_lighter(MOSS, 0.25))
    pen.ellipse(_box(0.21, 0.45, 0.79, 0.585, side), fill=_darker(MOSS, 0.25))
    for x, y, colour in ((0.38, 0.46, CLAY), (0.52, 0.43, (214, 164, 64)), (0.63, 0.475, CLAY)):
        pen.ellipse(_box(x - 0.085, y - 0.085, x + 0.085, y + 0.085, side), fill=colour)
        pen.ellipse(_box(x - 0.05, y - 0.06, x - 0.005, y - 0.015, side), fill=_lighter(colour, 0.3))


def _lamp(pen: Draw, side: float) -> None:
    pen.polygon(_points([(0.36, 0.2), (0.64, 0.2), (0.76, 0.48), (0.24, 0.48)], side), fill=(250, 226, 166))
    pen.polygon(_points([(0.36, 0.2), (0.46, 0.2), (0.4, 0.48), (0.24, 0.48)], side), fill=(253, 238, 199))
    pen.ellipse(_box(0.24, 0.445, 0.76, 0.515, side), fill=(238, 199, 120))
    pen.rectangle(_box(0.48, 0.5, 0.52, 0.58, side), fill=INK)
    pen.ellipse(_box(0.36, 0.55, 0.64, 0.83, side), fill=CLAY)
    pen.ellipse(_box(0.4, 0.58, 0.5, 0.7, side), fill=_lighter(CLAY, 0.16))


def _window() -> Image.Image:
    wide, high = WINDOW_PX[0] * _FINE, WINDOW_PX[1] * _FINE
    picture = _fade((wide, high), (9, 62, 76), (28, 118, 124))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((wide * 0.74, high * 0.12, wide * 0.74 + high * 0.36, high * 0.48), fill=(244, 214, 160))
    for level, colour in ((0.62, (20, 100, 108)), (0.74, (14, 82, 92)), (0.86, (10, 64, 76))):
        _tide(pen, wide, high, level, colour)
    return picture.resize(WINDOW_PX, Image.Resampling.LANCZOS)


def _mark() -> Image.Image:
    """The shop's mark: a jar with one tide line."""
    side = MARK_PX * _FINE * 2
    picture = Image.new("RGB", (side, side), INK)
    pen = ImageDraw.Draw(picture)
    pen.ellipse(_box(0.24, 0.32, 0.76, 0.84, side), fill=CREAM)
    pen.polygon(_points([(0.4, 0.2), (0.6, 0.2), (0.66, 0.5), (0.34, 0.5)], side), fill=CREAM)
    pen.rounded_rectangle(_box(0.36, 0.15, 0.64, 0.22, side), side * 0.03, fill=CLAY)
    pen.arc(_box(0.26, 0.34, 0.74, 0.66, side), 25, 155, fill=SEA, width=int(side * 0.05))
    return picture.resize((MARK_PX, MARK_PX), Image.Resampling.LANCZOS)


def _tide(pen: Draw, wide: int, high: int, level: float, colour: Rgb) -> None:
    waves, points = 7, []
    for step in range(waves * 24 + 1):
        x = wide * step / (waves * 24)
        phase = step % 24 / 24
        lift = 4 * phase * (1 - phase)  # one arc a wave
        points.append((x, high * level - lift * high * 0.05))
    pen.polygon([(0, high), *points, (wide, high)], fill=colour)


def _body(
    pen: Draw, side: float, corners: list[tuple[float, float]], colour: Rgb, *, round_at: float
) -> None:
    pen.polygon(_points(corners, side), fill=colour)
    (left, bottom), (right, _) = corners[3], corners[2]
    pen.ellipse(_box(left, bottom - round_at, right, bottom + round_at, side), fill=colour)


def _fade(size: tuple[int, int], top: Rgb, bottom: Rgb) -> Image.Image:
    ramp = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), ramp)


def _box(
    left: float, top: float, right: float, bottom: float, side: float
) -> tuple[float, float, float, float]:
    return (left * side, top * side, right * side, bottom * side)


def _points(corners: list[tuple[float, float]], side: float) -> list[tuple[float, float]]:
    return [(x * side, y * side) for x, y in corners]


def _lighter(colour: Rgb, share: float) -> Rgb:
    return _mixed(colour, (255, 255, 255), share)


def _darker(colour: Rgb, share: float) -> Rgb:
    return _mixed(colour, (20, 16, 14), share)


def _mixed(colour: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(one + (two - one) * share) for one, two in zip(colour, other, strict=True))
    return (red, green, blue)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.quantize(128, dither=Image.Dither.FLOYDSTEINBERG).save(out, "PNG", optimize=True)
    return out.getvalue()
