"""/v1/messages: saved, read, known to every process."""

import pytest

from tests.web.conftest import Caller

SPRING = {
    "name": "Spring",
    "channel": "email",
    "category": "newsletter",
    "class": "promotional",
    "topic": "news",
    "tags": ["spring"],
    "campaign": "2026-spring",
    "cost_per_touch": 0.002,
    "blocks": ["hero"],
}


def test_a_message_is_kept_and_every_process_knows_it(call: Caller) -> None:
    saved = call("PUT", "/v1/messages/spring", SPRING)

    read = call("GET", "/v1/messages/spring")
    assert saved.json == {"message_id": "spring", "edition": 1}
    assert {name: read.json[name] for name in SPRING} == SPRING
    assert read.headers["ETag"] == '"1"'
    call.house.snapshot.refresh()
    assert call.house.snapshot.message("spring") == SPRING


def test_a_stale_message_is_not_overwritten(call: Caller) -> None:
    call.ok("PUT", "/v1/messages/spring", SPRING)
    call.ok("PUT", "/v1/messages/spring", {**SPRING, "name": "theirs"})

    assert call("PUT", "/v1/messages/spring", SPRING, headers={"If-Match": '"1"'}).status == 409
    assert call.ok("GET", "/v1/messages/spring")["name"] == "theirs"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"channel": "fax"}, "/channel"),
        ({"class": "spam"}, "/class"),
        ({"name": ""}, "/name"),
        ({"name": "two\nlines"}, "/name"),
        ({"category": "x" * 101}, "/category"),
        ({"tags": ["a"] * 21}, "/tags"),
        ({"tags": [1]}, "/tags/0"),
        ({"blocks": ["a b"]}, "/blocks/0"),
        ({"cost_per_touch": -1}, "/cost_per_touch"),
        ({"class_": "promotional"}, "/class_"),
    ],
)
def test_bad_fields_are_pointed_at(call: Caller, fields: dict[str, object], pointer: str) -> None:
    answer = call("PUT", "/v1/messages/spring", SPRING | fields)

    assert answer.status == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert call("GET", "/v1/messages/spring").status == 404


def test_messages_are_listed_by_id(call: Caller) -> None:
    for message_id in ("b", "a"):
        call.ok("PUT", f"/v1/messages/{message_id}", SPRING)

    assert [one["message_id"] for one in call.ok("GET", "/v1/messages")["messages"]] == ["a", "b"]
