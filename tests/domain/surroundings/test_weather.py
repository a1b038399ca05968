"""Cells, and what of a provider's answer is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.surroundings.weather import cell_of, coordinates, read_weather

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("told", "cell"),
    [
        ([{"latitude": 48.8566, "longitude": 2.3522}], "48.9,2.4"),
        ([{"latitude": -0.01, "longitude": 0.04}], "0.0,0.0"),
        ([{"latitude": -33.87, "longitude": 151}], "-33.9,151.0"),
        ([None, {"latitude": 1, "longitude": 2}], "1.0,2.0"),
        ([{"latitude": 91, "longitude": 2}, {"latitude": 1, "longitude": 2}], "1.0,2.0"),
        ([{"latitude": True, "longitude": 2}], None),
        ([{"latitude": float("nan"), "longitude": 2}], None),
        ([{"latitude": "48", "longitude": "2"}], None),
        ([{}], None),
        ([], None),
    ],
)
def test_a_place_lies_in_a_cell_of_a_tenth_of_a_degree(told: list[object], cell: str | None) -> None:
    assert cell_of(*told) == cell


def test_a_cell_says_where_it_is() -> None:
    assert coordinates("-33.9,151.0") == (-33.9, 151.0)


def test_what_a_provider_says_is_read_with_a_word_for_it() -> None:
    answer = {"time": "2026-11-20T09:00", "temperature_2m": 7.4, "weather_code": 61, "is_day": 1, "other": 1}

    assert read_weather(answer) == {
        "temperature_2m": 7.4,
        "weather_code": 61,
        "is_day": 1,
        "condition": "rain",
    }


@pytest.mark.parametrize(
    ("code", "condition"),
    [
        (0, "clear"), (2, "partly_cloudy"), (3, "cloudy"), (48, "fog"), (55, "drizzle"), (82, "rain"),
        (75, "snow"), (96, "thunderstorm"), (42, None), ("0", None), (True, None),
    ],
)  # fmt: skip
def test_codes_have_words(code: object, condition: str | None) -> None:
    assert read_weather({"weather_code": code}).get("condition") == condition


@given(JSON)
def test_of_anything_else_nothing_is_read(answer: object) -> None:
    assert isinstance(read_weather(answer), dict)
    assert isinstance(cell_of(answer, answer), str | None)
