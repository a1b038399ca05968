"""The kind `stock`: how many are left, in words that change with the number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from renderers.blanks import blank
from renderers.canvas import Flat, panel
from renderers.colour import CORAL, Rgb, mix, readable_on
from renderers.faces import Weight
from renderers.layout import fit
from renderers.looks import Look, LookParams, look_of, visible_on
from renderers.model import Assets, Image, Kind, Size
from renderers.params import Params, check, one_of, schema_of, text, whole, wrong
from renderers.pills import reach
from renderers.quantities import Quantity, filled_in, read_value
from renderers.shapes import disc
from renderers.sheets import Sheet, reads_from_right, told
from renderers.writing import put

AMBER: Rgb = (0xB7, 0x79, 0x1F)
_MOST_LEVELS = 6
_HIGH = 40  # of the pill, in CSS pixels at full size
_LARGEST = 1.5


class Tone(StrEnum):
    """What a level means: its colour, beside the words that say it."""

    GONE = "gone"
    STOP = "stop"
    WAIT = "wait"
    GO = "go"


class LevelParams(Params):
    at_most: whole(0, 1_000_000)  # type: ignore[valid-type]
    text: text(400)  # type: ignore[valid-type]
    tone: one_of(Tone) = Tone.STOP  # type: ignore[valid-type]


def _rising(levels: list[LevelParams]) -> list[LevelParams]:
    steps = [level.at_most for level in levels]
    if steps != sorted(set(steps)):
        raise wrong("must rise: each level's at_most is more than the one before it")
    if len(levels) > _MOST_LEVELS:
        raise wrong(f"must be at most {_MOST_LEVELS} levels")
    return levels


_LEVELS = [
    LevelParams(at_most=0, text="Sold out", tone=Tone.GONE),
    LevelParams(at_most=1, text="The last one", tone=Tone.STOP),
    LevelParams(at_most=5, text="Only {n} left", tone=Tone.STOP),
    LevelParams(at_most=20, text="{n} left", tone=Tone.WAIT),
]


class StockParams(LookParams):
    count: Quantity
    levels: Annotated[list[LevelParams], AfterValidator(_rising)] = Field(default_factory=lambda: _LEVELS)
    otherwise: text(400) = "In stock"  # type: ignore[valid-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class StockDrawing:
    """The words of each level, and what is said above the last."""

    count: str
    levels: tuple[tuple[int, str, Tone], ...]
    otherwise: str
    look: Look
    size: Size
    is_timed: bool = False
    held_bytes: int = 2000

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        count = max(0, int(read_value("/count", values.get("/count", self.count))))
        at, (words, tone) = self._level(count)
        (said,) = told([filled_in(values.get(at, words), {"n": count})])
        if not said:
            return blank(self.size)
        canvas = Flat(self.size.bitmap, self.look.ground)
        unit = min(_LARGEST * self.size.scale, self.size.bitmap[1] / _HIGH)
        _pill(Sheet(canvas, self.look, self.size.scale, unit, reads_from_right([said])), said, tone)
        return canvas.encode()

    def _level(self, count: int) -> tuple[str, tuple[str, Tone]]:
        """The pointer of the words for a number, and they with their tone."""
        for at, (most, words, tone) in enumerate(self.levels):
            if count <= most:
                return f"/levels/{at}/text", (words, tone)
        return "/otherwise", (self.otherwise, Tone.GO)


def _pill(sheet: Sheet, words: str, tone: Tone) -> None:
    """A dot and the words on a tint of the tone, as wide as they are."""
    width, height = sheet.canvas.bitmap
    look, high = sheet.look, min(height, sheet.px(_HIGH))
    wish = {Tone.GONE: look.soft, Tone.STOP: CORAL, Tone.WAIT: AMBER, Tone.GO: look.accent}[tone]
    fill = mix(look.ground, wish, 0.1)
    dot, inset, gap = sheet.px(10), sheet.px(16), sheet.px(10)
    row = (0, (height - high) // 2, width, (height - high) // 2 + high)
    setting = sheet.setting(17, weight=Weight.SEMIBOLD)
    fitted = fit(words, setting.within(sheet.part(row, 0, width - 2 * inset - gap - dot)))
    long = inset + dot + gap + reach(fitted, setting) + inset
    panel(sheet.canvas, sheet.part(row, 0, long), fill, on=look.ground, radius_px=high // 2)
    x = sheet.part(row, inset, dot)[0]
    sheet.stamp(disc(dot), (x, row[1] + (high - dot) // 2), visible_on(fill, wish), on=fill)
    room = sheet.part(row, inset + dot + gap, reach(fitted, setting) + 1)
    put(sheet.canvas, fitted, room, setting, readable_on(fill, wish=mix(wish, look.text, 0.35)), on=fill)


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> StockDrawing:  # noqa: ARG001
    checked = check(StockParams, params)
    return StockDrawing(
        count=checked.count,
        levels=tuple((level.at_most, level.text, level.tone) for level in checked.levels),
        otherwise=checked.otherwise,
        look=look_of(checked),
        size=size,
    )


KIND = Kind(
    name="stock",
    least_size=(100, 24),
    example_size=(240, 44),
    templatable={
        "/count": "3",
        "/otherwise": "In stock",
        **{f"/levels/{at}/text": "{n} left" for at in range(_MOST_LEVELS)},
    },
    example={
        "count": "{{ activity.viewed.items[0].stock }}",
        "levels": [
            {"at_most": 0, "text": "Sold out", "tone": "gone"},
            {"at_most": 5, "text": "Only {n} left"},
        ],
        "otherwise": "In stock",
    },
    schema=schema_of(StockParams),
    prepare=prepare,
)
