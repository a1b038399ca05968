"""Bitmaps of one bit a pixel: modules to rows, and rows to the smallest PNG."""

import struct
import zlib
from collections.abc import Sequence

from renderers.colour import Rgb
from renderers.model import Image

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def widened(modules: Sequence[int], pixels: int) -> int:
    """A row of modules, each so many pixels wide, as the bits of one number; the first is the highest."""
    dark, row = (1 << pixels) - 1, 0
    for module in modules:
        row = row << pixels | (dark if module else 0)
    return row


def png(rows: Sequence[tuple[int, int]], size: tuple[int, int], light: Rgb, dark: Rgb) -> Image:
    """A PNG of two colours from runs of equal rows: each row's bits, and how many times it stands there."""
    width, height = size
    length = -(-width // 8)
    spare = 8 * length - width
    lines = b"".join((b"\0" + (row << spare).to_bytes(length, "big")) * times for row, times in rows)
    header = struct.pack(">LLBBBBB", width, height, 1, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", bytes((*light, *dark))), (b"IDAT", zlib.compress(lines, 6)))
    chunks = b"".join(_chunk(name, data) for name, data in (*parts, (b"IEND", b"")))
    return Image(_SIGNATURE + chunks, "image/png", width, height)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))
