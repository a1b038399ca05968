"""The kind `progress`: how far along a customer is, as a bar, a ring or a card of stamps."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from renderers.canvas import Box, Flat
from renderers.faces import Weight
from renderers.gauges import MOST_STAMPS, bar, percent, ringed, stamps
from renderers.layout import fit
from renderers.looks import Look, LookParams, look_of
from renderers.model import Assets, BadParams, CannotRender, Image, Kind, ParamProblem, Size
from renderers.numbers import read_number
from renderers.params import check, one_of, schema_of, text
from renderers.pills import reach
from renderers.quantities import Quantity, filled_in, read_value
from renderers.sheets import Sheet, high, inset, reads_from_right, told
from renderers.writing import Align, put

_LARGEST = 1.5
_CAPTION = "{value} / {target}"


class Shape(StrEnum):
    BAR = "bar"
    RING = "ring"
    STAMPS = "stamps"


class ProgressParams(LookParams):
    value: Quantity
    target: Quantity
    style: one_of(Shape) = Shape.BAR  # type: ignore[valid-type]
    label: text(400) = ""  # type: ignore[valid-type]
    caption: text(400) = _CAPTION  # type: ignore[valid-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressDrawing:
    """A gauge's parameters; all of it is drawn at each draw."""

    texts: Mapping[str, str]
    style: Shape
    look: Look
    size: Size
    is_timed: bool = False
    held_bytes: int = 2000

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        texts = {**self.texts, **values}
        value = read_value("/value", texts["/value"], empty=0.0)
        target = read_value("/target", texts["/target"])
        if problem := _wrong_target(target, self.style):
            raise CannotRender(f"/target: {problem}")
        numbers = {"value": value, "target": target, "left": max(0.0, target - value)}
        words = [
            filled_in(texts[name], numbers).replace("{percent}", percent(value, target))
            for name in ("/label", "/caption")
        ]
        label, caption = told(words)
        canvas = Flat(self.size.bitmap, self.look.ground)
        box = inset(self.size.bitmap, 24 * self.size.scale)
        sheet = Sheet(canvas, self.look, self.size.scale, 1.0, reads_from_right((label, caption)))
        _DRAWN[self.style](sheet, box, (label, caption), (value, target))
        return canvas.encode()


def _bar(sheet: Sheet, box: Box, words: tuple[str, str], numbers: tuple[float, float]) -> None:
    rows = [(26.0, 0.0), (16.0, 10.0)] if any(words) else [(20.0, 0.0)]
    sheet = _sized(sheet, box, high(rows))
    *header, place = sheet.stacked(box, rows)
    for line in header:
        _header(sheet, line, words)
    value, target = numbers
    bar(sheet, place, value / target)


def _header(sheet: Sheet, box: Box, words: tuple[str, str]) -> None:
    """The label where reading starts, the caption at the other end."""
    label, caption = words
    length = box[2] - box[0]
    setting = sheet.setting(15, align=Align.LEFT if sheet.is_mirrored else Align.RIGHT)
    room = sheet.rest(box, round(length * 0.45) if label else 0)
    fitted = fit(caption, setting.within(room))
    put(sheet.canvas, fitted, room, setting, sheet.look.soft, on=sheet.look.ground)
    taken = reach(fitted, setting) + sheet.px(16) if caption else 0
    sheet.write(label, sheet.part(box, 0, length - taken), sheet.setting(18, weight=Weight.SEMIBOLD))


def _ring(sheet: Sheet, box: Box, words: tuple[str, str], numbers: tuple[float, float]) -> None:
    """Beside its words where the picture lies, above them where it stands."""
    left, top, right, bottom = box
    wide, tall = right - left, bottom - top
    told_of = percent(*numbers)
    if not any(words):
        ringed(_sized(sheet, box, 120), box, numbers[0] / numbers[1], told_of)
    elif wide >= 1.5 * tall:
        sheet = _sized(sheet, box, 96)
        ringed(sheet, sheet.part(box, 0, tall), numbers[0] / numbers[1], told_of)
        room = sheet.rest(box, tall + min(sheet.px(24), wide // 12))
        _beside(sheet, room, words, None)
    else:
        sheet = _sized(sheet, box, 150)
        under = min(tall // 3, sheet.px(58))
        circle = (left, top, right, bottom - under - under // 5)
        ringed(sheet, circle, numbers[0] / numbers[1], told_of)
        _beside(sheet, (left, bottom - under, right, bottom), words, Align.CENTER)


def _beside(sheet: Sheet, box: Box, words: tuple[str, str], align: Align | None) -> None:
    """Label over caption, together in the middle of the height."""
    label, caption = words
    rows = [row for row, said in (((32.0, 0.0), label), ((24.0, 4.0), caption)) if said]
    places = iter(sheet.stacked(box, rows))
    size = 16.0
    if label:
        setting = sheet.setting(21, weight=Weight.SEMIBOLD, align=align, max_lines=2)
        fitted = sheet.write(label, next(places), setting)
        size = min(size, 0.85 * fitted.size_px / sheet.unit)
    if caption:
        sheet.write(caption, next(places), sheet.setting(size, align=align), sheet.look.soft)


def _stamps(sheet: Sheet, box: Box, words: tuple[str, str], numbers: tuple[float, float]) -> None:
    left, top, right, bottom = box
    sheet = _sized(sheet, box, 100)
    if any(words):
        line = sheet.px(26)
        _header(sheet, (left, top, right, top + line), words)
        top += line + sheet.px(12)
    stamps(sheet, (left, top, right, bottom), int(max(0.0, numbers[0])), int(numbers[1]))


_DRAWN = {Shape.BAR: _bar, Shape.RING: _ring, Shape.STAMPS: _stamps}


def _sized(sheet: Sheet, box: Box, height: float) -> Sheet:
    """The size of type at which so many CSS pixels fill the box, up to the largest that looks well."""
    return replace(sheet, unit=min(_LARGEST * sheet.scale, (box[3] - box[1]) / height))


def _wrong_target(target: float, style: Shape) -> str:
    """What is wrong with a target, in a sentence; nothing where it is good."""
    if target <= 0:
        return "must be more than 0"
    if style is Shape.STAMPS and not (target == int(target) and target <= MOST_STAMPS):
        return f"must be a whole number of stamps, at most {MOST_STAMPS}"
    return ""


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> ProgressDrawing:  # noqa: ARG001
    checked = check(ProgressParams, params)
    if problem := _wrong_target(read_number(checked.target), checked.style):
        raise BadParams(ParamProblem("/target", problem))
    return ProgressDrawing(
        texts={f"/{name}": getattr(checked, name) for name in ("value", "target", "label", "caption")},
        style=checked.style,
        look=look_of(checked),
        size=size,
    )


KIND = Kind(
    name="progress",
    least_size=(80, 24),
    example_size=(600, 100),
    templatable={"/value": "7", "/target": "10", "/label": "", "/caption": ""},
    example={
        "value": "{{ customer.points }}",
        "target": 2000,
        "label": "{left} points to Gold",
    },
    schema=schema_of(ProgressParams),
    prepare=prepare,
)
