"""The shipped faces: which one covers a character, and each opened at a size."""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont, features

FOLDER = Path(__file__).parent / "fonts"

LAYOUT = ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC
"""BASIC joins no Arabic letters and orders no Devanagari; Pillow's wheels carry RAQM."""


class Weight(StrEnum):
    REGULAR = "regular"
    SEMIBOLD = "semibold"
    BOLD = "bold"


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One font file and the code points it has, as ranges from `starts[i]` up to and with `ends[i]`.

    There is one object a file, so it is told from others by what it is: hashing its ranges would take long.
    """

    path: Path
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def covers(self, char: str) -> bool:
        at = bisect_right(self.starts, ord(char)) - 1
        return at >= 0 and ord(char) <= self.ends[at]


_REGULAR = (
    "NotoSansArabic-Regular",
    "NotoSansHebrew-Regular",
    "NotoSansDevanagari-Regular",
    "NotoSansThai-Regular",
)
_BOLD = tuple(name.replace("Regular", "Bold") for name in _REGULAR)
# DejaVu draws hearts, stars and arrows solid; it was cut so that no emoji of today is among its characters.
_LAST = ("DejaVuSans", "NotoEmoji-Medium")
_CHAINS = {
    Weight.REGULAR: ("Inter-Regular", *_REGULAR, *_LAST),
    Weight.SEMIBOLD: ("Inter-SemiBold", *_BOLD, *_LAST),
    Weight.BOLD: ("Inter-Bold", *_BOLD, *_LAST),
}


@lru_cache(maxsize=8192)
def covering(char: str, weight: Weight) -> Face | None:
    """The first face of the weight's chain that has the character, or None."""
    return next((face for face in chain(weight) if face.covers(char)), None)


@lru_cache(maxsize=8)
def chain(weight: Weight) -> tuple[Face, ...]:
    return tuple(_face(name) for name in _CHAINS[weight])


# A face costs 45 us to open and some 100 kB while it is open.
@lru_cache(maxsize=96)
def opened(face: Face, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face.path), size_px, layout_engine=LAYOUT)


@lru_cache(maxsize=32)
def _face(name: str) -> Face:
    path = FOLDER / f"{name}.ttf"
    ranges = _merged(sorted(_coverage(path.read_bytes())))
    return Face(path, tuple(start for start, _ in ranges), tuple(end for _, end in ranges))


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _coverage(font: bytes) -> Iterator[tuple[int, int]]:
    """Ranges of the widest Unicode subtable of `cmap`, formats 4 and 12 (OpenType 1.9, "cmap")."""
    cmap = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", cmap, 2)
    subtables = (struct.unpack_from(">HHL", cmap, 4 + 8 * at) for at in range(count))
    formats = {struct.unpack_from(">H", cmap, offset)[0]: offset for _, _, offset in subtables}
    if 12 in formats:
        at = formats[12]
        (groups,) = struct.unpack_from(">L", cmap, at + 12)
        for start, end, _ in struct.iter_unpack(">LLL", cmap[at + 16 : at + 16 + 12 * groups]):
            yield start, end
    else:
        at = formats[4]
        (segments_x2,) = struct.unpack_from(">H", cmap, at + 6)
        ends = struct.unpack_from(f">{segments_x2 // 2}H", cmap, at + 14)
        starts = struct.unpack_from(f">{segments_x2 // 2}H", cmap, at + 16 + segments_x2)
        yield from ((start, end) for start, end in zip(starts, ends, strict=True) if start != 0xFFFF)


def _table(font: bytes, tag: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", font, 4)
    for at in range(12, 12 + 16 * count, 16):
        name, _, offset, length = struct.unpack_from(">4sLLL", font, at)
        if name == tag:
            return font[offset : offset + length]
    raise ValueError(f"the font has no {tag.decode()} table")
