"""What becomes of an uploaded font, and which are refused."""

import io
from collections.abc import Callable
from contextlib import suppress

import pytest
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables import ttProgram
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.flows.cleaning import fonts
from app.flows.cleaning.cleaned import Unfit
from app.flows.cleaning.fonts import clean, is_font
from app.flows.normalising import Unusable, normalise
from renderers.faces import FOLDER
from renderers.installed import folders_of_packages
from tests.renderers.fonts import blocks, saved, shipped


def changed(change: Callable[[TTFont], None], data: bytes | None = None) -> bytes:
    font = TTFont(io.BytesIO(data or blocks()))
    change(font)
    return saved(font)


def read(content: bytes) -> TTFont:
    return TTFont(io.BytesIO(content))


@pytest.mark.parametrize("flavor", [None, "woff", "woff2"])
def test_a_font_comes_back_plain_whatever_it_was_packed_in(flavor: str | None) -> None:
    plain = normalise(shipped("Inter-Regular", "Hallo Ωя 123", flavor), is_font_taken=True)

    assert (plain.mimetype, plain.width, plain.height) == ("font/ttf", 0, 0)
    assert set(map(chr, read(plain.content).getBestCmap())) == set("Hallo Ωя 123")
    assert plain.changes[-1] == "rebuilt with 10 characters and without hinting"
    assert ("unpacked" in plain.changes) is (flavor is not None)


def test_the_same_font_comes_back_the_same_however_often_it_is_sent() -> None:
    once = clean(blocks()).content

    assert clean(once).content == once


def test_programs_pictures_and_what_nobody_knows_are_left_out() -> None:
    def burden(font: TTFont) -> None:
        for tag in ("fpgm", "prep"):
            font[tag] = table = newTable(tag)
            table.program = ttProgram.Program()
            table.program.fromBytecode(b"\xb0\x00\x1c\xb0\x00")
        font["EVIL"] = table = newTable("EVIL")
        table.data = b"x" * 1000

    kept = read(clean(changed(burden)).content)

    assert not {"fpgm", "prep", "EVIL", "DSIG"} & set(kept.keys())


def test_a_variable_font_keeps_its_axes() -> None:
    if not folders_of_packages():
        pytest.skip("needs the faces of mailtide[fonts]: make test EXTRAS=fonts")
    data = (folders_of_packages()[0] / "NotoSansHebrew[wght].ttf").read_bytes()

    kept = read(clean(data).content)

    assert [axis.axisTag for axis in kept["fvar"].axes] == ["wght"]


def test_a_font_whose_maker_restricts_embedding_is_taken_with_a_word_on_it() -> None:
    def restrict(font: TTFont) -> None:
        font["OS/2"].fsType = 2

    assert clean(changed(restrict)).changes[-1].startswith("its maker restricts embedding")


def widen(font: TTFont) -> None:
    font["hmtx"].metrics["c41"] = (60_000, 0)


def raise_up(font: TTFont) -> None:
    for point in range(len(font["glyf"]["c41"].coordinates)):
        font["glyf"]["c41"].coordinates[point] = (0, 30_000 * (point % 2))


def without_characters(font: TTFont) -> None:
    for table in font["cmap"].tables:
        table.cmap = {}


def without_outlines(font: TTFont) -> None:
    del font["glyf"]
    del font["loca"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"ttcf" + b"\0" * 100, "is a collection of fonts"),
        (b"\0\1\0\0", "is no font that can be read"),
        (blocks()[:400], "is no font that can be read"),
        (b"wOF2" + blocks()[4:], "unpacked|is no font that can be read"),
        (b"wOFF" + b"\0" * 12 + b"\xff" * 4, "has more than 32 MB unpacked"),
        (blocks(em=16, wide=16, high=12), "has 16 units an em"),
        (changed(widen), "more than 16 em wide"),
        (changed(raise_up), "4 em high"),
        (changed(without_characters), "has no characters"),
        (changed(without_outlines), "has pictures in place of outlines"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_cannot_be_used_is_refused_with_a_sentence(data: bytes, told: str) -> None:
    with pytest.raises(Unfit, match=told):
        clean(data)


def test_a_font_of_more_than_2_mb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "KEPT_BYTES", 500)

    with pytest.raises(Unfit, match="at most are kept"):
        clean(blocks())


def test_a_file_that_takes_no_fonts_says_it_is_no_picture() -> None:
    with pytest.raises(Unusable, match="is no picture"):
        normalise(blocks())


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2000), st.binary(min_size=1, max_size=30))
def test_damage_is_refused_or_mended_and_never_a_crash(at: int, noise: bytes) -> None:
    whole = (FOLDER / "NotoSansHebrew-Bold.ttf").read_bytes()
    data = whole[:4] + whole[4 : 4 + at] + noise + whole[4 + at + len(noise) :]
    assert is_font(data)
    with suppress(Unfit):
        clean(data)
