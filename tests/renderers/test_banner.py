"""The kind banner: a picture beside or behind words that can always be read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures

from renderers import Size
from renderers.colour import READABLE, SAND, TIDE, WHITE, contrast
from renderers.scrims import veiled
from tests.renderers.drawing import drawn, opened, refused
from tests.renderers.gallery import ANA

WIDE = Size(600, 240)
WORDS = {
    "label": "Summer sale",
    "headline": "The kiln is still warm",
    "text": "20% off until Friday.",
    "button": "See the new pots",
}


def picture(size: Size = WIDE, **params: object) -> Pictures.Image:
    return opened(drawn("banner", size=size, **{**WORDS, **params})).convert("RGB")


def test_the_picture_stands_where_reading_ends_and_turns_round_with_the_words() -> None:
    latin = picture(image="asset:photo", background="#ffffff")
    arabic = picture(image="asset:photo", background="#ffffff", headline="إبريق شاي")
    start = picture(image="asset:photo", background="#ffffff", place="start")

    assert (latin.getpixel((5, 5)), arabic.getpixel((595, 5)), start.getpixel((595, 5))) == (WHITE,) * 3
    assert all(
        found.getpixel(at) != WHITE for found, at in ((latin, (595, 5)), (arabic, (5, 5)), (start, (5, 5)))
    )


def test_a_standing_banner_has_its_picture_above_the_words() -> None:
    found = picture(size=Size(240, 400), image="asset:photo", background="#ffffff")

    assert found.getpixel((120, 10)) != WHITE
    assert found.getpixel((5, 395)) == WHITE


def test_a_button_is_sand_on_dark_and_teal_on_light() -> None:
    def has(colour: tuple[int, int, int], background: str) -> bool:
        return colour in {found for _, found in picture(background=background).getcolors(65536)}

    assert (has(SAND, "#0b2a3b"), has(TIDE, "#0b2a3b")) == (True, False)
    assert (has(SAND, "#f4f8f8"), has(TIDE, "#f4f8f8")) == (False, True)


@pytest.mark.parametrize("colour", [(255, 255, 255), (0x0B, 0x2A, 0x3B), (0xE9, 0xE2, 0xD3)])
@pytest.mark.parametrize("is_even", [True, False])
def test_words_on_any_picture_can_be_read_at_every_place(
    colour: tuple[int, int, int], *, is_even: bool
) -> None:
    squares = Pictures.new("RGB", (120, 48), WHITE)
    for at in range(0, 120, 24):
        squares.paste((0, 0, 0), (at, 0, at + 12, 48))

    under, worst = veiled(squares, (10, 5, 70, 43), colour, is_even=is_even)

    assert contrast(worst, colour) >= READABLE
    for x in range(12, 66):
        assert contrast(under.getpixel((x, 20)), colour) >= READABLE - 0.1


def test_a_veil_is_thinner_where_no_words_stand() -> None:
    white = Pictures.new("RGB", (200, 20), WHITE)

    under, _ = veiled(white, (0, 0, 100, 20), WHITE, is_even=False)
    other, _ = veiled(white, (100, 0, 200, 20), WHITE, is_even=False)

    assert under.getpixel((199, 10))[0] > under.getpixel((50, 10))[0] + 60
    assert other.getpixel((0, 10))[0] > other.getpixel((150, 10))[0] + 60


def test_the_words_of_a_dark_picture_need_no_veil() -> None:
    night = Pictures.new("RGB", (100, 20), (5, 5, 20))

    assert veiled(night, (0, 0, 50, 20), WHITE, is_even=True)[0].getpixel((10, 10)) == (5, 5, 20)


def test_what_has_no_room_is_left_out_and_the_headline_stays() -> None:
    low = Size(300, 60)

    assert picture(size=low).tobytes() == picture(size=low, label="", text="", button="").tobytes()
    assert picture(size=low).tobytes() != picture(size=low, headline="Another").tobytes()


def test_a_long_headline_leaves_the_picture_alone() -> None:
    short, long = (
        picture(image="asset:drawing", **told)
        for told in ({}, dict.fromkeys(("label", "headline", "text", "button"), ANA * 4))
    )

    beside = (345, 0, 600, 240)
    assert short.crop(beside).tobytes() == long.crop(beside).tobytes()


def test_a_wrong_banner_is_told_by_its_pointers() -> None:
    assert refused("banner", size=WIDE, image="asset:nowhere", headline="x") == {
        "/image": 'there is no asset named "nowhere": upload it first'
    }
    assert refused("banner", size=WIDE, place="above", align="right") == {
        "/headline": "is needed",
        "/place": "must be one of start, end, behind",
        "/align": "must be one of start, center",
    }


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(max_size=60), min_size=4, max_size=4),
    st.integers(120, 700),
    st.integers(60, 500),
    st.sampled_from(["start", "end", "behind"]),
    st.sampled_from([None, "asset:drawing"]),
)
def test_any_texts_are_drawn_at_any_size(
    texts: list[str], width: int, height: int, place: str, image: str | None
) -> None:
    told = dict(zip(WORDS, texts, strict=True)) | ({"image": image} if image else {})

    assert opened(drawn("banner", size=Size(width, height), place=place, **told)).size == (width, height)
