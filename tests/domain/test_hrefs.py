"""An href is decoded as browsers do, and judged: a web address, or left alone for a reason."""

import pytest

from app.domain.email_html.hrefs import Left, decoded, judge


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://a.example/?x=1&amp;y=2", "https://a.example/?x=1&y=2"),
        ("https://a.example/?x=1&y=2", "https://a.example/?x=1&y=2"),
        ("https://a.example/?a=1&copy=2&sect=3", "https://a.example/?a=1&copy=2&sect=3"),
        ("https://a.example/?a=1&copy;=2", "https://a.example/?a=1©=2"),
        ("https://a.example/?a=1&copyright=2", "https://a.example/?a=1&copyright=2"),
        ("https://a.example/?a&copy", "https://a.example/?a©"),
        ("&#104;ttps&#x3A;//a.example/&#0;", "https://a.example/\ufffd"),
        ("&#xD800;&#1114112;&unknown;&", "\ufffd\ufffd&unknown;&"),
        (" \n https://a.example/\n  b\t ", "https://a.example/  b"),
    ],
)
def test_entities_and_blanks_are_resolved_as_in_an_attribute(written: str, url: str) -> None:
    assert decoded(written) == url


@pytest.mark.parametrize(
    ("url", "left"),
    [
        ("https://a.example/", None),
        ("HTTP://A.example:8080/x?y=1#z", None),
        ("https://a.example/%7B100%25%20off", None),
        ("", Left.EMPTY),
        ("#", Left.ANCHOR),
        ("#top", Left.ANCHOR),
        ("mailto:us@a.example?subject=Hi", Left.OTHER_SCHEME),
        ("tel:+49123", Left.OTHER_SCHEME),
        ("sms:123", Left.OTHER_SCHEME),
        ("javascript:alert(1)", Left.OTHER_SCHEME),
        ("DATA:text/html,x", Left.OTHER_SCHEME),
        ("/shop", Left.RELATIVE),
        ("//a.example/", Left.RELATIVE),
        ("shop.html", Left.RELATIVE),
        ("https://", Left.BAD_ADDRESS),
        ("https://a.example/ä", Left.BAD_ADDRESS),
        ("https://me:secret@a.example/", Left.BAD_ADDRESS),
        ("https://a.example/" + "x" * 2_048, Left.BAD_ADDRESS),
        ("{{unsubscribe}}", Left.PLATFORM_TAG),
        ("{{ unsubscribe_link }}", Left.PLATFORM_TAG),
        ("{% unsubscribe_url %}", Left.PLATFORM_TAG),
        ("*|UNSUB|*", Left.PLATFORM_TAG),
        ("%%unsub_center_url%%", Left.PLATFORM_TAG),
        ("%%=RedirectTo(@url)=%%", Left.PLATFORM_TAG),
        ("{{${unsubscribe_url}}}", Left.PLATFORM_TAG),
        ("${link}", Left.PLATFORM_TAG),
        ("[[UNSUB_LINK_EN]]", Left.PLATFORM_TAG),
        ("[%unsubscribe%]", Left.PLATFORM_TAG),
        ("<%asm_group_unsubscribe_raw_url%>", Left.PLATFORM_TAG),
        ("%recipient.unsubscribe_url%", Left.PLATFORM_TAG),
        ("https://a.example/?e=*|EMAIL|*", Left.PLATFORM_TAG),
        ("https://a.example/?e={{ contact.id }}&x=1", Left.PLATFORM_TAG),
        ("https://{{ host }}/", Left.PLATFORM_TAG),
    ],
)
def test_an_href_is_wrapped_or_left_for_a_reason(url: str, left: Left | None) -> None:
    assert judge(url).left == left


def test_a_bad_address_says_what_is_wrong() -> None:
    assert "percent-encoded" in judge("https://a.example/a b").fault
