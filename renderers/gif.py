"""GIF files, assembled from blocks: one global palette, pictures of rectangles, delays, a loop.

A picture encoded once is bytes that fit into any later file with the same palette. Format: GIF89a (CompuServe
1990).
"""

import struct
from dataclasses import dataclass

from PIL import Image as Pictures

from renderers.colour import Rgb

TRAILER = b"\x3b"
LOOP_FOREVER = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"

_KEEP = 1 << 2  # disposal: what is drawn stays, so that the next rectangle changes only itself
_NO_COLOURS = b"\x00"


def bits_for(colours: int) -> int:
    """Bits a pixel for so many colours, as the header and the compressed data want them: 2 to 8."""
    return max(2, (max(colours, 1) - 1).bit_length())


def header(size: tuple[int, int], palette: list[Rgb]) -> bytes:
    """The start of a file: its size and its global palette, at most 256 colours."""
    bits = bits_for(len(palette))
    return b"GIF89a" + struct.pack("<HHBBB", *size, 0x80 | 0x70 | (bits - 1), 0, 0) + _table(palette, bits)


def control(centiseconds: int, unchanged: int | None = None) -> bytes:
    """The control block before a picture, always of one length: how long it is shown, and which index of it
    leaves what lies below.
    """
    is_clear = unchanged is not None
    return struct.pack("<BBBBHBB", 0x21, 0xF9, 4, _KEEP | is_clear, centiseconds, unchanged or 0, 0)


CONTROL_LENGTH = 8


def rectangle(
    indices: Pictures.Image, at: tuple[int, int], bits: int, palette: list[Rgb] | None = None
) -> bytes:
    """One picture block of palette indices (an "L" picture), its top left at `at`; of colours of its own
    where a palette is given.
    """
    flags, table = (0, b"") if palette is None else (0x80 | (bits - 1), _table(palette, bits))
    place = struct.pack("<BHHHHB", 0x2C, *at, *indices.size, flags)
    return place + table + bytes([bits]) + _framed(indices, bits) + b"\x00"


def compressed(indices: Pictures.Image, bits: int) -> bytes:
    """Pillow's codes for palette indices, out of their frames of at most 255 bytes."""
    framed = _framed(indices, bits)
    parts, at = [], 0
    while at < len(framed):
        parts.append(framed[at + 1 : at + 1 + framed[at]])
        at += 1 + framed[at]
    return b"".join(parts)


def _framed(indices: Pictures.Image, bits: int) -> bytes:
    return indices.tobytes("gif", "L", bits, 0)


def picture(size: tuple[int, int], at: tuple[int, int], bits: int, codes: bytes) -> bytes:
    """One picture block of pixels that are compressed already."""
    parts = [struct.pack("<BHHHHBB", 0x2C, *at, *size, 0, bits)]
    whole = len(codes) // 255 * 255
    for start in range(0, whole, 255):
        parts += (b"\xff", codes[start : start + 255])
    if rest := codes[whole:]:
        parts += (bytes((len(rest),)), rest)
    parts.append(b"\x00")
    return b"".join(parts)


@dataclass(frozen=True, slots=True)
class Outline:
    """What a GIF file holds: its size, its frames, and its bytes without what may stand after them."""

    size: tuple[int, int]
    frames: int
    data: bytes


def outline(data: bytes) -> Outline:
    """Walks a file's blocks without decoding a pixel. Raises ValueError where it is not a whole GIF."""
    try:
        return _walked(data)
    except (struct.error, IndexError) as wrong:
        raise ValueError("the GIF ends early") from wrong


def _walked(data: bytes) -> Outline:
    magic, width, height, flags = struct.unpack_from("<6sHHB", data)
    if magic not in (b"GIF87a", b"GIF89a"):
        raise ValueError("not a GIF")
    at = 13 + _table_length(flags)
    frames = 0
    while data[at] != TRAILER[0]:
        if data[at] == 0x21:
            at = _after_blocks(data, at + 2)
        elif data[at] == 0x2C:
            left, top, wide, high, flags = struct.unpack_from("<HHHHB", data, at + 1)
            if left + wide > width or top + high > height:
                raise ValueError("a frame lies outside the picture")
            frames += 1
            at = _after_blocks(data, at + 11 + _table_length(flags))
        else:
            raise ValueError("not a block of a GIF")
    return Outline((width, height), frames, data[: at + 1])


def _table(palette: list[Rgb], bits: int) -> bytes:
    return bytes(part for colour in palette for part in colour).ljust(3 << bits, b"\x00")


def _table_length(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1
