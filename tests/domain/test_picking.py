"""Of lists of items, those that one customer may be shown at one second."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogs.items import as_text
from app.domain.catalogs.picking import Basket, ids, left_out, seeds
from app.domain.catalogs.selectors import Selector, compile_selector
from app.domain.checks import Check
from tests import make


def selector(**fields: object) -> Selector:
    made = compile_selector(Check(), {"catalog": "shop", "select": "newest", **fields}, "")
    assert made is not None
    return made


def item(item_id: str, **fields: object) -> dict[str, object]:
    return {"item_id": item_id, "title": item_id, **fields}


def picked(candidates: list[dict[str, object]], taken: set[str] | None = None, **fields: Any) -> list[str]:
    context = fields.pop("context", {})
    chosen = selector(**fields)
    basket = Basket(chosen, context, make.NOW)
    basket.leave_out(taken or set())
    for source in chosen.sources:
        basket.take(source, candidates)
    return ids(basket.items)


def at(seconds: float) -> str:
    return as_text(make.NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("fields", "is_shown"),
    [
        ({}, True),
        ({"stock": 1}, True),
        ({"stock": 0}, False),
        ({"available_from": at(0)}, True),
        ({"available_from": at(1)}, False),
        ({"available_until": at(1)}, True),
        ({"available_until": at(0)}, False),
    ],
)
def test_only_what_is_to_be_had_at_this_second_is_shown(fields: dict[str, object], is_shown: bool) -> None:
    assert picked([item("mug", **fields)]) == (["mug"] if is_shown else [])


def test_the_order_of_the_list_stands_and_nothing_comes_twice() -> None:
    shelf = [item("a"), item("b"), item("a"), item("c"), item("d")]

    assert picked(shelf, {"b"}, max=2) == ["a", "c"]
    assert picked(shelf, max=3, fill_with=["trending"]) == ["a", "b", "c"]


def test_blocks_of_one_email_take_one_each() -> None:
    shelf = [item("a"), item("b"), item("c")]

    assert [picked(shelf, skip=place) for place in range(4)] == [["a"], ["b"], ["c"], []]


def test_fewer_than_the_author_wants_are_none() -> None:
    assert picked([item("a"), item("b")], max=3) == ["a", "b"]
    assert picked([item("a"), item("b")], max=3, min=3) == []


def test_a_rule_reads_the_item_and_the_customer() -> None:
    shelf = [item("a", price=90), item("b", price=20), item("c", price=30, tags=["new"])]
    where = {"item.price": {"$lt": 50}}

    assert picked(shelf, max=3, where=where) == ["b", "c"]
    assert picked(shelf, where={**where, "item.tags": {"$in": ["new"]}}) == ["c"]
    assert picked(shelf, where={"customer.tier": "gold"}, context={"customer": {"tier": "new"}}) == []


def test_a_rule_of_its_own_fills_up() -> None:
    shelf = [item("a", category="Mugs"), item("b", category="Bowls"), item("c", category="Mugs")]
    fill = [{"select": "trending", "where": {"item.category": "Bowls"}}, {"select": "newest"}]

    assert picked(shelf, max=2, where={"item.category": "Vases"}, fill_with=fill) == ["b", "a"]


STATE = {
    "g": b'["vase","mug"]',
    "k": b'{"items":[{"item_id":"bowl"}]}',
    "v.viewed": b'{"count":3,"items":[{"item_id":"lamp"},{"item_id":"mug"},{"item_id":"lamp"}]}',
    "v.read": b'{"items":[{"item_id":"essay"}]}',
}


def test_what_the_customer_has_is_left_out() -> None:
    assert left_out(selector(), STATE) == {"vase", "mug"}
    assert left_out(selector(exclude=["in_cart"]), STATE) == {"vase", "mug", "bowl"}
    assert left_out(selector(exclude=["viewed"]), STATE) == {"vase", "mug", "lamp", "essay"}


def test_personal_lists_begin_with_what_the_customer_did() -> None:
    assert seeds("recently_viewed", STATE) == ["lamp", "mug", "essay"]
    assert seeds("also_bought", STATE) == ["bowl", "vase", "mug", "lamp", "essay"]
    assert seeds("also_viewed", STATE) == ["lamp", "mug", "essay", "bowl", "vase"]
    assert seeds("also_viewed", {}) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["items", "item_id"]), inner),
    max_leaves=8,
)


@given(json_values, json_values, json_values)
def test_whatever_lies_in_the_state_nothing_raises(one: object, other: object, third: object) -> None:
    state = {"g": json.dumps(one).encode(), "k": json.dumps(other).encode(), "v.viewed": b"{", "v.read": None}
    state["v.viewed"] = json.dumps(third).encode()

    left_out(selector(exclude=["in_cart", "viewed"]), state)
    for select in ("recently_viewed", "also_viewed", "also_bought"):
        seeds(select, state)
