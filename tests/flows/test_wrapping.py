"""Wrapping: what goes in, what stays, and that the addresses work for those they were made for."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from app.domain.problems import Invalid, NotFound
from app.domain.tokens import Kind
from app.flows import addressing, messages, wrapping
from app.flows.addressing import Reader
from app.flows.wrapping import Wrapping
from app.stores.absence import Unavailable
from app.stores.cold import messages as kept
from app.stores.cold.engine import Cold
from tests import make
from tests.desk import Desk
from tests.domain.test_email_html import SOUP

BASE_URL = "https://m.shop.example"
FOR_ANA = {"touch_id": "t-1", "customer_id": "ana", "sent_at": make.NOW}
FOR_BOB = {"touch_id": "t-2", "customer_id": "bob"}
FOOTER = '<p><a href="{{unsubscribe}}">Unsubscribe</a></p>'


class Desktop:
    """A desk with a message saved, where emails are wrapped."""

    def __init__(self, cold: Cold, desk: Desk) -> None:
        self.cold = cold
        self.desk = desk
        self.save("spring")

    def save(self, message_id: str, **fields: object) -> None:
        document = {
            "name": message_id,
            "channel": "email",
            "category": "news",
            "class": "promotional",
            **fields,
        }
        messages.save(self.cold, self.desk.hot, message_id, document, now=make.NOW, expected=None)

    def __call__(self, html: str, *, message_id: str = "spring", **how: Any) -> dict[str, Any]:
        told = Wrapping(html, **(how or FOR_ANA))
        desk = self.desk
        return wrapping.wrap(self.cold, desk.hot, desk.front, BASE_URL, message_id, told, now=make.NOW)

    def follow(self, url: str, **merge: str) -> str | None:
        """Where a click on a wrapped link leads."""
        self.desk.front.snapshot.refresh()
        token = url.removeprefix(f"{BASE_URL}/c/").partition("?")[0]
        return self.desk.click(token, **merge).url


@pytest.fixture
def wrap(cold: Cold, desk: Desk) -> Desktop:
    return Desktop(cold, desk)


def hrefs(html: str) -> list[str]:
    return [
        unescape(found[2]) for found in re.findall(r"""(href)\s*=\s*(["'])(.*?)\2""", html, re.IGNORECASE)
    ]


def without_ours(html: str) -> str:
    """The HTML with our pixel out and our addresses and attributes blanked."""
    html = re.sub(rf'<img src="{BASE_URL}/o/[^>]*>', "", html)
    return re.sub(rf"{BASE_URL}/[a-z]/[^\"' >]*", "OURS", html)


def test_links_are_wrapped_in_place_and_all_else_stays(wrap: Desktop) -> None:
    html = (
        "<!DOCTYPE html>\r\n<!--[if mso]><xml/><![endif]--><HTML><Head><style>a > b {}</style></Head>\r\n"
        "<Body  CLASS='x' ><!-- <a href='https://not.example/'> -->"
        "<a title=\"a > b\" href='https://shop.example/a?x=1&amp;y=2' >A</a>&nbsp;\t<A HREF=https://shop.example/b>B</A>"
        '<map><area href="https://shop.example/a?x=1&y=2"></map><p>un<b>closed é \U0001f600 &copy ' + FOOTER
    )

    made = wrap(html)

    assert made["html"].count(f"{BASE_URL}/c/") == 3
    assert without_ours(made["html"]) == (
        html.replace("https://shop.example/a?x=1&amp;y=2", "OURS")
        .replace("https://shop.example/a?x=1&y=2", "OURS")
        .replace("HREF=https://shop.example/b", 'HREF="OURS"')
    )
    assert made["links"] == [
        {"number": 1, "url": "https://shop.example/a?x=1&y=2", "places": 2},
        {"number": 2, "url": "https://shop.example/b", "places": 1},
    ]
    assert made["bytes"] == len(made["html"].encode())
    assert made["warnings"] == []


def test_a_click_on_a_wrapped_link_leads_where_it_led_and_is_recorded(wrap: Desktop) -> None:
    made = wrap('<a href="https://shop.example/?a=1&amp;b=2#there">x</a>')

    assert wrap.follow(hrefs(made["html"])[0]) == "https://shop.example/?a=1&b=2#there"
    [event] = wrap.desk.events()
    assert (event.customer_id, event.touch_id, event.message_id) == ("ana", "t-1", "spring")
    assert event.url == "https://shop.example/?a=1&b=2#there"


