"""The kind `order`: where an order is on its way, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator

from renderers.canvas import Box, Flat, panel
from renderers.colour import mix
from renderers.faces import Weight
from renderers.gauges import ticked
from renderers.layout import Fitted, fit
from renderers.looks import Look, LookParams, look_of
from renderers.model import Assets, BadParams, CannotRender, Image, Kind, ParamProblem, Size
from renderers.numbers import read_number
from renderers.params import check, schema_of, text, wrong
from renderers.shapes import disc
from renderers.shaping import ELLIPSIS
from renderers.sheets import Row, Sheet, high, inset, reads_from_right, told
from renderers.writing import Align, Setting, Valign, put

_FEWEST, _MOST = 3, 6
_LARGEST = 1.4
_DOT, _LINE, _NOTE = 28, 4, 26  # heights in CSS pixels at full size
_LABELS = (20, 38, 20)  # in one line, in two, and of one label alone where neither has room


def _few(steps: list[str]) -> list[str]:
    if not _FEWEST <= len(steps) <= _MOST:
        raise wrong(f"must list {_FEWEST} to {_MOST} steps, from the first to the last")
    if len({step.strip().casefold() for step in steps}) < len(steps):
        raise wrong("must have a different name for each step")
    return steps


class OrderParams(LookParams):
    current: text(1000, min_chars=1)  # type: ignore[valid-type]
    steps: Annotated[list[text(60, min_chars=1)], AfterValidator(_few)]  # type: ignore[valid-type]
    note: text(400) = ""  # type: ignore[valid-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDrawing:
    """The steps, and which of them is under way unless a template says so."""

    current: str
    steps: tuple[str, ...]
    note: str
    look: Look
    size: Size
    is_timed: bool = False
    held_bytes: int = 2000

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        try:
            at = place_of(values.get("/current", self.current), self.steps)
        except ValueError as bad:
            raise CannotRender(f"/current: {bad}") from bad
        *labels, note = told([*self.steps, values.get("/note", self.note)])
        canvas = Flat(self.size.bitmap, self.look.ground)
        box = inset(self.size.bitmap, 20 * self.size.scale)
        sheet = Sheet(canvas, self.look, self.size.scale, 1.0, reads_from_right([*labels, note]))
        sheet, rows = _arranged(sheet, box, labels, has_note=bool(note))
        *above, dots, below = sheet.stacked(box, rows)
        for line in above:
            setting = sheet.setting(19, weight=Weight.SEMIBOLD, align=Align.CENTER)
            sheet.write(note, line, setting)
        _track(sheet, dots, len(labels), at)
        _labels(sheet, below, labels, at)
        return canvas.encode()


def place_of(current: str, steps: tuple[str, ...]) -> int:
    """How many steps are done. The last one is done as soon as it is reached.

    Takes a step's number from 1, or its name in capitals or not. Raises ValueError.
    """
    wanted = current.strip().casefold()
    named = [step.strip().casefold() for step in steps]
    if wanted in named:
        number = named.index(wanted) + 1
    else:
        try:
            number = int(read_number(wanted))
        except ValueError:
            number = 0
    if not 1 <= number <= len(steps):
        raise ValueError(f"must be one of {', '.join(steps)}, or its number from 1 to {len(steps)}")
    return number if number == len(steps) else number - 1


def _arranged(sheet: Sheet, box: Box, labels: list[str], *, has_note: bool) -> tuple[Sheet, list[Row]]:
    """The rows at the size of type that fills the box, labels as high as all of them need."""
    rows: list[Row] = []
    for label_px in _LABELS:
        rows = [*([(_NOTE, 0.0)] if has_note else []), (_DOT, 14.0), (label_px, 9.0)]
        unit = min(_LARGEST * sheet.scale, (box[3] - box[1]) / high(rows))
        sheet = replace(sheet, unit=unit)
        below = sheet.stacked(box, rows)[-1]
        cell = _cell(below, len(labels), 0)
        if all(_is_whole(_fitted(sheet, cell, label), label) for label in labels):
            break
    return sheet, rows


def _track(sheet: Sheet, box: Box, count: int, done: int) -> None:
    """Dots on a line: ticked up to those that are done, a ring with a dot for the one under way."""
    look, size, thick = sheet.look, min(sheet.px(_DOT), box[3] - box[1]), sheet.px(_LINE)
    centres = _centres(box, count)
    y = (box[1] + box[3]) // 2
    line = (centres[0], y - thick // 2, centres[-1], y - thick // 2 + thick)
    panel(sheet.canvas, line, look.track, on=look.ground)
    if done:
        reached = centres[min(done, count - 1)] - centres[0]
        panel(sheet.canvas, sheet.part(line, 0, reached), look.accent, on=look.ground)
    for at in range(count):
        x = centres[count - 1 - at if sheet.is_mirrored else at]
        corner = (x - size // 2, y - size // 2)
        if at < done:
            ticked(sheet, corner, size)
        else:
            _open(sheet, corner, size, is_current=at == done)


def _open(sheet: Sheet, at: tuple[int, int], size: int, *, is_current: bool) -> None:
    """A ring: of the accent and with a dot in it where the order is, else only a line."""
    look, thick = sheet.look, max(2, size // 9)
    colour = look.accent if is_current else mix(look.ground, look.text, 0.25)
    sheet.stamp(disc(size), at, colour)
    sheet.stamp(disc(size - 2 * thick), (at[0] + thick, at[1] + thick), look.ground, on=colour)
    if is_current:
        dot = size - 2 * round(size * 0.31)
        sheet.stamp(disc(dot), (at[0] + (size - dot) // 2, at[1] + (size - dot) // 2), look.accent)


def _centres(box: Box, count: int) -> list[int]:
    left, _, right, _ = box
    return [left + round((right - left) * (at + 0.5) / count) for at in range(count)]


def _labels(sheet: Sheet, box: Box, labels: list[str], done: int) -> None:
    """Each step's name under its dot; where they have no room, that of the one under way alone."""
    current = min(done, len(labels) - 1)
    fitted = [_fitted(sheet, _cell(box, len(labels), at), label) for at, label in enumerate(labels)]
    if any(not _is_whole(words, label) for words, label in zip(fitted, labels, strict=True)):
        setting = _setting(sheet, 15, Weight.SEMIBOLD)
        sheet.write(labels[current], box, setting)
        return
    size = min(words.size_px for words in fitted)
    for at, label in enumerate(labels):
        cell = _cell(box, len(labels), len(labels) - 1 - at if sheet.is_mirrored else at)
        weight = Weight.SEMIBOLD if at == current else Weight.REGULAR
        colour = sheet.look.text if at <= current else sheet.look.soft
        setting = _setting(sheet, size / sheet.unit, weight)
        put(sheet.canvas, fit(label, setting.within(cell)), cell, setting, colour, on=sheet.look.ground)


