"""Charts on a sheet: bars, a line, a line without axes, and a ring of shares."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from renderers.canvas import Box, panel
from renderers.colour import CORAL, Rgb, mix
from renderers.faces import Weight
from renderers.looks import visible_on
from renderers.readings import Data
from renderers.series import marks, shares
from renderers.shapes import Point, arc, area, disc, line, ring
from renderers.shaping import Style, width
from renderers.sheets import Sheet
from renderers.writing import Align

MOST_SHARES = 6

_LEAST_PLOT = 36  # CSS pixels of height, under which bars have no values on them
_TOLD_BARS = 8  # so many bars have their values on them; more have an axis instead
_SMALL = 13.0  # CSS pixels of what stands on axes
_SERIES: tuple[Rgb, ...] = (
    (0xDD, 0x7C, 0x0A),
    (0x5B, 0x7C, 0x8D),
    CORAL,
    (0x7A, 0x4E, 0x8A),
    (0x4F, 0x8A, 0x3D),
)


@dataclass(frozen=True, slots=True)
class Plot:
    """The part of a chart between its axes: where each value lies."""

    box: Box
    low: float
    high: float
    count: int
    is_mirrored: bool

    @property
    def slot_px(self) -> float:
        return (self.box[2] - self.box[0]) / self.count

    def x(self, at: int) -> float:
        """The middle of a value's place."""
        place = self.count - 1 - at if self.is_mirrored else at
        return self.box[0] + self.slot_px * (place + 0.5)

    def y(self, value: float) -> float:
        _, top, _, bottom = self.box
        return bottom - (bottom - top) * (value - self.low) / (self.high - self.low)


def bars(sheet: Sheet, box: Box, data: Data) -> None:
    """Bars from zero up or down: few with their values on them, many beside an axis."""
    is_told = len(data.values) <= _TOLD_BARS
    plot = _told_plot(sheet, box, data) if is_told else None
    if plot is None or plot.box[3] - plot.box[1] < sheet.px(_LEAST_PLOT):
        is_told = False
        low, high = min(0.0, *data.values), max(0.0, *data.values)
        plot = _plot_with_axis(sheet, box, data, (low, high))
    for at, value in enumerate(data.values):
        _bar(sheet, plot, at, value)
        if is_told:
            _tell(sheet, plot, at, value, data.say(value))
    zero = round(plot.y(0.0))
    strong = mix(sheet.look.ground, sheet.look.text, 0.4)
    sheet.canvas.fill((plot.box[0], zero, plot.box[2], zero + sheet.scale), strong)
    _label(sheet, plot, box, data)


def _told_plot(sheet: Sheet, box: Box, data: Data) -> Plot:
    """Room for a value above the highest bar, and under the lowest where one hangs."""
    low, high = min(0.0, *data.values), max(0.0, *data.values)
    line_px = sheet.px(22)
    foot = _foot(sheet, data) + (line_px if low < 0 else 0)
    inner = (box[0], box[1] + (line_px if high > 0 or low == 0 else 0), box[2], box[3] - foot)
    return Plot(inner, low, high if high > low else low + 1.0, len(data.values), sheet.is_mirrored)


