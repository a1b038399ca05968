"""Font files as they lie on disk (OpenType 1.9): their tables, characters, names and weights.

Everything here raises BadFont for files that are not built as they should be, and nothing else.
"""

import struct
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MAGICS = (b"\0\1\0\0", b"OTTO", b"true", b"ttcf")

_TABLES_MAX = 100
_AXES_MAX = 16
_COLLECTION_MAX = 64
_TABLE_BYTES = 4 * 2**20
_RANGES_MAX = 100_000
_WINDOWS, _ENGLISH = 3, 0x409
_FAMILY, _TYPOGRAPHIC_FAMILY = 1, 16


class BadFont(ValueError):
    """A file that is no font, or not one that can be read here; the text says why."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """Code points from `starts[i]` up to and with `ends[i]`, in rising order."""

    starts: Sequence[int]
    ends: Sequence[int]


@dataclass(frozen=True, slots=True)
class Axis:
    """What can be varied of a variable face, in the axis' own units; `wght` is its weight."""

    tag: bytes
    least: float
    usual: float
    most: float


@dataclass(frozen=True, slots=True)
class Description:
    """What a face says of itself. `strike_px` is the size of its only bitmaps, 0 for outlines."""

    family: str
    weight: int
    axes: tuple["Axis", ...]
    is_italic: bool
    is_colour: bool
    strike_px: int


@dataclass(frozen=True, slots=True, eq=False)
class Sfnt:
    """One face of a file: where its tables lie in it."""

    source: Path | bytes
    places: Mapping[bytes, tuple[int, int]]

    def has(self, tag: bytes) -> bool:
        return tag in self.places

    def table(self, tag: bytes) -> bytes:
        if tag not in self.places:
            raise BadFont(f"it has no {tag.decode('ascii', 'replace')} table")
        return _read(self.source, *self.places[tag])


def faces_in(source: Path | bytes) -> list[Sfnt]:
    """The faces of a file: one, or those of a collection."""
    try:
        if _read(source, 0, 4) != b"ttcf":
            return [_face(source, 0)]
        (count,) = struct.unpack(">L", _read(source, 8, 4))
        offsets = _read(source, 12, 4 * min(count, _COLLECTION_MAX))
        return [_face(source, at) for (at,) in struct.iter_unpack(">L", offsets)]
    except (struct.error, OSError) as wrong:
        raise BadFont("it is damaged or cut short") from wrong


def ranges_of(face: Sfnt) -> Ranges:
    """The characters that the widest Unicode subtable of `cmap` has, formats 4 and 12."""
    try:
        return _merged(sorted(_coverage(face.table(b"cmap"))))
    except (struct.error, ValueError) as wrong:
        raise BadFont("its cmap table cannot be read") from wrong


def describe(face: Sfnt) -> Description:
    """Its name, weight and sort."""
    try:
        os2 = face.table(b"OS/2")
        (weight,) = struct.unpack_from(">H", os2, 4)
        (selection,) = struct.unpack_from(">H", os2, 62)
        return Description(
            family=_family(face.table(b"name")),
            weight=weight,
            axes=tuple(_axes(face.table(b"fvar"))) if face.has(b"fvar") else (),
            is_italic=bool(selection & 1),
            is_colour=face.has(b"CBDT") or _has_layers(face),
            strike_px=_strike(face.table(b"CBLC")) if face.has(b"CBLC") else 0,
        )
    except struct.error as wrong:
        raise BadFont("its tables are shorter than they say") from wrong


def _read(source: Path | bytes, offset: int, length: int) -> bytes:
    if isinstance(source, bytes):
        return source[offset : offset + length]
    with source.open("rb") as file:
        file.seek(offset)
        return file.read(length)


def _face(source: Path | bytes, at: int) -> Sfnt:
    magic, count = struct.unpack(">4sH", _read(source, at, 6))
    if magic not in MAGICS or count > _TABLES_MAX:
        raise BadFont("it is no TrueType or OpenType font")
    records = struct.iter_unpack(">4sLLL", _read(source, at + 12, 16 * count))
    return Sfnt(source, {tag: (offset, min(length, _TABLE_BYTES)) for tag, _, offset, length in records})


def _merged(ranges: list[tuple[int, int]]) -> Ranges:
    starts, ends = array("I"), array("I")
    for start, end in ranges:
        if ends and start <= ends[-1] + 1:
            ends[-1] = max(end, ends[-1])
        else:
            starts.append(start)
            ends.append(end)
    return Ranges(starts, ends)


def _coverage(cmap: bytes) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", cmap, 2)
    subtables = [struct.unpack_from(">HHL", cmap, 4 + 8 * at) for at in range(min(count, _TABLES_MAX))]
    formats = {struct.unpack_from(">H", cmap, offset)[0]: offset for _, _, offset in subtables}
    if 12 in formats:
        at = formats[12]
        (groups,) = struct.unpack_from(">L", cmap, at + 12)
        for start, end, _ in struct.iter_unpack(
            ">LLL", cmap[at + 16 : at + 16 + 12 * min(groups, _RANGES_MAX)]
        ):
            yield start, min(end, 0x10FFFF)
    elif 4 in formats:
        at = formats[4]
        (segments_x2,) = struct.unpack_from(">H", cmap, at + 6)
        ends = struct.unpack_from(f">{segments_x2 // 2}H", cmap, at + 14)
        starts = struct.unpack_from(f">{segments_x2 // 2}H", cmap, at + 16 + segments_x2)
        yield from ((start, end) for start, end in zip(starts, ends, strict=True) if start != 0xFFFF)
    else:
        raise BadFont("its cmap table has no Unicode characters")


def _family(name: bytes) -> str:
    """The typographic family, or the plain one; empty where neither is told in English."""
    _, count, strings = struct.unpack_from(">HHH", name)
    told: dict[int, str] = {}
    for platform, _, language, number, length, offset in struct.iter_unpack(
        ">HHHHHH", name[6 : 6 + 12 * min(count, 1000)]
    ):
        if platform == _WINDOWS and language == _ENGLISH and number in (_FAMILY, _TYPOGRAPHIC_FAMILY):
            start = strings + offset
            told[number] = name[start : start + length].decode("utf-16-be", "replace")
    return told.get(_TYPOGRAPHIC_FAMILY) or told.get(_FAMILY, "")


def _axes(fvar: bytes) -> Iterator[Axis]:
    axes_at, _, count, length = struct.unpack_from(">HHHH", fvar, 4)
    for at in range(axes_at, axes_at + min(count, _AXES_MAX) * length, max(length, 20)):
        tag, *bounds = struct.unpack_from(">4slll", fvar, at)
        yield Axis(tag, *(bound / 65536 for bound in bounds))


def _has_layers(face: Sfnt) -> bool:
    """Coloured outlines of version 0; Pillow draws no gradients of version 1."""
    if not face.has(b"COLR"):
        return False
    version, glyphs = struct.unpack_from(">HH", face.table(b"COLR"))
    return bool(version == 0 and glyphs)


def _strike(cblc: bytes) -> int:
    sizes = struct.unpack_from(">L", cblc, 4)[0]
    return max((cblc[8 + 48 * at + 45] for at in range(min(sizes, 16))), default=0)
