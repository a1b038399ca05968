"""/v1/touches: what was sent is recorded once, counts, and has its addresses."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.events import EventType
from tests import make
from tests.web.conftest import BASE_URL, Caller
from tests.web.test_decisions import TWO_A_WEEK, decide, in_force

SPRING = {
    "name": "Spring",
    "channel": "email",
    "category": "newsletter",
    "class": "promotional",
    "topic": "news",
    "tags": ["sale"],
    "campaign": "2026-spring",
    "blocks": ["hero"],
}


def touch(touch_id: str = "t-1", **fields: Any) -> dict[str, Any]:
    sent_at = datetime.now(UTC).replace(microsecond=0).isoformat()
    return {"touch_id": touch_id, "customer_id": "ana", "message_id": "spring", "sent_at": sent_at, **fields}


@pytest.fixture
def spring(call: Caller) -> None:
    """A message with one published block."""
    call.ok("PUT", "/v1/blocks/hero", make.block())
    call.ok("POST", "/v1/blocks/hero/publish", {})
    call.ok("PUT", "/v1/messages/spring", SPRING)


pytestmark = pytest.mark.usefixtures("spring")


def test_a_touch_is_recorded_once_and_has_its_addresses(call: Caller) -> None:
    first = call.ok("POST", "/v1/touches", touch(), scope="ingest")
    again = call.ok("POST", "/v1/touches", touch(), scope="ingest")

    assert (first["touch_id"], first["status"], first["unreserved"]) == ("t-1", "recorded", True)
    assert (again["status"], "unreserved" in again) == ("duplicate", False)
    assert set(first["urls"]) == {"pixel", "unsubscribe", "blocks"}
    assert first["urls"]["pixel"].startswith(f"{BASE_URL}/o/")
    assert set(first["urls"]["blocks"]["hero"]) == {"image", "link"}
    assert [event.type for event in call.waiting()] == [EventType.TOUCH]


def test_the_addresses_are_those_that_may_be_asked_for_beforehand(call: Caller) -> None:
    named = touch()
    asked = call.ok("POST", "/v1/touches/urls", named)
    reported = call.ok("POST", "/v1/touches", named)

    page = call.client.get(reported["urls"]["unsubscribe"].removeprefix(BASE_URL))
    assert asked["urls"] == reported["urls"]
    assert page.status_code == 200


def test_a_touch_keeps_what_its_message_was(call: Caller) -> None:
    call.ok("POST", "/v1/touches", touch(dispatch_id="d-1"))
    call.ok("PUT", "/v1/messages/spring", {**SPRING, "category": "other", "tags": []})
    call.record()

    with call.house.cold.reading() as connection:
        columns = "channel, category, class, topic, tags, campaign, dispatch_id, state, is_unreserved"
        row = connection.exec_driver_sql(f"SELECT {columns} FROM touches").one()
    assert tuple(row) == (
        "email",
        "newsletter",
        "promotional",
        "news",
        '["sale"]',
        "2026-spring",
        "d-1",
        "sent",
        1,
    )
    in_force(call, {**TWO_A_WEEK, "cap": 1, "tags": ["sale"]})
    assert decide(call, "t-2", tags=["sale"])["reason"] == "CAP_REACHED"


def test_a_report_confirms_the_place_that_was_held(call: Caller) -> None:
    in_force(call, {**TWO_A_WEEK, "cap": 1})
    answer = decide(call, "t-1")

    named = call.ok("POST", "/v1/touches", touch("t-1", reservation_id=answer["reservation"]["id"]))

    assert named["status"] == "recorded"
    assert not {"unreserved", "late", "over_cap"} & set(named)
    refused = call("POST", f"/v1/reservations/{answer['reservation']['id']}/release")
    assert refused.status == 409


def test_a_touch_over_the_cap_is_recorded_and_alerted(call: Caller) -> None:
    in_force(call, {**TWO_A_WEEK, "cap": 1})
    call.ok("POST", "/v1/touches", touch("t-1"))

    second = call.ok("POST", "/v1/touches", touch("t-2"))

    assert (second["status"], second["unreserved"], second["over_cap"]) == ("recorded", True, True)
    alert = call.waiting()[-1]
    assert (alert.type, alert.why, alert.touch_id) == (EventType.ALERT, "over_cap", "t-2")
    assert call.ok("GET", "/v1/customers/ana/frequency")["rules"][0]["used"] == 2


def test_a_time_ahead_counts_as_five_minutes_ahead(call: Caller) -> None:
    call.ok("POST", "/v1/touches", touch(sent_at="2027-11-20T09:00:00Z"))

    sent_at = datetime.fromisoformat(str(call.waiting()[0].details["sent_at"]))
    assert sent_at - datetime.now(UTC) <= timedelta(minutes=5)


def test_many_are_reported_in_one_call_and_one_bad_item_spoils_nothing(call: Caller) -> None:
    items = [
        touch("t-1"),
        touch("t-1"),
        touch("t-2", message_id="nothing"),
        touch("t-3", sent_at="never"),
        touch("t-4", customer_id="bo", blocks=["nothing"]),
        touch("t-5", customer_id="bo", blocks=[]),
    ]

    answer = call("POST", "/v1/touches", items, scope="ingest")

    assert answer.status == 207
    assert [(one["code"], one["status"]) for one in answer.json["results"]] == [
        (200, "recorded"),
        (200, "duplicate"),
        (404, "refused"),
        (422, "refused"),
        (422, "refused"),
        (200, "recorded"),
    ]
    assert answer.json["results"][5]["urls"]["blocks"] == {}


def test_lines_are_taken_too(call: Caller) -> None:
    lines = "\n".join(json.dumps(touch(f"t-{number}", customer_id=f"c-{number}")) for number in range(20))

    answer = call("POST", "/v1/touches", data=lines, content_type="application/x-ndjson")

    assert (answer.json["accepted"], answer.json["refused"]) == (20, 0)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"touch_id": "a b"}, "/touch_id"),
        ({"sent_at": None}, "/sent_at"),
        ({"sent_at": "2026-11-20T09:00:00"}, "/sent_at"),
        ({"channel": "fax"}, "/channel"),
        ({"blocks": ["hero"] * 51}, "/blocks"),
        ({"blocks": ["nothing"]}, "/blocks/0"),
        ({"dispatch_id": ""}, "/dispatch_id"),
        ({"reservation_id": "forged"}, "/reservation_id"),
        ({"reservation_id": "x" * 801}, "/reservation_id"),
        ({"campaign": "x"}, "/campaign"),
    ],
)
def test_bad_fields_are_pointed_at_and_nothing_is_recorded(
    call: Caller, fields: dict[str, Any], pointer: str
) -> None:
    answer = call("POST", "/v1/touches", {**touch(), **fields})

    assert answer.status == 422, answer.text
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert call.waiting() == []


def test_a_reservation_of_somebody_else_is_refused(call: Caller) -> None:
    theirs = decide(call, "t-9", customer_id="bo")["reservation"]["id"]

    answer = call("POST", "/v1/touches", touch(reservation_id=theirs))

    assert answer.status == 422
    assert answer.json["errors"] == [
        {"pointer": "/reservation_id", "detail": "was given for another customer"}
    ]


def test_an_unknown_message_is_told(call: Caller) -> None:
    answer = call("POST", "/v1/touches", touch(message_id="nothing"))

    assert answer.status == 404
    assert "PUT /v1/messages/nothing" in answer.json["detail"]


def test_with_redis_away_nothing_is_taken_and_it_may_be_sent_again(call: Caller) -> None:
    call.ok("POST", "/v1/touches", touch("t-0"))
    call.valkey.stop()
    away = call("POST", "/v1/touches", touch("t-1"))
    call.valkey.start()
    make.wait_until(lambda: call("POST", "/v1/touches", touch("t-1")).status == 200)

    assert away.status == 503
    assert call.ok("POST", "/v1/touches", touch("t-1"))["status"] == "duplicate"
