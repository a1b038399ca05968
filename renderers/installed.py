"""Faces besides the shipped ones: of the extra `mailtide[fonts]`, and of the operator's folder."""

import importlib.util
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from renderers.han import Han
from renderers.sfnt import BadFont, Description, Sfnt, describe, faces_in

PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
"""What `mailtide[fonts]` installs: Noto Sans of many scripts, and Noto Sans CJK, in all weights."""

FILES_MAX = 500
_ENDINGS = (".ttf", ".otf", ".ttc", ".otc")
_HAN = re.compile(r"\b(?:CJK|Sans|Serif|Han)\b.*\b(SC|TC|JP|KR)\b")
_HAN_OF: dict[str, Han] = {han.value: han for han in Han if han}


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A face on disk, one object each; `number` is its place in a collection."""

    path: Path
    number: int
    sfnt: Sfnt
    told: Description

    @property
    def han(self) -> Han:
        """Whose ideographs it draws."""
        match = _HAN.search(self.told.family)
        return _HAN_OF[match[1]] if match else Han.NONE


@dataclass(frozen=True, slots=True)
class Family:
    """Faces of one name, told apart by their weights."""

    name: str
    han: Han
    faces: tuple[Found, ...]

    def nearest(self, weight: int) -> Found:
        return min(self.faces, key=lambda face: (_distance(face.told, weight), face.path.name))


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is there: families folder by folder in the order of their names; files not read, with why."""

    families: tuple[Family, ...]
    emoji: Found | None
    """The first face of coloured emoji."""
    unread: tuple[tuple[Path, str], ...]


def folders_of_packages() -> list[Path]:
    """The folders of the extra's packages, found without importing them."""
    specs = (importlib.util.find_spec(name) for name in PACKAGES)
    return [Path(spec.origin).parent for spec in specs if spec is not None and spec.origin]


@lru_cache(maxsize=4)
def shelf(folders: tuple[Path, ...]) -> Shelf:
    """Every upright face below the folders; what was there when it was first asked for."""
    families: dict[tuple[int, str], list[Found]] = defaultdict(list)
    unread: list[tuple[Path, str]] = []
    emoji: Found | None = None
    for place, path in _files(folders):
        try:
            found = list(_faces(path))
        except BadFont as wrong:
            unread.append((path, str(wrong)))
            continue
        for face in found:
            if face.told.is_colour:
                emoji = emoji or face
            elif not face.told.is_italic and not face.told.strike_px:
                families[place, face.told.family or path.stem].append(face)
    return Shelf(
        tuple(Family(name, faces[0].han, tuple(faces)) for (_, name), faces in sorted(families.items())),
        emoji,
        tuple(unread),
    )


def _files(folders: Iterable[Path]) -> Iterator[tuple[int, Path]]:
    for place, folder in enumerate(folders):
        fonts = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _ENDINGS)
        yield from ((place, path) for path in fonts[:FILES_MAX])


def _faces(path: Path) -> Iterator[Found]:
    for number, sfnt in enumerate(faces_in(path)):
        told = describe(sfnt)
        try:
            ImageFont.truetype(path, told.strike_px or 16, index=number)
        except OSError as wrong:
            raise BadFont(f"it cannot be opened: {wrong}") from wrong
        yield Found(path, number, sfnt, told)


def _distance(told: Description, weight: int) -> float:
    axis = next((axis for axis in told.axes if axis.tag == b"wght"), None)
    if axis is None:
        return abs(told.weight - weight)
    return max(axis.least - weight, weight - axis.most, 0)