def _fitted(sheet: Sheet, cell: Box, label: str) -> Fitted:
    """As large as it may be in the widest of the weights it is set in."""
    return fit(label, _setting(sheet, 15, Weight.SEMIBOLD).within(cell))


def _is_whole(words: Fitted, label: str) -> bool:
    """Whether no word was broken and nothing cut off."""
    return " ".join(words.lines).split() == label.split() and ELLIPSIS not in "".join(words.lines)


def _setting(sheet: Sheet, size: float, weight: Weight) -> Setting:
    return sheet.setting(size, weight=weight, align=Align.CENTER, valign=Valign.TOP, max_lines=2)


def _cell(box: Box, count: int, at: int) -> Box:
    left, top, right, bottom = box
    wide = (right - left) / count
    air = wide * 0.03
    return round(left + wide * at + air), top, round(left + wide * (at + 1) - air), bottom


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> OrderDrawing:  # noqa: ARG001
    checked = check(OrderParams, params)
    steps = tuple(checked.steps)
    try:
        place_of(checked.current, steps)
    except ValueError as bad:
        raise BadParams(ParamProblem("/current", str(bad))) from bad
    return OrderDrawing(
        current=checked.current, steps=steps, note=checked.note, look=look_of(checked), size=size
    )


KIND = Kind(
    name="order",
    least_size=(160, 50),
    example_size=(600, 130),
    templatable={"/current": "1", "/note": ""},
    example={
        "steps": ["Ordered", "Packed", "On its way", "Delivered"],
        "current": "{{ customer.order_status }}",
        "note": "Arrives {{ customer.order_day | default: 'soon' }}",
    },
    schema=schema_of(OrderParams),
    prepare=prepare,
)
