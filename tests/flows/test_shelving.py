"""The workers' side of catalogues: what is wanted is learnt once, and lists are made and brought out."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from app.domain.events import Event, EventType
from app.domain.opener import Opener, OpenerClass
from app.flows import catalogs, popularity, shelving
from app.flows.recording import record
from app.stores.cold import popularity as cold_popularity
from app.stores.cold.engine import Cold
from app.stores.hot import catalogs as hot_catalogs
from app.stores.hot import customers, keys, streams
from app.stores.hot.codec import decode
from app.stores.hot.customers import CustomerPatch
from app.stores.hot.server import HotStore
from tests import make
from tests.desk import Desk

PERSON = Opener(OpenerClass.HUMAN, "certain", "test")
MACHINE = Opener(OpenerClass.MACHINE_PREFETCH, "certain", "test")
_minutes = itertools.count()


class Shop:
    """A platform and its customers, with what the workers do in between."""

    def __init__(self, cold: Cold, hot: HotStore) -> None:
        self.cold = cold
        self.hot = hot
        streams.ensure_groups(hot)

    def stock(self, *item_ids: str, catalog: str = "shop", **fields: Any) -> None:
        documents = [{"item_id": one, "title": one, **fields} for one in item_ids]
        saved = catalogs.save_items(self.cold, self.hot, catalog, documents, now=make.NOW)
        assert set(saved) <= {"added", "changed"}

    def customer(self, *customer_ids: str) -> None:
        for one in customer_ids:
            event = make.event(EventType.CUSTOMER_SAVED, customer_id=one)
            customers.merge(self.hot, CustomerPatch({}, {"tracking": "full"}), event)

    def does(self, customer_id: str, kind: str, *item_ids: str) -> None:
        for item_id in item_ids:
            details = {"activity_id": make.event_id(), "type": kind, "item_id": item_id}
            at = make.NOW - timedelta(days=1) + timedelta(minutes=next(_minutes))
            event = make.event(EventType.ACTIVITY, customer_id=customer_id, at=at, details=details)
            assert customers.add_activities(self.hot, [event]) == ["recorded"]

    def clicks(self, *item_ids: str, opener: Opener = PERSON) -> None:
        for item_id in item_ids:
            details = {"item_ids": [item_id, "never-first"]}
            self.happens(make.event(EventType.CLICK, customer_id="ana", details=details, opener=opener))

    def happens(self, event: Event) -> None:
        streams.append(self.hot, [event])

    def learn(self) -> int:
        while entries := streams.read_new(self.hot, "tests", count=500, block_ms=1):
            record(self.cold, entries, now=make.NOW)
            streams.finish(self.hot, entries)
        return popularity.learn(self.cold, self.hot, now=make.NOW)

    def listed(self, name: str = "trending", catalog: str = "shop") -> list[str]:
        raw = self.hot.value(keys.catalog(catalog)[2], name)
        found: list[str] = decode(raw) if raw is not None else []
        return found

    def related(self, kind: str, item_id: str, catalog: str = "shop") -> list[str]:
        raw = self.hot.value(keys.related(catalog, kind), item_id)
        found: list[str] = decode(raw) if raw is not None else []
        return found


@pytest.fixture
def shop(cold: Cold, hot: HotStore) -> Shop:
    shop = Shop(cold, hot)
    shop.stock("bowl", "lamp", "mug", "vase")
    shop.customer("ana", "bob", "cleo")
    return shop


def test_what_people_buy_read_and_click_is_trending_and_what_machines_fetch_is_not(shop: Shop) -> None:
    shop.does("ana", "purchased", "mug")
    shop.clicks("vase", "vase")
    shop.clicks("lamp", "lamp", "lamp", opener=MACHINE)
    shop.does("bob", "read", "bowl")
    shop.does("bob", "viewed", "lamp")

    learnt = shop.learn()
    shelving.shelve(shop.cold, shop.hot, [], now=make.NOW)

    assert shop.listed() == ["mug", "vase", "bowl"]
    assert learnt > 0


def test_an_event_counts_once_however_often_the_job_runs(shop: Shop) -> None:
    shop.does("ana", "purchased", "mug")
    shop.clicks("vase", "vase", "vase")
    first, again = shop.learn(), shop.learn()
    shop.clicks("vase", "vase", "vase")

    third = shop.learn()
    shelving.shelve(shop.cold, shop.hot, [], now=make.NOW)

    assert (first, again, third) == (4, 0, 3)
    assert shop.listed() == ["vase", "mug"]


def test_what_was_wanted_long_ago_fades(shop: Shop) -> None:
    shop.does("ana", "purchased", "mug")
    shop.learn()
    later = make.NOW + timedelta(days=15)
    shop.clicks("vase")
    while entries := streams.read_new(shop.hot, "tests", count=500, block_ms=1):
        record(shop.cold, entries, now=make.NOW)
        streams.finish(shop.hot, entries)
    popularity.learn(shop.cold, shop.hot, now=later)

    shelving.shelve(shop.cold, shop.hot, [], now=later)

    assert shop.listed() == ["vase", "mug"]


def test_what_the_same_customers_bought_goes_together(shop: Shop) -> None:
    shop.does("ana", "purchased", "mug", "bowl")
    shop.does("bob", "purchased", "bowl", "mug", "vase")
    shop.does("cleo", "viewed", "mug", "lamp")
    shop.learn()

    popularity.relate(shop.cold, shop.hot, now=make.NOW)

    assert shop.related("bought", "mug") == ["bowl", "vase"]
    assert shop.related("bought", "vase") == ["bowl", "mug"]
    assert shop.related("viewed", "mug") == ["lamp"]
    assert shop.related("bought", "lamp") == []


def test_what_goes_together_is_of_one_catalogue(shop: Shop) -> None:
    shop.stock("essay", "poem", catalog="paper")
    shop.does("ana", "read", "mug", "essay", "poem")
    shop.learn()

    popularity.relate(shop.cold, shop.hot, now=make.NOW)

    assert sorted(shop.related("viewed", "essay", "paper")) == ["mug", "poem"]
    assert shop.related("viewed", "mug", "paper") == []


def test_two_who_read_the_log_at_once_learn_it_once(shop: Shop) -> None:
    shop.does("ana", "purchased", "mug")
    shop.learn()

    with shop.cold.writing() as connection:
        moved = [cold_popularity.move(connection, "popularity", 0, 99) for _ in range(2)]

    assert moved == [False, False]


def test_lists_are_made_anew_when_something_changed_and_only_then(shop: Shop) -> None:
    first = shelving.shelve(shop.cold, shop.hot, [], now=make.NOW)
    second = shelving.shelve(shop.cold, shop.hot, [], now=make.NOW)
    shop.stock("urn")
    third = shelving.shelve(shop.cold, shop.hot, [], now=make.NOW)
    later = shelving.shelve(shop.cold, shop.hot, [], now=make.NOW + timedelta(minutes=2))

    assert (first, second, third, later) == (1, 0, 1, 1)
    assert shop.listed("newest") == ["bowl", "lamp", "mug", "urn", "vase"]


def test_a_published_block_has_its_list_and_one_withdrawn_has_none(shop: Shop, desk: Desk) -> None:
    shop.stock("cup", category="Mugs")
    items = {"catalog": "shop", "select": "newest", "where": {"item.category": "Mugs"}}
    variant = {"id": "a", "items": items, "creative": make.creative("{{ item.title }}")}
    desk.publish(variants=[variant])
    [block] = desk.front.snapshot.blocks()
    [(name, _)] = block.selectors[0].shelves

    shelving.shelve(shop.cold, shop.hot, [block], now=make.NOW)
    published = shop.listed(name)
    shelving.shelve(shop.cold, shop.hot, [], now=make.NOW)

    assert (published, shop.listed(name)) == (["cup"], [])


def test_a_list_that_did_not_change_is_not_read_again_by_anybody(shop: Shop) -> None:
    shelving.shelve(shop.cold, shop.hot, [], now=make.NOW)
    number = shop.hot.value(keys.catalog("shop")[0], "n")

    shelving.shelve(shop.cold, shop.hot, [], now=make.NOW + timedelta(minutes=2))

    assert shop.hot.value(keys.catalog("shop")[0], "n") == number


def test_a_server_that_lost_everything_comes_to_no_number_that_somebody_remembers(shop: Shop) -> None:
    shelving.shelve(shop.cold, shop.hot, [], now=make.NOW)
    number = int(shop.hot.value(keys.catalog("shop")[0], "n") or 0)
    shop.hot.client.flushall()

    catalogs.bring_along(shop.cold, shop.hot)

    since_1970_ms = 10**12
    assert number > since_1970_ms
    assert int(shop.hot.value(keys.catalog("shop")[0], "n") or 0) > since_1970_ms
    assert hot_catalogs.fingerprint(shop.hot, "shop") == ""
