"""Texts onto canvases: fitted to a box, aligned, in one colour."""

from dataclasses import dataclass, replace
from enum import StrEnum

from renderers.canvas import Box, Canvas
from renderers.colour import Rgb
from renderers.han import han_of
from renderers.layout import ASCENT, Fit, Fitted, fit
from renderers.own import in_use
from renderers.shaping import PLAIN, Style, draw, width


class Align(StrEnum):
    """START is left, and right for text read from right to left."""

    START = "start"
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Valign(StrEnum):
    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a text is set: sizes in pixels of the bitmap, from the wished down to the least.

    A style without a font of its own has that of the picture it is made for.
    """

    max_px: int
    min_px: int
    style: Style = PLAIN
    align: Align = Align.START
    valign: Valign = Valign.MIDDLE
    max_lines: int = 99
    is_among_rtl: bool = False

    def __post_init__(self) -> None:
        typeface = in_use()
        if typeface is not None and self.style.own is None:
            object.__setattr__(self, "style", replace(self.style, own=typeface))

    def times(self, factor: int) -> "Setting":
        """The same on a bitmap so many times as fine."""
        return replace(self, max_px=self.max_px * factor, min_px=self.min_px * factor)

    def in_one_colour(self) -> "Setting":
        """The same with emoji as outlines in the colour of the words."""
        return replace(self, style=replace(self.style, is_one_colour=True))

    def within(self, box: Box) -> Fit:
        left, top, right, bottom = box
        return Fit(
            width_px=right - left,
            height_px=bottom - top,
            max_px=self.max_px,
            min_px=self.min_px,
            style=self.style,
            max_lines=self.max_lines,
            is_among_rtl=self.is_among_rtl,
        )


def write(canvas: Canvas, text: str, box: Box, setting: Setting, colour: Rgb, *, on: Rgb) -> Fitted:
    """Draws a text inside a box and says how it was fitted."""
    fitted = fit(text, setting.within(box))
    put(canvas, fitted, box, setting, colour, on=on)
    return fitted


def put(canvas: Canvas, fitted: Fitted, box: Box, setting: Setting, colour: Rgb, *, on: Rgb) -> None:
    """Draws a fitted text."""
    left, top, right, bottom = box
    spare = bottom - top - fitted.height_px
    baseline = top + spare * _DOWN[setting.valign] + fitted.size_px * ASCENT
    style = _in_one_language(setting.style, fitted.lines)
    for line in fitted.lines:
        reach = width(line, fitted.size_px, style, rtl=fitted.is_rtl)
        x = left + (right - left - reach) * _across(setting.align, fitted.is_rtl)
        mask = draw(line, fitted.size_px, style, rtl=fitted.is_rtl)
        at = (round(x) - mask.left_px, round(baseline) - mask.baseline_px)
        canvas.stamp(mask.picture, at, colour, on=on)
        for sprite in mask.sprites:
            canvas.show(sprite.picture, (round(x) + sprite.x_px, round(baseline) + sprite.y_px), on=on)
        baseline += fitted.line_px


def _in_one_language(style: Style, lines: tuple[str, ...]) -> Style:
    """One line's kana tell that the ideographs of all lines are Japanese."""
    if all(map(str.isascii, lines)):
        return style
    han = han_of("".join(lines))
    return replace(style, han=han) if han else style


_DOWN = {Valign.TOP: 0.0, Valign.MIDDLE: 0.5, Valign.BOTTOM: 1.0}


def _across(align: Align, is_rtl: bool) -> float:
    if align is Align.START:
        return 1.0 if is_rtl else 0.0
    return {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}[align]
