"""A barcode in its room: modules of whole pixels, the quiet zone around them, and the text underneath."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image as Pictures

from renderers.canvas import Box, Canvas
from renderers.codes import bitmap
from renderers.codes.code128 import code128
from renderers.codes.linear import Bars, ean8, ean13, upca
from renderers.codes.qr import QUIET, Level, Matrix, qr
from renderers.colour import Rgb
from renderers.faces import Weight
from renderers.model import Image
from renderers.shaping import Style
from renderers.writing import Align, Setting, write

Code = Bars | Matrix

_DIGITS = Style(Weight.SEMIBOLD, is_tabular=True)
_LEAST_TEXT_PX = 9  # of CSS
_DIGIT_MODULES = 7
_DIGIT_WIDE = 0.66  # of the size: Inter's figures with a little air


class Symbology(StrEnum):
    QR = "qr"
    CODE128 = "code128"
    EAN13 = "ean13"
    EAN8 = "ean8"
    UPCA = "upca"


_LINEAR: Mapping[Symbology, Callable[[str], Bars]] = {
    Symbology.CODE128: code128,
    Symbology.EAN13: ean13,
    Symbology.EAN8: ean8,
    Symbology.UPCA: upca,
}


def encoded(value: str, symbology: Symbology, level: Level) -> Code:
    """Raises ValueError with what to type."""
    return _LINEAR[symbology](value) if symbology in _LINEAR else qr(value, level)


@dataclass(frozen=True, slots=True)
class Raster:
    """A code as rows of bits, each so many pixels high, and the width of its modules.

    `foot_px` of the height have the long bars alone.
    """

    rows: tuple[tuple[int, int], ...]
    size: tuple[int, int]
    module_px: int
    foot_px: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """What a code may take, in pixels of the bitmap; its quiet zone lies within."""

    width_px: int
    height_px: int
    scale: int

    def module_px(self, code: Code) -> int:
        """The widest whole pixels of a module. Raises ValueError where that is too fine to be read."""
        if isinstance(code, Bars):
            modules, least = len(code.modules) + sum(code.quiet), self.scale
            sides, reach = f"{modules} CSS pixels across", self.width_px
        else:
            modules, least = len(code) + 2 * QUIET, 2 * self.scale
            sides, reach = f"{2 * modules} × {2 * modules} CSS pixels", min(self.width_px, self.height_px)
        if reach // modules < least:
            raise ValueError(f"is too long for the size: its code needs {sides}")
        return reach // modules


def raster(code: Code, room: Room, *, has_text: bool = False) -> Raster:
    """Raises ValueError where the room is too small."""
    pixels = room.module_px(code)
    if not isinstance(code, Bars):
        side = len(code) * pixels
        return Raster(tuple((bitmap.widened(row, pixels), pixels) for row in code), (side, side), pixels)
    foot = 5 * pixels if has_text and code.long else 0
    rows: tuple[tuple[int, int], ...] = (
        (bitmap.widened([char == "1" for char in code.modules], pixels), room.height_px - foot),
    )
    if foot:
        long = [char == "1" and _is_long(code, at) for at, char in enumerate(code.modules)]
        rows += ((bitmap.widened(long, pixels), foot),)
    return Raster(rows, (len(code.modules) * pixels, room.height_px), pixels, foot)


def _is_long(code: Bars, at: int) -> bool:
    return any(start <= at < end for start, end in code.long)


def padded(box: Box, code: Code, scale: int) -> Box:
    """A box without the air above and below bars; the quiet zone of a QR code is its air."""
    left, top, right, bottom = box
    air = min(10 * scale, (bottom - top) // 10) if isinstance(code, Bars) else 0
    return left, top + air, right, bottom - air


def alone(drawn: Raster, size: tuple[int, int], left_px: int, dark: Rgb, light: Rgb) -> Image:
    """A picture of nothing but a code: one bit a pixel."""
    width, height = size
    above = (height - drawn.size[1]) // 2
    right = width - left_px - drawn.size[0]
    rows = [(0, above), *((row << right, times) for row, times in drawn.rows)]
    return bitmap.png([*rows, (0, height - above - drawn.size[1])], size, light, dark)


def stamp(canvas: Canvas, drawn: Raster, at: tuple[int, int], dark: Rgb, light: Rgb) -> None:
    width, height = drawn.size
    length = -(-width // 8)
    lines = b"".join((row << 8 * length - width).to_bytes(length, "big") * times for row, times in drawn.rows)
    mask = Pictures.frombytes("1", (width, height), lines).convert("L")
    canvas.stamp(mask, at, dark, on=light)


def put(
    canvas: Canvas, code: Code, box: Box, *, scale: int, dark: Rgb, light: Rgb, words: str | None = None
) -> None:
    """A code in the middle of a box, with words under it; None stands for the usual ones of its symbology.

    Raises ValueError where the box is too small.
    """
    left, top, right, bottom = box
    line = _line_px(code, box, scale, words)
    drawn = raster(code, Room(right - left, bottom - top - line, scale), has_text=line > 0 and words is None)
    height = drawn.size[1]
    x = left + start_of(code, drawn, right - left)
    y = top + (bottom - top - line - height) // 2
    stamp(canvas, drawn, (x, y), dark, light)
    if line:
        over, under = _beside(code, drawn)
        for text, start, end in _groups(code, words, (left - x, right - x), drawn.module_px):
            place = (x + start, y + height + over, x + end, y + height + under + line)
            _label(canvas, text, place, scale, dark, light)


def start_of(code: Code, drawn: Raster, width_px: int) -> int:
    """How far from the left the modules begin: centred together with their quiet zones."""
    spare = width_px - drawn.size[0]
    if not isinstance(code, Bars):
        return spare // 2
    before, after = code.quiet
    return (spare - (before + after) * drawn.module_px) // 2 + before * drawn.module_px


def _beside(code: Code, drawn: Raster) -> tuple[int, int]:
    """Where words begin and end, from the code's lowest pixel: digits stand between the long bars."""
    if not isinstance(code, Bars):
        return QUIET * drawn.module_px, QUIET * drawn.module_px
    return (drawn.module_px - drawn.foot_px, 0) if drawn.foot_px else (drawn.module_px, 0)


