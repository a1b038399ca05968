"""Rules in plain English: golden sentences, and never an exception."""

import pytest
from hypothesis import given

from app.domain.rules import compile_rule
from app.domain.rules.sentences import SENTENCE_MAX, sentence
from tests.domain.test_rules import SEGMENTS, conditions

GOLDEN: list[tuple[dict[str, object], str]] = [
    (
        {"customer.tier": "gold", "cart.items": {"$elemMatch": {"price": {"$gte": 50}}}},
        "tier is gold and the cart holds an item whose price is at least 50",
    ),
    ({"customer.points": {"$gte": 100, "$lt": 500}}, "points are at least 100 and points are less than 500"),
    (
        {
            "$or": [{"customer.tier": {"$in": ["gold", "silver"]}}, {"history.opens": {"$gte": 3}}],
            "customer.city": "New York",
        },
        "(tier is gold or silver, or the number of touches opened is at least 3) and city is New York",
    ),
    (
        {"$not": {"customer.age": {"$lt": 18}, "customer.vip": True}},
        "age is not less than 18 or vip is not true",
    ),
    (
        {"$nor": [{"customer.tier": "gold"}, {"customer.city": {"$exists": True}}]},
        "tier is not gold and city is missing",
    ),
    (
        {"customer.tier": {"$nin": ["gold", "silver"]}, "customer.lang": {"$ne": "fr"}},
        "tier is neither gold nor silver and lang is not fr",
    ),
    ({"customer.tags": {"$elemMatch": {"$startsWith": "v"}}}, "tags hold an entry that begins with v"),
    ({"customer.tags": {"$not": {"$elemMatch": {"$eq": "vip"}}}}, "tags hold no entry that is vip"),
    (
        {"cart.items": {"$not": {"$elemMatch": {"price": {"$gte": 50}, "item_id": "mug"}}}},
        "the cart holds no item whose price is at least 50 and whose item id is mug",
    ),
    (
        {"cart.items": {"$elemMatch": {"$or": [{"price": {"$lt": 5}}, {"currency": "EUR"}]}}},
        "the cart holds an item whose price is less than 5 or whose currency is EUR",
    ),
    (
        {"customer.last_purchase_at": {"$within": "P30D"}},
        "the time of “last purchase” lies in the last 30 days",
    ),
    ({"customer.trial_ends_at": {"$within": "-P7D"}}, "the time of “trial ends” lies in the next 7 days"),
    (
        {"open.at": {"$not": {"$within": "PT1H30M"}}},
        "this moment does not lie in the last 1 hour and 30 minutes",
    ),
    (
        {"customer.joined_at": {"$olderThan": "P1Y6M"}},
        "the time of “joined” lies more than 1 year and 6 months back",
    ),
    ({"customer.app": {"$vgte": "2.10.0"}}, "app is version 2.10.0 or later"),
    ({"customer.app": {"$vne": "2.10.0"}}, "app is not version 2.10.0"),
    ({"customer.email": {"$regex": "^a"}}, "email matches the pattern “^a”"),
    (
        {"customer.email": {"$notRegexi": "^a"}},
        "email does not match the pattern “^a”, whatever the case of its letters",
    ),
    (
        {"customer.points": {"$gte": {"$attr": "customer.goal"}}, "customer.city": {"$attr": "place.city"}},
        "points are at least goal and city is the same as the place's city",
    ),
    (
        {"$inGroup": "vip", "$notInGroup": "new"},
        "the customer is in the segment vip and the customer is not in the segment new",
    ),
    ({"customer.tags": {"$size": {"$gt": 2}}}, "the number of entries of tags is more than 2"),
    ({"message.tags": {"$size": 1}}, "the message's tags have 1 entry"),
    ({"customer.hobbies": {"$all": ["tea", "golf"]}}, "hobbies have all of tea and golf"),
    ({"customer.value": {"$gt": 12_000}}, "value is more than 12,000"),
    (
        {"customer.renews_at": {"$lt": "2026-12-01T00:00:00+01:00"}},
        "the time of “renews” is before 2026-12-01 00:00 +01:00",
    ),
    ({"local.hour": {"$between": [9, 17]}}, "the local hour is from 9 to 17"),
    ({"client.opener": "human"}, "the opener is human"),
    ({"activity.viewed.count": {"$gt": 2}}, "the number of times of “viewed” is more than 2"),
    ({"customer.status": {"$in": ["1", "a b", ""]}}, "status is “1”, a b or “”"),
    ({"customer.status": "true"}, "status is “true”"),
    ({"customer.x": {"$type": "array"}}, "x is a list"),
    ({"customer.tier": None}, "tier is missing"),
    ({}, "always"),
    ({"$not": {}}, "never"),
]


@pytest.mark.parametrize(("rule", "wanted"), GOLDEN)
def test_a_rule_reads_as_a_sentence(rule: dict[str, object], wanted: str) -> None:
    compile_rule(rule, segments=SEGMENTS)

    assert sentence(rule) == wanted


@given(conditions)
def test_every_good_rule_has_a_sentence(condition: object) -> None:
    compile_rule(condition, segments=SEGMENTS)

    told = sentence(condition)

    assert told
    assert "{" not in told
    assert len(told) <= SENTENCE_MAX + 2


def test_many_values_are_told_by_their_first_ones() -> None:
    told = sentence({"customer.city": {"$in": [f"c{number}" for number in range(40)]}})

    assert told == "city is c0, c1, c2, c3, c4 or 35 more"
