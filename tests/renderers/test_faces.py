"""Faces besides the shipped ones: of the extra, and of the operator's folder."""

import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers import faces
from renderers.faces import FOLDER, Weight, chain, covering
from renderers.han import Han, han_of
from renderers.installed import folders_of_packages, shelf
from renderers.runs import Asked, pieces
from renderers.sfnt import BadFont, describe, faces_in, ranges_of

needs_fonts = pytest.mark.skipif(
    not folders_of_packages(), reason="needs the faces of mailtide[fonts]: make test EXTRAS=fonts"
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    faces.look_in(None)


@pytest.mark.parametrize(
    ("line", "han"),
    [
        ("Tea for two", Han.NONE),
        ("🎉 emoji", Han.NONE),
        ("们在这里", Han.SIMPLIFIED),
        ("我們在這裡", Han.TRADITIONAL),
        ("直送のマグ", Han.JAPANESE),
        ("辻", Han.JAPANESE),
        ("直행 머그", Han.KOREAN),
        ("直", Han.SIMPLIFIED),
        ("（），", Han.SIMPLIFIED),
    ],
)
def test_a_line_of_ideographs_tells_its_language(line: str, han: Han) -> None:
    assert han_of(line) is han


@needs_fonts
@pytest.mark.parametrize(
    ("line", "family"),
    [
        ("们在这里", "Noto Sans CJK SC"),
        ("我們在這裡", "Noto Sans CJK TC"),
        ("直送のマグ", "Noto Sans CJK JP"),
        ("直행 머그", "Noto Sans CJK KR"),
        ("হাতে গড়া", "Noto Sans Bengali"),
        ("கையால்", "Noto Sans Tamil"),
    ],
)
def test_the_extra_draws_each_language_in_its_own_shapes_and_weight(line: str, family: str) -> None:
    for weight, number in ((Weight.REGULAR, 400), (Weight.BOLD, 700)):
        found = {(piece.face.name, piece.face.axes) for piece in pieces(line, Asked(weight), rtl=False)}

        assert found == {(family, (number,))}


@needs_fonts
def test_the_shipped_faces_stay_first() -> None:
    line = "Ana, 420 € مرحبا ♥ 🎉 日本"

    names = {piece.face.name for piece in pieces(line, Asked(Weight.REGULAR), rtl=False)}

    assert names == {
        "Inter-Regular", "NotoSansArabic-Regular", "DejaVuSans", "NotoEmoji-Medium", "Noto Sans CJK SC",
    }  # fmt: skip


def test_the_operators_folder_is_asked_after_the_shipped_faces(folder: Path) -> None:
    shutil.copy(FOLDER / "NotoSansThai-Bold.ttf", folder / "mine.ttf")
    (folder / "deeper").mkdir()
    shutil.copy(FOLDER / "NotoSansThai-Regular.ttf", folder / "deeper" / "mine.ttf")

    faces.look_in(folder)

    names = [face.name for face in chain(Weight.BOLD)]
    assert names.index("NotoSansThai-Bold") < names.index("Noto Sans Thai")
    bold = next(face for face in chain(Weight.BOLD) if face.name == "Noto Sans Thai")
    assert bold.source == folder / "mine.ttf"
    found = covering("ส", Weight.BOLD)
    assert found is not None
    assert found.name == "NotoSansThai-Bold"


def test_files_that_are_no_fonts_are_told_and_left_out(tmp_path: Path) -> None:
    whole = (FOLDER / "NotoSansHebrew-Bold.ttf").read_bytes()
    (tmp_path / "a.ttf").write_bytes(b"")
    (tmp_path / "b.otf").write_bytes(whole[:300])
    (tmp_path / "c.ttc").write_bytes(b"ttcf" + b"\xff" * 40)
    (tmp_path / "d.ttf").write_bytes(whole)
    (tmp_path / "readme.txt").write_text("no font")

    found = shelf((tmp_path,))

    assert [path.name for path, _ in found.unread] == ["a.ttf", "b.otf", "c.ttc"]
    assert [family.name for family in found.families] == ["Noto Sans Hebrew"]


@given(st.integers(0, 3000), st.binary(min_size=1, max_size=40))
def test_a_damaged_font_raises_nothing_else_than_bad_font(at: int, noise: bytes) -> None:
    whole = (FOLDER / "NotoSansHebrew-Bold.ttf").read_bytes()
    try:
        for face in faces_in(whole[:at] + noise + whole[at + len(noise) :]):
            describe(face)
            ranges_of(face)
    except BadFont:
        pass


def test_a_font_that_says_it_has_very_much_takes_no_time() -> None:
    cmap = struct.pack(">HHHHL", 0, 1, 3, 10, 12) + struct.pack(">HHLLL", 12, 0, 16, 0, 2**32 - 1)
    head = b"\0\1\0\0" + struct.pack(">HHHH", 1, 0, 0, 0) + struct.pack(">4sLLL", b"cmap", 0, 28, 2**32 - 1)

    [face] = faces_in(head + cmap)

    assert list(ranges_of(face).starts) == []