def _groups(
    code: Code, words: str | None, reach: tuple[int, int], module_px: int
) -> list[tuple[str, int, int]]:
    if words is None and isinstance(code, Bars) and code.long:
        return [(text, start * module_px, end * module_px) for text, start, end in code.groups]
    return [(words if words is not None else _usual(code), *reach)]


def _usual(code: Code) -> str:
    return " ".join(text for text, _, _ in code.groups) if isinstance(code, Bars) else ""


def _line_px(code: Code, box: Box, scale: int, words: str | None) -> int:
    """The room that the words take from the code's; none where that would leave too little."""
    height = box[3] - box[1]
    if not (words if words is not None else _usual(code)).strip() or height < 4 * _LEAST_TEXT_PX * scale:
        return 0
    if isinstance(code, Bars) and code.long and words is None:
        module = Room(box[2] - box[0], height, scale).module_px(code)
        return round(min(module * _DIGIT_MODULES / _DIGIT_WIDE, height * 0.3))
    return round(min(22 * scale, height * 0.28))


def _label(canvas: Canvas, text: str, box: Box, scale: int, dark: Rgb, light: Rgb) -> None:
    height = box[3] - box[1]
    setting = Setting(
        max_px=max(1, round(height * 0.78)),
        min_px=min(_LEAST_TEXT_PX * scale, max(1, round(height * 0.78))),
        style=_DIGITS,
        align=Align.CENTER,
        max_lines=1,
    )
    write(canvas, text, box, setting, dark, on=light)
