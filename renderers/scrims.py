"""A veil over the part of a picture that words stand on, just thick enough that they can be read."""

from PIL import Image as Pictures

from renderers.canvas import Box
from renderers.colour import INK, READABLE, Rgb, contrast, luminance, mix

_DARK: Rgb = (6, 24, 34)
_LIGHT: Rgb = (252, 253, 253)
_SHADES = range(0, 100, 4)
_AFAR = 0.25  # of the veil is left at the far side
_GRAIN = 6  # pixels a side that are looked at as one: a single bright grain hides no letter


def veiled(picture: Pictures.Image, words: Box, colour: Rgb, *, is_even: bool) -> tuple[Pictures.Image, Rgb]:
    """The picture under a veil, and the colour behind the words where they are hardest to read.

    The veil is dark under light words and light under dark ones; `is_even` spreads it over the whole
    picture, else it thins out beyond the words.
    """
    veil = _DARK if luminance(colour) > luminance(INK) * 4 else _LIGHT
    worst = _worst(picture.crop(words), veil)
    share = next((s for s in _SHADES if contrast(mix(worst, veil, s / 100), colour) >= READABLE), 96)
    mask = (
        Pictures.new("L", picture.size, round(share * 2.55))
        if is_even
        else _fading(picture.size, words, share)
    )
    return Pictures.composite(Pictures.new("RGB", picture.size, veil), picture, mask), mix(
        worst, veil, share / 100
    )


def _worst(part: Pictures.Image, veil: Rgb) -> Rgb:
    """The farthest from the veil that any part of the picture is, band by band."""
    grains = part.reduce(min(_GRAIN, *part.size))
    ends = [band if isinstance(band, tuple) else (band, band) for band in grains.getextrema()]
    red, green, blue = (round(high if veil == _DARK else low) for low, high in ends)
    return red, green, blue


def _fading(bitmap: tuple[int, int], words: Box, share: int) -> Pictures.Image:
    """Whole as far as the words reach, then thinner with every pixel up to the far side."""
    width = bitmap[0]
    is_left = words[0] + words[2] <= width
    reach = words[2] if is_left else width - words[0]
    row = bytearray()
    for x in range(width):
        away = max(0, x - reach) / max(1, width - reach)
        smooth = away * away * (3 - 2 * away)
        row.append(round(share * 2.55 * (1 - (1 - _AFAR) * smooth)))
    line = Pictures.frombytes("L", (width, 1), bytes(row if is_left else reversed(row)))
    return line.resize(bitmap)
