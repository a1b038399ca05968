"""A few texts one below the other, together in the middle of their box."""

from collections.abc import Sequence
from dataclasses import dataclass

from renderers.canvas import Box, Canvas
from renderers.colour import Rgb
from renderers.layout import Fitted, fit
from renderers.writing import Setting, put


@dataclass(frozen=True, slots=True)
class Line:
    """One text, how it is set, its colour, the most height it may take and the air above it."""

    text: str
    setting: Setting
    colour: Rgb
    high_px: int
    air_px: int = 0


def write_column(canvas: Canvas, lines: Sequence[Line], box: Box, *, on: Rgb) -> None:
    """Draws what has a text and still has room, in the order given."""
    left, top, right, bottom = box
    placed: list[tuple[Line, Fitted, int]] = []
    used = 0
    for line in lines:
        air = line.air_px if placed else 0
        room = min(line.high_px, bottom - top - used - air)
        fitted = fit(line.text, line.setting.within((left, 0, right, max(0, room))))
        if fitted.lines and room > 0:
            placed.append((line, fitted, air))
            used += air + round(fitted.height_px)
    y = top + max(0, bottom - top - used) // 2
    for line, fitted, air in placed:
        y += air
        foot = y + round(fitted.height_px)
        put(canvas, fitted, (left, y, right, foot), line.setting, line.colour, on=on)
        y = foot
