"""Numbers out of templates: what is read, and what is refused in a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.numbers import read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("420", 420),
        (" 420 ", 420),
        ("0", 0),
        ("-3", -3),
        ("−3.5", -3.5),
        ("+7", 7),
        (".5", 0.5),
        ("1,250.50", 1250.5),
        ("1,250", 1250),
        ("1,250,000", 1_250_000),
        ("1,5", 1.5),
        ("1 250,5", 1250.5),
        ("1\u202f250", 1250),
        ("1'250.25", 1250.25),
        ("٤٢٠", 420),
        ("١٬٢٥٠٫٥", 1250.5),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, number: float) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text", ["", " ", "nan", "inf", "1e5", "4,2,1", "12 34", "0x10", "four", "--1", "1.2.3", "9" * 30, "€5"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="such as 420"):
        read_number(text)


@given(st.text(max_size=80))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        number = read_number(text)
    except ValueError:
        return
    assert abs(number) <= 10**12
