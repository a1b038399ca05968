"""The kind layers: each text in its box, with what it may have around it."""

import pytest
from PIL import Image as Pictures
from PIL import ImageChops

from renderers import Size
from renderers.colour import READABLE, contrast
from tests.renderers.drawing import WIDE, drawn, inked, opened, refused

LEFT = {"x": 10, "y": 10, "width": 120, "height": 80}


def picture(*layers: dict[str, object], size: Size = WIDE, **params: object) -> Pictures.Image:
    params = {"background": "#ffffff", **params}
    return opened(drawn("layers", layers=list(layers), size=size, **params)).convert("RGB")


def test_each_text_stays_in_its_box() -> None:
    left, top, right, bottom = inked(picture({"text": "Words and words " * 20, "box": LEFT})) or (0, 0, 0, 0)

    assert (left >= 9, top >= 9, right <= 131, bottom <= 91) == (True,) * 4


def test_a_later_layer_lies_above_an_earlier_one() -> None:
    red, blue = (
        {"text": "■", "box": LEFT, "size_px": 80, "colour": colour} for colour in ("#ff0000", "#0000ff")
    )

    assert picture(red, blue).getpixel((40, 50)) != picture(blue, red).getpixel((40, 50))


def test_every_layer_has_its_own_value() -> None:
    layers = [{"text": "{{ a }}"}, {"text": "still"}, {"text": "{{ b }}"}]
    values = {"/layers/0/text": "Ana", "/layers/2/text": "420"}

    one = drawn("layers", layers=layers, values=values)

    assert one == drawn("layers", layers=[{"text": text} for text in ("Ana", "still", "420")])
    assert one != drawn("layers", layers=layers, values={**values, "/layers/2/text": "421"})


@pytest.mark.parametrize(
    ("case", "text", "same"),
    [
        ("upper", "Ana's mug", "ANA'S MUG"),
        ("lower", "ANA", "ana"),
        ("title", "don't go", "Don't Go"),
        ("as_written", "aNa", "aNa"),
    ],
)
def test_a_case_changes_the_letters(case: str, text: str, same: str) -> None:
    assert drawn("layers", layers=[{"text": text, "case": case}]) == drawn("layers", layers=[{"text": same}])


def test_letter_spacing_widens_latin_and_leaves_arabic_joined() -> None:
    def reach(text: str, spacing: int) -> int:
        left, _, right, _ = (
            inked(picture({"text": text, "size_px": 20, "letter_spacing": spacing})) or (0,) * 4
        )
        return right - left

    assert reach("Tidepool", 20) > reach("Tidepool", 0) + 20
    assert reach("مرحبا", 20) == reach("مرحبا", 0)


def test_a_rotated_text_stands_where_it_lay() -> None:
    lying, standing = (
        inked(picture({"text": "Mug", "align": "center", "rotation": turn, "box": LEFT})) or (0,) * 4
        for turn in (0, 90)
    )

    assert lying[2] - lying[0] > lying[3] - lying[1]
    assert standing[2] - standing[0] < standing[3] - standing[1]
    assert abs(lying[0] + lying[2] - standing[0] - standing[2]) <= 10


def test_stroke_and_shadow_reach_beyond_the_letters() -> None:
    def reach(**effects: object) -> tuple[int, ...]:
        layer = {"text": "Mug", "colour": "#000000", "align": "center", **effects}
        return inked(picture(layer)) or (0,) * 4

    plain = reach()
    stroke = reach(stroke={"colour": "#d6452b", "width_px": 4})
    shadow = reach(shadow={"x_px": 10, "y_px": 10, "blur_px": 0})

    assert [a - b for a, b in zip(stroke, plain, strict=True)] == pytest.approx([-4, -4, 4, 4], abs=1)
    assert [a - b for a, b in zip(shadow, plain, strict=True)] == pytest.approx([0, 0, 10, 10], abs=1)


def test_a_text_without_a_colour_is_read_on_its_stroke() -> None:
    found = picture({"text": "III", "size_px": 80, "stroke": {"colour": "#0b2a3b", "width_px": 6}})

    assert max(contrast(colour, (0x0B, 0x2A, 0x3B)) for _, colour in found.getcolors(65536)) >= READABLE


def test_words_without_a_colour_are_read_on_every_part_of_a_picture() -> None:
    layers = [{"text": "", "box": {"x": 0, "y": 0, "width": 150, "height": 100}}]
    veiled = picture(*layers, background="asset:drawing")
    author = picture({**layers[0], "colour": "#ffffff"}, background="asset:drawing")
    parts = {colour for count, colour in veiled.crop((0, 0, 150, 100)).reduce(6).getcolors(65536)}

    white, ink = (
        min(contrast(part, words) for part in parts) for words in ((255, 255, 255), (0x0B, 0x2A, 0x3B))
    )
    assert max(white, ink) >= READABLE - 0.2
    assert author.tobytes() != veiled.tobytes()


def test_an_overlay_tints_colours_and_pictures() -> None:
    flat = picture({"text": ""}, overlay={"colour": "#000000", "opacity": 50})
    photo = picture({"text": ""}, background="asset:photo", overlay={"colour": "#ff0000", "opacity": 100})

    assert flat.getpixel((0, 0)) == (128, 128, 128)
    assert photo.getpixel((0, 0))[0] > 250


def test_the_focus_of_a_picture_stays_in_sight() -> None:
    low = Size(300, 40)
    top, bottom = (
        picture(
            {"text": ""},
            size=low,
            background="asset:photo",
            focus={"x": 50, "y": y},
            overlay={"opacity": 0},
        )
        for y in (0, 100)
    )
    whole = picture({"text": ""}, size=low, background="asset:photo", fit="stretch", overlay={"opacity": 0})

    assert ImageChops.difference(top, bottom).getbbox()
    assert ImageChops.difference(top, whole).getbbox()


def test_what_a_layer_may_not_be_is_said_where_it_stands() -> None:
    assert refused("layers", layers=[]) == {"/layers": "must be a list of 1 to 8"}
    assert refused("layers", layers=[{"text": "x"}] * 9) == {"/layers": "must be a list of 1 to 8"}
    assert refused("layers", layers=[{"text": "x"}, {"text": "y", "stroke": {"width_px": 99}}]) == {
        "/layers/1/stroke/colour": "is needed",
        "/layers/1/stroke/width_px": "must be a whole number between 1 and 12",
    }
    assert refused("layers", layers=[{"text": "x", "box": {**LEFT, "width": 300}}]) == {
        "/layers/0/box": "must lie inside the block's 300 by 100 pixels"
    }


@pytest.mark.parametrize("size", [Size(1, 1), Size(2, 300), Size(666, 666, 3)])
def test_any_size_is_drawn_with_every_effect(size: Size) -> None:
    layer = {"text": "Ana", "rotation": 30, "stroke": {"colour": "#ffffff", "width_px": 12}, "shadow": {}}

    assert picture(layer, size=size).size == size.bitmap
