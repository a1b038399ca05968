"""The kind rating: stars filled by the value, and single answers that can be linked."""

import pytest

from renderers import CannotRender, Size
from renderers.colour import TIDE, WHITE, contrast
from renderers.kinds.rating import GOLD
from renderers.looks import VISIBLE
from tests.renderers.drawing import drawn, opened, refused

LOW, CELL = Size(400, 60), Size(48, 48)


def gold(value: object, **params: object) -> int:
    """How many pixels are of the stars' colour."""
    picture = opened(drawn("rating", size=LOW, value=value, **{"caption": "", **params})).convert("RGB")
    return sum(count for count, colour in picture.getcolors(1000) or () if colour == GOLD)


def test_stars_are_filled_by_parts() -> None:
    filled = [gold(value) for value in (0, 0.5, 1, 2.3, 4.6, 5)]

    assert filled == sorted(set(filled))
    assert filled[-1] == pytest.approx(5 * filled[2], rel=0.01)


def test_a_value_outside_the_scale_fills_none_or_all() -> None:
    assert gold(-3) == gold(0) == 0
    assert gold(10**10) == gold(5)
    assert gold(10**10, out_of=10) == gold(10, out_of=10) > gold(5, out_of=10)


def test_words_read_from_the_right_fill_the_stars_from_the_right() -> None:
    latin, arabic = (
        opened(drawn("rating", size=LOW, value=1, caption=caption)).convert("RGB")
        for caption in ("ok", "جيد")
    )

    columns = [
        {x for x in range(400) for y in range(60) if p.getpixel((x, y)) == GOLD} for p in (latin, arabic)
    ]
    assert max(columns[0]) < 200 < min(columns[1])


def test_the_caption_has_the_numbers() -> None:
    assert drawn("rating", size=LOW, value="4.60", caption="{value} of {of}") == drawn(
        "rating", size=LOW, value=4.6, caption="4.6 of 5"
    )


def test_stars_are_seen_on_white() -> None:
    assert contrast(GOLD, WHITE) >= VISIBLE


@pytest.mark.parametrize("position", range(11))
def test_the_answer_that_was_given_is_filled_and_no_other(position: int) -> None:
    fills = [
        opened(drawn("rating", size=CELL, style="number", position=position, value=given))
        .convert("RGB")
        .getpixel((8, 8))
        for given in (position, (position + 1) % 11)
    ]

    assert fills[0] == TIDE != fills[1]


def test_an_answer_not_given_yet_is_a_plain_cell() -> None:
    values = {"/value": ""}

    none = drawn("rating", size=CELL, values=values, style="number", position=3, value="{{ customer.nps }}")

    assert none == drawn("rating", size=CELL, style="number", position=3)


def test_a_star_is_filled_up_to_the_answer() -> None:
    three, four, five = (
        drawn("rating", size=CELL, style="star", position=position, value=4) for position in (3, 4, 5)
    )

    assert three == four != five


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({}, "/value"),
        ({"value": "good"}, "/value"),
        ({"value": 4, "out_of": 2}, "/out_of"),
        ({"style": "number"}, "/position"),
        ({"style": "number", "position": 11}, "/position"),
        ({"style": "star", "position": 0}, "/position"),
        ({"style": "star", "position": 6}, "/position"),
    ],
)
def test_a_scale_that_says_nothing_is_refused(params: dict[str, object], pointer: str) -> None:
    assert set(refused("rating", size=CELL, **params)) == {pointer}


@pytest.mark.parametrize("value", ["", "nan", "inf", "four"])
def test_stars_without_a_number_cannot_be_drawn(value: str) -> None:
    with pytest.raises(CannotRender, match=r"^/value: "):
        drawn("rating", size=LOW, values={"/value": value}, value="{{ x }}")


@pytest.mark.parametrize("background", ["#ffffff", "#0b2a3b", "#e9e2d3"])
def test_a_star_that_is_not_given_yet_can_be_seen(background: str) -> None:
    picture = opened(drawn("rating", size=CELL, style="star", position=5, background=background)).convert(
        "RGB"
    )

    ground = picture.getpixel((0, 0))
    assert max(contrast(colour, ground) for _, colour in picture.getcolors(1000) or ()) >= VISIBLE
