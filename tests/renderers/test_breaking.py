"""Lines break where a reader of their script expects it."""

import pytest

from renderers.breaking import broken, words_of
from renderers.layout import Fit, fit
from renderers.shaping import PLAIN


def parts(text: str) -> list[str]:
    return [word.text for word in words_of(text, PLAIN, rtl=False)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10\u00a0% off", ["10\u00a0%", "off"]),
        ("12\u202f000\u00a0€ now", ["12\u202f000\u00a0€", "now"]),
        ("a  b\u2003c\u2009d", ["a", "b", "c", "d"]),
        ("well-known 10-5 e\u2011mail", ["well-", "known", "10-5", "e\u2011mail"]),
        ("漢\u00a0字", ["漢\u00a0字"]),
    ],
)
def test_spaces_break_a_line_but_those_that_hold_together(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("夏が来た。", ["夏", "が", "来", "た。"]),
        ("「海」と（山）", ["「海」", "と", "（山）"]),
        ("ちょっと", ["ちょっ", "と"]),
        ("コーヒー々", ["コー", "ヒー々"]),
        ("￥500円", ["￥500", "円"]),
        ("さあ！行こう…", ["さ", "あ！", "行", "こ", "う…"]),
        ("iPhone用", ["iPhone", "用"]),
        ("안녕하세요 여러분", ["안녕하세요", "여러분"]),
        ("か\u3099く", ["か\u3099", "く"]),
    ],
)
def test_ideographs_part_but_keep_their_signs(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


def test_thai_breaks_before_a_vowel_that_begins_a_syllable() -> None:
    assert parts("พี่เขาไปโรงเรียน") == ["พี่", "เขา", "ไป", "โรง", "เรียน"]


def test_a_family_of_joined_emoji_and_a_tone_stay_whole() -> None:
    assert parts("👨\u200d👩\u200d👧👍\U0001f3fd") == ["👨\u200d👩\u200d👧", "👍\U0001f3fd"]


@pytest.mark.parametrize(
    ("text", "has_hyphen"), [("Donaudampfschiff", True), ("सुस्वागतम्सुस्वागतम्", False), ("กกกกกกกกกกกก", False)]
)
def test_only_scripts_that_know_a_hyphen_get_one(text: str, has_hyphen: bool) -> None:
    [word] = words_of(text, PLAIN, rtl=False)

    pieces = [part.text for part in broken(word, word.width / 3, PLAIN, rtl=False)]

    assert len(pieces) > 1
    assert all(piece.endswith("-") is has_hyphen for piece in pieces[:-1])
    assert "".join(piece.removesuffix("-") for piece in pieces) == text


def test_a_price_is_not_parted_from_its_sign() -> None:
    within = Fit(width_px=160, height_px=200, max_px=40, min_px=40)

    lines = fit("Only 1\u00a0200\u00a0€ today", within).lines

    assert "1\u00a0200\u00a0€" in lines
