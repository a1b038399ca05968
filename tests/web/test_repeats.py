"""Idempotency-Key: the same POST is carried out once and answered alike."""

import json
import threading

import pytest

from app.stores.hot import http_answers
from app.web.repeats import HEADER
from tests import make
from tests.web.conftest import Caller


@pytest.fixture
def publish(call: Caller):
    call.ok("PUT", "/v1/blocks/hero", make.block())

    def send(key: str, note: str = "once", path: str = "/v1/blocks/hero/publish", scope: str = "admin"):
        return call("POST", path, {"note": note}, headers={HEADER: key}, scope=scope)

    return send


def test_a_repeat_gets_the_first_answer_and_does_nothing(call: Caller, publish) -> None:
    first = publish("k-1")

    again = publish("k-1")

    assert (first.status, again.status) == (200, 200)
    assert first.json == again.json == {"block_id": "hero", "version": 1}
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert len(call.ok("GET", "/v1/blocks/hero/versions")["versions"]) == 1


def test_the_same_key_for_another_body_is_422(publish) -> None:
    publish("k-1")

    answer = publish("k-1", note="other")

    assert answer.status == 422
    assert answer.json["errors"][0]["parameter"] == "Idempotency-Key"


def test_keys_belong_to_a_caller_and_an_address(call: Caller, publish) -> None:
    publish("k-1")

    other_caller = publish("k-1", scope="author")
    other_address = publish("k-1", path="/v1/blocks/other/publish")

    assert other_caller.json["version"] == 2
    assert other_address.status == 404


def test_while_the_first_is_being_answered_a_repeat_is_409(call: Caller, publish) -> None:
    key_id = call.key("admin").split("_")[1]
    http_answers.begin(call.house.hot, key_id, "POST /v1/blocks/hero/publish", "k-1", _digest("once"))

    answer = publish("k-1")

    assert answer.status == 409
    assert "again in a few seconds" in answer.json["detail"]


def test_of_many_at_once_one_is_carried_out(call: Caller, publish) -> None:
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(publish("k-1").status)) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(answers) <= {200, 409}
    assert len(call.ok("GET", "/v1/blocks/hero/versions")["versions"]) == 1


def test_a_refusal_is_repeated_too(call: Caller, publish) -> None:
    missing = publish("k-1", path="/v1/blocks/none/publish")
    call.ok("PUT", "/v1/blocks/none", make.block())

    again = publish("k-1", path="/v1/blocks/none/publish")

    assert (missing.status, again.status) == (404, 404)
    assert again.headers["Content-Type"] == "application/problem+json"
    assert again.json == missing.json


def test_what_failed_on_our_side_may_be_tried_again(
    call: Caller, publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("app.flows.publishing.publish_draft", broken)
        assert publish("k-1").status == 500

    assert publish("k-1").json["version"] == 1


@pytest.mark.parametrize("key", ["", "a" * 256, "a b", "ü"])
def test_an_unusable_key_is_refused(publish, key: str) -> None:
    assert publish(key).status == 422


def test_a_batch_may_carry_a_key_and_ndjson_may_not(call: Caller) -> None:
    batch = [{"customer_id": "ana"}]
    first = call("POST", "/v1/customers/batch", batch, headers={HEADER: "k"})
    again = call("POST", "/v1/customers/batch", batch, headers={HEADER: "k"})
    lines = call(
        "POST",
        "/v1/customers/batch",
        data=json.dumps(batch[0]),
        content_type="application/x-ndjson",
        headers={HEADER: "k2"},
    )

    assert (first.status, again.status, lines.status) == (207, 207, 422)
    assert first.json == again.json


def _digest(note: str) -> str:
    import hashlib

    return hashlib.sha256(json.dumps({"note": note}).encode()).hexdigest()
