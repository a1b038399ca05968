"""The kind `barcode`: QR, Code 128, EAN-13, EAN-8 and UPC-A, checked, and of colours that scanners read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from renderers.canvas import Flat
from renderers.codes.qr import Level
from renderers.colour import INK, WHITE, Rgb, contrast, luminance
from renderers.model import Assets, BadParams, CannotRender, Image, Kind, ParamProblem, Size
from renderers.params import Colour, Params, check, one_of, schema_of, text
from renderers.shaping import clean
from renderers.symbols import Room, Symbology, alone, encoded, padded, put, raster, start_of

_SAMPLE = "00000000"  # in a template's place at save: not checked, since no value suits every symbology
_APART = 4.5
_RED_APART = 0.55  # of red light that comes back: shop scanners look there (ISO/IEC 15416, grade B)


class BarcodeParams(Params):
    value: text(1000)  # type: ignore[valid-type]
    symbology: one_of(Symbology) = Symbology.QR  # type: ignore[valid-type]
    level: one_of(Level) = Level.M  # type: ignore[valid-type]
    caption: text(200) | None = None  # type: ignore[valid-type]
    colour: Colour = INK
    background: Colour = WHITE


@dataclass(frozen=True, slots=True, kw_only=True)
class BarcodeDrawing:
    """A code's parameters; a value that stands in them is encoded once, one of a template at each draw."""

    value: str
    words: str | None
    symbology: Symbology
    level: Level
    size: Size
    dark: Rgb
    light: Rgb
    is_timed: bool = False
    held_bytes: int = 2000

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        try:
            return self.picture(values.get("/value", self.value), values.get("/caption", self.words))
        except ValueError as bad:
            raise CannotRender(f"/value: {bad}") from bad

    def picture(self, value: str, words: str | None) -> Image:
        """Raises ValueError for a value that has no such code, or one too fine for the size."""
        code = encoded(value.strip(), self.symbology, self.level)
        words = None if words is None else clean(words).strip()
        bitmap = self.size.bitmap
        box = padded((0, 0, *bitmap), code, self.size.scale)
        if words == "" or (words is None and self.symbology is Symbology.QR):
            drawn = raster(code, Room(bitmap[0], box[3] - box[1], self.size.scale))
            return alone(drawn, bitmap, start_of(code, drawn, bitmap[0]), self.dark, self.light)
        canvas = Flat(bitmap, self.light)
        put(canvas, code, box, scale=self.size.scale, dark=self.dark, light=self.light, words=words)
        return canvas.encode()


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> BarcodeDrawing:  # noqa: ARG001
    checked = check(BarcodeParams, params)
    check_colours(checked.colour, checked.background, pointer="/colour")
    drawing = BarcodeDrawing(
        value=checked.value,
        words=checked.caption,
        symbology=checked.symbology,
        level=checked.level,
        size=size,
        dark=checked.colour,
        light=checked.background,
    )
    if checked.value != _SAMPLE:
        try:
            drawing.picture(checked.value, checked.caption)
        except ValueError as bad:
            raise BadParams(ParamProblem("/value", str(bad))) from bad
    return drawing


def check_colours(dark: Rgb, light: Rgb, *, pointer: str) -> None:
    """Raises BadParams for a pair that no scanner tells apart."""
    if luminance(dark) > luminance(light):
        raise BadParams(ParamProblem(pointer, "must be darker than the background: scanners want dark bars"))
    if contrast(dark, light) < _APART:
        raise BadParams(ParamProblem(pointer, "is too close to the background: take a darker one"))
    if _red(light) - _red(dark) < _RED_APART:
        detail = "is too close to the background in red light, by which scanners see: take one with less red"
        raise BadParams(ParamProblem(pointer, detail))


def _red(colour: Rgb) -> float:
    return luminance((colour[0],) * 3)


KIND = Kind(
    name="barcode",
    least_size=(60, 30),
    example_size=(240, 90),
    templatable={"/value": _SAMPLE, "/caption": ""},
    example={"value": "{{ customer.card_number }}", "symbology": "code128"},
    schema=schema_of(BarcodeParams),
    prepare=prepare,
)
