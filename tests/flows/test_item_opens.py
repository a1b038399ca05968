"""Opens of blocks that show items: chosen at that second, told in the event, followed by the click."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.catalogs.items import as_text
from app.domain.events import EventType
from app.flows.driving import drive
from app.flows.opens import open_image
from app.stores.hot import catalogs, customers
from app.stores.hot.catalogs import put_lists, put_related
from tests import make
from tests.desk import Desk, front_on
from tests.servers import ValkeyServer

ITEMS = {
    name: {"item_id": name, "title": name.title(), "price": price, "url": f"https://shop.example/{name}"}
    for name, price in (("mug", 24), ("bowl", 18), ("vase", 60), ("lamp", 140))
}


LISTS = {"trending": ["mug", "bowl", "vase"], "newest": ["lamp", "vase", "bowl", "mug"]}


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """A catalogue of four, its lists, a customer, and a way to publish what shows items."""
    stock(desk, **ITEMS)
    put_lists(desk.hot, "shop", LISTS)
    desk.save(first_name="Ana")
    return desk


_editions = iter(range(1, 1_000_000))


def stock(desk: Desk, **items: dict[str, Any] | None) -> None:
    catalogs.save_items(desk.hot, "shop", next(_editions), items)


def showing(desk: Desk, select: str = "trending", *, sticky: str = "none", **items: Any) -> None:
    creative = make.creative("{% for one in items %}{{ one.title }} {% endfor %}")
    variant = {
        "id": "offer",
        "items": {"catalog": "shop", "select": select, **items},
        "creative": creative,
        "link": "{{ item.url }}?for={{ customer.id }}",
    }
    desk.publish(variants=[variant], sticky={"per": sticky})


def do(desk: Desk, kind: str, *item_ids: str) -> None:
    for item_id in item_ids:
        details = {"activity_id": make.event_id(), "type": kind, "item_id": item_id}
        event = make.event(EventType.ACTIVITY, customer_id="ana", details=details)
        assert customers.add_activities(desk.hot, [event]) == ["recorded"]


def shown(desk: Desk) -> list[str]:
    """Open once; the items that the event tells."""
    desk.open()
    items: list[str] = desk.events()[-1].details.get("item_ids", [])
    return items


def test_the_items_of_a_list_are_shown_told_and_followed(shop: Desk) -> None:
    showing(shop, max=2)

    picture = shop.open()
    sent = shop.click()

    assert picture.why == "rule_held"
    assert sent.url == "https://shop.example/mug?for=ana"
    told = shop.events()
    assert [event.details["item_ids"] for event in told] == [["mug", "bowl"], ["mug", "bowl"]]
    assert told[1].url == sent.url


def test_the_same_open_is_the_same_picture(shop: Desk) -> None:
    showing(shop, max=2)

    assert shop.open().image.data == shop.open().image.data


def test_what_was_bought_or_read_is_not_shown_again_however_long_ago(shop: Desk) -> None:
    showing(shop, max=3, fill_with=["newest"])
    do(shop, "purchased", "mug")
    do(shop, "read", "vase")
    do(shop, "purchased", *(f"old-{number}" for number in range(40)))

    assert shown(shop) == ["bowl", "lamp"]


def test_what_is_sold_out_or_over_is_not_shown_at_the_next_open(shop: Desk) -> None:
    showing(shop, max=3)
    before = shown(shop)

    over = {**ITEMS["bowl"], "available_until": as_text(make.NOW)}
    stock(shop, mug={**ITEMS["mug"], "stock": 0}, bowl=over)

    assert (before, shown(shop)) == (["mug", "bowl", "vase"], ["vase"])


def test_an_offer_ends_at_its_second_without_anybody_writing(shop: Desk) -> None:
    showing(shop)
    ends = as_text(make.NOW + timedelta(seconds=1))
    stock(shop, mug={**ITEMS["mug"], "available_until": ends})

    asks = [shop.ask(shop.token(), now=make.NOW + timedelta(seconds=seconds)) for seconds in (0, 1)]
    for ask in asks:
        drive(open_image(ask, shop.front), shop.hot, shop.spool)

    assert [event.details["item_ids"] for event in shop.events()] == [["mug"], ["bowl"]]


def test_with_too_few_items_the_fallback_is_shown_and_its_link_followed(shop: Desk) -> None:
    showing(shop, max=4, min=4)

    picture = shop.open()

    assert picture.why == "too_few_items"
    assert shop.click().url == "https://shop.example/"
    assert ["item_ids" in event.details for event in shop.events()] == [False, False]


def test_a_list_that_nobody_made_yet_is_filled_up_from_another(shop: Desk) -> None:
    showing(shop, "best_rated", max=2, fill_with=["newest"])

    assert shown(shop) == ["lamp", "vase"]


def test_what_was_viewed_last_comes_first(shop: Desk) -> None:
    showing(shop, "recently_viewed", max=3, fill_with=["trending"])
    do(shop, "viewed", "bowl", "gone", "lamp")

    assert shown(shop) == ["lamp", "bowl", "mug"]


def test_what_others_bought_too_is_shown_by_turns(shop: Desk) -> None:
    put_related(shop.hot, "shop", "bought", {"mug": ["bowl", "vase"], "lamp": ["vase", "mug"]})
    showing(shop, "also_bought", max=3)
    do(shop, "purchased", "mug")
    do(shop, "added_to_cart", "lamp")

    assert shown(shop) == ["vase", "bowl"]


def test_a_customer_who_did_nothing_has_no_personal_list(shop: Desk) -> None:
    showing(shop, "also_viewed", max=1)

    assert shop.open().why == "too_few_items"


def test_a_rule_chooses_among_items_and_may_ask_who_the_customer_is(shop: Desk) -> None:
    shop.save(tier="gold")
    cheap = {"item.price": {"$lte": 50}}
    showing(shop, "newest", max=4, where={**cheap, "customer.tier": "gold"})
    # What the workers keep for the part of the rule that is about items alone.
    [(name, _)] = shop.front.snapshot.block("hero").selectors[0].shelves  # type: ignore[union-attr]
    put_lists(shop.hot, "shop", {name: LISTS["newest"]})

    for_gold = shown(shop)
    shop.save(tier="silver")

    assert (for_gold, shop.open().why) == (["bowl", "mug"], "too_few_items")


def test_a_rule_may_compare_items_with_the_customer_and_with_the_moment(shop: Desk) -> None:
    shop.save(budget=50)
    day = timedelta(days=1)
    for name, age in (("mug", 2 * day), ("bowl", 9 * day)):
        stock(shop, **{name: {**ITEMS[name], "available_from": as_text(make.NOW - age)}})
    within_budget = {"item.price": {"$lte": {"$attr": "customer.budget"}}}
    showing(shop, "newest", max=4, where=within_budget)
    for_fifty = shown(shop)
    shop.save(budget=20)
    for_twenty = shown(shop)
    showing(shop, "newest", max=4, where={"item.available_from": {"$within": "P7D"}})

    assert (for_fifty, for_twenty, shown(shop)) == (["bowl", "mug"], ["bowl"], ["mug"])


def test_who_only_claims_to_be_a_customer_is_shown_no_items(shop: Desk) -> None:
    showing(shop)
    token = shop.token(customer_id="", touch_id="")
    key = shop.front.keyring.customer_key("ana")

    signed = shop.open(token, customer_key=key, send_key="t-1")
    unsigned = shop.open(token, customer_key="ana", send_key="t-1")

    assert (signed.why, unsigned.why) == ("rule_held", "unknown_customer")


def test_a_click_on_a_picture_never_fetched_goes_where_it_would_have_led(shop: Desk) -> None:
    showing(shop)

    assert shop.click().url == "https://shop.example/mug?for=ana"


def test_an_anonymous_customer_sees_items_and_no_event_tells_them(shop: Desk) -> None:
    showing(shop)
    shop.save(tracking="anonymous")

    picture = shop.open()

    assert picture.why == "rule_held"
    assert [event.details for event in shop.events()] == [{}]


def test_below_full_tracking_items_are_told_and_devices_are_not(shop: Desk) -> None:
    showing(shop)
    shop.save(tracking="pseudonymous")

    shop.open()
    shop.click()

    told = {"item_ids": ["mug"]}
    assert [event.details for event in shop.events()] == [{**told, "chosen": {"version": 1}}, told]


def test_a_sticky_block_keeps_its_variant_and_not_what_is_sold_out(shop: Desk) -> None:
    showing(shop, sticky="touch")
    first = shown(shop)
    stock(shop, mug={**ITEMS["mug"], "stock": 0})

    assert (first, shop.open().why, shop.events()[-1].details["item_ids"]) == (["mug"], "sticky", ["bowl"])


def test_too_few_items_are_not_what_the_touch_is_to_see_from_then_on(shop: Desk) -> None:
    showing(shop, "best_rated", sticky="touch")
    first = shop.open().why
    put_lists(shop.hot, "shop", {"best_rated": ["bowl"]})

    assert (first, shown(shop), shop.open().why) == ("too_few_items", ["bowl"], "sticky")


def test_a_process_reads_a_list_once_while_nothing_is_written(shop: Desk) -> None:
    showing(shop)
    shop.open()

    [first] = shop.front.shelves.known(shop.front.snapshot.block("hero").selectors)  # type: ignore[union-attr]
    shop.open()
    [second] = shop.front.shelves.known(shop.front.snapshot.block("hero").selectors)  # type: ignore[union-attr]
    stock(shop, bowl={**ITEMS["bowl"], "stock": 2})
    shop.open()
    [third] = shop.front.shelves.known(shop.front.snapshot.block("hero").selectors)  # type: ignore[union-attr]

    assert second is first
    assert third.number != first.number


def test_with_redis_away_the_fallback_is_shown(shop: Desk, valkey: ValkeyServer) -> None:
    showing(shop)
    shop.open()
    valkey.kill()

    assert shop.open().why == "state_unavailable"
    valkey.start()


def test_a_server_that_forgot_its_scripts_answers_a_list_and_its_neighbours(shop: Desk) -> None:
    put_related(shop.hot, "shop", "viewed", {"mug": ["bowl"]})
    do(shop, "viewed", "mug")
    showing(shop, "also_viewed", max=2, fill_with=["trending"])
    shop.hot.client.script_flush()

    assert shown(shop) == ["bowl", "mug"]


def test_a_fresh_process_shows_the_same(shop: Desk) -> None:
    showing(shop, max=3)
    first = shop.open()
    shop.front = front_on(shop.hot)
    shop.front.snapshot.refresh()

    assert shop.open().image.data == first.image.data
