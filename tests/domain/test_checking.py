"""Rules held against the catalogue: what can never hold is told, with its place and what was meant."""

import pytest
from hypothesis import given

from app.domain.attributes import Attribute, AttributeType, Source
from app.domain.built_in_attributes import BUILT_IN
from app.domain.rules import compile_rule
from app.domain.rules.checking import check
from tests.domain.test_rules import SEGMENTS, conditions

NUMBER, STRING, LIST = AttributeType.NUMBER, AttributeType.STRING, AttributeType.LIST


def declared(path: str, kind: AttributeType, **fields: object) -> Attribute:
    return Attribute(path, kind, "…", Source.DECLARED, is_personal=True, **fields)  # type: ignore[arg-type]


CATALOGUE = BUILT_IN.with_more(
    [
        declared("customer.points", NUMBER, low=0),
        declared("customer.hour", NUMBER, low=0, high=23),
        declared("customer.tier", STRING, values=("new", "silver", "gold")),
        declared("customer.vip", AttributeType.BOOLEAN),
        declared("customer.category", STRING),
        declared("customer.joined_at", AttributeType.DATETIME),
        declared("customer.tags", LIST),
        declared("customer.tags.*", STRING, values=("a", "b")),
        declared("customer.address", AttributeType.OBJECT),
        declared("customer.address.city", STRING),
        Attribute("customer.guess", NUMBER, "", Source.PROPOSED),
    ]
)


@pytest.mark.parametrize(
    ("rule", "pointer", "detail"),
    [
        ({"customer.categroy": "x"}, "/customer.categroy", "unknown attribute; did you mean 'category'?"),
        (
            {"cart.items": {"$elemMatch": {"prcie": {"$gt": 1}}}},
            "/cart.items/$elemMatch/prcie",
            "unknown attribute; did you mean 'price'?",
        ),
        (
            {"cart.items": {"$elemMatch": {"colour": "red"}}},
            "/cart.items/$elemMatch/colour",
            "unknown attribute; known are item_id, price, currency, at",
        ),
        ({"customer.adress.city": "x"}, "/customer.adress.city", "did you mean 'address'?"),
        (
            {"customer.address.town": "x"},
            "/customer.address.town",
            "unknown field 'town' of customer.address",
        ),
        ({"$or": [{"custmer.tier": 1}]}, "/$or/0/custmer.tier", "did you mean 'customer'?"),
        (
            {"customer.hour": 25},
            "/customer.hour",
            "customer.hour is always between 0 and 23; 25 can never match",
        ),
        ({"customer.hour": {"$gt": 23}}, "/customer.hour/$gt", "23 can never match"),
        (
            {"customer.hour": {"$between": [24, 30]}},
            "/customer.hour/$between",
            "from 24 to 30 can never match",
        ),
        ({"customer.hour": {"$in": [1, 24]}}, "/customer.hour/$in", "24 can never match"),
        ({"cart.count": {"$lt": 0}}, "/cart.count/$lt", "cart.count is never below 0; 0 can never match"),
        (
            {"customer.points": {"$gt": "100"}},
            "/customer.points/$gt",
            "customer.points is a number; '100' can never match",
        ),
        ({"customer.points": True}, "/customer.points", "true can never match"),
        ({"customer.points": {"$startsWith": "1"}}, "/customer.points/$startsWith", "is for texts"),
        ({"customer.points": {"$elemMatch": {"$gt": 1}}}, "/customer.points/$elemMatch", "is for lists"),
        ({"customer.points": {"$within": "P1D"}}, "/customer.points/$within", "is for moments"),
        ({"customer.tier": {"$gt": 3}}, "/customer.tier/$gt", "customer.tier is a text; 3 can never match"),
        (
            {"customer.tier": {"$in": ["gold", "sliver"]}},
            "/customer.tier/$in",
            "customer.tier is never 'sliver'; did you mean 'silver'?",
        ),
        ({"customer.tier": "x"}, "/customer.tier", "it is one of new, silver, gold"),
        ({"client.opener": "humna"}, "/client.opener", "did you mean 'human'?"),
        ({"customer.vip": "yes"}, "/customer.vip", "customer.vip is true or false; 'yes' can never match"),
        ({"customer.joined_at": {"$gt": "yesterday"}}, "/customer.joined_at/$gt", "is a moment"),
        ({"customer.tags": "a"}, "/customer.tags", "is a list; ask for an entry with $in"),
        ({"customer.tags": {"$elemMatch": {"$eq": "c"}}}, "/customer.tags/$elemMatch/$eq", "is never 'c'"),
        ({"customer.address": "Paris"}, "/customer.address", "is an object; name one of its fields"),
        (
            {"customer.points": {"$gt": {"$attr": "customer.tier"}}},
            "/customer.points/$gt",
            "a number and customer.tier a text",
        ),
        ({"touch.age": {"$gt": {"$attr": "crat.count"}}}, "/touch.age/$gt/$attr", "did you mean 'cart'?"),
        ({"$not": {"customer.hour": {"$not": {"$gt": 99}}}}, "/$not/customer.hour/$not/$gt", "never match"),
    ],
)
def test_what_can_never_hold_is_told_with_its_place(rule: object, pointer: str, detail: str) -> None:
    compile_rule(rule)

    found = check(rule, CATALOGUE)

    [problem] = found.problems
    assert problem.pointer == pointer
    assert detail in problem.detail
    assert found.warnings == []


@pytest.mark.parametrize(
    "rule",
    [
        {"customer.points": {"$gte": 0, "$lt": 100}},
        {"customer.hour": {"$between": [0, 23]}},
        {"customer.tier": {"$in": ["gold", None], "$exists": True}},
        {"customer.tier": {"$ini": ["GOLD"], "$regex": "^g", "$gt": "m"}},
        {"customer.tags": {"$in": ["a"], "$all": ["b"], "$size": {"$gt": 1}, "$contains": "a"}},
        {"customer.joined_at": {"$gte": "2026-01-01", "$within": "P1Y", "$startsWith": "2026"}},
        {"customer.joined_at": {"$lt": {"$attr": "touch.sent_at"}}},
        {"customer.address.city": {"$attr": "customer.category"}},
        {"cart.items": {"$elemMatch": {"price": {"$gte": 50}, "$or": [{"currency": "EUR"}]}}},
        {"cart.items.0.price": {"$gt": 5}},
        {"$inGroup": "vip"},
    ],
)
def test_what_may_hold_is_left_alone(rule: object) -> None:
    compile_rule(rule, segments=SEGMENTS)

    found = check(rule, CATALOGUE)

    assert (found.problems, found.warnings) == ([], [])


def test_an_attribute_nobody_knows_yet_is_no_fault() -> None:
    found = check({"customer.shoe_size": {"$gt": 40}}, CATALOGUE, pointer="/when")

    assert found.problems == []
    [warning] = found.warnings
    assert warning.pointer == "/when/customer.shoe_size"
    assert warning.detail == "no customer has the attribute 'shoe_size' yet, and nobody declared it"


def test_before_the_first_customer_came_nothing_is_warned_of() -> None:
    found = check({"customer.shoe_size": {"$gt": 40}}, BUILT_IN)

    assert (found.problems, found.warnings) == ([], [])


def test_a_type_that_is_only_supposed_is_no_fault_either() -> None:
    found = check({"customer.guess": "x"}, CATALOGUE)

    assert found.problems == []
    assert "is a number" in found.warnings[0].detail


@given(conditions)
def test_any_good_rule_can_be_checked(condition: object) -> None:
    check(condition, CATALOGUE)