@pytest.mark.parametrize(
    ("href", "why"),
    [
        ("mailto:us@shop.example", "other_scheme"),
        ("tel:+4930", "other_scheme"),
        ("sms:123", "other_scheme"),
        ("javascript:alert(1)", "other_scheme"),
        ("#top", "anchor"),
        ("", "empty"),
        ("/shop", "relative"),
        ("{{unsubscribe}}", "platform_tag"),
        ("*|UNSUB|*", "platform_tag"),
        ("%%unsub_center_url%%", "platform_tag"),
        ("https://shop.example/?e={{ email }}", "platform_tag"),
        ("https://shop.example/ä", "bad_address"),
    ],
)
def test_what_is_no_web_address_is_left_alone_and_told(wrap: Desktop, href: str, why: str) -> None:
    html = f'<p>x</p>\n<a href="{href}">x</a><a href="{href}">y</a>'

    made = wrap(html)

    assert without_ours(made["html"]) == html
    assert made["left"] == [{"href": href, "why": why, "places": 2, "line": 2}]
    assert made["links"] == []


def test_an_author_switches_wrapping_off_for_a_link(wrap: Desktop) -> None:
    html = '<a data-mailtide-link="off" href="https://shop.example/">x</a>'

    made = wrap(html)

    assert without_ours(made["html"]) == html
    assert made["left"][0]["why"] == "switched_off"


def test_a_bad_address_is_warned_of_with_its_line(wrap: Desktop) -> None:
    made = wrap(f"{FOOTER}\n<a href='https://shop.example/a b'>x</a>")

    [warning] = made["warnings"]
    assert (warning["code"], warning["line"]) == ("bad_address", 2)
    assert "percent-encoded" in warning["detail"]


def test_outlooks_shapes_and_conditional_links_are_wrapped(wrap: Desktop) -> None:
    shape = '<!--[if mso]><v:roundrect href="https://shop.example/" arcsize="8%"><w:anchorlock/><![endif]-->'
    link = '<!--[if !mso]><!--><a href="https://shop.example/">Shop</a><!--<![endif]-->'

    made = wrap(shape + link)

    assert hrefs(made["html"])[0] == hrefs(made["html"])[1]
    assert wrap.follow(hrefs(made["html"])[0]) == "https://shop.example/"


def test_numbers_stay_whatever_comes_and_goes(wrap: Desktop) -> None:
    a, b, c = (f'<a href="https://shop.example/{name}">x</a>' for name in "abc")

    wrap(a + b)
    made = wrap(c + b)

    assert [(link["number"], link["url"][-1]) for link in made["links"]] == [(2, "b"), (3, "c")]
    assert wrap.follow(hrefs(wrap(a)["html"])[0]) == "https://shop.example/a"


@pytest.mark.parametrize("how", [FOR_ANA, {"platform": "mailchimp"}, {"platform": "klaviyo"}])
def test_wrapping_again_changes_nothing(wrap: Desktop, how: dict[str, Any]) -> None:
    html = (
        '<body><img data-mailtide-block="hero"><a href="https://shop.example/">x</a>'
        "<a href='mailtide:unsubscribe'>Stop</a>"
    )
    once = wrap(html, **how)

    again = wrap(once["html"], **how)

    assert again["html"] == once["html"]
    assert again["links"] == once["links"]
    assert again["headers"] == once["headers"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SOUP)
def test_any_html_is_wrapped_once_however_often_it_is_sent(wrap: Desktop, html: str) -> None:
    once = wrap(html + "<p>")

    assert wrap(once["html"])["html"] == once["html"]


def test_wrapping_for_another_leaves_no_address_of_the_first(wrap: Desktop) -> None:
    html = (
        '<body><img data-mailtide-block="hero"><a href="https://shop.example/">x</a>'
        '<a href="mailtide:unsubscribe">Stop</a>'
    )

    for_bob = wrap(wrap(html)["html"], **FOR_BOB)

    assert for_bob["html"] == wrap(html, **FOR_BOB)["html"]


