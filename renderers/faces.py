"""The faces: which one covers a character, and each opened at a size.

The shipped ones come first, so that a picture without other scripts looks the same wherever it is drawn;
then those of the operator's folder and of the extra `mailtide[fonts]`.
"""

import io
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont, features

from renderers.han import Han
from renderers.installed import Family, Found, Shelf, folders_of_packages, shelf
from renderers.sfnt import Axis, Ranges, faces_in, ranges_of

FOLDER = Path(__file__).parent / "fonts"

LAYOUT = ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC
"""BASIC joins no Arabic letters and orders no Devanagari; Pillow's wheels carry RAQM."""


class Weight(StrEnum):
    REGULAR = "regular"
    SEMIBOLD = "semibold"
    BOLD = "bold"


OF_WEIGHT = {Weight.REGULAR: 400, Weight.SEMIBOLD: 600, Weight.BOLD: 700}
"""As fonts number them."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face of a font, and of a variable one its place on each axis.

    There is one object a face, so it is told from others by what it is: hashing its bytes would take long.
    """

    name: str
    source: Path | bytes
    number: int = 0
    axes: tuple[float, ...] = ()
    scale: float = 1.0
    """So many times the asked size is drawn, so that letters of another build keep within their line."""
    strike_px: int = 0
    is_colour: bool = False

    def covers(self, char: str) -> bool:
        ranges = _ranges(self)
        at = bisect_right(ranges.starts, ord(char)) - 1
        return at >= 0 and ord(char) <= ranges.ends[at]


_REGULAR = (
    "NotoSansArabic-Regular",
    "NotoSansHebrew-Regular",
    "NotoSansDevanagari-Regular",
    "NotoSansThai-Regular",
)
_BOLD = tuple(name.replace("Regular", "Bold") for name in _REGULAR)
_LETTERS = {
    Weight.REGULAR: ("Inter-Regular", *_REGULAR),
    Weight.SEMIBOLD: ("Inter-SemiBold", *_BOLD),
    Weight.BOLD: ("Inter-Bold", *_BOLD),
}
# DejaVu draws hearts, stars and arrows solid; it was cut so that no emoji of today is among its characters.
_SIGNS = ("DejaVuSans", "NotoEmoji-Medium")

_folders: list[Path] = []


def look_in(folder: Path | None) -> None:
    """Takes the operator's faces from a folder. Said once, before anything is drawn."""
    _folders[:] = [folder] if folder is not None else []
    for kept in (covering, chain, emoji_face):
        kept.cache_clear()


def on_shelf() -> Shelf:
    """What there is besides the shipped faces."""
    return shelf((*_folders, *folders_of_packages()))


@lru_cache(maxsize=8192)
def covering(char: str, weight: Weight, han: Han = Han.NONE) -> Face | None:
    """The first face of the weight's chain that has the character, or None."""
    return next((face for face in chain(weight, han) if face.covers(char)), None)


@lru_cache(maxsize=32)
def chain(weight: Weight, han: Han = Han.NONE) -> tuple[Face, ...]:
    """The faces in the order they are asked in, for a line in one of the languages of ideographs or none."""
    families = on_shelf().families
    first = [family for family in families if han and family.han is han]
    rest = sorted((family for family in families if family not in first), key=_rank)
    return (
        *(_shipped(name) for name in (*_LETTERS[weight], *_SIGNS)),
        *(_of_family(family, weight) for family in (*first, *rest)),
    )


@lru_cache(maxsize=1)
def emoji_face() -> Face | None:
    """The face of coloured emoji, where there is one."""
    found = on_shelf().emoji
    return _stored(found, ()) if found is not None else None


# A face costs 45 us to open and some 100 kB while it is open.
@lru_cache(maxsize=96)
def opened(face: Face, size_px: int) -> ImageFont.FreeTypeFont:
    source = face.source if isinstance(face.source, Path) else io.BytesIO(face.source)
    font = ImageFont.truetype(source, size_px * face.scale, index=face.number, layout_engine=LAYOUT)
    if face.axes:
        font.set_variation_by_axes(list(face.axes))
    return font


def axes_at(axes: tuple[Axis, ...], weight: int) -> tuple[float, ...]:
    """The place on each axis: as near to the weight as it goes, and as usual on all others."""
    return tuple(
        max(axis.least, min(weight, axis.most)) if axis.tag == b"wght" else axis.usual for axis in axes
    )


def _rank(family: Family) -> int:
    """Ideographs come last, and of those the order of `Han`: simplified Chinese before the others."""
    return list(Han).index(family.han)


def _of_family(family: Family, weight: Weight) -> Face:
    found = family.nearest(OF_WEIGHT[weight])
    return _stored(found, axes_at(found.told.axes, OF_WEIGHT[weight]))


@lru_cache(maxsize=32)
def _shipped(name: str) -> Face:
    return Face(name, FOLDER / f"{name}.ttf")


@lru_cache(maxsize=512)
def _stored(found: Found, axes: tuple[float, ...]) -> Face:
    told = found.told
    return Face(
        told.family, found.path, found.number, axes, strike_px=told.strike_px, is_colour=told.is_colour
    )


# Not at start: most of the characters are found before most of the faces are asked.
@lru_cache(maxsize=512)
def _ranges(face: Face) -> Ranges:
    return ranges_of(faces_in(face.source)[face.number])
