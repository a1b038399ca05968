"""The kind stock: the words of the number, and nothing where there are none."""

import pytest

from renderers import CannotRender, Size, blank
from renderers.colour import READABLE, contrast
from tests.renderers.drawing import drawn, opened, refused

LOW = Size(240, 44)
LEVELS = [
    {"at_most": 0, "text": "Gone", "tone": "gone"},
    {"at_most": 5, "text": "Only {n} left"},
    {"at_most": 20, "text": "{n} left", "tone": "wait"},
]


def said(text: str, tone: str = "stop") -> object:
    """The picture of a level with this text for every number."""
    return drawn("stock", size=LOW, count=1, levels=[{"at_most": 1, "text": text, "tone": tone}])


@pytest.mark.parametrize(
    ("count", "text", "tone"),
    [
        ("0", "Gone", "gone"),
        ("-4", "Gone", "gone"),
        ("1", "Only 1 left", "stop"),
        ("5", "Only 5 left", "stop"),
        ("5.9", "Only 5 left", "stop"),
        ("6", "6 left", "wait"),
        ("20", "20 left", "wait"),
    ],
)
def test_the_first_level_that_holds_the_number_speaks(count: str, text: str, tone: str) -> None:
    image = drawn("stock", size=LOW, values={"/count": count}, count="{{ x }}", levels=LEVELS)

    assert image == said(text, tone)


def test_above_the_last_level_the_other_words_stand() -> None:
    plenty = drawn("stock", size=LOW, count=1_234_567, levels=LEVELS, otherwise="{n} in stock")

    assert plenty == said("1,234,567 in stock", "go")


@pytest.mark.parametrize("count", [0, 21])
def test_no_words_are_a_transparent_picture(count: int) -> None:
    levels = [{"at_most": 0, "text": " "}, *LEVELS[1:]]

    assert drawn("stock", size=LOW, count=count, levels=levels, otherwise="") == blank(LOW)


def test_the_words_of_a_level_may_be_templates() -> None:
    levels = [{"at_most": 5, "text": "{{ customer.first_name }}, only {n} left"}]

    image = drawn("stock", size=LOW, values={"/levels/0/text": "Ana, only {n} left"}, count=3, levels=levels)

    assert image == said("Ana, only 3 left")


@pytest.mark.parametrize("background", ["#ffffff", "#0b2a3b", "#e9e2d3"])
@pytest.mark.parametrize("tone", ["gone", "stop", "wait", "go"])
def test_the_words_can_be_read_on_their_tint(background: str, tone: str) -> None:
    levels = [{"at_most": 9, "text": "M" * 8, "tone": tone}]

    picture = opened(drawn("stock", size=LOW, count=1, levels=levels, background=background)).convert("RGB")

    tint = picture.getpixel((20, 6))
    strongest = max(
        contrast(colour, tint) for _, colour in picture.crop((40, 10, 120, 34)).getcolors(1000) or ()
    )
    assert strongest >= READABLE


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"count": "few"}, "/count"),
        ({"levels": [LEVELS[1], LEVELS[0]]}, "/levels"),
        ({"levels": [LEVELS[1], LEVELS[1]]}, "/levels"),
        ({"levels": [{"at_most": at, "text": "x"} for at in range(7)]}, "/levels"),
        ({"levels": [{"at_most": -1, "text": "x"}]}, "/levels/0/at_most"),
        ({"levels": [{"at_most": 1, "text": "x", "tone": "red"}]}, "/levels/0/tone"),
        ({"levels": [{"at_most": 1}]}, "/levels/0/text"),
        ({"levels": "many"}, "/levels"),
    ],
)
def test_levels_that_say_nothing_are_refused(params: dict[str, object], pointer: str) -> None:
    assert set(refused("stock", size=LOW, **{"count": 1, **params})) == {pointer}


@pytest.mark.parametrize("count", ["", "nan", "some"])
def test_a_count_that_is_no_number_cannot_be_drawn(count: str) -> None:
    with pytest.raises(CannotRender, match=r"^/count: "):
        drawn("stock", size=LOW, values={"/count": count}, count="{{ x }}")
