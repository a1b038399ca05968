"""A hot store that lost its data has it back from SQL."""

from datetime import timedelta
from pathlib import Path

from app.domain.events import EventType
from app.domain.frequency.ledger import Words, touch_mark
from app.domain.opener import Opener, OpenerClass
from app.domain.state import TAKEN
from app.flows import catalogs
from app.flows.rebuilding import catch_up, rebuild
from app.flows.recording import record
from app.stores.cold import assets, attributes, blocks, messages, policies, segments
from app.stores.cold.assets import Asset
from app.stores.cold.engine import Cold
from app.stores.hot import catalogs as hot_catalogs
from app.stores.hot import customers, ledger, streams
from app.stores.hot.codec import decode
from app.stores.hot.customers import CustomerPatch
from app.stores.hot.restoring import is_lost
from app.stores.hot.server import HotStore
from tests import make
from tests.flows.office import Clerk

HUMAN = Opener(OpenerClass.HUMAN, "certain", "browser")


def fill(cold: Cold) -> None:
    with cold.writing() as connection:
        assets.save(connection, Asset("hero", "ab", "image/png", 1, 1, b"\x89PNG"), now=make.NOW)
        blocks.save_draft(connection, "hero", {"v": 1}, now=make.NOW)
        blocks.publish(connection, "hero", now=make.NOW)
        blocks.save_draft(connection, "hero", {"v": 2}, now=make.NOW)
        blocks.recall(connection, "hero")
        blocks.save_draft(connection, "never-published", {}, now=make.NOW)
        policies.save_draft(connection, "default", {"rules": []}, now=make.NOW)
        policies.publish(connection, "default", now=make.NOW)
        segments.save(connection, "vip", {"when": {"customer.tier": "gold"}}, now=make.NOW)
        attributes.declare(connection, "customer.tier", {"type": "string"}, now=make.NOW, by="key-1")
        attributes.propose(connection, {"customer.seen": {"type": "string"}}, now=make.NOW)
        messages.save(connection, "spring", {"channel": "email"}, now=make.NOW)
        messages.number_links(connection, "spring", ["https://shop.example/"], now=make.NOW)


def published(hot: HotStore) -> dict[str, object]:
    return {name.decode(): decode(raw) for name, raw in hot.client.hgetall("published").items()}


def record_all(hot: HotStore, cold: Cold) -> None:
    streams.ensure_groups(hot)
    record(cold, streams.read_new(hot, "test", count=100, block_ms=10), now=make.NOW)


def test_everything_published_is_back(hot: HotStore, cold: Cold) -> None:
    fill(cold)

    rebuilt = rebuild(hot, cold, now=make.NOW)

    assert rebuilt.documents == 7
    assert published(hot) == {
        "a:hero": {"data": "iVBORw==", "mimetype": "image/png", "sha256": "ab"},
        "b:hero": {"version": 1, "document": {"v": 1}, "recalled": True},
        "p:default": {"version": 1, "document": {"rules": []}},
        "s:vip": {"version": 1, "document": {"when": {"customer.tier": "gold"}}},
        "t:customer.tier": {"type": "string"},
        "m:spring": {"channel": "email"},
        "l:spring": {"links": {"1": "https://shop.example/"}},
    }


def test_customers_with_their_suppressions_and_engagement_are_back(hot: HotStore, cold: Cold) -> None:
    patch = CustomerPatch({"tier": "gold"}, {"locale": "fr-FR"})
    customers.merge(hot, patch, make.event(EventType.CUSTOMER_SAVED, customer_id="ana"))
    click = make.event(EventType.CLICK, customer_id="ana", touch_id="t-1", opener=HUMAN)
    streams.append(hot, [click])
    record_all(hot, cold)
    before = customers.fetch(hot, "ana")
    hot.client.flushall()

    rebuilt = rebuild(hot, cold, now=make.NOW)

    assert (rebuilt.customers, rebuilt.engagements) == (1, 1)
    assert customers.fetch(hot, "ana") == before
    assert hot.client.hget(hot.keys.history("ana"), "n.k") == b"1"


