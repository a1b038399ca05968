"""The kind `image`: an uploaded picture, or one of another server, fitted to the block's size."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from renderers import gif
from renderers.assets import NAME, PREFIX, Fit, Undecodable, decode, find, fitted
from renderers.canvas import Photo
from renderers.colour import WHITE
from renderers.model import Assets, BadParams, CannotRender, Drawing, Image, Kind, ParamProblem, Size
from renderers.params import Colour, Params, check, one_of, schema_of, wrong

MAX_PASSED_BYTES = 2 * 2**20
MAX_PASSED_FRAMES = 300


_REMOTE = "https://"
_URL_MAX = 2_000


def _source(value: object) -> object:
    if isinstance(value, str) and value.startswith(_REMOTE) and len(value) <= _URL_MAX:
        return value
    if isinstance(value, str) and value.startswith(PREFIX) and NAME.fullmatch(value.removeprefix(PREFIX)):
        return value
    raise wrong(
        f"must be asset:NAME, the name of an uploaded picture, or an address that begins with {_REMOTE}"
    )


class ImageParams(Params):
    source: Annotated[
        str,
        BeforeValidator(_source),
        WithJsonSchema({"type": "string", "pattern": "^(asset:[A-Za-z0-9._-]{1,100}|https://.+)$"}),
    ]
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


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A picture of another server. Whoever fetched it compiles a design of its own, the file as an asset."""

    is_timed: bool = False
    held_bytes: int = 0

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:  # noqa: ARG002
        raise CannotRender("/source: a picture of another server is drawn when it was fetched")


def prepare(params: Mapping[str, object], size: Size, assets: Assets) -> Drawing:
    checked = check(ImageParams, params)
    if checked.source.startswith(_REMOTE):
        return Elsewhere()
    try:
        data = find(checked.source, assets)
        picture = decode(data)
    except Undecodable as fault:
        raise BadParams(ParamProblem("/source", str(fault))) from fault
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
    templatable={"/source": "https://img.shop.example/picture.png"},
    example={"source": "asset:hero", "fit": "cover", "background": "#ffffff"},
    schema=schema_of(ImageParams),
    prepare=prepare,
)
