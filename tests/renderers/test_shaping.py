"""Texts are cleaned, and every character finds a face."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.faces import FOLDER, LAYOUT, Weight, chain, covering
from renderers.runs import MISSING, Asked, mixed_pieces, pieces, plain
from renderers.shaping import MAX_TEXT_CHARS, PLAIN, Style, clean, draw, width


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\tb", "a b"),
        ("\u202eabc\u2066\ufeff\u00ad", "abc"),
        ("❤\ufe0f 1\ufe0f\u20e3 👍\U0001f3fd", "❤ 1 👍"),
        ("e\u0301", "é"),
        ("\ud800x", MISSING + "x"),
        ("x" + "\u0301\u0300\u0302\u0303\u0304\u0306\u0307" * 20, "x\u0301\u0300\u0302\u0303"),
        ("نم\u200cایش", "نم\u200cایش"),
    ],
)
def test_only_what_can_be_seen_is_kept(text: str, expected: str) -> None:
    assert clean(text) == clean(expected)


def test_a_text_without_end_is_cut_with_an_ellipsis() -> None:
    cleaned = clean("x" * 1_000_000)

    assert (len(cleaned), cleaned[-2:]) == (MAX_TEXT_CHARS, "x…")


@pytest.mark.parametrize(
    ("char", "face"),
    [
        ("A", "Inter-Regular"),
        ("ß", "Inter-Regular"),
        ("Ω", "Inter-Regular"),
        ("Я", "Inter-Regular"),
        ("7", "Inter-Regular"),
        ("€", "Inter-Regular"),
        ("م", "NotoSansArabic-Regular"),
        ("٣", "NotoSansArabic-Regular"),
        ("ש", "NotoSansHebrew-Regular"),
        ("न", "NotoSansDevanagari-Regular"),
        ("ส", "NotoSansThai-Regular"),
        ("♥", "DejaVuSans"),
        ("🎉", "NotoEmoji-Medium"),
    ],
)
def test_a_character_is_drawn_by_the_first_face_that_has_it(char: str, face: str) -> None:
    found = covering(char, Weight.REGULAR)

    assert found is not None
    assert found.name == face


def test_every_weight_has_every_script() -> None:
    for weight in Weight:
        assert all(covering(char, weight) for char in "AΩЯ€7مשनส♥🎉→" + MISSING)


def test_every_shipped_face_has_its_licence_beside_it() -> None:
    licences = {path.name.split("-")[0] for path in FOLDER.glob("*.txt")}

    for face in FOLDER.glob("*.ttf"):
        assert any(face.name.startswith(licence) for licence in licences), face.name


def test_a_character_without_a_face_is_drawn_as_a_box() -> None:
    [piece] = pieces("𓀀𓁐", Asked(Weight.REGULAR), rtl=False)

    assert piece.text == MISSING * 2


def test_marks_and_spaces_stay_with_the_letters_before_them() -> None:
    runs = pieces("سلام عليكم", Asked(Weight.REGULAR), rtl=True)

    assert [piece.text for piece in runs] == ["سلام عليكم"]


def test_a_line_of_several_scripts_is_split_by_face_and_direction() -> None:
    runs = pieces("مرحبا Ana 5", Asked(Weight.REGULAR), rtl=True)

    assert [(piece.face.name, piece.is_rtl) for piece in runs] == [
        ("Inter-Regular", False),
        ("NotoSansArabic-Regular", True),
    ]


LETTERS = [*sorted(plain(chain(Weight.BOLD)[0])), *" .-\u0301\u00adא☀م७"]


@given(st.text(st.sampled_from(LETTERS), max_size=20))
def test_a_plain_line_has_the_pieces_that_looking_at_each_character_gives(line: str) -> None:
    assert pieces(line, Asked(Weight.BOLD), rtl=False) == mixed_pieces(line, Asked(Weight.BOLD), rtl=False)


def test_arabic_letters_join() -> None:
    assert LAYOUT == 1, "RAQM"

    joined, apart = (width(text, 64, PLAIN, rtl=True) for text in ("ههه", "ه\u200cه\u200cه"))

    assert joined != apart


def test_tabular_figures_have_one_width() -> None:
    widths = {width(digit, 40, Style(is_tabular=True), rtl=False) for digit in "0123456789"}

    assert len(widths) == 1


def test_a_drawn_line_starts_at_its_origin_and_has_its_width() -> None:
    mask = draw("Hamburg", 20, PLAIN, rtl=False)

    left, _, right, bottom = mask.picture.getbbox() or (0, 0, 0, 0)
    assert abs(left - mask.left_px - 20 * 0.1) <= 2
    assert abs(right - mask.left_px - width("Hamburg", 20, PLAIN, rtl=False)) <= 2
    assert mask.baseline_px <= bottom <= mask.baseline_px + 6