def test_addresses_that_an_author_placed_are_made_anew_for_each_reader(wrap: Desktop) -> None:
    made = addressing.addresses(wrap.desk.front, BASE_URL)
    ana, bob = Reader("spring", "ana", "t-1"), Reader("spring", "bob", "t-2")

    def email(reader: Reader) -> str:
        link, image = made.block_link(reader, "hero"), made.image(reader, "hero")
        return f'<img src="{made.pixel(reader)}"><a href="{link}"><img src="{image}"></a>'

    assert wrap(email(ana), **FOR_BOB)["html"] == email(bob)


def test_a_link_wrapped_for_another_message_is_left_and_warned_of(wrap: Desktop) -> None:
    wrap.save("summer")
    theirs = wrap('<a href="https://shop.example/">x</a>' + FOOTER, message_id="summer")["html"]

    made = wrap(theirs)

    assert made["left"][0]["why"] == "other_message"
    assert "other_message" in [warning["code"] for warning in made["warnings"]]


def test_a_forged_address_of_ours_is_an_ordinary_link(wrap: Desktop) -> None:
    made = wrap(f'<a href="{BASE_URL}/c/EaoAAAAABnNwcmluZwAD">x</a><a href="{BASE_URL}/demo/">y</a>')

    assert [link["url"] for link in made["links"]] == [
        f"{BASE_URL}/c/EaoAAAAABnNwcmluZwAD",
        f"{BASE_URL}/demo/",
    ]


def test_a_block_gets_picture_width_alt_and_its_link(wrap: Desktop) -> None:
    wrap.desk.publish("hero", alt='"Spring" & more')

    made = wrap("<p><img data-mailtide-block='hero' style='x'/></p>")

    image = wrap.desk.front.keyring
    shape = rf"""<a href="{BASE_URL}/c/([\w-]+)"><img src="{BASE_URL}/i/([\w-]+)\.png" width="300" """
    shape += r"""alt="&quot;Spring&quot; &amp; more" data-mailtide-block='hero' style='x'/></a>"""
    found = re.search(shape, made["html"])
    assert found is not None
    assert image.verify(found[1], Kind.BLOCK_LINK).subject == "hero"
    ticket = image.verify(found[2], Kind.IMAGE)
    assert (ticket.customer_id, ticket.touch_id, ticket.sent_at) == ("ana", "t-1", make.NOW)
    assert made["blocks"] == ["hero"]


BALLOT = {"poll": "glaze", "answers": ["moss", "red-clay"]}


@pytest.mark.parametrize("how", [FOR_ANA, {"platform": "braze"}])
def test_a_link_may_give_an_answer_of_a_poll(wrap: Desktop, how: dict[str, Any]) -> None:
    wrap.desk.publish("board", vote=BALLOT)
    html = (
        '<a href="mailtide:vote/board/moss">Moss</a><a href="mailtide:vote/board/red-clay">Clay</a>' + FOOTER
    )

    once = wrap(html, **how)["html"]
    again = wrap(once, **how)["html"]

    moss, clay = [one for one in hrefs(once) if one.startswith(f"{BASE_URL}/c/")]
    assert (moss.rpartition("a=")[2], clay.rpartition("a=")[2]) == ("moss", "red-clay")
    assert wrap.follow(moss) == "https://shop.example/"
    assert again == once


@pytest.mark.parametrize("target", ["board/cobalt", "board/", "hero/moss", "none/moss", "", "board/moss/x"])
def test_a_link_to_an_answer_nobody_may_give_is_refused_with_its_place(wrap: Desktop, target: str) -> None:
    wrap.desk.publish("board", vote=BALLOT)

    with pytest.raises(Invalid) as refused:
        wrap(f'<p>\n<a href="mailtide:vote/{target}">Moss</a>' + FOOTER)

    [problem] = refused.value.problems
    assert problem.pointer == "/html"
    assert problem.detail.startswith("line 2, column 1: no published block")


def test_what_the_author_wrote_on_a_block_stays(wrap: Desktop) -> None:
    made = wrap('<img alt="" width=50% data-mailtide-block="hero" src="placeholder.png">')

    shown = without_ours(made["html"])
    assert shown == '<a href="OURS"><img alt="" width=50% data-mailtide-block="hero" src="OURS"></a>'


def test_a_block_in_a_link_gives_it_its_own(wrap: Desktop) -> None:
    made = wrap('<a href="https://shop.example/"><b><img data-mailtide-block="hero"></b></a>')

    assert made["links"] == []
    assert made["html"].count("<a ") == 1
    token = hrefs(made["html"])[0].removeprefix(f"{BASE_URL}/c/")
    assert wrap.desk.front.keyring.verify(token, Kind.BLOCK_LINK).subject == "hero"


