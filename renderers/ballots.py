"""Answers to a question: their shares of a hundred, and the rows that show them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from renderers.canvas import Box, panel
from renderers.colour import INK, READABLE, WHITE, Rgb, contrast, mix, readable_on
from renderers.faces import Weight
from renderers.layout import fit
from renderers.pills import reach
from renderers.shapes import disc, tick
from renderers.sheets import Sheet
from renderers.writing import Align, put

_FILLS = (0.5, 0.44, 0.38, 0.3, 0.24, 0.18, 0.12)
_MOST_ON_LIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Answer:
    """One row; without a percentage it is there to be chosen."""

    text: str
    percent: int | None
    is_chosen: bool = False
    is_leading: bool = False


def shares(votes: Sequence[float]) -> list[int]:
    """Whole percentages that add up to a hundred: what rounding leaves goes to the largest remainders.

    Without a single vote all are nothing.
    """
    total = sum(votes)
    if total <= 0:
        return [0] * len(votes)
    exact = [100 * vote / total for vote in votes]
    whole = [int(part) for part in exact]
    order = sorted(range(len(votes)), key=lambda at: (whole[at] - exact[at], at))
    for at in order[: 100 - sum(whole)]:
        whole[at] += 1
    return whole


def draw_answer(sheet: Sheet, box: Box, answer: Answer) -> None:
    """A row: its part of the whole as a bar behind the words, or a button where it has none."""
    radius = sheet.px(8)
    if answer.percent is None:
        _outlined(sheet, box, radius)
        setting = sheet.setting(16, weight=Weight.SEMIBOLD, align=Align.CENTER)
        room = (box[0] + sheet.px(14), box[1], box[2] - sheet.px(14), box[3])
        accent = readable_on(sheet.look.ground, wish=sheet.look.accent)
        sheet.write(answer.text, room, setting, accent)
        return
    if answer.is_chosen:
        _outlined(sheet, box, radius)
        line = max(sheet.scale, sheet.px(2))
        box, radius = (box[0] + line, box[1] + line, box[2] - line, box[3] - line), max(1, radius - line)
    track = mix(sheet.look.ground, sheet.look.text, 0.07)
    panel(sheet.canvas, box, track, on=sheet.look.ground, radius_px=radius)
    _words(sheet, box, answer, on=track)
    filled = round((box[2] - box[0]) * answer.percent / 100)
    if filled:
        _filled(sheet, box, sheet.part(box, 0, filled), answer, radius)


def _filled(sheet: Sheet, box: Box, part: Box, answer: Answer, radius: int) -> None:
    """The row once more in the colour of the bar, of which the part is kept: words change with it."""
    fill = _fill(sheet)
    above = sheet.canvas.copy()
    above.palette = sheet.canvas.palette
    panel(above, box, fill, on=sheet.look.ground, radius_px=radius)
    _words(replace(sheet, canvas=above), box, answer, on=fill)
    sheet.canvas.indices.paste(above.indices.crop(part), part)


def _fill(sheet: Sheet) -> Rgb:
    """As much of the accent as leaves the words readable."""
    ground, accent, text = sheet.look.ground, sheet.look.accent, sheet.look.text
    most = _MOST_ON_LIGHT if readable_on(ground) == INK else 1.0
    fills = [mix(ground, accent, share) for share in _FILLS if share <= most]
    return next((fill for fill in fills if contrast(fill, text) >= READABLE), fills[-1])


def _words(sheet: Sheet, box: Box, answer: Answer, *, on: Rgb) -> None:
    air = min(sheet.px(14), (box[2] - box[0]) // 10)
    inner = (box[0] + air, box[1], box[2] - air, box[3])
    is_strong = answer.is_chosen or answer.is_leading
    number = sheet.setting(
        16,
        weight=Weight.BOLD if is_strong else Weight.SEMIBOLD,
        align=Align.LEFT if sheet.is_mirrored else Align.RIGHT,
    )
    shown = fit(f"{answer.percent}%", number.within(inner))
    put(sheet.canvas, shown, inner, number, sheet.look.text, on=on)
    start = _mark(sheet, inner, on=on) if answer.is_chosen else 0
    length = inner[2] - inner[0] - start - reach(shown, number) - sheet.px(12)
    room = sheet.part(inner, start, max(0, length))
    sheet.write(
        answer.text, room, sheet.setting(16, weight=Weight.SEMIBOLD if is_strong else Weight.REGULAR), on=on
    )


def _mark(sheet: Sheet, box: Box, *, on: Rgb) -> int:
    """A ticked disc where reading starts; answers how much length it takes."""
    side = max(8, min(sheet.px(20), box[3] - box[1] - 2))
    at = (sheet.part(box, 0, side)[0], (box[1] + box[3] - side) // 2)
    sheet.stamp(disc(side), at, sheet.look.accent, on=on)
    sheet.stamp(tick(side), at, readable_on(sheet.look.accent, wish=WHITE), on=sheet.look.accent)
    return side + sheet.px(8)


def _outlined(sheet: Sheet, box: Box, radius: int) -> None:
    ground, accent, line = sheet.look.ground, sheet.look.accent, max(sheet.scale, sheet.px(1.5))
    panel(sheet.canvas, box, accent, on=ground, radius_px=radius)
    inner = (box[0] + line, box[1] + line, box[2] - line, box[3] - line)
    panel(sheet.canvas, inner, ground, on=accent, radius_px=max(1, radius - line))
