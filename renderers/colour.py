"""Colours: reading #rrggbb, mixing, and the contrast that a reader needs."""

import re

Rgb = tuple[int, int, int]

INK: Rgb = (0x0B, 0x2A, 0x3B)
TIDE: Rgb = (0x0E, 0x7C, 0x86)
FOAM: Rgb = (0xF4, 0xF8, 0xF8)
SAND: Rgb = (0xE9, 0xE2, 0xD3)
CORAL: Rgb = (0xD6, 0x45, 0x2B)
CORAL_DEEP: Rgb = (0xC8, 0x3D, 0x25)  # coral that white can be read on
WHITE: Rgb = (255, 255, 255)

READABLE = 4.5
"""Least contrast of a text to its ground: WCAG 2.2 AA, 1.4.3."""

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def read(text: str) -> Rgb:
    """`#rgb` or `#rrggbb` to three bytes. Raises ValueError."""
    if not _HEX.fullmatch(text):
        raise ValueError("must be a colour like #0e7c86")
    digits = text[1:] if len(text) == 7 else "".join(digit * 2 for digit in text[1:])
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """`one` with `share` (0 to 1) of `other` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def luminance(colour: Rgb) -> float:
    """Relative luminance, 0 to 1, as WCAG defines it."""
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """1 to 21, as WCAG defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable_on(ground: Rgb, *, wish: Rgb | None = None) -> Rgb:
    """Ink or white, whichever is clearer; or the wished colour, moved towards that until it can be read."""
    clear = max((INK, WHITE), key=lambda colour: contrast(colour, ground))
    if wish is None:
        return clear
    shades = (mix(wish, clear, share / 10) for share in range(10))
    return next((shade for shade in shades if contrast(shade, ground) >= READABLE), clear)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
