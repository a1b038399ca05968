"""The kind weather: every sky has its icon, its words and colours that can be read."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures

from renderers import CannotRender, Size
from renderers import compile as compile_design
from renderers.colour import READABLE, contrast, readable_on
from renderers.icons import icon
from renderers.skies import Sky, read_sky, sky_colours
from tests.renderers.drawing import drawn, opened, refused
from tests.renderers.gallery import NOW

WIDE = Size(600, 180)


def picture(size: Size = WIDE, **params: object) -> Pictures.Image:
    return opened(drawn("weather", size=size, **{"condition": "clear", **params})).convert("RGB")


@pytest.mark.parametrize(
    ("text", "sky"),
    [
        ("0", Sky.CLEAR),
        ("2", Sky.PARTLY_CLOUDY),
        ("3", Sky.CLOUDY),
        ("48", Sky.FOG),
        ("55", Sky.RAIN),
        ("65", Sky.RAIN),
        ("77", Sky.SNOW),
        ("81", Sky.SHOWERS),
        ("95", Sky.THUNDER),
        ("Partly cloudy", Sky.PARTLY_CLOUDY),
        (" partly_cloudy ", Sky.PARTLY_CLOUDY),
        ("PARTLY-CLOUDY", Sky.PARTLY_CLOUDY),
        ("thunderstorm", Sky.THUNDER),
        ("Windy", Sky.WIND),
    ],
)
def test_a_word_or_a_code_names_a_sky(text: str, sky: Sky) -> None:
    assert read_sky(text) is sky


@pytest.mark.parametrize("text", ["", "4", "100", "raining cats", "-1", "²"])
def test_another_word_names_none(text: str) -> None:
    with pytest.raises(ValueError, match="WMO weather code or one of clear"):
        read_sky(text)


def test_all_icons_differ_and_stay_inside_their_square() -> None:
    drawings = {}
    for sky, is_day in itertools.product(Sky, (True, False)):
        whole = Pictures.new("L", (96, 96), 0)
        for _, mask in icon(sky, 96, is_day=is_day):
            assert mask.size == (96, 96)
            whole.paste(255, (0, 0), mask)
        assert whole.crop((0, 0, 96, 1)).getextrema() == whole.crop((0, 95, 96, 96)).getextrema() == (0, 0)
        assert whole.crop((0, 0, 1, 96)).getextrema() == whole.crop((95, 0, 96, 96)).getextrema() == (0, 0)
        drawings[sky, is_day] = whole.tobytes()

    assert len({drawings[sky, True] for sky in Sky}) == len(Sky)
    by_light = {sky for sky in Sky if drawings[sky, True] != drawings[sky, False]}
    assert by_light == {Sky.CLEAR, Sky.PARTLY_CLOUDY, Sky.SHOWERS}


@pytest.mark.parametrize("is_day", [True, False])
@pytest.mark.parametrize("sky", Sky)
def test_words_are_read_on_every_part_of_every_sky(sky: Sky, *, is_day: bool) -> None:
    top, foot = sky_colours(sky, is_day=is_day)
    words = readable_on(tuple((a + b) // 2 for a, b in zip(top, foot, strict=True)))  # type: ignore[arg-type]

    assert min(contrast(words, top), contrast(words, foot)) >= READABLE


@pytest.mark.parametrize(
    ("given_in", "unit", "temperature", "same"),
    [
        ("celsius", "", "21.4", "21"),
        ("celsius", "fahrenheit", "20", "68"),
        ("fahrenheit", "C", "68", "20"),
        ("celsius", "°F", "-40", "-40"),
        ("celsius", "c", "-0.3", "0"),
        ("celsius", "", "−3", "-3"),
    ],
)
def test_a_temperature_is_told_in_the_readers_degrees(
    given_in: str, unit: str, temperature: str, same: str
) -> None:
    shown = "fahrenheit" if unit.strip("°").lower().startswith("f") else "celsius"

    one = picture(given_in=given_in, unit=unit, temperature=temperature)

    assert one.tobytes() == picture(given_in=shown, temperature=same).tobytes()


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/condition", "frogs"),
        ("/temperature", "warm"),
        ("/temperature", "NaN"),
        ("/temperature", "1000000000"),
        ("/unit", "kelvin"),
        ("/is_day", "dusk"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(pointer: str, value: str) -> None:
    params = {"condition": "{{ a }}", "temperature": "{{ b }}", "unit": "{{ c }}", "is_day": "{{ d }}"}
    values = {"/condition": "3", "/temperature": "20", "/unit": "", "/is_day": "1", pointer: value}

    with pytest.raises(CannotRender, match=f"^{pointer}: must "):
        drawn("weather", size=WIDE, values=values, **params)
    assert pointer in refused("weather", size=WIDE, **{"condition": "3", pointer[1:]: value})


def test_without_a_temperature_the_words_move_up_to_the_icon() -> None:
    assert picture().tobytes() == picture(temperature="").tobytes() != picture(temperature="0").tobytes()


def test_names_are_those_of_the_reader() -> None:
    german = picture(names={"clear": "Klar"})

    assert german.tobytes() != picture().tobytes()
    assert german.tobytes() == picture(names={"clear": "Klar", "rain": "Regen"}).tobytes()


def test_words_read_from_the_right_turn_the_picture_round() -> None:
    latin, arabic = picture(text="Tea"), picture(text="شاي")

    sun = (0xFF, 0xC9, 0x4D)
    assert latin.getpixel((87, 90)) == arabic.getpixel((512, 90)) == sun


def test_a_sky_drawn_before_another_is_the_same_after_it() -> None:
    params = {"condition": "{{ x }}", "place": "Lisbon"}
    alone = [drawn("weather", size=WIDE, values={"/condition": sky}, **params) for sky in Sky]

    design = compile_design("weather", params, size=WIDE)
    again = [design.render({"/condition": sky}, now=NOW) for _ in "ab" for sky in Sky]

    assert again == alone * 2


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([sky.value for sky in Sky]),
    st.text(max_size=80),
    st.text(max_size=80),
    st.integers(80, 700),
    st.integers(60, 400),
)
def test_any_words_are_drawn_at_any_size(
    condition: str, place: str, text: str, width: int, height: int
) -> None:
    size = Size(width, height)

    assert (
        picture(size=size, condition=condition, place=place, text=text, temperature="-12").size == size.bitmap
    )
