"""The kind chart: lists out of one text, round marks, and something sensible for any numbers."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers import CannotRender, Size
from renderers.colour import TIDE
from renderers.readings import Data
from renderers.series import marks, parts_of, read_numbers, shares
from tests.renderers.drawing import drawn, inked, opened, refused

WIDE = Size(400, 200)
FINITE = st.floats(-1e12, 1e12)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12, 5, 8", [12, 5, 8]),
        ("12;5,5;8.25", [12, 5.5, 8.25]),
        ("[12, 5]", [12, 5]),
        ('["12","5"]', [12, 5]),
        ("12,5,", [12, 5]),
        ("-3", [-3]),
        ("٣،", None),
    ],
)
def test_a_list_is_read_as_templates_write_it(text: str, numbers: list[float] | None) -> None:
    if numbers is None:
        with pytest.raises(ValueError, match="must be a number"):
            read_numbers(text)
    else:
        assert read_numbers(text) == numbers


def test_labels_are_parted_like_numbers() -> None:
    assert parts_of(" Jan, Feb ,,Apr") == ["Jan", "Feb", "", "Apr"]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 52, [0, 20, 40, 60]),
        (-10, 39, [-20, 0, 20, 40]),
        (0, 1, [0, 0.25, 0.5, 0.75, 1]),
        (7, 7, [2, 4, 6, 8, 10, 12]),
        (0, 5e-324, [-1, -0.5, 0, 0.5, 1]),
    ],
)
def test_marks_are_round(low: float, high: float, expected: list[float]) -> None:
    assert marks(low, high) == pytest.approx(expected)


@given(FINITE, FINITE, st.integers(1, 4))
def test_marks_enclose_what_is_shown(one: float, other: float, most: int) -> None:
    low, high = sorted((one, other))

    found = marks(low, high, most=most)

    tiny = (high - low) * 1e-6 + abs(high) * 1e-9
    assert found[0] <= low + tiny
    assert found[-1] >= high - tiny
    assert 2 <= len(found) <= most + 3
    assert found == sorted(set(found))


@given(st.lists(st.floats(0, 1e12), min_size=1, max_size=6).filter(lambda values: sum(values) > 0))
def test_percentages_add_up_to_a_hundred(values: list[float]) -> None:
    found = shares(values)

    assert sum(found) == 100
    assert all(
        abs(share - value / math.fsum(values) * 100) < 1 for share, value in zip(found, values, strict=True)
    )


def test_a_minus_stands_before_the_unit_and_a_zero_has_none() -> None:
    data = Data(values=[], labels=[], prefix="€", suffix=" p.m.")

    assert [data.say(value) for value in (-25, 0, -1e-9, 1250.5)] == [
        "−€25 p.m.",
        "€0 p.m.",
        "€0 p.m.",
        "€1,250.5 p.m.",
    ]


def test_values_beside_a_long_one_are_short_too() -> None:
    data = Data(values=[8_765, 98_765, 145_000, 3_260_000], labels=[])

    assert [data.say(value) for value in data.values] == ["8,765", "98.8k", "145k", "3.3M"]


def test_small_values_keep_their_first_figures() -> None:
    data = Data(values=[0.0012], labels=[])

    assert [data.say(value) for value in (0.0012, 0.05, 0.5, 12.345, 0)] == [
        "0.0012",
        "0.05",
        "0.5",
        "12.35",
        "0",
    ]


@pytest.mark.parametrize(
    ("ticks", "told"),
    [
        ([1_350_000, 1_400_000, 1_450_000], ["1.35M", "1.4M", "1.45M"]),
        ([900_000, 1_000_000], ["900k", "1M"]),
        ([0.001, 0.00125, 0.0015], ["0.001", "0.00125", "0.0015"]),
        ([-20, 0, 20], ["−20", "0", "20"]),
        ([0, 2.5, 5], ["0", "2.5", "5"]),
    ],
)
def test_marks_are_said_as_they_are(ticks: list[float], told: list[str]) -> None:
    assert Data(values=ticks, labels=[]).say_all(ticks) == told


def test_a_bar_is_as_high_as_its_value() -> None:
    def high(values: str) -> int:
        picture = opened(drawn("chart", size=WIDE, numbers=values)).convert("RGB")
        return sum(1 for y in range(200) if picture.getpixel((113, y)) == TIDE)

    assert high("50,100") == pytest.approx(high("100,100") / 2, abs=2)


def test_negative_bars_hang_from_zero() -> None:
    up, down = (
        opened(drawn("chart", size=WIDE, numbers=values)).convert("RGB") for values in ("10,-10", "-10,10")
    )

    first = [{y for y in range(200) if picture.getpixel((113, y)) == TIDE} for picture in (up, down)]
    assert max(first[0]) < min(first[1]) + 3


@pytest.mark.parametrize("style", ["bar", "line", "sparkline", "donut"])
def test_no_numbers_are_told_in_words(style: str) -> None:
    nothing = {"/numbers": " "}

    image = drawn("chart", size=WIDE, values=nothing, numbers="{{ x }}", style=style, empty="No orders yet")

    assert image == drawn("chart", size=WIDE, numbers="", style="bar", empty="No orders yet")


def test_a_donut_of_nothing_is_told_in_words() -> None:
    assert drawn("chart", size=WIDE, numbers="0,0", style="donut") == drawn("chart", size=WIDE, numbers="")


@pytest.mark.parametrize("style", ["bar", "line", "sparkline", "donut"])
@pytest.mark.parametrize("values", ["7", "0", "0,0,0", "5,5,5", "9999999999,1", ",".join(["3"] * 6)])
@pytest.mark.parametrize("size", [Size(120, 40), Size(600, 220), Size(200, 300, 2)])
def test_any_numbers_make_a_picture(style: str, values: str, size: Size) -> None:
    image = drawn("chart", size=size, numbers=values, style=style, title="T", labels="a,b")

    assert inked(opened(image)) is not None


@settings(max_examples=60, deadline=None)
@given(st.lists(FINITE, min_size=1, max_size=30), st.sampled_from(["bar", "line", "sparkline"]))
def test_any_list_makes_a_picture(values: list[float], style: str) -> None:
    text = ",".join(f"{value:f}" for value in values)

    image = drawn("chart", size=WIDE, numbers=text, style=style, labels="a,b,c")

    assert opened(image).size == (400, 200)


def test_the_last_of_many_values_are_shown() -> None:
    many = ",".join(str(at % 7) for at in range(30))
    last = ",".join(str(at % 7) for at in range(6, 30))

    names = ",".join(f"n{at}" for at in range(30))
    cut = ",".join(f"n{at}" for at in range(6, 30))

    assert drawn("chart", size=WIDE, numbers=many, labels=names) == drawn(
        "chart", size=WIDE, numbers=last, labels=cut
    )


def test_labels_read_from_the_right_turn_the_chart_round() -> None:
    latin, hebrew = (
        opened(drawn("chart", size=WIDE, numbers="1,9", labels=labels)).convert("RGB")
        for labels in ("a,b", "א,ב")
    )

    columns = [
        [sum(1 for y in range(200) if picture.getpixel((x, y)) == TIDE) for x in (113, 290)]
        for picture in (latin, hebrew)
    ]
    assert columns[0] == columns[1][::-1]


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"numbers": "1,x"}, "/numbers"),
        ({"numbers": "1,,2"}, "/numbers"),
        ({"numbers": [1, 2]}, "/numbers"),
        ({"numbers": "1,-2", "style": "donut"}, "/numbers"),
        ({"numbers": "1,2,3,4,5,6,7", "style": "donut"}, "/numbers"),
        ({"numbers": "1", "style": "pie"}, "/style"),
        ({"numbers": "1", "prefix": "x" * 9}, "/prefix"),
    ],
)
def test_what_makes_no_chart_is_refused(params: dict[str, object], pointer: str) -> None:
    assert set(refused("chart", size=WIDE, **params)) == {pointer}
    if pointer == "/numbers" and isinstance(params["numbers"], str):
        with pytest.raises(CannotRender, match=r"^/numbers: "):
            drawn("chart", size=WIDE, values={pointer: params["numbers"]}, **{**params, "numbers": "{{ x }}"})
