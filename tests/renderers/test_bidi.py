"""Lines of mixed directions are seen in the order of the Unicode bidirectional algorithm."""

import pytest

from renderers.bidi import is_rtl, visual_runs

_MIRRORED = str.maketrans("()", ")(")  # as HarfBuzz turns brackets round in a run from the right


def seen(text: str, *, rtl: bool) -> str:
    """The line as a row of characters from left to right."""
    runs = visual_runs(text, rtl=rtl)
    return "".join(_seen(text[run.start : run.end], rtl=run.is_rtl) for run in runs)


def _seen(part: str, *, rtl: bool) -> str:
    return part[::-1].translate(_MIRRORED) if rtl else part


@pytest.mark.parametrize(
    ("text", "rtl", "expected"),
    [
        ("abc def", False, "abc def"),
        ("אבג דהו", True, "והד גבא"),
        ("abc אבג def", False, "abc גבא def"),
        ("אבג abc דהו", True, "והד abc גבא"),
        ("אבג 123 דהו", True, "והד 123 גבא"),
        ("abc אבג 123", False, "abc 123 גבא"),
        ("אבג 12.50 €", True, "€ 12.50 גבא"),
        ("אבג 12.50€", True, "12.50€ גבא"),
        ("٢٤٫٠٠ €", True, "€ ٢٤٫٠٠"),
        ("אבג, דהו.", True, ".והד ,גבא"),
        ("אבג (abc) דהו", True, "והד (abc) גבא"),
        ("abc, אבג!", False, "abc, גבא!"),
        ("אבג  ", False, "גבא  "),
        ("1-2 אבג", True, "גבא 1-2"),
        ("", True, ""),
    ],
)
def test_a_line_is_seen_in_reading_order(text: str, rtl: bool, expected: str) -> None:
    assert seen(text, rtl=rtl) == expected


def test_no_character_is_lost_or_doubled() -> None:
    text = "a1 אب٣, (x) - ש! 5%"

    for rtl in (False, True):
        assert sorted(seen(text, rtl=rtl)) == sorted(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("abc אבג", False), ("אבג abc", True), ("123 أب", True), ("123", False), ("", False)],
)
def test_the_first_letter_gives_a_text_its_direction(text: str, expected: bool) -> None:
    assert is_rtl(text) is expected


def test_a_text_of_numbers_takes_the_direction_around_it() -> None:
    assert is_rtl("12.50 €", otherwise=True)
