"""Policy documents: every fault is pointed at, and nothing unknown is passed over."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.frequency.policy import RULE_FIELDS, compile_policy
from app.domain.frequency.windows import Calendar, Rolling
from app.domain.problems import Invalid

RULE = {"id": "r", "cap": 2, "window": {"rolling": "P7D"}}


def faults(document: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        compile_policy("default", document, version=0)
    return {problem.pointer: problem.detail for problem in refused.value.problems}


def test_a_rule_is_read_whole() -> None:
    rule = {
        **RULE,
        "name": "Two a week",
        "enabled": False,
        "channels": ["email", "sms"],
        "categories": ["news"],
        "tags": ["promo"],
        "classes": ["promotional"],
        "on_cap": "defer",
        "max_defer": "PT12H",
        "slack": "PT1H",
    }

    made = compile_policy("default", {"name": "House", "rules": [rule]}, version=3)

    [read] = made.rules
    assert (made.policy_id, made.version, made.name) == ("default", 3, "House")
    assert (read.id, read.name, read.cap, read.is_enabled) == ("r", "Two a week", 2, False)
    assert read.window == Rolling((7 * 24 - 1) * 3_600_000)
    assert (read.channels, read.classes) == ({"email", "sms"}, {"promotional"})
    assert (read.on_cap, read.max_defer) == ("defer", timedelta(hours=12))


def test_a_calendar_window_is_read_whole() -> None:
    window = {"calendar": "week", "count": 2, "zone": "Europe/Paris", "week_start": "sunday"}

    made = compile_policy("default", {"rules": [{**RULE, "window": window}]}, version=0)

    assert made.rules[0].window == Calendar("week", 2, "Europe/Paris", 6)


def test_a_policy_without_rules_is_a_policy() -> None:
    assert compile_policy("default", {"rules": []}, version=0).rules == ()


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ([], ""),
        ({}, "/rules"),
        ({"rules": {}}, "/rules"),
        ({"rules": [RULE] * 51}, "/rules"),
        ({"rules": [RULE, RULE]}, "/rules/1/id"),
        ({"rules": ["no"]}, "/rules/0"),
        ({"rules": [], "name": 3}, "/name"),
        ({"rules": [], "colour": "red"}, "/colour"),
        ({"rules": [], "quiet_hours": []}, "/quiet_hours"),
        ({"rules": [], "levels": {}}, "/levels"),
    ],
)
def test_a_faulty_policy_is_pointed_at(document: Any, pointer: str) -> None:
    assert pointer in faults(document)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"id": "a b"}, "/id"),
        ({"id": None}, "/id"),
        ({"cap": -1}, "/cap"),
        ({"cap": 1.5}, "/cap"),
        ({"cap": True}, "/cap"),
        ({"cap": "2"}, "/cap"),
        ({"cap": 10_001}, "/cap"),
        ({"window": None}, "/window"),
        ({"window": {}}, "/window"),
        ({"window": {"rolling": "P7D", "calendar": "day"}}, "/window"),
        ({"window": {"rolling": "P93D"}}, "/window/rolling"),
        ({"window": {"rolling": "P1M"}}, "/window/rolling"),
        ({"window": {"rolling": 7}}, "/window/rolling"),
        ({"window": {"rolling": "PT0S"}}, "/window/rolling"),
        ({"window": {"rolling": "P7D", "zone": "UTC"}}, "/window/zone"),
        ({"window": {"gap": "PT4H"}, "cap": 2}, "/cap"),
        ({"window": {"calendar": "year"}}, "/window/calendar"),
        ({"window": {"calendar": ["day"]}}, "/window/calendar"),
        ({"window": {"calendar": "day", "count": 93}}, "/window/count"),
        ({"window": {"calendar": "week", "count": 14}}, "/window/count"),
        ({"window": {"calendar": "month", "count": 4}}, "/window/count"),
        ({"window": {"calendar": "day", "count": 0}}, "/window/count"),
        ({"window": {"calendar": "day", "zone": "Mars/Olympus"}}, "/window/zone"),
        ({"window": {"calendar": "day", "zone": ["UTC"]}}, "/window/zone"),
        ({"window": {"calendar": "day", "zone": "customer "}}, "/window/zone"),
        ({"window": {"calendar": "week", "week_start": "Monday"}}, "/window/week_start"),
        ({"window": {"calendar": "week", "week_start": 1}}, "/window/week_start"),
        ({"window": {"calendar": "day"}, "slack": "PT1H"}, "/slack"),
        ({"window": {"rolling": "PT1H"}, "slack": "PT1H"}, "/slack"),
        ({"slack": "P2D"}, "/slack"),
        ({"slack": 60}, "/slack"),
        ({"channels": []}, "/channels"),
        ({"channels": "email"}, "/channels"),
        ({"channels": ["fax"]}, "/channels/0"),
        ({"channels": [["email"]]}, "/channels/0"),
        ({"classes": ["spam"]}, "/classes/0"),
        ({"categories": [""]}, "/categories/0"),
        ({"categories": ["x" * 101]}, "/categories/0"),
        ({"tags": [1]}, "/tags/0"),
        ({"tags": ["a"] * 51}, "/tags"),
        ({"on_cap": "drop"}, "/on_cap"),
        ({"max_defer": "P8D"}, "/max_defer"),
        ({"enabled": "yes"}, "/enabled"),
        ({"name": "x" * 201}, "/name"),
        ({"segment": "vip"}, "/segment"),
        ({"exempt_from": ["x"]}, "/exempt_from"),
        ({"capp": 2}, "/capp"),
    ],
)
def test_a_faulty_rule_is_pointed_at(fields: dict[str, Any], pointer: str) -> None:
    assert f"/rules/0{pointer}" in faults({"rules": [{**RULE, **fields}]})


def test_what_is_not_carried_out_yet_is_refused_in_a_plain_sentence() -> None:
    found = faults({"rules": [], "quiet_hours": [{"start": "22:00", "end": "08:00"}]})

    assert found == {"/quiet_hours": "quiet_hours is not available in this version; leave it out"}


def test_a_typing_error_is_told_what_was_meant() -> None:
    found = faults({"rules": [{**RULE, "channel": ["email"]}]})

    assert "channels" in found["/rules/0/channel"]


def test_a_missing_cap_is_neither_nothing_nor_everything() -> None:
    rule = {name: value for name, value in RULE.items() if name != "cap"}

    assert "/rules/0/cap" in faults({"rules": [rule]})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
odd_rules = st.dictionaries(st.sampled_from([*RULE_FIELDS, "segment"]), json_values, max_size=6)
odd_windows = st.dictionaries(
    st.sampled_from(["rolling", "calendar", "gap", "count", "zone", "week_start"]),
    json_values | st.sampled_from(["P7D", "day", "week", "UTC", "customer", "sunday"]),
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(odd_rules, odd_windows | json_values)
def test_whatever_is_sent_is_compiled_or_refused(fields: dict[str, Any], window: Any) -> None:
    for rule in ({**RULE, **fields}, {**fields, "id": "r", "cap": 1, "window": window}):
        assert all(pointer.startswith("/rules/0") for pointer in pointers({"rules": [rule]}))


def pointers(document: Any) -> list[str]:
    try:
        compile_policy("default", document, version=0)
    except Invalid as refused:
        return [problem.pointer for problem in refused.problems]
    return []
