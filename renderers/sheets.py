"""A flat picture while it is drawn: its colours, the size of its type, and the side where reading starts."""

from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image as Pictures

from renderers.bidi import is_rtl
from renderers.canvas import Box, Flat
from renderers.colour import Rgb
from renderers.faces import Weight
from renderers.layout import Fitted
from renderers.looks import Look
from renderers.shaping import Style, clean
from renderers.writing import Align, Setting, Valign, write

Row = tuple[float, float]
"""A row's height and the air above it, in CSS pixels at full size."""

LEAST_PX = 11
"""CSS pixels; smaller letters are no longer read on a telephone."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A canvas and what every stroke on it needs; `unit` is a CSS pixel at the picture's own size of type."""

    canvas: Flat
    look: Look
    scale: int
    unit: float
    is_mirrored: bool = False

    def px(self, length: float) -> int:
        """A length of the design in whole pixels of the bitmap, at least one."""
        return max(1, round(length * self.unit))

    def setting(
        self,
        size: float,
        *,
        weight: Weight = Weight.REGULAR,
        align: Align | None = None,
        valign: Valign = Valign.MIDDLE,
        max_lines: int = 1,
        least: float = LEAST_PX,
        spacing: int = 0,
    ) -> Setting:
        """A size of the design; smaller where there is no room, but never under `least` CSS pixels."""
        most = self.px(size)
        return Setting(
            max_px=most,
            min_px=min(most, round(least * self.scale)),
            style=Style(weight, is_tabular=True, spacing=spacing),
            align=align or (Align.RIGHT if self.is_mirrored else Align.LEFT),
            valign=valign,
            max_lines=max_lines,
            is_among_rtl=self.is_mirrored,
        )

    def write(
        self, text: str, box: Box, setting: Setting, colour: Rgb | None = None, *, on: Rgb | None = None
    ) -> Fitted:
        return write(self.canvas, text, box, setting, colour or self.look.text, on=on or self.look.ground)

    def stamp(self, mask: Pictures.Image, at: tuple[int, int], colour: Rgb, *, on: Rgb | None = None) -> None:
        self.canvas.stamp(mask, at, colour, on=on or self.look.ground)

    def stacked(self, box: Box, rows: Iterable[Row]) -> list[Box]:
        """Rows one above the other in the middle of a box, from the top down."""
        (first, _), *others = rows
        left, top, right, bottom = box
        y = top + (bottom - top - high([(first, 0.0), *others]) * self.unit) / 2
        placed = []
        for height, air in ((first, 0.0), *others):
            y += air * self.unit
            placed.append((left, round(y), right, round(y + height * self.unit)))
            y += height * self.unit
        return placed

    def part(self, box: Box, start: int, length: int) -> Box:
        """So many pixels of a box from the side where reading starts."""
        left, top, right, bottom = box
        if self.is_mirrored:
            return (max(left, right - start - length), top, right - start, bottom)
        return (left + start, top, min(right, left + start + length), bottom)

    def rest(self, box: Box, start: int) -> Box:
        """A box without so many pixels at the side where reading starts."""
        return self.part(box, start, box[2] - box[0] - start)


def inset(bitmap: tuple[int, int], most_px: int) -> Box:
    """A bitmap without its margin, which is smaller in a small one."""
    width, height = bitmap
    across, down = min(most_px, width // 12), min(most_px, height // 8)
    return across, down, width - across, height - down


def high(rows: Iterable[Row]) -> float:
    """How much height rows need one above the other, in CSS pixels; the first one's air is not taken."""
    (first, _), *others = rows
    return first + sum(height + air for height, air in others)


def reads_from_right(texts: Iterable[str]) -> bool:
    """The direction of the first text that has one."""
    found = (text for text in texts if any(char.isalpha() for char in text))
    return is_rtl(next(found, ""))


def told(texts: Iterable[str]) -> list[str]:
    return [clean(text).strip() for text in texts]
