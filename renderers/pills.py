"""Buttons and badges: a short text on a panel as wide as it needs."""

from renderers.canvas import Box, Canvas, panel
from renderers.colour import Rgb, readable_on
from renderers.layout import Fitted, fit
from renderers.shaping import width
from renderers.writing import Setting, put


def reach(text: Fitted, setting: Setting) -> int:
    """How wide the widest line of a fitted text is."""
    widths = (width(line, text.size_px, setting.style, rtl=text.is_rtl) for line in text.lines)
    return round(max(widths, default=0))


def pill(
    canvas: Canvas,
    text: str,
    room: Box,
    setting: Setting,
    colour: Rgb,
    *,
    on: Rgb,
    inset_px: int,
    radius_px: int,
    across: float = 0.0,
) -> None:
    """Draws a text on its panel inside the room; `across` from 0 to 1 is where it stands between the sides.

    Nothing at all is drawn for a text of nothing.
    """
    left, top, right, bottom = room
    label = fit(text, setting.within((left + inset_px, top, right - inset_px, bottom)))
    if not label.lines:
        return
    wide = min(right - left, reach(label, setting) + 2 * inset_px)
    start = left + round((right - left - wide) * across)
    box = (start, top, start + wide, bottom)
    panel(canvas, box, colour, on=on, radius_px=radius_px)
    put(canvas, label, box, setting, readable_on(colour), on=colour)
