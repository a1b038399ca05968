"""The kind `image`: an uploaded picture, fitted to the block's size."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from renderers import gif
from renderers.assets import Fit, Undecodable, decode, find, fitted
from renderers.canvas import Photo
from renderers.colour import WHITE
from renderers.model import Assets, BadParams, Image, Kind, ParamProblem, Size
from renderers.params import Asset, Colour, Params, check, one_of, schema_of

MAX_PASSED_BYTES = 2 * 2**20
MAX_PASSED_FRAMES = 300


class ImageParams(Params):
    source: Asset
    fit: one_of(Fit) = Fit.COVER  # type: ignore[valid-type]
    background: Colour = WHITE


@dataclass(frozen=True, slots=True)
class ImageDrawing:
    """A picture that never changes: encoded when it is compiled."""

    image: Image
    is_timed: bool = False

    @property
    def held_bytes(self) -> int:
        return len(self.image.data)

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        return self.image


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> ImageDrawing:
    checked = check(ImageParams, params)
    try:
        data = find(checked.source, assets)
        picture = decode(data)
    except Undecodable as wrong:
        raise BadParams(ParamProblem("/source", str(wrong))) from wrong
    moving = _as_it_is(data, size)
    if moving is not None:
        return ImageDrawing(moving)
    still = fitted(picture, size.bitmap, checked.fit, checked.background)
    return ImageDrawing(Photo(still).encode())


def _as_it_is(data: bytes, size: Size) -> Image | None:
    """A moving GIF of just this size, at one or all pixels a point, goes out unchanged."""
    try:
        outline = gif.outline(data)
    except ValueError:
        return None
    is_its_size = outline.size in ((size.width_px, size.height_px), size.bitmap)
    is_bounded = len(outline.data) <= MAX_PASSED_BYTES and 1 < outline.frames <= MAX_PASSED_FRAMES
    return Image(outline.data, "image/gif", *outline.size) if is_its_size and is_bounded else None


KIND = Kind(
    name="image",
    templatable={},
    example={"source": "asset:hero", "fit": "cover", "background": "#ffffff"},
    schema=schema_of(ImageParams),
    prepare=prepare,
)
