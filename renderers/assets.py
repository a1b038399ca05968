"""Uploaded pictures: named in parameters as asset:NAME, decoded within bounds, fitted to a place."""

import io
import re
import struct
import zlib
from collections.abc import Mapping
from enum import StrEnum

from PIL import Image as Pictures
from PIL import ImageOps

from renderers.colour import Rgb
from renderers.model import Assets

PREFIX = "asset:"
NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
FORMATS = ("PNG", "JPEG", "GIF")
"""Without this list Pillow would try every format it knows, and run Ghostscript for one of them."""

MAX_PIXELS = 16_000_000
MAX_BYTES = 10 * 2**20

# Pillow looks at this when it opens a file, before any pixel: a 17.6 kB PNG took 722 MB under its own limit.
# It warns from here on and raises from twice as many; the warning is taken as the refusal it is below.
Pictures.MAX_IMAGE_PIXELS = MAX_PIXELS

# What Pillow's decoders raise on broken files, struct.error and zlib.error with it.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
    Pictures.DecompressionBombError,
    Pictures.DecompressionBombWarning,
)


class Fit(StrEnum):
    """How a picture takes a place of another shape, as CSS object-fit has it."""

    COVER = "cover"
    CONTAIN = "contain"
    STRETCH = "stretch"


class Undecodable(ValueError):
    """An asset that is no picture we take; the text says why."""


def assets_of(params: Mapping[str, object]) -> frozenset[str]:
    """The names used as `asset:NAME` anywhere in the parameters."""
    names = set()
    waiting: list[object] = [params]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += value.values()
        elif isinstance(value, (list, tuple)):
            waiting += value
        elif isinstance(value, str) and value.startswith(PREFIX):
            names.add(value.removeprefix(PREFIX))
    return frozenset(names)


def find(reference: str, assets: Assets) -> bytes:
    """The bytes behind `asset:NAME`. Raises Undecodable where nothing has that name."""
    name = reference.removeprefix(PREFIX)
    if name not in assets:
        raise Undecodable(f'there is no asset named "{name}": upload it first')
    return assets[name]


def decode(data: bytes) -> Pictures.Image:
    """The first frame as RGB or RGBA, upright. Raises Undecodable."""
    if len(data) > MAX_BYTES:
        raise Undecodable(f"the asset must be at most {MAX_BYTES // 2**20} MB")
    try:
        return _decoded(data)
    except Undecodable:
        raise
    except _BROKEN as wrong:
        raise Undecodable("the asset cannot be read as PNG, JPEG or GIF: upload it again") from wrong


def _decoded(data: bytes) -> Pictures.Image:
    with Pictures.open(io.BytesIO(data), formats=FORMATS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise Undecodable(f"the asset must have at most {MAX_PIXELS // 10**6} million pixels")
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        is_clear = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        return upright.convert("RGBA" if is_clear else "RGB")


def fitted(
    picture: Pictures.Image,
    size: tuple[int, int],
    how: Fit,
    ground: Rgb,
    *,
    focus: tuple[float, float] = (0.5, 0.5),
) -> Pictures.Image:
    """An opaque RGB picture of the size; what the picture leaves free shows the ground.

    `focus` is the point, as shares of width and height, that stays in sight where `COVER` cuts.
    """
    if how is Fit.CONTAIN:
        inner = ImageOps.contain(picture, size, Pictures.Resampling.LANCZOS)
    elif how is Fit.COVER:
        inner = ImageOps.fit(picture, size, Pictures.Resampling.LANCZOS, centering=focus)
    else:
        inner = picture.resize(size, Pictures.Resampling.LANCZOS)
    if inner.mode == "RGB" and inner.size == size:
        return inner
    full = Pictures.new("RGB", size, ground)
    at = ((size[0] - inner.width) // 2, (size[1] - inner.height) // 2)
    full.paste(inner.convert("RGB"), at, inner.getchannel("A") if inner.mode == "RGBA" else None)
    return full
