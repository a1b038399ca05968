"""A ticket's shape: round corners, a notch at either end of the line it is torn along, dashes all round."""

import math
from dataclasses import dataclass

from PIL import Image as Pictures
from PIL import ImageChops

from renderers.canvas import Box
from renderers.model import Size
from renderers.shapes import Point, area, dashes

_ARC_STEPS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Its box, what may be put into it, and where it is torn; all in pixels of the bitmap.

    `tear_px` lies across x where the ticket lies and across y where it stands; 0 is a ticket without a stub,
    with the notches in the middle of its sides.
    """

    box: Box
    words: Box
    stub: Box
    tear_px: int
    is_lying: bool
    radius_px: int
    notch_px: int

    def outline(self) -> list[Point]:
        """Clockwise from the upper left, in pixels from the box's own corner."""
        left, top, right, bottom = self.box
        width, height, radius = float(right - left), float(bottom - top), self.radius_px
        across = [self.tear_px] if self.tear_px and self.is_lying else []
        down = [self.tear_px or height / 2] if not across else []
        points: list[Point] = [*_arc(radius, radius, radius, 180, 270)]
        points += [point for x in across for point in _arc(x, 0, self.notch_px, 180, 0)]
        points += _arc(width - radius, radius, radius, 270, 360)
        points += [point for y in down for point in _arc(width, y, self.notch_px, 270, 90)]
        points += _arc(width - radius, height - radius, radius, 0, 90)
        points += [point for x in across for point in _arc(x, height, self.notch_px, 360, 180)]
        points += _arc(radius, height - radius, radius, 90, 180)
        points += [point for y in down for point in _arc(0, y, self.notch_px, 90, -90)]
        return points

    def ground(self) -> Pictures.Image:
        return area(self.outline(), self._bitmap())

    def border(self, thick_px: float, dash_px: float) -> Pictures.Image:
        """Dashes inside the edge."""
        outline = self.outline()
        line = dashes([*outline, outline[0]], self._bitmap(), 2 * thick_px, dash_px)
        return ImageChops.multiply(line, self.ground())

    def tear(self, thick_px: float, dash_px: float) -> Pictures.Image:
        """The line between the notches."""
        width, height = self._bitmap()
        away = self.notch_px + dash_px * 1.5
        if self.is_lying:
            ends = [(float(self.tear_px), away), (float(self.tear_px), height - away)]
        else:
            ends = [(away, float(self.tear_px)), (width - away, float(self.tear_px))]
        return dashes(ends, (width, height), thick_px, dash_px)

    def _bitmap(self) -> tuple[int, int]:
        left, top, right, bottom = self.box
        return right - left, bottom - top


def place(size: Size, *, has_stub: bool, is_square: bool, is_mirrored: bool) -> Ticket:
    """The stub beside the words where the ticket lies, under them where it stands.

    A code that is not square needs a wider stub.
    """
    width, height = size.bitmap
    edge = 2 * size.scale
    high, wide = height - 2 * edge, width - 2 * edge
    is_lying = wide >= 1.4 * high
    air = min(22 * size.scale, wide // 12, high // 8)
    notch = min(9 * size.scale, high // 10, wide // 10)
    box = (edge, edge, width - edge, height - edge)
    if not has_stub:
        words = (edge + air + notch, edge + air, width - edge - air - notch, height - edge - air)
        return _ticket(box, words, words, 0, notch, size.scale, is_lying=is_lying)
    if not is_lying:
        tear = high - min(round(high * 0.5), wide)
        words = (edge + air, edge + air, width - edge - air, edge + tear - air // 2)
        stub = (edge + air, edge + tear + air, width - edge - air, height - edge - air)
        return _ticket(box, words, stub, tear, notch, size.scale, is_lying=False)
    length = min(high, round(wide * 0.42)) if is_square else round(wide * 0.46)
    tear = length if is_mirrored else wide - length
    near, far = (edge + air, edge + tear - air), (edge + tear + air, width - edge - air)
    first, second = (far, near) if is_mirrored else (near, far)
    words = (first[0], edge + air, first[1], height - edge - air)
    stub = (second[0], edge + air, second[1], height - edge - air)
    return _ticket(box, words, stub, tear, notch, size.scale, is_lying=True)


def _ticket(
    box: Box, words: Box, stub: Box, tear_px: int, notch_px: int, scale: int, *, is_lying: bool
) -> Ticket:
    return Ticket(
        box=box,
        words=words,
        stub=stub,
        tear_px=tear_px,
        is_lying=is_lying,
        radius_px=min(10 * scale, (box[3] - box[1]) // 6),
        notch_px=notch_px,
    )


def _arc(x: float, y: float, radius: float, start_deg: float, end_deg: float) -> list[Point]:
    """Points of a circle around (x, y); 0 degrees is to the right, 90 down."""
    angles = (start_deg + (end_deg - start_deg) * at / _ARC_STEPS for at in range(_ARC_STEPS + 1))
    return [
        (x + radius * math.cos(math.radians(angle)), y + radius * math.sin(math.radians(angle)))
        for angle in angles
    ]
