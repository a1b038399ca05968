"""JPEGs joined from bands: every pixel is that of the whole file with the same tables."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures
from PIL import ImageOps

from renderers.canvas import Photo, rounded
from renderers.jpeg import QUALITY
from tests.renderers.gallery import assets


def photo(size: tuple[int, int]) -> Photo:
    with Pictures.open(io.BytesIO(assets()["photo"])) as picture:
        return Photo(ImageOps.fit(picture.convert("RGB"), size), is_drawing=False)


def decoded(data: bytes) -> bytes:
    with Pictures.open(io.BytesIO(data)) as picture:
        return picture.tobytes()


def whole(picture: Pictures.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, subsampling=0)
    return out.getvalue()


BOXES = st.tuples(st.integers(-30, 130), st.integers(-30, 130), st.integers(1, 90), st.integers(1, 60))


@settings(max_examples=60, deadline=None)
@given(
    size=st.tuples(st.integers(1, 130), st.integers(1, 130)),
    boxes=st.lists(BOXES, max_size=4),
)
def test_every_pixel_is_that_of_the_whole_file(
    size: tuple[int, int], boxes: list[tuple[int, int, int, int]]
) -> None:
    still = photo(size)
    canvas = still.copy()
    for left, top, wide, high in boxes:
        canvas.stamp(rounded(wide, high, 5), (left, top), (200, 61, 37), on=(0, 0, 0))

    image = canvas.encode()

    assert (image.mimetype, image.width_px, image.height_px) == ("image/jpeg", *size)
    assert decoded(image.data) == decoded(whole(canvas.own))


def test_what_was_drawn_on_one_copy_is_not_on_the_next() -> None:
    still = photo((120, 80))
    untouched = still.copy().encode()
    drawn = still.copy()
    drawn.fill((10, 10, 40, 70), (0, 0, 0))

    assert drawn.encode() != untouched
    assert still.copy().encode() == untouched


def test_a_ground_that_is_drawn_on_later_is_encoded_anew() -> None:
    still = photo((120, 80))
    before = still.copy().encode()
    still.fill((0, 0, 60, 40), (0, 0, 0))

    after = still.copy()

    assert after.encode() != before
    assert decoded(after.encode().data) == decoded(whole(after.own))


def test_a_picture_that_was_given_out_is_encoded_whole() -> None:
    canvas = photo((120, 80)).copy()
    canvas.picture.paste((255, 0, 0), (0, 0, 120, 80))

    with Pictures.open(io.BytesIO(canvas.encode().data)) as shown:
        pixel = shown.getpixel((60, 40))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 240
    assert pixel[1] < 15