def test_a_block_that_leads_nowhere_gets_no_link_and_leaves_the_authors(wrap: Desktop) -> None:
    wrap.desk.publish("still", variants=[], fallback={"creative": make.creative("x")})

    alone = wrap('<img data-mailtide-block="still">')
    linked = wrap('<a href="https://shop.example/"><img data-mailtide-block="still"></a>')

    assert "<a " not in alone["html"]
    assert [link["url"] for link in linked["links"]] == ["https://shop.example/"]


def test_two_blocks_in_one_link_are_warned_of(wrap: Desktop) -> None:
    wrap.desk.publish("second")

    made = wrap(
        FOOTER + '<a href=x><img data-mailtide-block="hero"><img srcset="x" data-mailtide-block="second"></a>'
    )

    assert [warning["code"] for warning in made["warnings"]] == ["srcset", "two_blocks_in_a_link"]


def test_an_unknown_block_is_refused_with_its_place_and_nothing_is_kept(wrap: Desktop) -> None:
    with pytest.raises(Invalid) as refused:
        wrap('<a href="https://shop.example/">x</a>\n  <img data-mailtide-block="spring-heor">')

    [problem] = refused.value.problems
    assert problem.pointer == "/html"
    assert problem.detail.startswith("line 2, column 3: there is no published block 'spring-heor'")
    with wrap.cold.reading() as connection:
        assert kept.links(connection, "spring") == {}


def test_blocks_can_be_named_and_must_be_marked(wrap: Desktop) -> None:
    wrap.desk.publish("second")
    html = '<img data-mailtide-block="hero"><img data-mailtide-block="second">' + FOOTER

    made = wrap(html, blocks=["second"], **FOR_ANA)

    assert made["blocks"] == ["second"]
    assert '<img data-mailtide-block="hero">' in made["html"]
    assert [warning["code"] for warning in made["warnings"]] == ["block_not_asked_for"]
    with pytest.raises(Invalid) as refused:
        wrap(html, blocks=["hero", "third"], **FOR_ANA)
    assert [problem.pointer for problem in refused.value.problems] == ["/blocks/1"]


def test_the_message_learns_its_blocks_and_keeps_those_it_had(wrap: Desktop) -> None:
    wrap.desk.publish("second")
    wrap.save("spring", blocks=["second"], topic="news")

    wrap('<img data-mailtide-block="hero">')
    wrap('<img data-mailtide-block="hero">', **FOR_BOB)

    message = messages.fetch(wrap.cold, "spring")
    assert (message.document["blocks"], message.document["topic"]) == (["second", "hero"], "news")
    assert message.edition == 3
    wrap.desk.front.snapshot.refresh()
    assert wrap.desk.front.snapshot.message("spring")["blocks"] == ["second", "hero"]


@pytest.mark.parametrize(
    ("html", "start"),
    [
        ("<html><head></head><BODY class='x'><p>Hi", "<html><head></head><BODY class='x'>"),
        ("<p>Hi", ""),
        ("<!doctype html><style>x</style>\n<p>Hi", "<!doctype html><style>x</style>\n"),
    ],
)
def test_the_pixel_stands_where_the_body_begins(wrap: Desktop, html: str, start: str) -> None:
    made = wrap(html)

    assert made["html"].startswith(f'{start}<img src="{BASE_URL}/o/')
    assert 'width="1" height="1" alt=""' in made["html"]


def test_merge_tags_stand_in_every_address_as_the_platform_writes_them(wrap: Desktop) -> None:
    html = "<body><img data-mailtide-block=\"hero\"><a href='https://shop.example/'>x</a>"

    made = wrap(html, platform="mailchimp")

    assert made["html"].count("?c=*|MAILTIDE|*&amp;t=*|CAMPAIGN_UID|*") == 4
    assert made["headers"]["List-Unsubscribe"].endswith("?c=*|MAILTIDE|*&t=*|CAMPAIGN_UID|*>")


def test_a_customer_who_is_named_by_a_merge_field_is_recorded(wrap: Desktop) -> None:
    made = wrap('<a href="https://shop.example/">x</a>', platform="braze")
    key = wrap.desk.front.keyring.customer_key("ana")

    assert wrap.follow(hrefs(made["html"])[0], customer_key=key, send_key="d-1") == "https://shop.example/"

    [event] = wrap.desk.events()
    assert (event.customer_id, event.touch_id) == ("ana", "d-1")


