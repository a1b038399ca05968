"""/v1/rules: tried on given values and checked, with every term and in words; hostile ones are refused."""

import json
import time

import pytest

from tests.web.conftest import Caller

WHEN = {"customer.tier": "gold", "cart.items": {"$elemMatch": {"price": {"$gte": 50}}}}


def test_a_rule_is_tried_with_its_trace_and_its_sentence(call: Caller) -> None:
    attributes = {"customer": {"tier": "silver"}, "cart": {"items": [{"price": 60}]}}

    tried = call.ok("POST", "/v1/rules/test", {"when": WHEN, "attributes": attributes})

    assert tried == {
        "holds": False,
        "trace": [
            {
                "pointer": "/customer.tier",
                "path": "customer.tier",
                "operator": "$eq",
                "expected": "gold",
                "seen": "silver",
                "held": False,
            },
            {
                "pointer": "/cart.items/$elemMatch",
                "path": "cart.items",
                "operator": "$elemMatch",
                "expected": {"price": {"$gte": 50}},
                "seen": [{"price": 60}],
                "held": True,
            },
        ],
        "sentence": "tier is gold and the cart holds an item whose price is at least 50",
    }


def test_a_rule_is_tried_on_any_paths_and_at_any_moment(call: Caller) -> None:
    when = {"whatever.at": {"$within": "P7D"}, "anything": {"$regex": "(a+)+$"}}
    attributes = {
        "whatever": {"at": "2026-11-20"},
        "anything": "a" * 4_000,
        "open": {"at": "2026-11-24T12:00:00Z"},
    }

    assert call.ok("POST", "/v1/rules/test", {"when": when, "attributes": attributes})["holds"] is True


def test_a_rule_is_checked_as_a_block_would_be(call: Caller) -> None:
    good = call.ok("POST", "/v1/rules/check", {"when": WHEN})
    bad = call.ok("POST", "/v1/rules/check", {"when": {"custmer.tier": 1, "touch.age": {"$gt": "old"}}})

    assert good == {"problems": [], "warnings": [], "sentence": good["sentence"]}
    assert bad["problems"] == [
        {"pointer": "/when/custmer.tier", "detail": "unknown root 'custmer'; did you mean 'customer'?"},
        {"pointer": "/when/touch.age/$gt", "detail": "touch.age is a number; 'old' can never match"},
    ]
    assert (
        call.ok("POST", "/v1/rules/check", {"when": {"a": {"$gtt": 1}}})["problems"][0]["pointer"]
        == "/when/a/$gtt"
    )


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ('{"when": ' + '{"$not": ' * 20_000 + "{}" + "}" * 20_000 + ', "attributes": {}}', 400, "nested"),
        ('{"when": {"a": "' + "x" * 9_000_000 + '"}, "attributes": {}}', 413, "larger"),
        (
            '{"when": {"a": {"$in": [' + "1," * 3_000_000 + '1]}}, "attributes": {}}',
            422,
            "at most 1000 values",
        ),
        (
            '{"when": {' + ",".join(f'"a{n}": 1' for n in range(300_000)) + '}, "attributes": {}}',
            422,
            "200 terms",
        ),
        ('{"when": {"a": {"$gt": NaN}}, "attributes": {}}', 400, "JSON"),
        ('{"when": {"a": {"$gt": 1e999}}, "attributes": {}}', 400, "JSON"),
        ('{"when": {"a": {"$gt": ' + "9" * 400 + '}}, "attributes": {}}', 422, ""),
        ('{"when": {"$where": "while(1){}"}, "attributes": {}}', 422, "unknown operator '$where'"),
        ('{"when": {"a": {"$regex": "(?<=x)y"}}, "attributes": {}}', 422, "RE2 does not take"),
    ],
    ids=["deep", "10MB", "long list", "many terms", "NaN", "infinite", "huge", "where", "lookbehind"],
)
def test_a_hostile_rule_is_refused_with_a_sentence(call: Caller, body: str, status: int, told: str) -> None:
    call.key("admin")
    began = time.perf_counter()

    answer = call("POST", "/v1/rules/test", data=body, content_type="application/json")

    assert time.perf_counter() - began < 5
    assert answer.status == status, answer.text[:300]
    assert told in json.dumps(answer.json, ensure_ascii=False)


def test_what_is_hostile_in_the_values_harms_nothing(call: Caller) -> None:
    attributes = {"a": [[[[[[[[[1]]]]]]]]], "__class__": {"__mro__": 1}, "n": 10**18}
    when = {"a": {"$eq": [[1]]}, "__class__.__mro__": 1, "n": {"$gt": 1}}

    assert call.ok("POST", "/v1/rules/test", {"when": when, "attributes": attributes})["holds"] is False
