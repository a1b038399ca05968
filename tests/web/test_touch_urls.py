"""/v1/touches/urls: addresses that work, for what is known; nothing recorded."""

import io
import json

import pytest
from PIL import Image as Pictures

from app.domain.tokens import Kind
from tests import make
from tests.web.conftest import BASE_URL, Caller

SPRING = {"name": "Spring", "channel": "email", "category": "newsletter", "class": "promotional"}
TOUCH = {"touch_id": "t-1", "customer_id": "ana", "message_id": "spring"}


def publish(call: Caller, block_id: str, **fields: object) -> None:
    call.ok("PUT", f"/v1/blocks/{block_id}", make.block(**fields))
    call.ok("POST", f"/v1/blocks/{block_id}/publish", {})


@pytest.fixture
def spring(call: Caller) -> str:
    """A message with one published block."""
    publish(call, "hero")
    call.ok("PUT", "/v1/messages/spring", {**SPRING, "blocks": ["hero"]})
    return "spring"


def test_a_touch_gets_every_address(call: Caller, spring: str) -> None:
    made = call.ok("POST", "/v1/touches/urls", {**TOUCH, "sent_at": make.NOW.isoformat()}, scope="ingest")

    assert made["touch_id"] == "t-1"
    urls = made["urls"]
    assert set(urls) == {"pixel", "unsubscribe", "blocks"}
    hero = urls["blocks"]["hero"]
    token = hero["image"].removeprefix(f"{BASE_URL}/i/").removesuffix(".png")
    ticket = call.house.keyring.verify(token, Kind.IMAGE)
    assert (ticket.message_id, ticket.subject, ticket.customer_id) == ("spring", "hero", "ana")
    assert (ticket.touch_id, ticket.sent_at) == ("t-1", make.NOW)
    assert urls["pixel"].startswith(f"{BASE_URL}/o/")
    assert urls["pixel"].endswith(".gif")
    assert urls["unsubscribe"].startswith(f"{BASE_URL}/u/")
    assert hero["link"].startswith(f"{BASE_URL}/c/")
    assert call.waiting() == []


def test_nothing_personal_is_readable_in_an_address(call: Caller, spring: str) -> None:
    asked = {**TOUCH, "customer_id": "ana@shop.example"}

    text = json.dumps(call.ok("POST", "/v1/touches/urls", asked))

    assert "ana" not in text.replace("hero", "").split('"urls"')[1]


def test_a_batch_is_answered_touch_by_touch(call: Caller, spring: str) -> None:
    touches = [
        TOUCH,
        {**TOUCH, "touch_id": "t-2", "message_id": "autumn"},
        {**TOUCH, "touch_id": "not an id"},
        {**TOUCH, "touch_id": "t-4", "blocks": ["hero", "gone"]},
        {**TOUCH, "touch_id": "t-5", "blocks": []},
    ]

    answer = call("POST", "/v1/touches/urls", touches)

    assert answer.status == 207
    results = answer.json["results"]
    assert [one["code"] for one in results] == [200, 404, 422, 422, 200]
    assert results[1]["detail"].startswith("There is no message autumn")
    assert results[2]["errors"][0]["pointer"] == "/touch_id"
    assert results[3]["errors"] == [
        {"pointer": "/blocks/1", "detail": "there is no published block gone: publish it first"}
    ]
    assert results[4]["urls"]["blocks"] == {}
    assert (answer.json["accepted"], answer.json["refused"]) == (2, 3)


def test_lines_are_answered_with_lines(call: Caller, spring: str) -> None:
    lines = "".join(json.dumps({**TOUCH, "touch_id": f"t-{number}"}) + "\n" for number in range(1_200))

    answer = call(
        "POST",
        "/v1/touches/urls",
        data=lines,
        content_type="application/x-ndjson",
        headers={"Accept": "application/x-ndjson"},
    )

    assert len({line["urls"]["pixel"] for line in answer.lines}) == 1_200


def test_one_unknown_message_is_a_404(call: Caller) -> None:
    answer = call("POST", "/v1/touches/urls", TOUCH)

    assert (answer.status, answer.json["title"]) == (404, "Not found")


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"customer_id": ""}, "/customer_id"),
        ({"message_id": "a b"}, "/message_id"),
        ({"sent_at": "yesterday"}, "/sent_at"),
        ({"blocks": ["hero"] * 51}, "/blocks"),
        ({"blocks": [7]}, "/blocks/0"),
        ({"chanel": "email"}, "/chanel"),
    ],
)
def test_bad_fields_are_pointed_at(call: Caller, fields: dict[str, object], pointer: str) -> None:
    answer = call("POST", "/v1/touches/urls", TOUCH | fields)

    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_a_key_without_the_scope_is_refused(call: Caller) -> None:
    assert call("POST", "/v1/touches/urls", TOUCH, scope="report").status == 403


def test_a_known_message_needs_no_redis(call: Caller, spring: str) -> None:
    call.ok("POST", "/v1/touches/urls", TOUCH)

    call.valkey.kill()

    assert call("POST", "/v1/touches/urls", TOUCH).status == 200
    assert call("POST", "/v1/touches/urls", {**TOUCH, "message_id": "autumn"}).status == 503


def test_addresses_end_as_their_pictures_do(call: Caller, spring: str) -> None:
    noise = io.BytesIO()
    Pictures.effect_noise((300, 100), 90).save(noise, "PNG")
    call.client.post(
        "/v1/assets",
        data={"name": "photo", "file": (io.BytesIO(noise.getvalue()), "photo.png")},
        headers={"Authorization": f"Bearer {call.key('admin')}"},
    )
    photo = {"creative": {"kind": "image", "params": {"source": "asset:photo"}}}
    deadline = {"creative": {"kind": "countdown", "params": {"deadline": "2026-12-01T00:00:00+01:00"}}}
    publish(call, "photo", variants=[], fallback=photo)
    publish(call, "timer", variants=[], fallback=deadline)

    asked = {**TOUCH, "blocks": ["hero", "photo", "timer"]}
    blocks = call.ok("POST", "/v1/touches/urls", asked)["urls"]["blocks"]

    assert [blocks[name]["image"][-4:] for name in ("hero", "photo", "timer")] == [".png", ".jpg", ".gif"]
