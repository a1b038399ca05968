"""How far along: a bar, a ring, or a card of stamps."""

import math

from PIL import ImageOps

from renderers.canvas import Box, panel
from renderers.colour import readable_on
from renderers.faces import Weight
from renderers.shapes import arc, disc, ring, star, tick
from renderers.sheets import Sheet
from renderers.writing import Align

MOST_STAMPS = 20


def bar(sheet: Sheet, box: Box, share: float) -> None:
    """Filled from the side where reading starts; a full one ends in a tick."""
    left, top, right, bottom = box
    high, look = bottom - top, sheet.look
    panel(sheet.canvas, box, look.track, on=look.ground, radius_px=high // 2)
    if share > 0:
        long = max(high, round((right - left) * min(share, 1.0)))
        panel(sheet.canvas, sheet.part(box, 0, long), look.accent, on=look.track, radius_px=high // 2)
    if share >= 1:
        size = min(round(high * 1.8), sheet.px(30))
        at = (left if sheet.is_mirrored else right - size, top + (high - size) // 2)
        _rim(sheet, box, at, size)
        ticked(sheet, at, size)


def _rim(sheet: Sheet, box: Box, at: tuple[int, int], size: int) -> None:
    """A line of the ground between the bar and the disc at its end."""
    rim, half = sheet.px(2), size // 2
    x, y = at[0] - rim, at[1] - rim
    start = half + rim if sheet.is_mirrored else 0
    mask = disc(size + 2 * rim).crop((start, box[1] - y, start + half + rim, box[3] - y))
    sheet.stamp(mask, (x + start, box[1]), sheet.look.ground, on=sheet.look.accent)


def ticked(sheet: Sheet, at: tuple[int, int], size: int) -> None:
    """A disc of the accent with a tick in it."""
    look = sheet.look
    sheet.stamp(disc(size), at, look.accent)
    sheet.stamp(tick(size), at, readable_on(look.accent), on=look.accent)


def ringed(sheet: Sheet, box: Box, share: float, words: str) -> None:
    """Filled clockwise from the top, or the other way round where reading starts at the right."""
    left, top, right, bottom = box
    size, look = min(right - left, bottom - top), sheet.look
    at = (left + (right - left - size) // 2, top + (bottom - top - size) // 2)
    thick = max(2, round(size * 0.11))
    sheet.stamp(ring(size, thick), at, look.track)
    if share > 0:
        turn = round(360 * min(share, 1.0), 1)
        mask = ring(size, thick) if turn >= 360 else arc(size, thick, 0.0, turn, is_round=True)
        sheet.stamp(ImageOps.mirror(mask) if sheet.is_mirrored else mask, at, look.accent, on=look.track)
    inner = round(size * 0.68)
    x, y = at[0] + (size - inner) // 2, at[1] + (size - inner) // 2
    setting = sheet.setting(size * 0.24 / sheet.unit, weight=Weight.BOLD, align=Align.CENTER, least=7)
    sheet.write(words, (x, y, x + inner, y + inner), setting)


def stamps(sheet: Sheet, box: Box, count: int, of: int) -> None:
    """One disc for each; those that are had are ticked, the others numbered, and the last has a star."""
    left, top, right, bottom = box
    columns, size = _grid(right - left, bottom - top, of, sheet.px(52))
    rows, gap = -(-of // columns), max(2, size // 5)
    y = top + (bottom - top - rows * size - (rows - 1) * gap) // 2
    for at in range(of):
        row, column = divmod(at, columns)
        start = column * (size + gap)
        x = sheet.part(box, start, size)[0]
        _stamp(sheet, (x, y + row * (size + gap)), size, at + 1, is_had=at < count, is_last=at == of - 1)


def _grid(width: int, height: int, count: int, most: int) -> tuple[int, int]:
    """The columns that let discs be largest, evened out over the rows, and that size with gaps of a fifth."""
    best = (1, 0)
    for rows in range(1, count + 1):
        columns = -(-count // rows)
        size = min(most, int(width / (columns * 1.2 - 0.2)), int(height / (rows * 1.2 - 0.2)))
        if size > best[1]:
            best = (columns, size)
    return best[0], max(1, best[1])


def _stamp(sheet: Sheet, at: tuple[int, int], size: int, number: int, *, is_had: bool, is_last: bool) -> None:
    look = sheet.look
    small = round(size * 0.6)
    middle = (at[0] + (size - small) // 2, at[1] + (size - small) // 2)
    if is_had:
        sheet.stamp(disc(size), at, look.accent)
        mask, where = (star(small), middle) if is_last else (tick(size), at)
        sheet.stamp(mask, where, readable_on(look.accent), on=look.accent)
        return
    sheet.stamp(disc(size), at, look.track)
    thick = max(1, round(size * 0.05))
    inner = size - 2 * thick
    sheet.stamp(disc(inner), (at[0] + thick, at[1] + thick), look.ground, on=look.track)
    if is_last:
        sheet.stamp(star(small), middle, look.accent)
    else:
        box = (at[0], at[1], at[0] + size, at[1] + size)
        setting = sheet.setting(size * 0.36 / sheet.unit, weight=Weight.SEMIBOLD, align=Align.CENTER, least=6)
        sheet.write(str(number), box, setting, look.soft)


def percent(value: float, target: float) -> str:
    """Whole and rounded down: 100% is said when it is reached, and not before."""
    return f"{math.floor(max(0.0, value / target * 100)):,}%"
