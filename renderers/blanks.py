"""Pictures of nothing: the pixel, and the transparent picture of a block that has none."""

import struct
from functools import lru_cache

from PIL import Image as Pictures

from renderers.encode import png
from renderers.model import Image, Size, check_size

# GIF89a, two colours, colour 0 transparent, one pixel of it.
PIXEL = Image(
    b"GIF89a"
    + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0)
    + bytes(3)
    + b"\xff\xff\xff"
    + b"\x21\xf9\x04\x01\x00\x00\x00\x00"
    + b"\x2c"
    + struct.pack("<HHHHB", 0, 0, 1, 1, 0)
    + b"\x02\x02\x44\x01\x00\x3b",
    "image/gif",
    1,
    1,
)


@lru_cache(maxsize=64)
def blank(size: Size | None = None) -> Image:
    """A transparent picture of the size; the 1x1 pixel without one. Raises BadParams for a size too large."""
    if size is None:
        return PIXEL
    check_size(size)
    empty = Pictures.new("P", size.bitmap, 0)
    empty.putpalette([255, 255, 255])
    empty.info["transparency"] = 0
    return png(empty)
