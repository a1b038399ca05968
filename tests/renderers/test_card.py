"""The kind card: its parts have their places, for every way of reading and every length."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers import Size
from renderers.colour import READABLE, TIDE, WHITE, contrast, readable_on
from renderers.product import arrange
from tests.renderers.drawing import drawn, opened, refused
from tests.renderers.gallery import ANA, SALE

LYING = Size(600, 200)


def test_a_card_without_a_picture_is_a_small_png() -> None:
    image = drawn("card", size=LYING, **SALE)

    assert image.mimetype == "image/png"
    assert len(image.data) < 8000


def test_a_card_with_a_photograph_is_a_jpeg() -> None:
    assert drawn("card", size=LYING, image="asset:photo", **SALE).mimetype == "image/jpeg"


def test_words_read_from_the_right_turn_the_card_round() -> None:
    latin = opened(drawn("card", size=LYING, title="Mug")).convert("RGB")
    arabic = opened(drawn("card", size=LYING, title="كوب")).convert("RGB")

    assert latin.getpixel((30, 30)) == arabic.getpixel((570, 30))
    assert latin.getpixel((570, 30)) == WHITE


def test_the_button_is_as_wide_as_its_label() -> None:
    def tide(label: str) -> int:
        picture = opened(drawn("card", size=LYING, title="Mug", button=label)).convert("RGB")
        return sum(1 for x in range(200, 600) if picture.getpixel((x, 150)) == TIDE)

    assert 0 < tide("Go") < tide("Take another look")


@pytest.mark.parametrize("part", ["title", "price", "old_price", "badge", "button"])
def test_every_text_may_be_a_template(part: str) -> None:
    params = {**SALE, part: "{{ item.value }}"}

    one, two, none = (
        drawn("card", size=LYING, values={f"/{part}": text}, **params) for text in ("One", "Two", "")
    )

    assert one.data != two.data
    assert none.data != one.data


def test_what_has_no_room_is_left_out_from_the_button_up() -> None:
    tall, low, lower = (
        arrange(Size(300, height), has_price=True, has_button=True, is_mirrored=False)
        for height in (200, 100, 60)
    )

    assert (tall.has_price, tall.has_button) == (True, True)
    assert (low.has_price, low.has_button) == (True, False)
    assert (lower.has_price, lower.has_button) == (True, False)


def test_long_words_leave_the_frame_as_it_is() -> None:
    texts = dict.fromkeys(("title", "price", "old_price", "badge", "button"), ANA * 3)

    short, long = (
        opened(drawn("card", size=LYING, **told)).convert("RGB") for told in ({"title": "x"}, texts)
    )

    for x in (0, 1, 590, 599):
        for y in range(200):
            assert short.getpixel((x, y)) == long.getpixel((x, y))


def test_the_colours_of_a_card_can_be_read() -> None:
    for ground in (WHITE, (0x0B, 0x2A, 0x3B), TIDE, (0x77, 0x77, 0x77)):
        assert contrast(readable_on(ground, wish=(0xC8, 0x3D, 0x25)), ground) >= min(READABLE, 4.4)


def test_a_size_too_small_for_a_card_is_refused() -> None:
    assert refused("card", size=Size(60, 20), title="Mug") == {
        "/width": "must be at least 120 for this kind of picture",
        "/height": "must be at least 60 for this kind of picture",
    }


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(max_size=60), min_size=5, max_size=5),
    st.integers(120, 700),
    st.integers(60, 500),
    st.sampled_from([None, "asset:drawing"]),
)
def test_any_texts_are_drawn_at_any_size(
    texts: list[str], width: int, height: int, image: str | None
) -> None:
    names = ("title", "price", "old_price", "badge", "button")
    values = {f"/{name}": text for name, text in zip(names, texts, strict=True)}
    params = dict.fromkeys(names, "{{ x }}") | ({"image": image} if image else {})

    assert opened(drawn("card", size=Size(width, height), values=values, **params)).size == (width, height)
