"""The kind text: what is drawn where, in which colours and formats."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers import Size
from renderers.colour import READABLE, contrast
from tests.renderers.drawing import drawn, inked, opened, refused
from tests.renderers.gallery import ANA


def test_a_text_stays_inside_its_padding() -> None:
    for text in ("Ana", ANA, "words and words " * 100, "مرحبا آنا لديك نقطة كثيرة جدا " * 9):
        left, top, right, bottom = inked(opened(drawn("text", text=text, size=Size(300, 100)))) or (
            0,
            0,
            0,
            0,
        )

        assert left >= 22
        assert right <= 278
        assert top >= 8
        assert bottom <= 92


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_value_is_drawn(text: str) -> None:
    image = drawn("text", text="{{ customer.first_name }}", values={"/text": text})

    assert opened(image).size == (300, 100)


@pytest.mark.parametrize(
    ("align", "text", "is_left"),
    [
        ("left", "Ana", True),
        ("right", "Ana", False),
        ("start", "Ana", True),
        ("start", "آنا", False),
        ("left", "آنا", True),
    ],
)
def test_a_text_stands_on_its_side(align: str, text: str, is_left: bool) -> None:
    left, _, right, _ = inked(opened(drawn("text", text=text, align=align))) or (0, 0, 0, 0)

    assert (left < 300 - right) is is_left


@pytest.mark.parametrize(("valign", "middle"), [("top", 30), ("middle", 50), ("bottom", 70)])
def test_a_text_stands_at_its_height(valign: str, middle: int) -> None:
    _, top, _, bottom = inked(opened(drawn("text", text="H", valign=valign, size_px=24))) or (0, 0, 0, 0)

    assert abs((top + bottom) / 2 - middle) <= 3


@pytest.mark.parametrize(
    "background", ["#0b2a3b", "#0e7c86", "#f4f8f8", "#e9e2d3", "#ffffff", "#000000", "#777777"]
)
def test_a_text_without_a_colour_can_be_read(background: str) -> None:
    picture = opened(drawn("text", text="III", size_px=80, background=background)).convert("RGB")
    ground = picture.getpixel((0, 0))

    best = max(contrast(colour, ground) for _, colour in picture.getcolors(65536))

    assert best >= min(READABLE, 4.4)


def test_a_text_on_a_light_photograph_is_shaded_until_it_can_be_read() -> None:
    picture = opened(drawn("text", text="Ana", background="asset:photo")).convert("RGB")
    shaded = picture.crop((0, 0, 300, 20)).resize((1, 1)).getpixel((0, 0))

    assert contrast(shaded, (255, 255, 255)) >= READABLE


def test_flat_pictures_are_png_of_few_bytes_and_photographs_jpeg() -> None:
    flat = drawn("text", text="Ana, 420 points", size=Size(600, 200))
    photo = drawn("text", text="Ana", background="asset:photo", size=Size(600, 200))

    assert (flat.mimetype, photo.mimetype) == ("image/png", "image/jpeg")
    assert len(flat.data) < 4000
    assert opened(flat).mode == "P"


def test_a_gradient_runs_as_css_draws_it() -> None:
    gradient = {"from": "#000000", "to": "#ffffff", "angle": 90}

    picture = opened(drawn("text", text="", background=gradient)).convert("L")

    row = [picture.getpixel((x, 50)) for x in (0, 100, 200, 299)]
    assert row == sorted(row)
    assert row[0] < 10
    assert row[3] > 245


def test_the_smallest_size_may_not_be_nonsense() -> None:
    assert refused("text", text="Ana", min_size_px=0) == {
        "/min_size_px": "must be a whole number between 8 and 200"
    }


@pytest.mark.parametrize("size", [Size(1, 1), Size(2000, 1), Size(3, 400), Size(666, 666, 3)])
def test_any_size_is_drawn(size: Size) -> None:
    assert opened(drawn("text", text="Ana, 420 points", size=size)).size == size.bitmap
