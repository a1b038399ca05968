"""Label, headline, text and button one below the other: what fits, at which size, and where each stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from renderers.canvas import Box, Canvas
from renderers.colour import Rgb
from renderers.faces import Weight
from renderers.layout import Fitted, fit
from renderers.pills import pill
from renderers.shaping import Style
from renderers.writing import Align, Setting, Valign, put

PARTS = ("label", "headline", "text", "button")

_LEAST_PX = 11  # of CSS; smaller letters are no longer read on a telephone
_UNITS = (1.5, 1.3, 1.15, 1.0, 0.92, 0.84, 0.74)  # sizes of type: the largest that fits is taken
_GIVEN_UP = ("text", "label", "button")  # in this order, where the room is too low


@dataclass(frozen=True, slots=True)
class _Measure:
    """At full size, in CSS pixels: height with all its lines, air above, letters."""

    high: int
    air: int
    letters: int
    least: int
    style: Style
    lines: int


_MEASURES = {
    "label": _Measure(16, 0, 13, 11, Style(Weight.SEMIBOLD, spacing=8), 1),
    "headline": _Measure(76, 6, 32, 14, Style(Weight.BOLD), 4),
    "text": _Measure(42, 10, 16, 14, Style(Weight.REGULAR), 2),
    "button": _Measure(40, 16, 15, 12, Style(Weight.SEMIBOLD), 1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """Of the words and of the button; `ground` is what they stand on."""

    ground: Rgb
    label: Rgb
    headline: Rgb
    text: Rgb
    button: Rgb


@dataclass(frozen=True, slots=True)
class _Part:
    """One part at its size; a button is fitted when it is drawn."""

    name: str
    high_px: int
    air_px: int
    words: Fitted | None
    setting: Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The room for the words in pixels of the bitmap, and how they stand in it."""

    box: Box
    scale: int
    align: Align
    is_mirrored: bool

    def write(self, canvas: Canvas, texts: Mapping[str, str], colours: Colours) -> None:
        """Draws what has room, all of it together in the middle of the box's height."""
        left, top, right, bottom = self.box
        parts, unit = self._arranged(texts)
        y = top + max(0, bottom - top - _high(parts)) // 2
        for part in parts:
            y += part.air_px
            box = (left, y, right, min(bottom, y + part.high_px))
            if part.words is None:
                self._button(canvas, texts[part.name], box, unit, colours)
            else:
                put(canvas, part.words, box, part.setting, getattr(colours, part.name), on=colours.ground)
            y += part.high_px

    def _arranged(self, texts: Mapping[str, str]) -> tuple[list[_Part], float]:
        """The parts that have room at the largest size at which they have it."""
        room = self.box[3] - self.box[1]
        present = [name for name in PARTS if texts[name]]
        for given_up in ("", *_GIVEN_UP):
            present = [name for name in present if name != given_up]
            for unit in _UNITS:
                parts = self._parts(texts, present, unit * self.scale)
                if _high(parts) <= room:
                    return parts, unit * self.scale
        return [self._words("headline", texts["headline"], room, 0, unit * self.scale)], unit * self.scale

    def _parts(self, texts: Mapping[str, str], present: list[str], unit: float) -> list[_Part]:
        parts: list[_Part] = []
        for name in present:
            measure = _MEASURES[name]
            high, air = round(measure.high * unit), round(measure.air * unit) if parts else 0
            if name == "button":
                parts.append(_Part(name, high, air, None, self._setting(name, unit)))
            else:
                parts.append(self._words(name, texts[name], high, air, unit))
        return parts

    def _words(self, name: str, text: str, high: int, air: int, unit: float) -> _Part:
        setting = self._setting(name, unit)
        words = fit(text, setting.within((self.box[0], 0, self.box[2], high)))
        return _Part(name, round(words.height_px), air, words, setting)

    def _button(self, canvas: Canvas, text: str, box: Box, unit: float, colours: Colours) -> None:
        middle = {Align.CENTER: 0.5, Align.RIGHT: 1.0, Align.LEFT: 0.0}
        pill(
            canvas, text, box, self._setting("button", unit), colours.button, on=colours.ground,
            inset_px=round(20 * unit), radius_px=round(8 * unit),
            across=middle.get(self.align, float(self.is_mirrored)),
        )  # fmt: skip

    def _setting(self, name: str, unit: float) -> Setting:
        measure = _MEASURES[name]
        most = max(1, round(measure.letters * unit))
        sides = Align.RIGHT if self.is_mirrored else Align.LEFT
        return Setting(
            max_px=most,
            min_px=min(most, max(_LEAST_PX * self.scale, round(measure.least * unit))),
            style=measure.style,
            align=Align.CENTER if name == "button" else sides if self.align is Align.START else self.align,
            valign=Valign.MIDDLE if name == "button" else Valign.TOP,
            max_lines=measure.lines,
            is_among_rtl=self.is_mirrored,
        )


def _high(parts: list[_Part]) -> int:
    return sum(part.high_px + part.air_px for part in parts)
