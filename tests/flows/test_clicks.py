"""The click: it goes where the last shown picture promised."""

from dataclasses import replace

import pytest

from app.domain.events import EventType
from app.domain.opener import Client
from app.domain.tokens import Kind
from app.stores.hot.published import publish
from tests import make
from tests.desk import Desk


def test_a_click_follows_the_picture_and_not_the_state_of_now(desk: Desk) -> None:
    desk.save(tier="gold", points=420)
    desk.open()

    desk.save(tier="silver", points=1)
    sent = desk.click()

    assert (sent.url, sent.why) == ("https://shop.example/gold?c=420", "as_shown")


def test_a_click_follows_the_last_of_two_pictures(desk: Desk) -> None:
    desk.save(tier="gold", points=420)
    desk.open()
    desk.save(tier="silver")
    desk.open()

    assert desk.click().url == "https://shop.example/"


def test_a_click_on_a_picture_never_fetched_goes_where_it_would_lead_now(desk: Desk) -> None:
    desk.save(tier="gold", points=420)

    sent = desk.click()

    assert (sent.url, sent.why) == ("https://shop.example/gold?c=420", "rule_held")


def test_a_click_is_recorded_with_its_target(desk: Desk) -> None:
    desk.save(tier="gold", points=420)
    desk.open()

    desk.click()

    click = desk.events()[-1]
    assert (click.type, click.block_id, click.variant) == (EventType.CLICK, "hero", "gold")
    assert click.url == "https://shop.example/gold?c=420"


def test_a_strangers_click_goes_to_the_fallbacks_link(desk: Desk) -> None:
    assert desk.click().url == "https://shop.example/"


def test_a_messages_own_link_leads_to_its_target(desk: Desk) -> None:
    # By another process, a moment ago.
    publish(desk.hot, "l:spring", {"links": {"3": "https://shop.example/lamps"}})

    sent = desk.click(desk.token(Kind.LINK, "3"))

    assert sent.url == "https://shop.example/lamps"
    assert desk.events()[-1].url == "https://shop.example/lamps"


def test_a_link_that_is_not_in_the_table_leads_nowhere_and_is_not_recorded(desk: Desk) -> None:
    assert desk.click(desk.token(Kind.LINK, "3")).url is None
    assert desk.events() == []


def test_a_forged_link_leads_nowhere(desk: Desk) -> None:
    assert desk.click("AAAA").url is None
    assert desk.click(desk.token(Kind.IMAGE)).url is None
    assert desk.events() == []


def test_a_head_request_is_redirected_and_not_recorded(desk: Desk) -> None:
    desk.save(tier="gold")

    assert (
        desk.click(client=Client(method="HEAD", user_agent=make.CHROME)).url == "https://shop.example/gold?c="
    )
    assert desk.events() == []


def test_a_value_in_a_link_stays_a_value(desk: Desk) -> None:
    desk.save(tier="gold", points="1&to=//evil.example/%0d%0aSet-Cookie: a=b")

    url = desk.click().url

    assert url is not None
    assert url.startswith("https://shop.example/gold?c=1%26to%3D%2F%2Fevil.example")
    assert "\r" not in url


@pytest.mark.parametrize(
    ("tracking", "kept"),
    [
        ("full", ("ana", "t-1", {"user_agent": make.CHROME, "ip": "203.0.113.9"})),
        ("identified", ("ana", "t-1", {})),
        ("pseudonymous", ("ana", "t-1", {})),
        ("anonymous", (None, None, {})),
        ("off", None),
    ],
)
def test_a_click_keeps_what_the_tracking_level_of_now_allows(
    desk: Desk, tracking: str, kept: tuple[object, ...] | None
) -> None:
    desk.save(tier="gold", points=420)
    desk.open()
    desk.save(tracking=tracking)

    sent = desk.click()

    clicks = [event for event in desk.events() if event.type is EventType.CLICK]
    assert (sent.url, sent.why) == ("https://shop.example/gold?c=420", "as_shown")
    assert [(one.customer_id, one.touch_id, dict(one.details)) for one in clicks] == ([kept] if kept else [])
    assert [(one.variant, one.url, one.why) for one in clicks] == (
        [("gold", sent.url, "as_shown")] if kept else []
    )


def test_a_followed_click_is_the_same_fact_as_one_that_was_worked_out(desk: Desk) -> None:
    desk.save(tier="gold", points='é✓ "420" \\ / 𝄞')
    desk.click()
    desk.open()
    desk.click()

    worked_out, _, followed = desk.events()
    assert followed == replace(worked_out, event_id=followed.event_id, why="as_shown")


@pytest.mark.parametrize(
    "stored", [b"", b"1|", b"1|[]", b"1|{}", b"1|null", b"x", b'1|[1,"gold","rule_held",1,null]']
)
def test_a_damaged_choice_is_not_followed(desk: Desk, stored: bytes) -> None:
    desk.save(tier="gold", points=420)
    desk.hot.client.hset(desk.hot.keys.history("ana"), "c.t-1|hero", stored)

    assert desk.click().url == "https://shop.example/gold?c=420"
    assert [event.why for event in desk.events()] == ["rule_held"]
