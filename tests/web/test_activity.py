"""/v1/activity: taken once, kept in the state, refused when wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.web.conftest import Caller


def viewed(activity_id: str = "a-1", **fields: object) -> dict[str, object]:
    return {
        "activity_id": activity_id,
        "customer_id": "ana",
        "type": "viewed",
        "item_id": "boots",
        "value": 59.9,
        "currency": "EUR",
        "at": "2026-11-01T09:00:00+01:00",
        **fields,
    }


def test_an_activity_is_taken_once(call: Caller, saved) -> None:
    saved()

    first = call.ok("POST", "/v1/activity", viewed())
    second = call.ok("POST", "/v1/activity", viewed())

    assert first == {"activity_id": "a-1", "status": "recorded"}
    assert second["status"] == "duplicate"
    seen = call.ok("GET", "/v1/customers/ana")["activity"]["viewed"]
    assert (seen["count"], seen["items"][0]["item_id"]) == (1, "boots")


def test_the_cart_follows_what_the_customer_does(call: Caller, saved) -> None:
    saved()
    call.ok("POST", "/v1/activity", viewed("a-1", type="added_to_cart"))
    call.ok("POST", "/v1/activity", viewed("a-2", type="added_to_cart", item_id="hat", value=20))

    call.ok("POST", "/v1/activity", viewed("a-3", type="purchased"))

    [item] = call.ok("GET", "/v1/customers/ana")["cart"]["items"]
    assert (item["item_id"], item["price"]) == ("hat", 20)


def test_a_batch_says_of_each_what_became_of_it(call: Caller, saved) -> None:
    saved()

    answer = call(
        "POST", "/v1/activity", [viewed(), viewed(), viewed("a-2", customer_id="nobody"), viewed(at="now")]
    )

    assert answer.status == 207
    assert [(one["code"], one["status"]) for one in answer.json["results"]] == [
        (200, "recorded"),
        (200, "duplicate"),
        (404, "refused"),
        (422, "refused"),
    ]
    assert answer.json["results"][2]["activity_id"] == "a-2"


def test_an_unknown_customer_is_404(call: Caller) -> None:
    answer = call("POST", "/v1/activity", viewed())

    assert answer.status == 404
    assert "save the customer first" in answer.json["detail"]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"at": "2026-11-01T09:00:00"}, "/at"),
        ({"at": "2026-02-30T09:00:00Z"}, "/at"),
        ({"at": "0001-01-01T00:00:00+23:59"}, "/at"),
        ({"at": 1_700_000_000}, "/at"),
        ({"at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}, "/at"),
        ({"type": "Viewed It"}, "/type"),
        ({"type": "a" * 41}, "/type"),
        ({"value": "12"}, "/value"),
        ({"value": 1e13}, "/value"),
        ({"value": True}, "/value"),
        ({"currency": "euro"}, "/currency"),
        ({"activity_id": ""}, "/activity_id"),
        ({"activity_id": "a" * 129}, "/activity_id"),
        ({"item_id": "a b"}, "/item_id"),
        ({"extra": 1}, "/extra"),
    ],
)
def test_bad_fields_are_pointed_at(call: Caller, saved, fields: dict[str, object], pointer: str) -> None:
    saved()

    answer = call("POST", "/v1/activity", viewed(**fields))

    assert answer.status == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert call.ok("GET", "/v1/customers/ana")["activity"] == {}
