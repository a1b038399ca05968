"""A countdown's face: cells with their labels drawn once, and the slots that digits are put into."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from PIL import Image as Pictures

from renderers.bidi import is_rtl
from renderers.canvas import Box, Flat, panel
from renderers.colour import Rgb, mix
from renderers.faces import Weight
from renderers.model import Size
from renderers.own import in_use
from renderers.shaping import Style, draw, width
from renderers.writing import Align, Setting, Valign, write

DIGITS = Style(Weight.BOLD, is_tabular=True)
_TEN = "0123456789"
_CAPITALS = 0.727  # height of Inter's figures, in parts of the size
_OVERSHOOT = 0.03  # how far round figures reach beyond it, above and below
_DIGITS_HIGH = 0.7  # of the room for them; the rest is air
_STEPS = 6  # seven colours an edge and "unchanged" are three bits; nobody sees that they are not sixteen


class Shape(StrEnum):
    """Of a cell; PLAIN has none."""

    ROUNDED = "rounded"
    SQUARE = "square"
    PILL = "pill"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a face is laid out; lengths in pixels of the bitmap, `scale` of them to a CSS pixel."""

    cells: tuple[Box, ...]
    grounds: tuple[Rgb, ...]
    """What lies behind each cell."""
    cell: Rgb
    digits: Rgb
    label: Rgb
    has_labels: bool
    shape: Shape
    scale: int

    @property
    def height_px(self) -> int:
        return self.cells[0][3] - self.cells[0][1]

    @property
    def radius_px(self) -> int:
        if self.shape is Shape.PILL:
            return self.height_px // 2
        return min(8 * self.scale, self.height_px // 6) if self.shape is Shape.ROUNDED else 0

    @property
    def label_px(self) -> int:
        """9 to 16 CSS pixels; nothing where a cell is too low for a readable label and digits."""
        wished = round(self.height_px * 0.15)
        least = 9 * self.scale
        if not self.has_labels or self.height_px < 4 * least:
            return 0
        return min(max(wished, least), 16 * self.scale)

    def digit_boxes(self) -> tuple[Box, ...]:
        """The part of each cell that its digits may take."""
        side = self.height_px // 10
        foot = round(self.label_px * 1.75) or side
        return tuple(
            (left + side, top + side, right - side, bottom - foot) for left, top, right, bottom in self.cells
        )


def cells(size: Size, count: int, padding_px: int) -> tuple[Box, ...]:
    """Equal cells in a row, in the middle of the picture, no wider than they look well."""
    width, height = size.bitmap
    across, down = min(padding_px * size.scale, width // 10), min(padding_px * size.scale, height // 6)
    gap = min(12 * size.scale, width // 40)
    high = max(1, height - 2 * down)
    wide = max(1, min((width - 2 * across - (count - 1) * gap) // count, round(high * 1.4)))
    left = (width - count * wide - (count - 1) * gap) // 2
    return tuple(
        (x, down, x + wide, down + high) for x in range(left, left + count * (wide + gap), wide + gap)
    )


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one digit stands: the top left of its sprite."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Dial:
    """A face ready for digits. `still` has everything but them, from the row `top` of the picture on; a
    sprite is one digit as palette indices.
    """

    still: Pictures.Image
    palette: list[Rgb]
    slots: tuple[Slot, ...]
    sprites: tuple[Pictures.Image, ...]
    top: int = 0

    @property
    def slot_size(self) -> tuple[int, int]:
        return self.sprites[0].size

    @property
    def held_bytes(self) -> int:
        wide, high = self.slot_size
        return self.still.width * self.still.height + len(self.sprites) * wide * high

    def show(self, digits: Sequence[int], box: Box | None = None) -> Pictures.Image:
        """A whole frame of palette indices, or a rectangle of it."""
        left, top = (0, self.top) if box is None else box[:2]
        right, foot = (self.still.width, self.top + self.still.height) if box is None else box[2:]
        frame = self.still.crop((left, top - self.top, right, foot - self.top))
        for slot, digit in zip(self.slots, digits, strict=True):
            frame.paste(self.sprites[digit], (slot.x - left, slot.y - top))
        return frame

    def ordered(self) -> tuple["Dial", int]:
        """The same with the digits' colours first, so that a step needs few bits a pixel; and the index
        behind them, which stands for "unchanged".
        """
        used = set().union(*(sprite.tobytes() for sprite in self.sprites))
        order = [*sorted(used), -1, *(at for at in range(len(self.palette)) if at not in used)]
        places = [0] * 256
        for place, index in enumerate(order):
            if index >= 0:
                places[index] = place
        ordered = Dial(
            self.still.point(places),
            [self.palette[index] if index >= 0 else (0, 0, 0) for index in order],
            self.slots,
            tuple(sprite.point(places) for sprite in self.sprites),
        )
        return ordered, len(used)

    def band(self) -> "Dial":
        """The same, of all rows only those that digits stand in."""
        top = self.slots[0].y
        rows = self.still.crop((0, top - self.top, self.still.width, top - self.top + self.slot_size[1]))
        return replace(self, still=rows, top=top)

    def within(self, box: Box) -> tuple[int, ...]:
        """The digits whose slots lie in a rectangle."""
        return tuple(at for at, slot in enumerate(self.slots) if box[0] <= slot.x < box[2])

    def box(self, changed: Sequence[int]) -> Box:
        """The rectangle around the slots of these digits."""
        wide, high = self.slot_size
        across = [self.slots[at].x for at in changed]
        top = self.slots[0].y
        return min(across), top, max(across) + wide, top + high


def make(ground: Flat, plan: Plan, labels: Sequence[str], counts: Sequence[int]) -> Dial:
    """A face with `counts[i]` digits for unit i; units run from the right where their labels do."""
    canvas = ground.copy()
    canvas.most, canvas.steps = 255, _STEPS  # one more is kept for "unchanged"
    order = -1 if any(is_rtl(label) for label in labels) else 1
    for cell, behind in zip(plan.cells, plan.grounds, strict=True):
        panel(canvas, cell, plan.cell, on=behind, radius_px=plan.radius_px)
    if plan.label_px:
        _write_labels(canvas, plan, labels[::order])
    boxes = plan.digit_boxes()[::order]
    size_px = min(_digit_px(box, count) for box, count in zip(boxes, counts, strict=True))
    sprites = _sprites(canvas, plan, size_px)
    wide, high = sprites[0].size
    slots = []
    for (left, top, right, bottom), count in zip(boxes, counts, strict=True):
        x, y = (left + right - count * wide) // 2, (top + bottom - high) // 2
        slots += [Slot(x + at * wide, y) for at in range(count)]
    sprites, above = _trimmed(sprites)
    slots = [Slot(slot.x, slot.y + above) for slot in slots]
    return Dial(canvas.indices, canvas.palette, tuple(slots), sprites)


def label_colour(digits: Rgb, cell: Rgb) -> Rgb:
    """A little nearer to the cell than the digits are."""
    return mix(digits, cell, 0.2)


def _write_labels(canvas: Flat, plan: Plan, labels: Sequence[str]) -> None:
    setting = Setting(
        max_px=plan.label_px,
        min_px=max(1, round(plan.label_px * 0.7)),
        style=Style(Weight.SEMIBOLD),
        align=Align.CENTER,
        valign=Valign.TOP,
        max_lines=1,
    )
    for (left, _, right, bottom), label in zip(plan.cells, labels, strict=True):
        edge = plan.radius_px // 2
        box = (left + edge, bottom - round(plan.label_px * 1.75), right - edge, bottom)
        write(canvas, label, box, setting, plan.label, on=plan.cell)


def _digits() -> Style:
    """In the author's font where the picture has one; its figures may have several widths."""
    return replace(DIGITS, own=in_use())


def _digit_width(size_px: int) -> float:
    style = _digits()
    return max(width(digit, size_px, style, rtl=False) for digit in _TEN)


def _digit_px(box: Box, count: int) -> int:
    left, top, right, bottom = box
    natural = count * _digit_width(100)
    return max(1, int(min((right - left) * 100 / natural, (bottom - top) * _DIGITS_HIGH / _CAPITALS)))


def _sprites(canvas: Flat, plan: Plan, size_px: int) -> tuple[Pictures.Image, ...]:
    """Ten pictures of one size, each digit in the middle of the cell's colour."""
    style = _digits()
    wide = max(1, -(-int(_digit_width(size_px * 4)) // 4))
    over = 1 + round(size_px * _OVERSHOOT)
    masks = {digit: draw(digit, size_px, style, rtl=False) for digit in _TEN}
    above = max(round(size_px * _CAPITALS) + over, *(mask.baseline_px for mask in masks.values()))
    below = max(over, *(mask.picture.height - mask.baseline_px for mask in masks.values()))
    high = above + below
    sprites = []
    for digit, mask in masks.items():
        slate = Flat((wide, high), plan.cell)
        # The sprite's indices are the face's own.
        slate.palette, slate.most, slate.steps = canvas.palette, canvas.most, canvas.steps
        slate.fill((0, 0, wide, high), plan.cell)
        left = round((wide - width(digit, size_px, style, rtl=False)) / 2)
        at = (left - mask.left_px, above - mask.baseline_px)
        slate.stamp(mask.picture, at, plan.digits, on=plan.cell)
        sprites.append(slate.indices)
    return tuple(sprites)


def _trimmed(sprites: Sequence[Pictures.Image]) -> tuple[tuple[Pictures.Image, ...], int]:
    """Without the rows that no digit reaches into, and how many of them lay above."""
    ground = sprites[0].getpixel((0, 0))
    inked = [sprite.point([int(index != ground) for index in range(256)]).getbbox() for sprite in sprites]
    boxes = [box for box in inked if box is not None]
    if not boxes:
        return tuple(sprites), 0
    top, foot = min(box[1] for box in boxes), max(box[3] for box in boxes)
    return tuple(sprite.crop((0, top, sprite.width, foot)) for sprite in sprites), top
