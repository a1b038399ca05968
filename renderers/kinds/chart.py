"""The kind `chart`: bars, a line, a sparkline or a donut of a customer's own numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from renderers.canvas import Box, Flat
from renderers.charts import MOST_SHARES, bars, donut, lines, sparkline
from renderers.faces import Weight
from renderers.looks import Look, LookParams, look_of
from renderers.model import Assets, BadParams, CannotRender, Image, Kind, ParamProblem, Size
from renderers.params import check, one_of, schema_of, text
from renderers.readings import Data
from renderers.series import MOST, parts_of, read_numbers
from renderers.sheets import Sheet, inset, reads_from_right, told
from renderers.writing import Align

_LARGEST, _LEAST = 1.3, 0.8
_HIGH = 180  # CSS pixels at full size
_LEAST_LABELLED, _LEAST_TITLED = 56, 84  # CSS pixels of height; lower charts go without
_TEXTS = ("numbers", "labels", "title", "empty")


class Form(StrEnum):
    BAR = "bar"
    LINE = "line"
    SPARKLINE = "sparkline"
    DONUT = "donut"


_DRAWN = {Form.BAR: bars, Form.LINE: lines, Form.DONUT: donut}


class ChartParams(LookParams):
    numbers: text(4000)  # type: ignore[valid-type]
    style: one_of(Form) = Form.BAR  # type: ignore[valid-type]
    labels: text(4000) = ""  # type: ignore[valid-type]
    title: text(400) = ""  # type: ignore[valid-type]
    prefix: text(8) = ""  # type: ignore[valid-type]
    suffix: text(8) = ""  # type: ignore[valid-type]
    empty: text(400) = "Nothing yet"  # type: ignore[valid-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartDrawing:
    """A chart's parameters; all of it is drawn at each draw."""

    texts: Mapping[str, str]
    style: Form
    prefix: str
    suffix: str
    look: Look
    size: Size
    is_timed: bool = False
    held_bytes: int = 2000

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        texts = {name: values.get(f"/{name}", self.texts[name]) for name in _TEXTS}
        try:
            numbers = numbers_of(texts["numbers"], self.style)
        except ValueError as bad:
            raise CannotRender(f"/numbers: {bad}") from bad
        title, empty, *labels = told([texts["title"], texts["empty"], *parts_of(texts["labels"])])
        data = Data(
            values=numbers,
            labels=_matched(labels, texts["numbers"], numbers),
            prefix=self.prefix,
            suffix=self.suffix,
        )
        box = inset(self.size.bitmap, 20 * self.size.scale)
        tall = (box[3] - box[1]) / self.size.scale
        if tall < _LEAST_LABELLED:
            data = replace(data, labels=[""] * len(numbers))
        unit = self.size.scale * min(_LARGEST, max(_LEAST, tall / _HIGH))
        canvas = Flat(self.size.bitmap, self.look.ground)
        sheet = Sheet(canvas, self.look, self.size.scale, unit, reads_from_right([title, *labels]))
        self._put(sheet, box, title, empty, data)
        return canvas.encode()

    def _put(self, sheet: Sheet, box: Box, title: str, empty: str, data: Data) -> None:
        if not data.values or (self.style is Form.DONUT and sum(data.values) == 0):
            sheet.write(empty, box, sheet.setting(18, align=Align.CENTER, max_lines=2), sheet.look.soft)
        elif self.style is Form.SPARKLINE:
            _spark(sheet, box, title, data)
        else:
            _DRAWN[self.style](sheet, _titled(sheet, box, title), data)


def numbers_of(text: str, style: Form) -> list[float]:
    """The numbers that a chart of the style shows. Raises ValueError."""
    if not text.strip():
        return []
    numbers = read_numbers(text)
    if style is not Form.DONUT:
        return numbers[-MOST:]
    if len(numbers) > MOST_SHARES:
        raise ValueError(f"must be at most {MOST_SHARES} numbers for a donut: add the smallest together")
    if any(number < 0 for number in numbers):
        raise ValueError("must not be negative for a donut: take bars")
    return numbers


def _matched(labels: list[str], values: str, numbers: list[float]) -> list[str]:
    """A label to each number that is shown, counted from the first value; empty ones where there are none."""
    cut = len(parts_of(values)) - len(numbers) if numbers else 0
    kept = labels[cut : cut + len(numbers)]
    return kept + [""] * (len(numbers) - len(kept))


def _titled(sheet: Sheet, box: Box, title: str) -> Box:
    """Writes the title and says what is left for the chart."""
    left, top, right, bottom = box
    if not title or bottom - top < _LEAST_TITLED * sheet.scale:
        return box
    line = sheet.px(26)
    sheet.write(title, (left, top, right, top + line), sheet.setting(18, weight=Weight.SEMIBOLD))
    return left, top + line + sheet.px(10), right, bottom


def _spark(sheet: Sheet, box: Box, title: str, data: Data) -> None:
    """The title and the last value where reading starts, the line beside them."""
    wide = box[2] - box[0]
    sheet = replace(sheet, unit=min(1.5 * sheet.scale, (box[3] - box[1]) / 48))
    words = sheet.part(box, 0, round(wide * 0.36))
    rows = [(20.0, 0.0), (34.0, 2.0)] if title else [(38.0, 0.0)]
    *above, below = sheet.stacked(words, rows)
    for place in above:
        sheet.write(title, place, sheet.setting(14), sheet.look.soft)
    sheet.write(data.say(data.values[-1]), below, sheet.setting(27, weight=Weight.BOLD))
    sparkline(sheet, sheet.rest(box, round(wide * 0.4)), data)


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> ChartDrawing:  # noqa: ARG001
    checked = check(ChartParams, params)
    try:
        numbers_of(checked.numbers, checked.style)
    except ValueError as bad:
        raise BadParams(ParamProblem("/numbers", str(bad))) from bad
    return ChartDrawing(
        texts={name: getattr(checked, name) for name in _TEXTS},
        style=checked.style,
        prefix=checked.prefix,
        suffix=checked.suffix,
        look=look_of(checked),
        size=size,
    )


KIND = Kind(
    name="chart",
    least_size=(120, 40),
    example_size=(600, 220),
    templatable={"/numbers": "3, 5, 4", "/labels": "", "/title": "", "/empty": ""},
    example={
        "title": "Your year with us",
        "numbers": "{{ customer.spend | join: ',' }}",
        "labels": "{{ customer.months | join: ',' }}",
        "prefix": "€",
    },
    schema=schema_of(ChartParams),
    prepare=prepare,
)
