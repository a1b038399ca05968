"""Finished canvases are kept packed, to the pixel, and unpacked while they are in use."""

import io

import pytest
from PIL import Image as Pictures
from PIL import ImageOps

from renderers.canvas import Canvas, Flat, Photo, panel
from renderers.stills import Ready, Still
from tests.renderers.gallery import assets

SIZE = (600, 200)


def flat() -> Flat:
    canvas = Flat(SIZE, (255, 255, 255))
    panel(canvas, (20, 20, 300, 180), (14, 124, 134), on=(255, 255, 255), radius_px=12)
    return canvas


def photo(*, is_drawing: bool = False) -> Photo:
    with Pictures.open(io.BytesIO(assets()["photo"])) as picture:
        return Photo(ImageOps.fit(picture.convert("RGB"), SIZE), is_drawing=is_drawing)


CANVASES = pytest.mark.parametrize("canvas", [flat(), photo(), photo(is_drawing=True)])


@CANVASES
def test_a_copy_is_drawn_on_and_encoded_as_a_copy_of_the_canvas_is(canvas: Canvas) -> None:
    found = []
    for copy in (canvas.copy(), Still(canvas).copy()):
        panel(copy, (100, 60, 260, 100), (200, 61, 37), on=(14, 124, 134), radius_px=8)
        found.append(copy.encode())

    assert found[0] == found[1]


@CANVASES
def test_what_was_drawn_on_one_copy_is_not_on_the_next(canvas: Canvas) -> None:
    still = Still(canvas)
    untouched = still.copy().encode()
    still.copy().fill((10, 10, 400, 100), (0, 0, 0))

    assert still.copy().encode() == untouched


@CANVASES
def test_a_still_takes_a_fraction_of_its_canvas(canvas: Canvas) -> None:
    assert Still(canvas).held_bytes < canvas.held_bytes / 4


def test_only_so_much_is_kept_unpacked_and_the_longest_unused_goes_first() -> None:
    one, other, third = Still(flat()), Still(flat()), Still(flat())
    ready = Ready(2 * flat().held_bytes)
    first = ready.canvas(one)
    second = ready.canvas(other)
    ready.canvas(one)

    ready.canvas(third)

    assert ready.canvas(one) is first
    assert ready.canvas(other) is not second


def test_a_canvas_above_the_bound_stays_until_the_next_one() -> None:
    still = Still(flat())
    ready = Ready(1000)

    assert ready.canvas(still) is ready.canvas(still)
