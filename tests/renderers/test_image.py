"""The kind image: fits, formats, moving pictures, and files that are no pictures."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures

from renderers import BadParams, Size
from renderers import compile as compile_design
from renderers.assets import Undecodable, decode
from renderers.gif import outline
from tests.renderers.drawing import drawn, opened
from tests.renderers.gallery import NOW, assets

SAND = (0xE9, 0xE2, 0xD3)


def shown(data: bytes, size: Size = Size(60, 20), **params: object) -> Pictures.Image:  # noqa: B008
    design = compile_design("image", {"source": "asset:it", **params}, size=size, assets={"it": data})
    return opened(design.render({}, now=NOW)).convert("RGB")


def red(size: tuple[int, int], kind: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    Pictures.new("RGB", size, (200, 30, 30)).save(out, kind, **more)
    return out.getvalue()


def test_a_picture_covers_its_place() -> None:
    assert shown(red((10, 100)), fit="cover", background="#e9e2d3").getcolors() == [(1200, (200, 30, 30))]


def test_a_picture_is_contained_in_its_place() -> None:
    picture = shown(red((10, 100)), fit="contain", background="#e9e2d3")

    assert picture.getpixel((2, 10)) == SAND
    assert picture.getpixel((30, 10)) == (200, 30, 30)


def test_a_picture_is_stretched_to_its_place() -> None:
    assert shown(red((10, 100)), fit="stretch").size == (60, 20)


def test_what_is_transparent_shows_the_background() -> None:
    picture = shown(assets()["drawing"], Size(240, 240), background="#e9e2d3")

    assert picture.getpixel((0, 0)) == SAND


def test_a_photograph_goes_out_as_jpeg_and_a_drawing_as_png() -> None:
    size = Size(240, 150)

    assert drawn("image", source="asset:photo", size=size).mimetype == "image/jpeg"
    assert drawn("image", source="asset:drawing", size=size).mimetype == "image/png"


def test_a_moving_gif_of_the_blocks_size_goes_out_as_it_is() -> None:
    image = drawn("image", source="asset:moving", size=Size(60, 20))

    assert image.data == assets()["moving"]


def test_a_moving_gif_of_another_size_shows_its_first_frame() -> None:
    image = drawn("image", source="asset:moving", size=Size(120, 40))

    assert getattr(opened(image), "n_frames", 1) == 1


def test_what_follows_a_moving_gif_is_cut_off() -> None:
    design = compile_design(
        "image", {"source": "asset:it"}, size=Size(60, 20), assets={"it": assets()["moving"] + b"<script>"}
    )

    assert design.render({}, now=NOW).data == assets()["moving"]


def test_a_picture_taken_lying_is_turned_upright() -> None:
    exif = Pictures.Exif()
    exif[0x0112] = 6

    assert decode(red((40, 20), "JPEG", exif=exif)).size == (20, 40)


def _bomb() -> bytes:
    """A PNG of 50,000 by 50,000 points in few bytes."""
    head = struct.pack(">LLBBBBB", 50_000, 50_000, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    body = b"".join(
        struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"not a picture",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        red((10, 10), "BMP"),
        red((10, 10), "TIFF"),
        red((10, 10), "WEBP"),
        red((100, 100))[:60],
        red((100, 100), "JPEG")[:200],
        _bomb(),
        red((5000, 4000)),
    ],
    ids=[
        "empty",
        "head",
        "words",
        "eps",
        "svg",
        "bmp",
        "tiff",
        "webp",
        "cut-png",
        "cut-jpeg",
        "bomb",
        "20-mpx",
    ],
)
def test_what_is_no_picture_we_take_is_refused(data: bytes) -> None:
    with pytest.raises(BadParams) as refusal:
        shown(data)

    assert refusal.value.problems[0].pointer == "/source"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["photo", "drawing", "moving"]), st.data())
def test_a_damaged_file_is_a_picture_or_is_refused(name: str, data: st.DataObject) -> None:
    damaged = bytearray(assets()[name])
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, min(len(damaged) - 1, 400)))] = data.draw(st.integers(0, 255))

    for read in (decode, outline):
        try:
            read(bytes(damaged))
        except (Undecodable, ValueError):
            continue
