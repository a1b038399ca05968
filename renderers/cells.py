"""A bitmap divided into equal cells, row by row."""

from collections.abc import Iterator
from dataclasses import dataclass

from renderers.model import Size

Point = tuple[int, int]

LEAST = (100, 80)
"""CSS pixels; an offer in a smaller cell is not recognised."""

_MOST_COLUMNS = 3
_COMFORTABLE_PX = 150


@dataclass(frozen=True, slots=True)
class Cells:
    """Equal cells of one size; what cannot be divided is left at the end of the row or the column."""

    size: Size
    cell: Size
    columns: int
    count: int
    gap_px: int

    @property
    def bitmap(self) -> Point:
        return self.size.bitmap

    def corners(self, *, is_mirrored: bool) -> Iterator[Point]:
        """The upper left corners in the order of reading."""
        wide, high = self.cell.bitmap
        gap = self.gap_px * self.size.scale
        for at in range(self.count):
            row, column = divmod(at, self.columns)
            left = column * (wide + gap)
            yield (self.bitmap[0] - wide - left if is_mirrored else left), row * (high + gap)


def divide(size: Size, count: int, columns: int | None, gap_px: int) -> Cells:
    """So many cells; without columns as many as are comfortable and leave no row half empty if it can be.

    Raises ValueError for cells too small to show an offer.
    """
    columns = min(columns or _columns(size, count), count)
    rows = -(-count // columns)
    wide = (size.width_px - gap_px * (columns - 1)) // columns
    high = (size.height_px - gap_px * (rows - 1)) // rows
    if wide < LEAST[0] or high < LEAST[1]:
        needed = f"{columns * (LEAST[0] + gap_px) - gap_px} by {rows * (LEAST[1] + gap_px) - gap_px}"
        raise ValueError(f"need a block of at least {needed} pixels in {columns} columns and {rows} rows")
    return Cells(size, Size(wide, high, size.scale), columns, count, gap_px)


def _columns(size: Size, count: int) -> int:
    fitting = max(1, min(_MOST_COLUMNS, count, size.width_px // _COMFORTABLE_PX))
    rows = -(-count // fitting)
    return -(-count // rows)
