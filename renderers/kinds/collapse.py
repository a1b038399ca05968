"""The kind `collapse`: one transparent pixel, for a variant that shows nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from renderers.blanks import PIXEL
from renderers.model import Assets, Image, Kind, Size
from renderers.params import Params, check, schema_of


class CollapseParams(Params):
    """None: there is nothing to say about nothing."""


@dataclass(frozen=True, slots=True)
class CollapseDrawing:
    """One pixel, whatever the block's size."""

    is_timed: bool = False
    held_bytes: int = len(PIXEL.data)

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        return PIXEL


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> CollapseDrawing:  # noqa: ARG001
    check(CollapseParams, params)
    return CollapseDrawing()


KIND = Kind(
    name="collapse",
    templatable={},
    example={},
    schema=schema_of(CollapseParams),
    prepare=prepare,
)
