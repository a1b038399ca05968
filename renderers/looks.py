"""The colours of a flat picture: three that may be given, and others made of them that can be read."""

from dataclasses import dataclass

from renderers.colour import TIDE, WHITE, Rgb, contrast, mix, readable_on
from renderers.params import Colour, Params

VISIBLE = 3.0
"""Least contrast of a shape that means something to its ground: WCAG 2.2 AA, 1.4.11."""


class LookParams(Params):
    background: Colour = WHITE
    colour: Colour | None = None
    accent: Colour | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`soft` is for the lesser words, `track` for what a bar or a line has yet to fill."""

    ground: Rgb
    text: Rgb
    soft: Rgb
    accent: Rgb
    track: Rgb


def look_of(params: LookParams) -> Look:
    """An author's colour stands as it is; without one it is made to be read on the ground."""
    ground = params.background
    text = params.colour or readable_on(ground)
    return Look(
        ground=ground,
        text=text,
        soft=readable_on(ground, wish=mix(text, ground, 0.3)),
        accent=params.accent or readable_on(ground, wish=TIDE),
        track=mix(ground, text, 0.12),
    )


def visible_on(ground: Rgb, wish: Rgb) -> Rgb:
    """The wished colour, moved towards ink or white until a shape of it stands out from the ground."""
    clear = readable_on(ground)
    shades = (mix(wish, clear, share / 10) for share in range(10))
    return next((shade for shade in shades if contrast(shade, ground) >= VISIBLE), clear)