def test_touches_and_places_count_again_under_every_rule(hot: HotStore, cold: Cold, tmp_path: Path) -> None:
    clerk = Clerk(hot, tmp_path, [{"id": "any", "cap": 9, "window": {"rolling": "P1D"}}])
    words = Words("email", "news", "promotional", ("sale", "vip"), "topic", "campaign", "spring")
    clerk.report("t-1", words=words, dispatch_id="d-1")
    clerk.confirm(clerk.ask("t-2"))
    clerk.ask("t-3", words=words)
    clerk.ask("t-4", ttl=timedelta(seconds=1))
    clerk.release(clerk.ask("t-5"))
    before = {entry for entry in ledger.read(hot, "ana").entries if entry.touch != touch_mark("t-4")}
    record_all(hot, cold)
    hot.client.flushall()

    rebuilt = rebuild(hot, cold, now=make.NOW + timedelta(minutes=1))
    again = rebuild(hot, cold, now=make.NOW + timedelta(minutes=1))

    assert (rebuilt.touches, again.touches) == (3, 0)
    assert set(ledger.read(hot, "ana").entries) == before


def test_a_touch_the_ledger_still_has_is_newer_and_stays(hot: HotStore, cold: Cold, tmp_path: Path) -> None:
    clerk = Clerk(hot, tmp_path)
    answer = clerk.ask("t-1")
    record_all(hot, cold)
    clerk.confirm(answer)

    assert rebuild(hot, cold, now=make.NOW).touches == 0
    assert [entry.is_sent for entry in ledger.read(hot, "ana").entries] == [True]


def test_what_the_hot_store_still_has_is_newer_and_stays(hot: HotStore, cold: Cold) -> None:
    for tier in ("gold", "vip"):
        event = make.event(EventType.CUSTOMER_SAVED, customer_id="ana")
        customers.merge(hot, CustomerPatch({"tier": tier}), event)
        if tier == "gold":
            record_all(hot, cold)

    rebuilt = rebuild(hot, cold, now=make.NOW)

    customer = customers.fetch(hot, "ana")
    assert customer is not None
    assert (rebuilt.customers, customer.attributes["tier"]) == (0, "vip")


def test_a_server_knows_whether_it_was_ever_filled(hot: HotStore, cold: Cold) -> None:
    was_lost = is_lost(hot)
    rebuild(hot, cold, now=make.NOW)
    is_lost_after = is_lost(hot)
    hot.client.flushall()

    assert (was_lost, is_lost_after, is_lost(hot)) == (True, False, True)


def test_a_version_that_never_reached_redis_is_published_and_the_rest_left_alone(
    hot: HotStore, cold: Cold
) -> None:
    fill(cold)
    rebuild(hot, cold, now=make.NOW)
    with cold.writing() as connection:
        blocks.publish(connection, "hero", now=make.NOW)

    changed = [catch_up(hot, cold), catch_up(hot, cold)]

    assert changed == [1, 0]
    assert published(hot)["b:hero"] == {"version": 2, "document": {"v": 2}, "recalled": False}


def test_catalogues_come_back_and_what_is_not_to_be_shown_again(cold: Cold, hot: HotStore) -> None:
    streams.ensure_groups(hot)
    saved = make.event(EventType.CUSTOMER_SAVED, customer_id="ana")
    customers.merge(hot, CustomerPatch({}, {"tracking": "full"}), saved)
    bought = {"activity_id": "a-1", "type": "purchased", "item_id": "mug"}
    customers.add_activities(hot, [make.event(EventType.ACTIVITY, customer_id="ana", details=bought)])
    record_all(hot, cold)
    catalogs.save_items(cold, hot, "shop", [{"item_id": "mug", "title": "Mug"}], now=make.NOW)
    hot.client.flushall()

    rebuild(hot, cold, now=make.NOW)

    assert hot_catalogs.fetch_items(hot, "shop", ["mug"]) == [{"item_id": "mug", "title": "Mug"}]
    assert customers.fetch_fields(hot, "ana")[TAKEN] == b'["mug"]'
