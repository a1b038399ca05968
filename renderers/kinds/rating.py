"""The kind `rating`: stars that show a mean, or one answer of a scale as a picture to be linked by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from renderers.canvas import Box, Flat, panel
from renderers.colour import Rgb, mix, readable_on
from renderers.faces import Weight
from renderers.layout import fit
from renderers.looks import Look, LookParams, look_of, visible_on
from renderers.model import Assets, BadParams, Image, Kind, ParamProblem, Size
from renderers.params import Colour, check, one_of, schema_of, text, whole
from renderers.quantities import Quantity, filled_in, read_value
from renderers.shapes import star
from renderers.sheets import Sheet, inset, reads_from_right, told
from renderers.writing import Align, put

GOLD: Rgb = (0xDD, 0x7C, 0x0A)
_STAR_PX = 30  # of CSS, at full size
_LARGEST = 1.5
_PITCH = 1.14  # from star to star, in stars
_READS_WELL = 0.75  # a caption that would be smaller stands under the stars
_MOST_ANSWER = 10


class Scale(StrEnum):
    """STARS is a row of them; the others are one answer out of a scale."""

    STARS = "stars"
    STAR = "star"
    NUMBER = "number"


class RatingParams(LookParams):
    value: Quantity | None = None
    style: one_of(Scale) = Scale.STARS  # type: ignore[valid-type]
    out_of: whole(3, 10) = 5  # type: ignore[valid-type]
    position: whole(0, _MOST_ANSWER) | None = None  # type: ignore[valid-type]
    caption: text(400) = "{value}"  # type: ignore[valid-type]
    accent: Colour | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingDrawing:
    """A scale's parameters; all of it is drawn at each draw."""

    value: str
    caption: str
    style: Scale
    out_of: int
    position: int
    look: Look
    size: Size
    is_timed: bool = False
    held_bytes: int = 2000

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        said = values.get("/value", self.value)
        sheet = Sheet(Flat(self.size.bitmap, self.look.ground), self.look, self.size.scale, 1.0)
        if self.style is Scale.STARS:
            value = read_value("/value", said)
            words = filled_in(values.get("/caption", self.caption), {"value": value, "of": self.out_of})
            (caption,) = told([words])
            _stars(sheet, value, self.out_of, caption)
        else:
            value = read_value("/value", said, empty=-1.0)
            _ANSWERS[self.style](sheet, value, self.position)
        return sheet.canvas.encode()


def _stars(sheet: Sheet, value: float, out_of: int, caption: str) -> None:
    """A row of stars with the caption beside it, or under it where it has no room there."""
    box = inset(sheet.canvas.bitmap, 16 * sheet.scale)
    wide, tall = box[2] - box[0], box[3] - box[1]
    row = out_of * _PITCH - (_PITCH - 1)
    most = min(_LARGEST * _STAR_PX * sheet.scale, wide / row)
    size = int(min(tall * 0.8, most))
    sheet = replace(sheet, is_mirrored=reads_from_right([caption]), unit=size / _STAR_PX)
    room = sheet.rest(box, round(row * size) + sheet.px(12))
    setting = sheet.setting(20, weight=Weight.SEMIBOLD)
    fitted = fit(caption, setting.within(room))
    if not caption or fitted.size_px >= _READS_WELL * setting.max_px:
        _row(sheet, box, 0 if caption else round((wide - row * size) / 2), size, (value, out_of))
        put(sheet.canvas, fitted, room, setting, sheet.look.text, on=sheet.look.ground)
        return
    size = int(min(tall * 0.56, most))
    sheet = replace(sheet, unit=size / _STAR_PX)
    above, below = sheet.stacked(box, [(_STAR_PX, 0), (24, 5)])
    _row(sheet, above, round((wide - row * size) / 2), size, (value, out_of))
    sheet.write(caption, below, sheet.setting(19, weight=Weight.SEMIBOLD, align=Align.CENTER))


def _row(sheet: Sheet, box: Box, start: int, size: int, rating: tuple[float, int]) -> None:
    """Stars side by side, each filled by its part of the value."""
    value, out_of = rating
    y = box[1] + (box[3] - box[1] - size) // 2
    for at in range(out_of):
        x = sheet.part(box, start + round(at * _PITCH * size), size)[0]
        _star(sheet, (x, y), size, min(1.0, max(0.0, value - at)))


def _star(sheet: Sheet, at: tuple[int, int], size: int, share: float) -> None:
    look, mask = sheet.look, star(size)
    sheet.stamp(mask, at, look.track)
    cut = round(size * share)
    if cut:
        box = (size - cut, 0, size, size) if sheet.is_mirrored else (0, 0, cut, size)
        sheet.stamp(mask.crop(box), (at[0] + box[0], at[1]), look.accent, on=look.track)


def _one_star(sheet: Sheet, value: float, position: int) -> None:
    """Filled up to the answer that was given; an outline otherwise, plain enough to be aimed at."""
    (width, height), look = sheet.canvas.bitmap, sheet.look
    size = round(min(width, height) * 0.8)
    at = ((width - size) // 2, (height - size) // 2)
    if value >= position:
        sheet.stamp(star(size), at, look.accent)
        return
    sheet.stamp(star(size, is_outline=True), at, visible_on(look.ground, mix(look.ground, look.text, 0.4)))


def _number(sheet: Sheet, value: float, position: int) -> None:
    """A cell with a hairline; the answer that was given is filled."""
    (width, height), look, line = sheet.canvas.bitmap, sheet.look, sheet.scale
    edge, radius = min(2 * line, width // 12), min(8 * line, width // 4, height // 4)
    box = (edge, edge, width - edge, height - edge)
    fill = look.accent if value == position else mix(look.ground, look.text, 0.04)
    border = look.accent if value == position else mix(look.ground, look.text, 0.22)
    panel(sheet.canvas, box, border, on=look.ground, radius_px=radius)
    inner = (box[0] + line, box[1] + line, box[2] - line, box[3] - line)
    panel(sheet.canvas, inner, fill, on=border, radius_px=max(0, radius - line))
    setting = sheet.setting(min(width, height) * 0.42, weight=Weight.SEMIBOLD, align=Align.CENTER)
    sheet.write(str(position), inner, setting, readable_on(fill), on=fill)


_ANSWERS = {Scale.STAR: _one_star, Scale.NUMBER: _number}


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> RatingDrawing:  # noqa: ARG001
    checked = check(RatingParams, params)
    if checked.style is Scale.STARS:
        if checked.value is None:
            raise BadParams(ParamProblem("/value", "is needed for stars: the mean that they show"))
    elif checked.position is None:
        raise BadParams(ParamProblem("/position", "is needed: which answer of the scale this picture is"))
    elif checked.style is Scale.STAR and not 1 <= checked.position <= checked.out_of:
        raise BadParams(ParamProblem("/position", f"must be between 1 and {checked.out_of}"))
    look = look_of(checked)
    if checked.accent is None and checked.style is not Scale.NUMBER:
        look = replace(look, accent=visible_on(look.ground, GOLD))
    return RatingDrawing(
        value=checked.value or "",
        caption=checked.caption,
        style=checked.style,
        out_of=checked.out_of,
        position=checked.position or 0,
        look=look,
        size=size,
    )


KIND = Kind(
    name="rating",
    least_size=(24, 24),
    example_size=(400, 60),
    templatable={"/value": "4", "/caption": ""},
    example={"value": "{{ customer.rating }}", "caption": "{value} of {of}"},
    schema=schema_of(RatingParams),
    prepare=prepare,
)
