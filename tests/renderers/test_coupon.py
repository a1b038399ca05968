"""The kind coupon: the code is whole or not shown, the stub is read back, the ticket turns round."""

import pytest
import zxingcpp

from renderers import CannotRender, Size
from renderers.colour import READABLE, contrast
from renderers.kinds.coupon import CouponParams
from renderers.looks import look_of
from renderers.params import check
from tests.renderers.drawing import drawn, opened, refused

LYING = Size(600, 200)
TICKET = {"title": "20% off", "label": "Your code", "code": "ANA-2026-K7", "expires": "Until 30 November"}


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize(
    ("symbology", "code"), [("qr", "ANA-2026-K7"), ("code128", "ANA-2026-K7"), ("ean13", "4006381333931")]
)
@pytest.mark.parametrize("background", ["#f4f8f8", "#0b2a3b", "#d6452b"])
def test_the_barcode_on_the_stub_is_read_back(symbology: str, code: str, scale: int, background: str) -> None:
    params = {**TICKET, "code": code, "symbology": symbology, "background": background}

    picture = opened(drawn("coupon", size=Size(600, 200, scale), **params)).convert("L")

    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [code]


def test_a_ticket_that_stands_has_its_stub_below() -> None:
    picture = opened(drawn("coupon", size=Size(280, 360), **TICKET)).convert("L")

    (found,) = zxingcpp.read_barcodes(picture)

    assert found.position.top_left.y > 180


def test_words_read_from_the_right_turn_the_ticket_round() -> None:
    latin, arabic = (
        zxingcpp.read_barcodes(opened(drawn("coupon", size=LYING, **{**TICKET, "title": title})).convert("L"))
        for title in ("20% off", "خصم ٢٠٪")
    )

    assert latin[0].position.top_left.x > 300 > arabic[0].position.top_right.x
    assert latin[0].text == arabic[0].text


def test_a_ticket_without_a_barcode_has_no_stub() -> None:
    with_stub, without = (
        drawn("coupon", size=LYING, **TICKET, symbology=symbology) for symbology in ("qr", "none")
    )

    assert not zxingcpp.read_barcodes(opened(without).convert("L"))
    assert with_stub.data != without.data


@pytest.mark.parametrize("part", ["title", "label", "code", "expires"])
def test_every_text_may_be_a_template(part: str) -> None:
    params = {**TICKET, part: "{{ x }}"}

    one, two = (drawn("coupon", size=LYING, values={f"/{part}": text}, **params) for text in ("One", "Two"))

    assert one.data != two.data


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("", "must not be empty"),
        ("  \n", "must not be empty"),
        ("X" * 120, "is too long for the size"),
        ("A B " * 20, "is too long for the size"),
    ],
)
def test_a_code_is_shown_whole_or_not_at_all(code: str, told: str) -> None:
    problems = refused("coupon", size=LYING, **{**TICKET, "code": code})
    with pytest.raises(CannotRender, match=f"/code: {told}"):
        drawn("coupon", size=LYING, values={"/code": code}, **{**TICKET, "code": "{{ x }}"})

    assert told in problems["/code"]


def test_a_check_digit_is_looked_at_when_the_ticket_is_saved() -> None:
    problems = refused("coupon", size=LYING, **{**TICKET, "code": "4006381333932", "symbology": "ean13"})

    assert "/code" in problems


@pytest.mark.parametrize("background", ["#ffffff", "#0b2a3b", "#0e7c86", "#d6452b", "#777777"])
def test_every_word_can_be_read_on_every_ticket(background: str) -> None:
    look = look_of(check(CouponParams, {"code": "A", "background": background}))

    # No text has more contrast on a middling ground than the clearer of ink and white.
    assert contrast(look.text, look.ground) >= min(READABLE, 3.9)
    assert contrast(look.soft, look.ground) >= min(READABLE, contrast(look.text, look.ground))


def test_what_surrounds_the_ticket_is_the_page() -> None:
    picture = opened(drawn("coupon", size=LYING, **TICKET, page="#e9e2d3")).convert("RGB")

    assert {picture.getpixel(at) for at in ((0, 0), (599, 0), (0, 199), (599, 199))} == {(0xE9, 0xE2, 0xD3)}
