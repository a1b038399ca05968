"""Palette PNGs, written for speed: no filter, whole rows, as few bits a pixel as the colours need.

Pillow's encoder spends ten times as long on the same pixels: its zlib is the system's. Format: PNG, third
edition (W3C 2025).
"""

import struct
import zlib
from collections.abc import Sequence
from itertools import chain

from isal import isal_zlib
from PIL import Image as Pictures

from renderers.colour import Rgb
from renderers.model import Image

_LEVEL = 1  # higher ones take five times as long and flat pictures get larger by them
_PALETTE = 3  # colour type
_NO_FILTER = b"\x00"


def encode(indices: Pictures.Image, palette: Sequence[Rgb]) -> Image:
    """Palette indices, an "L" picture, as a file; at most 256 colours."""
    width, height = indices.size
    depth = next(bits for bits in (1, 2, 4, 8) if len(palette) <= 1 << bits)
    header = struct.pack(">LLBBBBB", width, height, depth, _PALETTE, 0, 0, 0)
    colours = bytes(chain.from_iterable(palette))
    lines = isal_zlib.compress(_lines(indices, depth), _LEVEL)
    chunks = ((b"IHDR", header), (b"PLTE", colours), (b"IDAT", lines), (b"IEND", b""))
    data = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, held) for name, held in chunks)
    return Image(data, "image/png", width, height)


def _lines(indices: Pictures.Image, depth: int) -> bytes:
    """Rows, each in whole bytes and behind its filter."""
    width, height = indices.size
    if depth == 8:
        # A column of zeros to the left is every row's filter already.
        return indices.crop((-1, 0, width, height)).tobytes()
    paletted = indices.copy()
    paletted.putpalette(bytes(3))
    rows = paletted.tobytes("raw", f"P;{depth}")
    length = (width * depth + 7) // 8
    starts = range(0, length * height, length)
    return _NO_FILTER + _NO_FILTER.join([rows[start : start + length] for start in starts])


def _chunk(name: bytes, held: bytes) -> bytes:
    return struct.pack(">L", len(held)) + name + held + struct.pack(">L", zlib.crc32(name + held))