def _bar(sheet: Sheet, plot: Plot, at: int, value: float) -> None:
    """Round at its end, square at zero."""
    wide = max(1, min(round(plot.slot_px * 0.62), sheet.px(56)))
    left = round(plot.x(at) - wide / 2)
    zero, end = round(plot.y(0.0)), round(plot.y(value))
    top, bottom = min(zero, end), max(zero, end)
    radius = min(sheet.px(4), wide // 3, (bottom - top) // 2)
    look = sheet.look
    panel(sheet.canvas, (left, top, left + wide, bottom), look.accent, on=look.ground, radius_px=radius)
    if radius:
        square = (zero, zero + radius) if value < 0 else (zero - radius, zero)
        sheet.canvas.fill((left, square[0], left + wide, square[1]), look.accent)


def _tell(sheet: Sheet, plot: Plot, at: int, value: float, words: str) -> None:
    """A value above its bar, or under one that hangs."""
    half, high, air = plot.slot_px / 2 - sheet.px(1), sheet.px(18), sheet.px(2)
    end = round(plot.y(value))
    top = end + air if value < 0 else end - air - high
    cell = (round(plot.x(at) - half), top, round(plot.x(at) + half), top + high)
    sheet.write(words, cell, sheet.setting(14, weight=Weight.SEMIBOLD, align=Align.CENTER, least=8))


def lines(sheet: Sheet, box: Box, data: Data) -> None:
    """A line beside an axis that need not begin at zero; its last point is marked, and told."""
    head = sheet.px(10)
    place = (box[0], box[1] + head, box[2], box[3])
    plot = _plot_with_axis(sheet, place, data, (min(data.values), max(data.values)))
    _draw_line(sheet, plot, data.values, thick=2.5)
    _end(sheet, plot, data)
    _label(sheet, plot, box, data)


def _end(sheet: Sheet, plot: Plot, data: Data) -> None:
    """The last value in words above or below its dot, wherever the line leaves room."""
    last, at = data.values[-1], len(data.values) - 1
    x, y = plot.x(at), plot.y(last)
    setting = sheet.setting(14, weight=Weight.BOLD, align=Align.CENTER)
    words, high, air = data.say(last), sheet.px(18), sheet.px(8)
    reach = width(words, setting.max_px, setting.style, rtl=False) / 2 + sheet.px(2)
    middle = min(max(x, reach), sheet.canvas.bitmap[0] - reach)
    is_below = at > 0 and data.values[-2] > last and y + air + high < plot.box[3]
    top = round(y + air if is_below else max(0.0, y - air - high))
    sheet.write(words, (round(middle - reach), top, round(middle + reach), top + high), setting)


def sparkline(sheet: Sheet, box: Box, data: Data) -> None:
    """No axes: the line over a tint of its colour, and a dot at its end."""
    low, high = min(data.values), max(data.values)
    air = sheet.px(6)
    inner = (box[0] + air, box[1] + air, box[2] - air, box[3] - air)
    spread = high - low or 1.0
    flat = Plot(
        inner, low - (spread / 2 if high == low else 0), low + spread, len(data.values), sheet.is_mirrored
    )
    _draw_line(sheet, replace(flat, box=_to_the_edges(flat)), data.values, thick=2.5, is_filled=True)


def _to_the_edges(plot: Plot) -> Box:
    """A box so much wider that the first and the last point lie on the old one's sides."""
    left, top, right, bottom = plot.box
    more = (right - left) / max(1, plot.count - 1) / 2 if plot.count > 1 else 0.0
    return round(left - more), top, round(right + more), bottom


def _draw_line(
    sheet: Sheet, plot: Plot, values: Sequence[float], *, thick: float, is_filled: bool = False
) -> None:
    """Through all points, with a dot on the last."""
    look, bitmap = sheet.look, sheet.canvas.bitmap
    points: list[Point] = [(plot.x(at), plot.y(value)) for at, value in enumerate(values)]
    behind = look.ground
    if is_filled and len(points) > 1:
        bottom = float(plot.box[3] + sheet.px(6))
        behind = mix(look.ground, look.accent, 0.12)
        sheet.stamp(area([(points[0][0], bottom), *points, (points[-1][0], bottom)], bitmap), (0, 0), behind)
    sheet.stamp(line(points, bitmap, thick * sheet.unit), (0, 0), look.accent, on=behind)
    rim, dot = sheet.px(13), sheet.px(9)
    x, y = points[-1]
    sheet.stamp(disc(rim), (round(x - rim / 2), round(y - rim / 2)), look.ground, on=look.ground)
    sheet.stamp(disc(dot), (round(x - dot / 2), round(y - dot / 2)), look.accent)


def donut(sheet: Sheet, box: Box, data: Data) -> None:
    """A ring of shares with the sum in it, and beside or under it what each share is."""
    left, top, right, bottom = box
    wide, tall = right - left, bottom - top
    is_beside = wide >= 1.5 * tall
    size = min(tall, round(wide * 0.45)) if is_beside else min(wide, round(tall * 0.55))
    place = sheet.part(box, 0, size) if is_beside else (left, top, right, top + size)
    colours = [sheet.look.accent, *(visible_on(sheet.look.ground, colour) for colour in _SERIES)]
    _ring(sheet, place, size, data, colours)
    room = (
        sheet.rest(box, size + sheet.px(28))
        if is_beside
        else (left, top + size + sheet.px(14), right, bottom)
    )
    _legend(sheet, room, data, colours)


def _ring(sheet: Sheet, place: Box, size: int, data: Data, colours: Sequence[Rgb]) -> None:
    """Shares clockwise from the top, parted by a gap, with the sum in the middle."""
    x, y = (place[0] + place[2] - size) // 2, (place[1] + place[3] - size) // 2
    thick, total = round(size * 0.2), sum(data.values)
    parts = [value for value in data.values if value > 0]
    gap = 0.0 if len(parts) < 2 else min(2.0, 120 / size * 2)
    turned = 0.0
    for value, colour in zip(data.values, colours, strict=False):
        turn = 360 * value / total
        if turn > 0:
            start, end = turned + gap / 2, max(turned + turn - gap / 2, turned + gap / 2 + 0.5)
            mask = ring(size, thick) if len(parts) == 1 else arc(size, thick, round(start, 2), round(end, 2))
            sheet.stamp(mask, (x, y), colour)
        turned += turn
    inner = round(size * 0.5)
    left, top = x + (size - inner) // 2, y + (size - inner) // 2
    setting = sheet.setting(size * 0.17 / sheet.unit, weight=Weight.BOLD, align=Align.CENTER, least=8)
    sheet.write(data.say(total), (left, top, left + inner, top + inner), setting)


def _legend(sheet: Sheet, box: Box, data: Data, colours: Sequence[Rgb]) -> None:
    """A dot, a name and a percentage to each share."""
    count = len(data.values)
    row = min(26.0, (box[3] - box[1]) / sheet.unit / count)
    size, dot = min(15.0, row * 0.68), sheet.px(min(10.0, row * 0.45))
    told = [f"{share}%" for share in shares(data.values)]
    style = Style(Weight.SEMIBOLD, is_tabular=True)
    taken = round(max(width(text, sheet.px(size), style, rtl=False) for text in told)) + sheet.px(2)
    places = sheet.stacked(box, [(row, 0.0)] * count)
    for label, share, colour, place in zip(data.labels, told, colours, places, strict=False):
        x = sheet.part(place, 0, dot)[0]
        sheet.stamp(disc(dot), (x, (place[1] + place[3] - dot) // 2), colour)
        room = sheet.rest(place, dot + sheet.px(9))
        if label:
            sheet.write(
                share, sheet.part(room, 0, taken), sheet.setting(size, weight=Weight.SEMIBOLD, least=8)
            )
            room = sheet.rest(room, taken + sheet.px(8))
            sheet.write(label, room, sheet.setting(size, least=8), sheet.look.soft)
        else:
            sheet.write(share, room, sheet.setting(size, weight=Weight.SEMIBOLD, least=8))


def _plot_with_axis(sheet: Sheet, box: Box, data: Data, reach_of: tuple[float, float]) -> Plot:
    """Hairlines at round numbers, which stand where reading starts; as many as have room."""
    high_px = box[3] - box[1] - _foot(sheet, data) - sheet.px(16)
    ticks = marks(*reach_of, most=min(4, max(1, high_px // sheet.px(28))))
    setting = sheet.setting(_SMALL, least=9, align=Align.LEFT if sheet.is_mirrored else Align.RIGHT)
    told = data.say_all(ticks)
    reach = max(width(text, setting.max_px, setting.style, rtl=False) for text in told)
    taken = min(round(reach) + 1, (box[2] - box[0]) // 3)
    left, top, right, bottom = sheet.rest(box, taken + sheet.px(10))
    half = sheet.px(8)
    inner = (left, top + half, right, bottom - max(_foot(sheet, data), half))
    plot = Plot(inner, ticks[0], ticks[-1], len(data.values), sheet.is_mirrored)
    for tick, text in zip(ticks, told, strict=True):
        y = round(plot.y(tick))
        sheet.canvas.fill((left, y, right, y + sheet.scale), sheet.look.track)
        cell = sheet.part((box[0], y - half, box[2], y + half), 0, taken)
        sheet.write(text, cell, setting, sheet.look.soft)
    return plot


def _foot(sheet: Sheet, data: Data) -> int:
    """The room for labels under a chart."""
    return sheet.px(24) if any(data.labels) else 0


def _label(sheet: Sheet, plot: Plot, box: Box, data: Data) -> None:
    """As many labels as have room beside each other, the last one always."""
    if not any(data.labels):
        return
    setting = sheet.setting(_SMALL, align=Align.CENTER, least=9)
    widest = max(width(label, setting.max_px, setting.style, rtl=False) for label in data.labels)
    every = max(1, -(-int(widest + sheet.px(8)) // max(1, int(plot.slot_px))))
    every = min(every, max(1, len(data.labels) // 2))
    for at in range(len(data.labels) - 1, -1, -every):
        half = plot.slot_px * every / 2 - sheet.px(2)
        middle = min(max(plot.x(at), half), sheet.canvas.bitmap[0] - half)
        cell = (round(middle - half), box[3] - sheet.px(18), round(middle + half), box[3])
        sheet.write(data.labels[at], cell, setting, sheet.look.soft)