def test_a_tag_with_quotes_never_ends_the_attribute(wrap: Desktop) -> None:
    html = "<body><img data-mailtide-block=hero><a href='https://shop.example/'>x</a><a href=\"https://shop.example/\">x</a>"

    for tag in ('{{ customer["key"] }}', "{{ person|lookup:'key' }}"):
        made = wrap(html, platform="custom", customer_tag=tag)
        assert [href.count(f"?c={tag}&t=spring") for href in hrefs(made["html"])] == [1, 1, 1]


def test_the_headers_are_those_of_rfc_8058(wrap: Desktop) -> None:
    headers = wrap("<p>x")["headers"]

    token = headers["List-Unsubscribe"].removeprefix(f"<{BASE_URL}/u/").removesuffix(">")
    assert wrap.desk.front.keyring.verify(token, Kind.UNSUBSCRIBE).customer_id == "ana"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    "link",
    [
        '<a href="mailtide:unsubscribe">Stop</a>',
        '<a href="{{unsubscribe}}">x</a>',
        '<a href="https://shop.example/7">Abmelden</a>',
        '<a href="https://shop.example/opt-out">x</a>',
    ],
)
def test_a_missing_unsubscribe_link_is_warned_of(wrap: Desktop, link: str) -> None:
    without, with_one = wrap("<p>x <a href='https://shop.example/'>x</a>"), wrap(link)

    assert [warning["code"] for warning in without["warnings"]] == ["no_unsubscribe_link"]
    assert with_one["warnings"] == []


def test_a_size_that_gmail_clips_is_warned_of(wrap: Desktop) -> None:
    small, large = wrap(FOOTER + "x" * 80_000), wrap(FOOTER + "x" * 98_000)

    assert small["warnings"] == []
    assert "Gmail clips at 102 KB; this has 96 KB" in large["warnings"][0]["detail"]


def test_more_different_links_than_a_message_has_are_refused(wrap: Desktop) -> None:
    for start in (0, 2_000):
        wrap("".join(f'<a href="https://shop.example/{start + n}">x</a>' for n in range(2_000)))

    with pytest.raises(Invalid, match="data-mailtide-link"):
        wrap("".join(f'<a href="https://shop.example/{4_000 + n}">x</a>' for n in range(1_001)))


def test_more_blocks_than_a_message_has_are_refused(wrap: Desktop) -> None:
    wrap.save("spring", blocks=[f"block-{number}" for number in range(50)])

    with pytest.raises(Invalid, match="at most 50 blocks"):
        wrap('<img data-mailtide-block="hero">')
    assert messages.fetch(wrap.cold, "spring").edition == 2


def test_long_lists_of_warnings_are_cut(wrap: Desktop) -> None:
    made = wrap(FOOTER + "".join(f'<a href="/{number}">x</a>' for number in range(150)))

    assert len(made["left"]) == 100
    assert made["warnings"][-1]["detail"] == "50 more of these are not listed"


def test_an_unknown_message_is_refused(wrap: Desktop) -> None:
    with pytest.raises(NotFound):
        wrap("<p>x", message_id="autumn")


def test_with_redis_away_new_links_are_refused_and_nothing_is_numbered(wrap: Desktop, valkey) -> None:
    known = '<a href="https://shop.example/a">x</a>'
    wrap(known)

    valkey.kill()

    assert wrap(known, **FOR_BOB)["links"][0]["number"] == 1
    with pytest.raises(Unavailable, match="nothing was changed"):
        wrap(known + '<a href="https://shop.example/b">x</a>')
    with wrap.cold.reading() as connection:
        assert len(kept.links(connection, "spring")) == 1


def test_many_who_wrap_at_once_lose_no_link(wrap: Desktop) -> None:
    def one(number: int) -> None:
        wrap("".join(f'<a href="https://shop.example/{number}-{n}">x</a>' for n in range(3)))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(12)))

    wrap.desk.front.snapshot.refresh()
    with wrap.cold.reading() as connection:
        table = kept.links(connection, "spring")
    assert sorted(table) == list(range(1, 37))
    assert {wrap.desk.front.snapshot.link("spring", str(number)) for number in table} == set(table.values())
