"""/v1/decisions and /v1/reservations: asked, answered with reasons, confirmed, given back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.events import EventType
from tests.web.conftest import Caller

TWO_A_WEEK = {"id": "two-a-week", "cap": 2, "window": {"rolling": "P7D"}, "channels": ["email"]}


def in_force(call: Caller, *rules: dict[str, Any]) -> None:
    """Make these rules the policy in force."""
    call.ok("PUT", "/v1/policies/default", {"rules": list(rules) or [TWO_A_WEEK]})
    call.ok("POST", "/v1/policies/default/publish", {"note": "test"})


def asking(touch_id: str, **fields: Any) -> dict[str, Any]:
    return {
        "customer_id": "ana",
        "touch_id": touch_id,
        "channel": "email",
        "category": "newsletter",
        "class": "promotional",
        **fields,
    }


def decide(call: Caller, touch_id: str, **fields: Any) -> Any:
    return call.ok("POST", "/v1/decisions", asking(touch_id, **fields), scope="decide")


def test_a_touch_within_the_caps_goes_and_holds_its_place(call: Caller) -> None:
    in_force(call)

    answer = decide(call, "t-1")

    assert (answer["decision"], answer["reason"], answer["also"]) == ("send", "OK", [])
    expires_at = datetime.fromisoformat(answer["reservation"]["expires_at"])
    assert timedelta(minutes=14) < expires_at - datetime.now(UTC) <= timedelta(minutes=15)
    assert answer["policy"] == {"id": "default", "version": 1}
    assert (answer["timezone"], answer["timezone_source"]) == ("UTC", "deployment")


def test_the_cap_is_reached_and_the_answer_says_by_what_and_until_when(call: Caller) -> None:
    in_force(call)
    decide(call, "t-1")
    decide(call, "t-2")

    answer = decide(call, "t-3")

    assert (answer["decision"], answer["reason"]) == ("suppress", "CAP_REACHED")
    binding = answer["binding"]
    assert {name: binding[name] for name in ("rule_id", "version", "used", "cap", "window")} == {
        "rule_id": "two-a-week",
        "version": 1,
        "used": 2,
        "cap": 2,
        "window": {"rolling": "P7D"},
    }
    wait = datetime.fromisoformat(binding["next_free_at"]) - datetime.now(UTC)
    assert timedelta(days=6, hours=23) < wait <= timedelta(days=7)
    assert answer["explain"].startswith("2 of 2 e-mails in the last 7 days (")
    assert "reservation" not in answer
