"""The click: it goes where the last shown picture promised."""

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
    publish(desk.hot, "l:spring", {"links": {"3": "https://shop.example/lamps"}})
    desk.front.snapshot.refresh()

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
