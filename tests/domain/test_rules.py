"""Rules: the operators on rich and on missing data, never an exception, and a trace that agrees."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.problems import Invalid
from app.domain.rules import compile_rule, trace

ANA = {
    "customer": {"tier": "gold", "points": 420, "vip": True, "tags": ["a", "b"], "city": None},
    "cart": {"items": [{"item_id": "mug", "price": 12}, {"item_id": "lamp", "price": 60}], "count": 2},
}
GUIDE = Path(__file__).parents[2] / "docs" / "rules.md"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
paths = st.sampled_from(
    ["customer.tier", "customer.points", "customer.none", "cart.items", "cart.items.0.price"]
)
numbers = st.integers(-5, 5) | st.sampled_from([12, 420, 0.5])
operators = st.one_of(
    st.fixed_dictionaries({"$gt": numbers}),
    st.fixed_dictionaries({"$lte": numbers}),
    st.fixed_dictionaries({"$in": st.lists(st.sampled_from(["gold", "silver", 420, None]), max_size=3)}),
    st.fixed_dictionaries({"$exists": st.booleans()}),
    st.fixed_dictionaries({"$ne": st.sampled_from(["gold", 420, True, None])}),
    st.fixed_dictionaries(
        {"$elemMatch": st.fixed_dictionaries({"price": st.fixed_dictionaries({"$gte": numbers})})}
    ),
)
conditions = st.recursive(
    st.dictionaries(paths, operators, min_size=1, max_size=2),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"$and": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"$or": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"$not": inner}),
    ),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ({}, True),
        ({"customer.tier": "gold"}, True),
        ({"customer.tier": "silver"}, False),
        ({"customer.tier": {"$ne": "silver"}}, True),
        ({"customer.points": {"$gte": 420, "$lt": 421}}, True),
        ({"customer.points": {"$gt": 420}}, False),
        ({"customer.points": {"$gt": "100"}}, False),
        ({"customer.tier": {"$gt": "bronze"}}, True),
        ({"customer.tier": {"$in": ["gold", "silver"]}}, True),
        ({"customer.tags": {"$in": ["b"]}}, True),
        ({"customer.tier": {"$nin": ["gold"]}}, False),
        ({"customer.age": {"$gt": -10}}, False),
        ({"customer.age": {"$ne": 3}}, True),
        ({"customer.age": {"$nin": [3]}}, True),
        ({"customer.age": {"$not": {"$gt": 3}}}, True),
        ({"customer.age": {"$exists": False}}, True),
        ({"customer.city": {"$exists": True}}, False),
        ({"customer.vip": True}, True),
        ({"customer.vip": 1}, False),
        ({"customer.points": {"$eq": 420.0}}, True),
        ({"cart.items": {"$elemMatch": {"price": {"$gte": 50}}}}, True),
        ({"cart.items": {"$elemMatch": {"price": {"$gte": 50}, "item_id": "mug"}}}, False),
        ({"customer.tags": {"$elemMatch": {"$eq": "a"}}}, True),
        ({"cart.items.1.item_id": "lamp"}, True),
        ({"$and": [{"customer.tier": "gold"}, {"customer.vip": True}]}, True),
        ({"$or": [{"customer.tier": "silver"}, {"cart.count": 2}]}, True),
        ({"$nor": [{"customer.tier": "silver"}]}, True),
        ({"$not": {"customer.tier": "gold"}}, False),
    ],
)
def test_an_operator_does_what_the_guide_says(rule: object, wanted: bool) -> None:
    assert compile_rule(rule).holds(ANA) is wanted


@pytest.mark.parametrize(
    ("rule", "pointer", "detail"),
    [
        ([], "/when", "a condition is an object"),
        ({"customer.tier": {"$gtt": 1}}, "/when/customer.tier/$gtt", "did you mean '$gt'?"),
        ({"$adn": []}, "/when/$adn", "did you mean '$and'?"),
        (
            {"cart.items": {"$elemMatch": {"price": {"$gte2": 1}}}},
            "/when/cart.items/$elemMatch/price/$gte2",
            "$gte",
        ),
        ({"a b": 1}, "/when/a b", "a path is names joined by dots"),
        ({"customer.x": {"$in": "gold"}}, "/when/customer.x/$in", "takes a list"),
        ({"customer.x": {"$gt": True}}, "/when/customer.x/$gt", "takes a number or a text"),
        ({"customer.x": {"$gt": float("nan")}}, "/when/customer.x/$gt", "finite"),
        ({"customer.x": {"$exists": 1}}, "/when/customer.x/$exists", "true or false"),
        ({"customer.x": "y" * 1_001}, "/when/customer.x", "1000 characters"),
        ({"$or": {"a": 1}}, "/when/$or", "takes a list of conditions"),
    ],
)
def test_a_fault_is_told_with_its_place(rule: object, pointer: str, detail: str) -> None:
    with pytest.raises(Invalid) as refused:
        compile_rule(rule, pointer="/when")

    [problem] = refused.value.problems
    assert problem.pointer == pointer
    assert detail in problem.detail


def test_a_tree_of_twenty_thousand_levels_is_refused_at_once() -> None:
    rule: dict[str, object] = {}
    inner = rule
    for _ in range(20_000):
        inner["$not"] = {}
        inner = inner["$not"]  # type: ignore[assignment]

    started = time.perf_counter()
    with pytest.raises(Invalid, match="8 deep"):
        compile_rule(rule)
    assert time.perf_counter() - started < 0.5


def test_a_rule_of_very_many_terms_is_refused() -> None:
    with pytest.raises(Invalid, match="at most 200 terms"):
        compile_rule({f"customer.a{number}": number for number in range(5_000)})


def test_a_rule_knows_the_paths_it_reads() -> None:
    rule = compile_rule({"customer.tier": "gold", "cart.items": {"$elemMatch": {"price": {"$gt": 1}}}})

    assert rule.paths == {"customer.tier", "cart.items"}


@given(json_values, json_values)
def test_any_json_as_a_rule_is_refused_or_answers(document: object, context: object) -> None:
    try:
        rule = compile_rule(document)
    except Invalid:
        return
    assert rule.holds(context) in (True, False)


@given(conditions, json_values)
def test_a_good_rule_never_raises_on_any_context(condition: object, context: object) -> None:
    assert compile_rule(condition).holds(context) in (True, False)
    trace(condition, context)


@given(conditions, conditions)
def test_de_morgan(one: object, other: object) -> None:
    left = compile_rule({"$not": {"$and": [one, other]}}).holds(ANA)
    right = compile_rule({"$or": [{"$not": one}, {"$not": other}]}).holds(ANA)

    assert left is right


@given(st.dictionaries(paths, operators, min_size=1, max_size=4))
def test_a_rule_of_plain_terms_holds_when_all_of_its_traced_terms_held(condition: dict[str, object]) -> None:
    terms = trace(condition, ANA)

    assert compile_rule(condition).holds(ANA) is all(term.held for term in terms)


def test_a_trace_tells_what_each_term_saw() -> None:
    [tier, points] = trace({"customer.tier": "silver", "customer.points": {"$gte": 100}}, ANA)

    assert (tier.path, tier.operator, tier.expected, tier.seen, tier.held) == (
        "customer.tier",
        "$eq",
        "silver",
        "gold",
        False,
    )
    assert (points.pointer, points.seen, points.held) == ("/customer.points/$gte", 420, True)


def test_the_guides_examples_are_what_the_code_does() -> None:
    blocks = [part.partition("```")[0] for part in GUIDE.read_text().split("```json\n")[1:]]
    examples = [json.loads(block) for block in blocks]
    checked = [one for one in examples if "when" in one and "holds" in one]

    assert len(checked) >= 5
    for example in checked:
        assert compile_rule(example["when"]).holds(example["for"]) is example["holds"], example
