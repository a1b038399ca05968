"""The kind barcode: what another reader makes of the pictures, check digits, quiet zones, colours."""

import io
import string
from collections.abc import Callable

import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures

from renderers import CannotRender, Image, Size
from renderers.codes.code128 import code128, symbols
from renderers.codes.linear import check_digit, ean13
from tests.renderers.drawing import drawn, opened, refused

LARGE = Size(600, 200)
SQUARE = Size(300, 300)
LINEAR = {
    "code128": ("ANA-2026-00420", zxingcpp.BarcodeFormat.Code128),
    "ean13": ("4006381333931", zxingcpp.BarcodeFormat.EAN13),
    "ean8": ("96385074", zxingcpp.BarcodeFormat.EAN8),
    "upca": ("036000291452", zxingcpp.BarcodeFormat.EAN13),  # it is one, with a zero before
}


def read(picture: Pictures.Image) -> list[tuple[str, object]]:
    return [(found.text, found.format) for found in zxingcpp.read_barcodes(picture.convert("L"))]


def as_gmail_has_it(image: Image) -> Pictures.Image:
    out = io.BytesIO()
    opened(image).convert("RGB").save(out, "JPEG", quality=75)
    return Pictures.open(io.BytesIO(out.getvalue()))


WAYS: dict[str, Callable[[Image], Pictures.Image]] = {"as it is": opened, "as JPEG": as_gmail_has_it}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("symbology", LINEAR)
@pytest.mark.parametrize("caption", [None, "", "Show this at the till"])
def test_bars_are_read_back(symbology: str, scale: int, way: str, caption: str | None) -> None:
    value, found = LINEAR[symbology]

    image = drawn("barcode", size=Size(240, 80, scale), value=value, symbology=symbology, caption=caption)

    assert read(WAYS[way](image)) == [(value if symbology != "upca" else f"0{value}", found)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("level", "LMQH")
@pytest.mark.parametrize("caption", [None, "ANA-2026"])
def test_a_qr_code_is_read_back(level: str, scale: int, way: str, caption: str | None) -> None:
    value = "https://shop.example/v/ANA-2026?points=420"

    image = drawn("barcode", size=Size(150, 150, scale), value=value, level=level, caption=caption)

    assert read(WAYS[way](image)) == [(value, zxingcpp.BarcodeFormat.QRCode)]


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60),
        st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), min_size=1, max_size=9),
    )
)
@example("á0")  # two bytes of Latin-1 that look like one Kanji
@example("çéà")
def test_whatever_text_stands_in_a_qr_code_is_read_back(value: str) -> None:
    text = value.strip()
    if not text:
        return

    image = drawn("barcode", size=SQUARE, values={"/value": value}, value="{{ x }}")

    found = zxingcpp.read_barcodes(opened(image).convert("L"))
    assert [code.bytes.decode() for code in found] == [text]


@settings(max_examples=200, deadline=None)
@given(st.text(string.ascii_letters + string.digits + " -_/.:\t\x1d", min_size=1, max_size=24))
@example(".zfub3T")  # reads as another text too where the reader makes the bars a third as wide
def test_whatever_text_stands_in_code_128_is_read_back(value: str) -> None:
    text = value.strip()
    if not text:
        return

    image = drawn("barcode", size=LARGE, value=value, symbology="code128")

    found = zxingcpp.read_barcodes(
        opened(image).convert("L"), text_mode=zxingcpp.TextMode.Plain, try_downscale=False
    )
    assert [code.bytes.decode() for code in found] == [text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1234567890", 6),  # start C and five pairs
        ("12345", 5),  # start B, 1, C, 23, 45 or the like
        ("AB1234", 6),  # start B, A, B, C, 12, 34
        ("a1b", 4),  # stays in B
        ("A\tB", 4),  # start A
        ("ab\tcd", 7),  # a shift costs less than two switches
    ],
)
def test_code_128_takes_the_fewest_symbols(text: str, count: int) -> None:
    assert len(symbols(text)) == count


@settings(max_examples=200, deadline=None)
@given(st.text(string.ascii_letters + string.digits + "\t", min_size=1, max_size=30))
def test_code_128_is_never_longer_than_another_writer_makes_it(value: str) -> None:
    other = zxingcpp.create_barcode(value, zxingcpp.BarcodeFormat.Code128)

    modules = zxingcpp.write_barcode_to_image(other, scale=1, add_quiet_zones=False, add_hrt=False)

    assert len(code128(value).modules) <= modules.shape[1]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([("ean13", 12), ("ean8", 7), ("upca", 11)]), st.data())
def test_a_missing_check_digit_is_computed_and_read_back(code: tuple[str, int], data: st.DataObject) -> None:
    symbology, length = code
    digits = data.draw(st.text("0123456789", min_size=length, max_size=length))

    found = read(opened(drawn("barcode", size=LARGE, value=digits, symbology=symbology)))

    whole = digits + check_digit(digits)
    assert [text for text, _ in found] in ([whole], [f"0{whole}"])


