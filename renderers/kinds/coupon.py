"""The kind `coupon`: a ticket with a code of one's own, in letters and as a barcode on its stub."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from renderers.canvas import Box, Flat, panel
from renderers.codes.qr import Level
from renderers.colour import FOAM, INK, WHITE, Rgb
from renderers.faces import Weight
from renderers.layout import fit
from renderers.looks import Look, LookParams, look_of
from renderers.model import Assets, BadParams, CannotRender, Image, Kind, ParamProblem, Size
from renderers.params import Colour, check, one_of, schema_of, text
from renderers.pills import pill
from renderers.sheets import Sheet, high, reads_from_right, told
from renderers.stills import Still
from renderers.symbols import Symbology, encoded, padded, put
from renderers.tickets import Ticket, place
from renderers.writing import Align

_TEXTS = ("title", "label", "code", "expires")
_SAMPLE = "00000000"  # in a template's place at save: not checked, since no value suits every symbology
_LARGEST = 1.4

# Height of each row and the air above it, in CSS pixels at full size; type sizes beside them.
_ROWS: Mapping[str, tuple[int, int]] = {
    "title": (34, 0),
    "label": (18, 12),
    "code": (44, 6),
    "expires": (18, 12),
}


class Stub(StrEnum):
    """What stands on the part to be torn off."""

    QR = "qr"
    CODE128 = "code128"
    EAN13 = "ean13"
    EAN8 = "ean8"
    UPCA = "upca"
    NONE = "none"


class CouponParams(LookParams):
    code: text(200)  # type: ignore[valid-type]
    title: text(400) = ""  # type: ignore[valid-type]
    label: text(200) = ""  # type: ignore[valid-type]
    expires: text(200) = ""  # type: ignore[valid-type]
    symbology: one_of(Stub) = Stub.QR  # type: ignore[valid-type]
    background: Colour = FOAM
    page: Colour = WHITE


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponDrawing:
    """An empty ticket, drawn once for each way of reading; words and code are put onto it at each draw."""

    texts: Mapping[str, str]
    symbology: Symbology | None
    look: Look
    size: Size
    tickets: Mapping[bool, Ticket]
    stills: Mapping[bool, Still[Flat]]
    """By whether the words are read from right to left."""
    is_timed: bool = False

    @property
    def held_bytes(self) -> int:
        return sum(still.held_bytes for still in self.stills.values())

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        try:
            return self.picture({**self.texts, **{name[1:]: value for name, value in values.items()}})
        except ValueError as bad:
            raise CannotRender(f"/code: {bad}") from bad

    def picture(self, texts: Mapping[str, str]) -> Image:
        """Raises ValueError for a code that its symbology has not, or that is too long for the stub."""
        words = dict(zip(_TEXTS, told(texts[name] for name in _TEXTS), strict=True))
        if not words["code"]:
            raise ValueError("must not be empty: give the code that this customer shows")
        mirrored = reads_from_right((words["title"], words["label"], words["expires"]))
        canvas, ticket = self.stills[mirrored].copy(), self.tickets[mirrored]
        content, stub = ticket.words, ticket.stub
        rows = {name: _ROWS[name] for name in _TEXTS if words[name]}
        if "label" not in rows:
            rows["code"] = (_ROWS["code"][0], 14)
        unit = min(_LARGEST * self.size.scale, (content[3] - content[1]) / high(rows.values()))
        sheet = Sheet(canvas, self.look, self.size.scale, unit, mirrored)
        for name, box in zip(rows, sheet.stacked(content, rows.values()), strict=True):
            _write(sheet, name, words[name], box)
        if self.symbology is not None:
            self._stub(canvas, words["code"], stub)
        return canvas.encode()

    def _stub(self, canvas: Flat, value: str, box: Box) -> None:
        """The barcode on a white panel of its own, whatever the ticket's colours are."""
        code = encoded(value, self.symbology or Symbology.QR, Level.M)
        left, top, right, bottom = box
        side = min(right - left, bottom - top)
        is_square, scale = self.symbology is Symbology.QR, self.size.scale
        across = (right - left - side) // 2 if is_square else 0
        down = (bottom - top - side) // 2 if is_square else max(0, (bottom - top) // 2 - 45 * scale)
        place = (left + across, top + down, right - across, bottom - down)
        panel(canvas, place, WHITE, on=self.look.ground, radius_px=6 * scale)
        put(canvas, code, padded(place, code, scale), scale=scale, dark=INK, light=WHITE, words="")


def _write(sheet: Sheet, name: str, text: str, box: Box) -> None:
    if name == "title":
        sheet.write(text, box, sheet.setting(27, weight=Weight.BOLD, max_lines=2))
    elif name == "code":
        setting = sheet.setting(23, weight=Weight.BOLD, align=Align.CENTER, spacing=5, least=9)
        room = (box[0] + sheet.px(16), box[1], box[2] - sheet.px(16), box[3])
        if fit(text, setting.within(room)).lines != (text,):
            raise ValueError("is too long for the size: a code is shown whole or not at all")
        pill(
            sheet.canvas, text, box, setting, WHITE, on=sheet.look.ground,
            inset_px=sheet.px(16), radius_px=sheet.px(6), across=float(sheet.is_mirrored),
        )  # fmt: skip
    else:
        sheet.write(text, box, sheet.setting(14), sheet.look.soft)


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> CouponDrawing:  # noqa: ARG001
    checked = check(CouponParams, params)
    look = look_of(checked)
    symbology = None if checked.symbology is Stub.NONE else Symbology(checked.symbology.value)
    tickets = {
        mirrored: place(
            size,
            has_stub=symbology is not None,
            is_square=symbology is Symbology.QR,
            is_mirrored=mirrored,
        )
        for mirrored in (False, True)
    }
    drawing = CouponDrawing(
        texts={name: getattr(checked, name) for name in _TEXTS},
        symbology=symbology,
        look=look,
        size=size,
        tickets=tickets,
        stills={way: Still(_ground(size, look, checked.page, ticket)) for way, ticket in tickets.items()},
    )
    if checked.code != _SAMPLE:
        try:
            drawing.picture(drawing.texts)
        except ValueError as bad:
            raise BadParams(ParamProblem("/code", str(bad))) from bad
    return drawing


def _ground(size: Size, look: Look, page: Rgb, ticket: Ticket) -> Flat:
    canvas = Flat(size.bitmap, page)
    at = ticket.box[:2]
    thick, dash = 1.5 * size.scale, 5.0 * size.scale
    canvas.stamp(ticket.ground(), at, look.ground, on=page)
    canvas.stamp(ticket.border(thick, dash), at, look.accent, on=look.ground)
    if ticket.tear_px:
        canvas.stamp(ticket.tear(thick, dash), at, look.accent, on=look.ground)
    return canvas


KIND = Kind(
    name="coupon",
    least_size=(160, 80),
    templatable={"/code": _SAMPLE, "/title": "", "/label": "", "/expires": ""},
    example={
        "title": "20% off everything",
        "label": "Your code, {{ customer.first_name | default: 'only yours' }}",
        "code": "{{ customer.voucher }}",
        "expires": "Valid until 30 November",
    },
    schema=schema_of(CouponParams),
    prepare=prepare,
)
