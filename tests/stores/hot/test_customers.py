"""Customers in Redis: what is written is read back, once, and SQL is told in the same breath."""

from datetime import timedelta

import pytest

from app.domain.events import EventType
from app.domain.state import Suppression, Tracking
from app.stores.hot import customers, streams
from app.stores.hot.codec import decode, decode_event
from app.stores.hot.customers import CustomerPatch
from app.stores.hot.server import HotStore
from tests import make


def saved(customer_id: str = "ana"):
    return make.event(EventType.CUSTOMER_SAVED, customer_id=customer_id)


def activity(activity_id: str, kind: str, item_id: str | None = None, **details: object):
    told = {"activity_id": activity_id, "type": kind, "item_id": item_id, **details}
    return make.event(EventType.ACTIVITY, customer_id="ana", details=told)


def entries(hot: HotStore):
    streams.ensure_groups(hot)
    return streams.read_new(hot, "test", count=100, block_ms=1)


def test_replace_is_the_whole_state_and_keeps_what_the_customer_did(hot: HotStore) -> None:
    customers.replace(
        hot, CustomerPatch({"tier": "gold", "points": 420}, {"timezone": "Europe/Paris"}), saved()
    )
    customers.add_activities(hot, [activity("a1", "viewed", "sku-1")])

    customers.replace(hot, CustomerPatch({"tier": "silver"}, {"locale": "fr-FR"}), saved())

    ana = customers.fetch(hot, "ana")
    assert ana is not None
    assert ana.attributes == {"tier": "silver"}
    assert (ana.timezone, ana.locale) == (None, "fr-FR")
    assert ana.activity["viewed"]["count"] == 1


def test_merge_changes_what_is_named_and_null_removes(hot: HotStore) -> None:
    first = CustomerPatch({"tier": "gold", "points": 1}, {"channels": {"email": {"consent": True}}})
    customers.merge(hot, first, saved())

    customers.merge(
        hot,
        CustomerPatch(
            {"points": None, "city": "Lyon"}, {"channels": {"sms": {"consent": False}}, "tracking": "off"}
        ),
        saved(),
    )

    ana = customers.fetch(hot, "ana")
    assert ana is not None
    assert ana.attributes == {"tier": "gold", "city": "Lyon"}
    assert ana.channels == {"email": {"consent": True}, "sms": {"consent": False}}
    assert ana.tracking is Tracking.OFF


@pytest.mark.parametrize(
    "value", ["", " ", "نور", "🎁", "a\tb", "{{ customer.id }}", 0, -1.5, True, [], {}, [{"a": [1]}]]
)
def test_a_value_comes_back_as_it_went(hot: HotStore, value: object) -> None:
    customers.merge(hot, CustomerPatch({"x": value}), saved())

    ana = customers.fetch(hot, "ana")
    assert ana is not None
    assert ana.attributes == {"x": value}


def test_every_write_tells_sql_the_whole_state_with_a_rising_revision(hot: HotStore) -> None:
    first = customers.merge(hot, CustomerPatch({"tier": "gold"}), saved())
    second = customers.merge(hot, CustomerPatch({"points": 3}), saved())

    told = entries(hot)

    states = [dict(zip(*[iter(decode(entry.state))] * 2, strict=True)) for entry in told if entry.state]
    assert second > first
    assert [int(state["r"]) for state in states] == [first, second]
    assert states[1]["a.tier"] == '"gold"'
    assert decode_event(told[0].event).type is EventType.CUSTOMER_SAVED


def test_an_activity_counts_once_however_often_it_arrives(hot: HotStore) -> None:
    customers.merge(hot, CustomerPatch(), saved())

    answers = customers.add_activities(hot, [activity("a1", "viewed", "sku-1")] * 3)

    ana = customers.fetch(hot, "ana")
    assert ana is not None
    assert answers == ["recorded", "duplicate", "duplicate"]
    assert ana.activity["viewed"]["count"] == 1


def test_the_cart_fills_and_a_purchase_empties_it(hot: HotStore) -> None:
    customers.merge(hot, CustomerPatch(), saved())
    customers.add_activities(
        hot,
        [
            activity("a1", "added_to_cart", "mug", value=12.5, currency="EUR"),
            activity("a2", "added_to_cart", "lamp", value=60),
        ],
    )
    filled = customers.fetch(hot, "ana")

    customers.add_activities(hot, [activity("a3", "purchased", "lamp", value=60)])

    emptied = customers.fetch(hot, "ana")
    assert filled is not None
    assert emptied is not None
    assert [item["item_id"] for item in filled.cart["items"]] == ["lamp", "mug"]  # type: ignore[union-attr]
    assert [item["item_id"] for item in emptied.cart["items"]] == ["mug"]  # type: ignore[union-attr]


def test_an_activity_of_a_stranger_is_refused_and_not_remembered(hot: HotStore) -> None:
    assert customers.add_activities(hot, [activity("a1", "viewed")]) == ["unknown_customer"]

    customers.merge(hot, CustomerPatch(), saved())

    assert customers.add_activities(hot, [activity("a1", "viewed")]) == ["recorded"]


def test_a_suppression_stands_once_until_it_is_dropped(hot: HotStore) -> None:
    told = make.event(EventType.PREFERENCE, customer_id="ana")
    one = Suppression("s1", "channel:email", "unsubscribed", make.NOW)
    again = Suppression("s2", "channel:email", "unsubscribed", make.NOW + timedelta(hours=1))

    customers.change_suppressions(hot, told, add=[one])
    standing = customers.change_suppressions(hot, told, add=[again])
    dropped = customers.change_suppressions(hot, told, drop=["s1"])

    assert [held.suppression_id for held in standing] == ["s1"]
    assert dropped == ()


def test_an_erased_customer_leaves_no_key_behind(hot: HotStore) -> None:
    customers.merge(hot, CustomerPatch({"first_name": "Ana"}), saved())
    hot.client.hset(hot.keys.history("ana"), "n.o", 1)
    hot.client.set(hot.keys.ledger("ana"), b"x")

    was_there = customers.erase(hot, make.event(EventType.CUSTOMER_ERASED, customer_id="ana"))

    assert was_there
    assert customers.fetch(hot, "ana") is None
    assert [key for key in hot.client.keys("*") if b"ana" in key] == []


def test_scripts_come_back_after_the_server_forgot_them(hot: HotStore) -> None:
    customers.merge(hot, CustomerPatch({"tier": "gold"}), saved())

    hot.client.script_flush()
    customers.merge(hot, CustomerPatch({"points": 1}), saved())

    ana = customers.fetch(hot, "ana")
    assert ana is not None
    assert ana.attributes == {"tier": "gold", "points": 1}
