"""JPEGs of which only the changed parts are encoded again: cells between restart markers.

A restart marker makes what follows independent of what went before, so cells of one size, quality and tables
may be joined from several files. Format: ITU-T T.81, B.1.1.3 and E.1.4.
"""

import io
import re
from collections.abc import Iterable

from PIL import Image as Pictures

QUALITY = 86

Box = tuple[int, int, int, int]
"""Left, top, right, bottom; right and bottom are the first ones outside."""

_BLOCK_PX = 8  # 4:4:4, because halved colour planes smear coloured text
_COLUMNS = 3  # or a few more: a marker costs some five bytes in every row of blocks
_LEAST_BLOCKS = 8
_STOP_PX = 9_000  # one more call of the encoder takes as long as so many pixels
_MARKERS = tuple(bytes((0xFF, 0xD0 + at)) for at in range(8))
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_OBJECT_BYTES = 33  # what Python takes for each besides its bytes
_END = b"\xff\xd9"


class Cells:
    """A picture encoded once, in cells a block high. What is drawn on a copy of it costs those it touches."""

    def __init__(self, picture: Pictures.Image) -> None:
        self._size = picture.size
        blocks = -(-picture.width // _BLOCK_PX)
        self._blocks = _blocks_of_a_cell(blocks)
        self._columns, self._rows = blocks // self._blocks, -(-picture.height // _BLOCK_PX)
        self._head, first, *others = _split(_encoded(picture, self._blocks))
        self._cells = [first, *(_MARKERS[at % 8] + cell for at, cell in enumerate(others))]

    @property
    def held_bytes(self) -> int:
        return len(self._head) + sum(len(cell) + _OBJECT_BYTES for cell in self._cells)

    def with_changes(self, picture: Pictures.Image, boxes: Iterable[Box]) -> bytes:
        """The file of a picture that differs inside these boxes of pixels only."""
        cells = list(self._cells)
        for area in _merged(filter(None, map(self._area, boxes)), self._blocks * _BLOCK_PX**2):
            self._encode(picture, area, cells)
        return b"".join((self._head, *cells, _END))

    def _area(self, box: Box) -> Box | None:
        """The columns and rows of cells that a box touches."""
        side, (width, height) = self._blocks * _BLOCK_PX, self._size
        left, top, right, bottom = max(0, box[0]), max(0, box[1]), min(width, box[2]), min(height, box[3])
        if left >= right or top >= bottom:
            return None
        return left // side, top // _BLOCK_PX, -(-right // side), -(-bottom // _BLOCK_PX)

    def _encode(self, picture: Pictures.Image, area: Box, cells: list[bytes]) -> None:
        """Puts what the picture has in an area of cells in their places."""
        side, (width, height) = self._blocks * _BLOCK_PX, self._size
        left, top, right, bottom = area
        part = (left * side, top * _BLOCK_PX, min(width, right * side), min(height, bottom * _BLOCK_PX))
        _head, *fresh = _split(_encoded(picture.crop(part), self._blocks))
        wide = right - left
        for row in range(bottom - top):
            start = (top + row) * self._columns + left
            for at, cell in enumerate(fresh[row * wide : row * wide + wide], start):
                cells[at] = _MARKERS[(at - 1) % 8] + cell if at else cell


def _blocks_of_a_cell(blocks: int) -> int:
    """Blocks across, so that cells of one width fill a row: about a third of it, or all."""
    fitting = [most for most in range(_LEAST_BLOCKS, blocks // _COLUMNS + 1) if blocks % most == 0]
    return max(fitting, default=blocks)


def _merged(areas: Iterable[Box], cell_px: int) -> list[Box]:
    """Fewer areas where encoding what lies between two costs less than stopping."""
    found: list[Box] = []
    for area in areas:
        at = 0
        while at < len(found):
            both = _around(area, found[at])
            if (_cells_in(both) - _cells_in(area) - _cells_in(found[at])) * cell_px <= _STOP_PX:
                del found[at]
                area, at = both, 0
            else:
                at += 1
        found.append(area)
    return found


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _cells_in(area: Box) -> int:
    return (area[2] - area[0]) * (area[3] - area[1])


def _encoded(picture: Pictures.Image, blocks: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, subsampling="4:4:4", restart_marker_blocks=blocks)
    return out.getvalue()


def _split(data: bytes) -> list[bytes]:
    """What stands before the pixels, and the cells. A marker in them is one: data has FF only before 00."""
    start = _start(data)
    return [data[:start], *_RESTART.split(data[start : -len(_END)])]


def _start(data: bytes) -> int:
    scan = data.index(b"\xff\xda")
    return scan + 2 + int.from_bytes(data[scan + 2 : scan + 4], "big")
