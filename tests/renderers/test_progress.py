"""The kind progress: full when it is reached and not before, whatever the numbers are."""

import pytest

from renderers import CannotRender, Size
from renderers.colour import TIDE
from renderers.gauges import percent
from tests.renderers.drawing import drawn, opened, refused

LOW = Size(400, 60)


def tide(value: object, **params: object) -> int:
    """How many pixels are of the accent."""
    whole = {"target": 100, "caption": "", **params}
    picture = opened(drawn("progress", size=LOW, value=value, **whole)).convert("RGB")
    return sum(count for count, colour in picture.getcolors(1000) or () if colour == TIDE)


@pytest.mark.parametrize("style", ["bar", "ring", "stamps"])
def test_more_is_longer(style: str) -> None:
    target = 8 if style == "stamps" else 100
    shares = (0, 0.3, 0.7, 1)

    filled = [tide(round(share * target), target=target, style=style) for share in shares]

    assert filled == sorted(set(filled))


@pytest.mark.parametrize("style", ["bar", "ring", "stamps"])
def test_less_than_nothing_is_nothing_and_more_than_all_is_all(style: str) -> None:
    target = 8 if style == "stamps" else 100

    assert tide(-5, target=target, style=style) == tide(0, target=target, style=style)
    assert tide(10**10, target=target, style=style) == tide(target, target=target, style=style)


def test_a_bar_begins_with_a_whole_dot() -> None:
    assert tide(0) == 0 < tide(0.001) == tide(0.5)


@pytest.mark.parametrize(
    ("value", "told"),
    [(0, "0%"), (-3, "0%"), (99.99, "99%"), (100, "100%"), (250, "250%"), (10**9, "1,000,000,000%")],
)
def test_a_percentage_is_not_whole_before_it_is_reached(value: float, told: str) -> None:
    assert percent(value, 100) == told


def test_a_customer_without_a_value_has_nothing_yet() -> None:
    values = {"/value": " "}

    assert drawn("progress", size=LOW, values=values, value="{{ x }}", target=10) == drawn(
        "progress", size=LOW, value=0, target=10
    )


def test_numbers_stand_in_label_and_caption() -> None:
    said = drawn(
        "progress", size=LOW, value="1,250", target="2000", label="{left} left", caption="{percent}: {value}"
    )

    assert said == drawn(
        "progress", size=LOW, value=1250, target=2000, label="750 left", caption="62%: 1,250"
    )


def test_words_read_from_the_right_fill_the_bar_from_the_right() -> None:
    latin, hebrew = (
        opened(drawn("progress", size=LOW, value=30, target=100, label=label)).convert("RGB")
        for label in ("Points", "נקודות")
    )

    lowest = next(y for y in range(59, 0, -1) if latin.getpixel((60, y)) == TIDE)
    assert latin.getpixel((60, lowest)) == hebrew.getpixel((340, lowest)) == TIDE
    assert hebrew.getpixel((60, lowest)) == latin.getpixel((340, lowest)) != TIDE


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"value": "many"}, "/value"),
        ({"value": ""}, "/value"),
        ({"value": float("nan")}, "/value"),
        ({"value": True}, "/value"),
        ({"value": [1]}, "/value"),
        ({"value": 10**13}, "/value"),
        ({"target": 0}, "/target"),
        ({"target": -1}, "/target"),
        ({"target": 2.5, "style": "stamps"}, "/target"),
        ({"target": 21, "style": "stamps"}, "/target"),
        ({"label": "x" * 401}, "/label"),
    ],
)
def test_numbers_that_say_nothing_are_refused(params: dict[str, object], pointer: str) -> None:
    assert set(refused("progress", size=LOW, **{"value": 1, "target": 10, **params})) == {pointer}


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"/value": "many", "/target": "10"}, "/value"),
        ({"/value": "nan", "/target": "10"}, "/value"),
        ({"/value": "1", "/target": ""}, "/target"),
        ({"/value": "1", "/target": "0"}, "/target"),
        ({"/value": "1", "/target": "1000"}, "/target"),
    ],
)
def test_values_that_say_nothing_cannot_be_drawn(values: dict[str, str], pointer: str) -> None:
    with pytest.raises(CannotRender, match=f"^{pointer}: "):
        drawn("progress", size=LOW, values=values, value="{{ x }}", target="{{ y }}", style="stamps")
