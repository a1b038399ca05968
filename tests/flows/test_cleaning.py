"""What becomes of an uploaded file: it stays, becomes a plain picture, or is refused."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures

from app.flows.cleaning.cleaned import KEPT_BYTES, Cleaned, Unfit, clean
from tests.flows.files import (
    drawing,
    exif,
    moving,
    noise,
    profile,
    saved,
    see_through,
    wide_profile,
)

TAIL = b"PK\x03\x04<script>alert(1)</script>"


def pixels(cleaned: Cleaned) -> Pictures.Image:
    with Pictures.open(io.BytesIO(cleaned.content)) as picture:
        picture.load()
        return picture.copy()


@pytest.mark.parametrize(
    "data",
    [
        saved(drawing(), "PNG"),
        saved(drawing(mode="P"), "PNG"),
        saved(drawing(mode="RGBA"), "PNG"),
        saved(drawing(), "JPEG"),
        saved(drawing(), "JPEG", progressive=True),
        saved(drawing(mode="L"), "JPEG"),
        saved(drawing(), "GIF"),
        moving(),
    ],
    ids=["png", "palette", "clear", "jpeg", "progressive", "grey", "gif", "moving"],
)
def test_a_plain_picture_is_kept_byte_for_byte(data: bytes) -> None:
    cleaned = clean(data)

    assert cleaned.content == data
    assert cleaned.changes == []
    assert (cleaned.width, cleaned.height) == (40, 20)


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("PNG", {"exif": exif(), "icc_profile": profile(), "dpi": (300, 300)}),
        ("JPEG", {"exif": exif(), "icc_profile": profile(), "comment": b"Secret", "xmp": b"Secret"}),
        ("GIF", {"comment": b"Secret"}),
    ],
)
def test_metadata_go_and_no_pixel_changes(kind: str, how: dict[str, object]) -> None:
    data = saved(drawing(), kind, **how)

    cleaned = clean(data)

    assert cleaned.changes == ["metadata removed"]
    assert b"Secret" not in cleaned.content
    # Comments are of GIF89a, so Pillow calls a file without one GIF87a.
    assert cleaned.content.replace(b"GIF89a", b"GIF87a") == saved(drawing(), kind)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_what_follows_the_end_of_a_picture_is_cut_off(kind: str) -> None:
    plain = saved(drawing(), kind)

    assert clean(plain + TAIL).content == plain


def test_what_follows_a_moving_picture_and_its_comment_are_cut_off() -> None:
    assert clean(moving(comment=b"Secret") + TAIL).content == moving()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_taken_lying_is_turned_upright(kind: str) -> None:
    cleaned = clean(saved(drawing((400, 200)), kind, exif=exif(6)))

    picture = pixels(cleaned).convert("RGB")
    assert (cleaned.width, cleaned.height) == picture.size == (200, 400)
    assert picture.getpixel((100, 20))[0] > 150, "the left half is on top"
    assert picture.getpixel((100, 380))[2] > 150
    assert not picture.getexif()
    if kind != "WEBP":
        assert cleaned.changes == ["turned upright"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_colours_of_another_profile_become_srgb(kind: str) -> None:
    how = {"lossless": True} if kind == "WEBP" else {}
    cleaned = clean(
        saved(Pictures.new("RGB", (40, 20), (220, 20, 20)), kind, icc_profile=wide_profile(), **how)
    )

    red, green, _ = pixels(cleaned).convert("RGB").getpixel((5, 5))
    assert "colours converted to sRGB" in cleaned.changes
    assert "icc_profile" not in pixels(cleaned).info
    assert green > red + 100


def test_a_profile_that_is_none_or_of_other_channels_says_nothing() -> None:
    torn = clean(saved(drawing(), "PNG", icc_profile=b"not a profile"))
    grey = clean(saved(drawing(mode="L"), "PNG", icc_profile=wide_profile()))

    assert torn.content == saved(drawing(), "PNG")
    assert pixels(grey).convert("RGB").getpixel((5, 5)) == pytest.approx((81, 81, 81), abs=3)


def test_print_colours_and_sixteen_bits_become_eight_bits_of_rgb() -> None:
    printed = clean(saved(drawing((400, 200), mode="CMYK"), "JPEG"))
    deep = clean(saved(Pictures.new("I;16", (40, 20), 0x8000), "PNG"))

    assert pixels(printed).mode == "RGB"
    assert pixels(printed).getpixel((50, 50)) == pytest.approx((200, 30, 30), abs=12)
    assert pixels(deep).convert("L").getpixel((5, 5)) == 0x80


@pytest.mark.parametrize(
    ("picture", "how", "mimetype"),
    [
        (drawing((300, 200)), {}, "image/png"),
        (see_through(drawing((300, 200))), {"lossless": True}, "image/png"),
        (noise((300, 200)), {"quality": 90}, "image/jpeg"),
        (noise((300, 200), "RGBA"), {}, "image/png"),
    ],
    ids=["drawing", "clear drawing", "photograph", "clear photograph"],
)
def test_webp_becomes_what_mail_programs_take(
    picture: Pictures.Image, how: dict[str, object], mimetype: str
) -> None:
    cleaned = clean(saved(picture, "WEBP", **how))

    assert cleaned.mimetype == mimetype
    assert pixels(cleaned).size == (300, 200)
    assert (pixels(cleaned).mode == "RGBA") == (picture.mode == "RGBA")
    assert cleaned.changes[-1] in ("saved as PNG", "saved as JPEG")


@pytest.mark.parametrize(
    ("kind", "size"), [("PNG", (3_000, 1_000)), ("JPEG", (2_400, 3_200)), ("GIF", (2_400, 30))]
)
def test_what_is_larger_than_any_canvas_is_made_smaller(kind: str, size: tuple[int, int]) -> None:
    cleaned = clean(saved(drawing(size), kind))

    assert max(cleaned.width, cleaned.height) == 2_000
    assert cleaned.width / cleaned.height == pytest.approx(size[0] / size[1], rel=0.02)
    assert cleaned.changes[0] == f"made smaller, from {size[0]} × {size[1]}"
    assert pixels(cleaned).size == (cleaned.width, cleaned.height)


def test_a_photograph_of_too_many_bytes_is_kept_as_a_smaller_jpeg() -> None:
    cleaned = clean(saved(noise((1_200, 1_000)), "PNG"))

    assert cleaned.mimetype == "image/jpeg"
    assert len(cleaned.content) <= KEPT_BYTES
    assert cleaned.changes == ["saved as JPEG"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no picture"),
        (b"hello", "no picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is PostScript"),
        (b"\n <svg xmlns='http://www.w3.org/2000/svg'/>", "is SVG"),
        (b"<?xml version='1.0'?><svg/>", "is SVG"),
        (saved(drawing(), "TIFF"), "is TIFF"),
        (saved(drawing(), "BMP"), "is BMP"),
        (b"%PDF-1.7", "is PDF"),
        (TAIL + saved(drawing(), "PNG"), "is ZIP"),
        (b"\0\0\0\x1cftypheic", "is HEIC"),
        (saved(noise((60, 40)), "PNG")[:-1_000], "damaged"),
        (saved(drawing(), "PNG")[:-12], "damaged"),
        (saved(noise((60, 40)), "JPEG")[:-1_000], "damaged"),
        (saved(noise((60, 40)), "WEBP")[:-1_000], "damaged"),
        (moving()[:-20], "damaged"),
        (b"GIF89a" + TAIL, "no picture"),
        (moving(frames=301), "moves for too long"),
        (moving(size=(2_001, 4)), "moves and has 2001 × 4"),
        (saved(noise((1_000, 800), "RGBA"), "PNG"), "as PNG, which it must be to stay clear"),
    ],
)
def test_what_is_no_picture_for_mail_is_refused_with_what_to_do(data: bytes, says: str) -> None:
    with pytest.raises(Unfit, match=says):
        clean(data)


_WHOLE = [
    saved(noise((24, 16)), "PNG", exif=exif(3)),
    saved(noise((24, 16)), "JPEG", exif=exif(3), icc_profile=profile()),
    saved(noise((24, 16)), "JPEG", progressive=True),
    saved(noise((24, 16)), "WEBP"),
    moving(),
]


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, of metadata that are not what they say
@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(_WHOLE),
    st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), max_size=8),
    st.data(),
)
def test_a_broken_file_is_a_plain_picture_or_unfit_and_cleaning_twice_is_cleaning_once(
    whole: bytes, bites: list[tuple[int, int]], data: st.DataObject
) -> None:
    broken = bytearray(whole[: data.draw(st.integers(0, len(whole)))] if bites else whole)
    for at, value in bites:
        if at < len(broken):
            broken[at] = value

    try:
        cleaned = clean(bytes(broken))
    except Unfit:
        return

    assert pixels(cleaned).size == (cleaned.width, cleaned.height)
    assert clean(cleaned.content).content == cleaned.content
