"""The kind `text`: one text, fitted, on a colour, a gradient or an uploaded picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from renderers.canvas import Box, Canvas
from renderers.colour import Rgb
from renderers.faces import Weight
from renderers.grounds import lay
from renderers.model import Assets, Image, Kind, Size
from renderers.params import Background, Colour, Params, check, one_of, schema_of, text, whole
from renderers.shaping import Style
from renderers.stills import Still
from renderers.writing import Align, Setting, Valign, write


class TextParams(Params):
    text: text(4000)  # type: ignore[valid-type]
    background: Background = (0x0B, 0x2A, 0x3B)
    colour: Colour | None = None
    size_px: whole(8, 200) = 40  # type: ignore[valid-type]
    min_size_px: whole(8, 200) = 14  # type: ignore[valid-type]
    weight: one_of(Weight) = Weight.SEMIBOLD  # type: ignore[valid-type]
    align: one_of(Align) = Align.CENTER  # type: ignore[valid-type]
    valign: one_of(Valign) = Valign.MIDDLE  # type: ignore[valid-type]
    padding_px: whole(0, 400) = 24  # type: ignore[valid-type]
    shade: whole(0, 80) | None = None  # type: ignore[valid-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDrawing:
    """A text's ground, drawn once, and how the text stands on it."""

    text: str
    still: Still[Canvas]
    behind: Rgb
    box: Box
    setting: Setting
    colour: Rgb
    is_timed: bool = False

    @property
    def held_bytes(self) -> int:
        return self.still.held_bytes

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        canvas = self.still.copy()
        text = values.get("/text", self.text)
        write(canvas, text, self.box, self.setting, self.colour, on=self.behind)
        return canvas.encode()


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> TextDrawing:
    checked = check(TextParams, params)
    ground = lay(checked.background, size.bitmap, assets, shade=checked.shade)
    setting = Setting(
        max_px=checked.size_px * size.scale,
        min_px=min(checked.min_size_px, checked.size_px) * size.scale,
        style=Style(checked.weight),
        align=checked.align,
        valign=checked.valign,
    )
    # A padding wider than a small picture leaves it half its sides.
    across = min(checked.padding_px, size.width_px // 4) * size.scale
    down = min(checked.padding_px, size.height_px // 6) * size.scale
    box = (across, down, size.bitmap[0] - across, size.bitmap[1] - down)
    return TextDrawing(
        text=checked.text,
        still=Still(ground.canvas),
        behind=ground.colour,
        box=box,
        setting=setting,
        colour=ground.text_colour(checked.colour),
    )


KIND = Kind(
    name="text",
    templatable={"/text": ""},
    example={
        "text": "{{ customer.first_name | default: 'You' }}, {{ customer.points }} points",
        "size_px": 40,
    },
    schema=schema_of(TextParams),
    prepare=prepare,
)
