"""/v1/decisions and /v1/reservations: asked, answered with reasons, confirmed, given back."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.events import EventType
from tests.web.conftest import Caller

TWO_A_WEEK = {"id": "two-a-week", "cap": 2, "window": {"rolling": "P7D"}, "channels": ["email"]}
SPRING = {
    "name": "Spring",
    "channel": "email",
    "category": "newsletter",
    "class": "promotional",
    "topic": "news",
}


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


def path_of(answer: Any, act: str) -> str:
    return f"/v1/reservations/{answer['reservation']['id']}/{act}"


def test_a_touch_within_the_caps_goes_and_holds_its_place(call: Caller) -> None:
    in_force(call)

    answer = decide(call, "t-1")

    assert (answer["decision"], answer["reason"], answer["also"]) == ("send", "OK", [])
    expires_at = datetime.fromisoformat(answer["reservation"]["expires_at"])
    assert timedelta(minutes=14) < expires_at - datetime.now(UTC) <= timedelta(minutes=15)
    assert answer["policy"] == {"id": "default", "version": 1}
    assert (answer["timezone"], answer["timezone_source"]) == ("UTC", "deployment")
    assert (answer["customer_id"], answer["touch_id"]) == ("ana", "t-1")


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


def test_without_a_published_policy_nothing_is_capped_and_the_answer_says_so(call: Caller) -> None:
    call.ok("PUT", "/v1/policies/default", {"rules": [{**TWO_A_WEEK, "cap": 0}]})

    answer = decide(call, "t-1")

    assert (answer["decision"], answer["reason"]) == ("send", "OK")
    assert answer["explain"] == "No policy is published, so nothing is capped."
    assert "policy" not in answer


def test_a_new_version_counts_what_was_sent_before_it(call: Caller) -> None:
    in_force(call, {**TWO_A_WEEK, "cap": 9})
    decide(call, "t-1")

    in_force(call, {**TWO_A_WEEK, "cap": 1})

    answer = decide(call, "t-2")
    assert (answer["reason"], answer["binding"]["version"]) == ("CAP_REACHED", 2)


def test_a_message_says_what_the_touch_is(call: Caller) -> None:
    call.ok("PUT", "/v1/messages/spring", SPRING)
    in_force(call, {**TWO_A_WEEK, "categories": ["newsletter"], "cap": 0})
    asked = {"customer_id": "ana", "message_id": "spring"}

    answer = call.ok("POST", "/v1/decisions", asked)
    other = call.ok("POST", "/v1/decisions", {**asked, "category": "other"})

    assert (answer["decision"], answer["reason"]) == ("suppress", "CAP_REACHED")
    assert answer["touch_id"].startswith("touch-")
    assert other["decision"] == "send"
    unknown = call("POST", "/v1/decisions", {**asked, "message_id": "nothing"})
    assert (unknown.status, "nothing" in unknown.json["detail"]) == (404, True)
    named = call.ok("POST", "/v1/decisions", asking("t", message_id="nothing"))
    assert named["reason"] == "CAP_REACHED"


def test_the_same_question_has_the_same_answer(call: Caller) -> None:
    in_force(call)

    first = decide(call, "t-1", idempotency_key="k-1")
    again = decide(call, "t-1", idempotency_key="k-1")
    other = call("POST", "/v1/decisions", asking("t-2", idempotency_key="k-1"))

    assert first == again
    assert other.status == 409
    assert "take a new key" in other.json["detail"]
    decisions = [event for event in call.waiting() if event.type is EventType.DECISION]
    assert len(decisions) == 1


def test_a_place_is_confirmed_once_and_not_given_back_then(call: Caller) -> None:
    in_force(call)
    answer = decide(call, "t-1")

    confirmed = call.ok("POST", path_of(answer, "confirm"), {"sent_at": "2026-11-20T09:02:00Z"})
    again = call.ok("POST", path_of(answer, "confirm"))
    refused = call("POST", path_of(answer, "release"))

    assert confirmed == {"touch_id": "t-1", "status": "confirmed", "over_cap": False}
    assert again["status"] == "already_confirmed"
    assert refused.status == 409
    assert "was sent" in refused.json["detail"]


def test_a_place_given_back_is_free(call: Caller) -> None:
    in_force(call, {**TWO_A_WEEK, "cap": 1})
    answer = decide(call, "t-1")
    assert decide(call, "t-2")["decision"] == "suppress"

    released = [call.ok("POST", path_of(answer, "release")) for _ in range(2)]

    assert [one["status"] for one in released] == ["released", "gone"]
    assert decide(call, "t-3")["decision"] == "send"
    late = call.ok("POST", path_of(answer, "confirm"))
    assert late == {"touch_id": "t-1", "status": "unreserved", "over_cap": True}


def test_a_reservation_nobody_gave_is_not_found(call: Caller) -> None:
    for act in ("confirm", "release"):
        answer = call("POST", f"/v1/reservations/forged/{act}")
        assert answer.status == 404
        assert "as the decision gave it" in answer.json["detail"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"sent_at": "yesterday"}, "/sent_at"), ({"sent": 1}, "/sent"), ({"sent_at": 3}, "/sent_at")],
)
def test_a_faulty_confirmation_confirms_nothing(call: Caller, body: dict[str, Any], pointer: str) -> None:
    answer = decide(call, "t-1")

    refused = call("POST", path_of(answer, "confirm"), body)

    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] == pointer
    assert call.ok("POST", path_of(answer, "release"))["status"] == "released"


def test_many_are_decided_in_one_call_and_one_bad_item_spoils_nothing(call: Caller) -> None:
    in_force(call, {**TWO_A_WEEK, "cap": 1})
    items = [asking("t-1"), asking("t-2"), {"customer_id": "bo"}, asking("t-3", customer_id="bo"), 7]

    answer = call("POST", "/v1/decisions/batch", items, scope="decide")

    assert answer.status == 207
    results = answer.json["results"]
    assert [one["code"] for one in results] == [200, 200, 422, 200, 422]
    assert [one.get("decision") for one in results] == ["send", "suppress", None, "send", None]
    assert [error["pointer"] for error in results[2]["errors"]] == ["/channel", "/class"]
    assert (answer.json["accepted"], answer.json["refused"]) == (3, 2)


def test_many_are_decided_from_lines(call: Caller) -> None:
    lines = "\n".join(json.dumps(asking(f"t-{number}", customer_id=f"c-{number}")) for number in range(1_200))

    answer = call(
        "POST",
        "/v1/decisions/batch",
        data=lines + "\nnonsense",
        content_type="application/x-ndjson",
        headers={"Accept": "application/x-ndjson"},
    )

    assert [one["code"] for one in answer.lines].count(200) == 1_200
    assert answer.lines[-1]["code"] == 422
    assert {one["decision"] for one in answer.lines[:-1]} == {"send"}


def test_a_batch_is_bounded(call: Caller) -> None:
    answer = call("POST", "/v1/decisions/batch", [asking("t")] * 1_001)

    assert answer.status == 422
    assert "1000" in answer.json["detail"]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"customer_id": "a b"}, "/customer_id"),
        ({"customer_id": None}, "/customer_id"),
        ({"touch_id": ""}, "/touch_id"),
        ({"channel": "fax"}, "/channel"),
        ({"class": "spam"}, "/class"),
        ({"class_": "promotional"}, "/class_"),
        ({"category": "x" * 101}, "/category"),
        ({"tags": ["a"] * 21}, "/tags"),
        ({"tags": [1]}, "/tags/0"),
        ({"priority": 101}, "/priority"),
        ({"priority": "high"}, "/priority"),
        ({"ttl": 0}, "/ttl"),
        ({"ttl": 172_801}, "/ttl"),
        ({"ttl": 1.5}, "/ttl"),
        ({"reserve": "yes"}, "/reserve"),
        ({"dry_run": 1}, "/dry_run"),
        ({"send_at": "tomorrow"}, "/send_at"),
        ({"send_at": "2099-01-01T00:00:00Z"}, "/send_at"),
        ({"expires_at": "2026-11-20T09:00:00"}, "/expires_at"),
        ({"idempotency_key": ""}, "/idempotency_key"),
        ({"idempotency_key": "a b"}, "/idempotency_key"),
        ({"idempotency_key": "k" * 201}, "/idempotency_key"),
        ({"channl": "email"}, "/channl"),
    ],
)
def test_bad_fields_are_pointed_at_and_nothing_is_held(
    call: Caller, fields: dict[str, Any], pointer: str
) -> None:
    answer = call("POST", "/v1/decisions", {**asking("t"), **fields})

    assert answer.status == 422, answer.text
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert call.waiting() == []


@pytest.mark.parametrize(("data", "status"), [("{", 400), ("", 400), ("[]", 422), ('"x"', 400)])
def test_bodies_that_are_no_question_are_refused(call: Caller, data: str, status: int) -> None:
    assert call("POST", "/v1/decisions", data=data, content_type="application/json").status == status


def test_asking_needs_the_scope_to_decide(call: Caller) -> None:
    answer = call("POST", "/v1/decisions", asking("t"), scope="ingest")

    assert answer.status == 403
    assert "decide" in answer.json["detail"]


def test_a_no_of_the_customer_is_obeyed(call: Caller) -> None:
    call.ok("PUT", "/v1/customers/ana", {"channels": {"email": {"consent": False}}, "timezone": "Asia/Tokyo"})

    answer = decide(call, "t-1")

    assert (answer["reason"], answer["binding"]) == (
        "NO_CONSENT",
        {"reason": "NO_CONSENT", "channel": "email"},
    )
    assert (answer["timezone"], answer["timezone_source"]) == ("Asia/Tokyo", "customer")
    assert decide(call, "t-2", **{"class": "transactional"})["decision"] == "send"


def test_an_unsubscribe_is_obeyed_at_once(call: Caller, saved: Callable[..., str]) -> None:
    saved("ana")
    call.ok("PUT", "/v1/messages/spring", SPRING)
    made = call.ok(
        "POST", "/v1/touches/urls", {"touch_id": "t-0", "customer_id": "ana", "message_id": "spring"}
    )
    path = made["urls"]["unsubscribe"].removeprefix("https://m.shop.example")
    gone = call.client.post(path, data={"List-Unsubscribe": "One-Click"})

    answer = call.ok("POST", "/v1/decisions", {"customer_id": "ana", "message_id": "spring"})

    assert gone.status_code == 200
    assert (answer["decision"], answer["reason"]) == ("suppress", "TOPIC_OFF")
    assert answer["binding"]["scope"] == "topic:news"


def test_every_decision_and_place_is_in_the_events_and_the_tables(call: Caller) -> None:
    in_force(call, {**TWO_A_WEEK, "cap": 1})
    answer = decide(call, "t-1")
    decide(call, "t-2")
    call.ok("POST", path_of(answer, "confirm"))
    call.record()

    events = call.ok("GET", "/v1/events")["events"]

    assert [(event["type"], event["touch_id"]) for event in events] == [
        ("decision", "t-1"),
        ("touch", "t-1"),
        ("decision", "t-2"),
        ("touch", "t-1"),
    ]
    timeline = call.ok("GET", "/v1/customers/ana/timeline")["events"]
    assert "CAP_REACHED" in json.dumps(timeline)
    with call.house.cold.reading() as connection:
        rows = connection.exec_driver_sql("SELECT touch_id, state FROM touches").all()
        reasons = connection.exec_driver_sql(
            "SELECT touch_id, decision, reason, rule_id FROM decisions ORDER BY touch_id"
        ).all()
    assert [tuple(row) for row in rows] == [("t-1", "sent")]
    assert [tuple(row) for row in reasons] == [
        ("t-1", "send", "OK", None),
        ("t-2", "suppress", "CAP_REACHED", "two-a-week"),
    ]


def test_with_redis_away_every_question_is_answered(call: Caller) -> None:
    in_force(call)
    call.key("admin")
    decide(call, "t-0")
    call.valkey.stop()

    promo = call("POST", "/v1/decisions", asking("t-1"), scope="decide")
    batch = call("POST", "/v1/decisions/batch", [asking("t-2"), asking("t-3", **{"class": "transactional"})])

    assert promo.status == 200
    assert (promo.json["decision"], promo.json["reason"]) == ("defer", "ENGINE_UNAVAILABLE")
    wait = datetime.fromisoformat(promo.json["defer_until"]) - datetime.now(UTC)
    assert timedelta(seconds=290) < wait <= timedelta(seconds=300)
    assert [one["decision"] for one in batch.json["results"]] == ["defer", "send"]
    assert call("POST", "/v1/reservations/x/confirm").status == 404


def test_places_wait_for_redis(call: Caller) -> None:
    answer = decide(call, "t-1")
    call.valkey.stop()

    for act in ("confirm", "release"):
        refused = call("POST", path_of(answer, act))
        assert refused.status == 503
        assert refused.headers["Retry-After"]