def test_a_check_digit_is_that_of_the_standard() -> None:
    assert [check_digit(digits) for digits in ("400638133393", "9638507", "03600029145")] == ["1", "4", "2"]


def test_a_wrong_check_digit_is_refused_with_the_right_one() -> None:
    assert refused("barcode", size=LARGE, value="4006381333932", symbology="ean13") == {
        "/value": "has the check digit 2, and 1 is right: look for a mistyped digit"
    }


def test_a_wrong_check_digit_of_a_customer_cannot_be_drawn() -> None:
    with pytest.raises(CannotRender, match="/value: has the check digit"):
        drawn(
            "barcode",
            size=LARGE,
            values={"/value": "4006381333932"},
            value="{{ customer.card }}",
            symbology="ean13",
        )


def test_blanks_and_dashes_between_digits_are_left_out() -> None:
    assert ean13("978-0-306-40615-7") == ean13("978 0306406157") == ean13("9780306406157")


@pytest.mark.parametrize(
    ("symbology", "value", "told"),
    [
        ("ean13", "", "must have 12 digits, or 13"),
        ("ean8", "１２３４５６７", "must have 7 digits, or 8"),
        ("upca", "123", "must have 11 digits, or 12"),
        ("code128", "Müller", "without accents"),
        ("code128", "x" * 81, "1 to 80 characters"),
        ("code128", "x" * 60, "is too long for the size: its code needs"),
        ("qr", "", "1 to 500 bytes"),
        ("qr", "ü" * 251, "1 to 500 bytes"),
        ("qr", "\ud800", "whole characters"),
        ("qr", "x" * 300, "is too long for the size: its code needs"),
    ],
)
def test_what_has_no_code_is_refused_at_save_and_cannot_be_drawn(
    symbology: str, value: str, told: str
) -> None:
    size = Size(300, 100)

    problems = refused("barcode", size=size, value=value, symbology=symbology)
    with pytest.raises(CannotRender, match=told) as reason:
        drawn("barcode", size=size, values={"/value": value}, value="{{ x }}", symbology=symbology)

    assert told in problems["/value"]
    assert str(reason.value).startswith("/value: ")


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize(
    ("symbology", "quiet"), [("code128", (10, 10)), ("ean13", (11, 7)), ("ean8", (7, 7)), ("upca", (9, 9))]
)
def test_the_quiet_zone_is_kept_in_the_narrowest_block(
    symbology: str, quiet: tuple[int, int], scale: int
) -> None:
    value = LINEAR[symbology][0]
    modules = {"code128": 178, "ean13": 95, "ean8": 67, "upca": 95}[symbology]
    size = Size(modules + sum(quiet), 60, scale)

    picture = opened(drawn("barcode", size=size, value=value, symbology=symbology, caption="")).convert("L")

    left, _, right, _ = picture.point([255 * (level < 128) for level in range(256)]).getbbox()
    assert (left, picture.width - right) == (quiet[0] * scale, quiet[1] * scale)
    assert "/value" in refused(
        "barcode", size=Size(size.width_px - 1, 60, scale), value=value, symbology=symbology
    )


def test_a_qr_code_has_four_modules_of_quiet() -> None:
    picture = opened(drawn("barcode", size=Size(60, 60), value="HELLO")).convert("L")

    box = picture.point([255 * (level < 128) for level in range(256)]).getbbox()

    assert box == (9, 9, 51, 51)  # 21 modules of two pixels; 8 would be enough


@pytest.mark.parametrize(
    ("colours", "told"),
    [
        ({"colour": "#ffffff", "background": "#0b2a3b"}, "must be darker than the background"),
        ({"colour": "#8899aa"}, "take a darker one"),
        ({"colour": "#c80000"}, "in red light"),
        ({"background": "#2244cc", "colour": "#000000"}, "background"),
    ],
)
def test_colours_that_no_scanner_reads_are_refused(colours: dict[str, str], told: str) -> None:
    assert told in refused("barcode", size=SQUARE, value="HELLO", **colours)["/colour"]


@pytest.mark.parametrize("colours", [{}, {"colour": "#0e4c86", "background": "#f4e9d3"}, {"colour": "#000"}])
def test_colours_that_are_taken_are_read(colours: dict[str, str]) -> None:
    image = drawn("barcode", size=SQUARE, value="HELLO", **colours)

    assert [text for text, _ in read(as_gmail_has_it(image))] == ["HELLO"]


def test_a_code_alone_is_one_bit_a_pixel() -> None:
    picture = opened(drawn("barcode", size=SQUARE, value="HELLO"))

    assert picture.mode in ("P", "1")
    assert len(picture.convert("RGB").getcolors() or ()) == 2
    assert len(drawn("barcode", size=SQUARE, value="HELLO").data) < 600


def test_the_bitmap_of_a_code_is_the_size_of_the_block() -> None:
    for symbology, (value, _) in LINEAR.items():
        image = drawn("barcode", size=Size(301, 99), value=value, symbology=symbology, caption="")

        assert opened(image).size == (image.width_px, image.height_px) == (301, 99)
