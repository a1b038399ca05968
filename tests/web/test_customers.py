"""/v1/customers: saved, changed, read, erased, one by one and in batches."""

import json

import pytest

from app.domain.events import EventType
from tests.web.conftest import Caller

ANA = {
    "attributes": {"first_name": "Ana", "tier": "gold", "points": 420, "tags": ["vip"]},
    "timezone": "Europe/Paris",
    "locale": "fr-FR",
    "channels": {"email": {"consent": True}, "sms": {"consent": False}},
    "tracking": "full",
}


def test_a_saved_customer_is_read_back_with_a_key_that_proves_them(call: Caller) -> None:
    saved = call.ok("PUT", "/v1/customers/ana", ANA)

    read = call.ok("GET", "/v1/customers/ana")

    assert {name: read[name] for name in ANA} == ANA
    assert read["revision"] == saved["revision"]
    assert call.house.keyring.verify_customer(saved["customer_key"]) == "ana"
    assert read["customer_key"] == saved["customer_key"]


def test_put_replaces_and_patch_merges(call: Caller) -> None:
    call.ok("PUT", "/v1/customers/ana", ANA)
    call.ok("PATCH", "/v1/customers/ana", {"attributes": {"points": 500, "tier": None}, "locale": None})
    changed = call.ok("GET", "/v1/customers/ana")

    call.ok("PUT", "/v1/customers/ana", {"attributes": {"points": 1}})
    replaced = call.ok("GET", "/v1/customers/ana")

    assert changed["attributes"] == {"first_name": "Ana", "points": 500, "tags": ["vip"]}
    assert "locale" not in changed
    assert changed["timezone"] == "Europe/Paris"
    assert replaced["attributes"] == {"points": 1}
    assert replaced["channels"] == {}
    assert "timezone" not in replaced


def test_a_channel_is_withdrawn_without_the_others(call: Caller) -> None:
    call.ok("PUT", "/v1/customers/ana", ANA)

    call.ok("PATCH", "/v1/customers/ana", {"channels": {"sms": None, "push": {"consent": True}}})

    assert call.ok("GET", "/v1/customers/ana")["channels"] == {
        "email": {"consent": True},
        "push": {"consent": True},
    }


def test_unknown_customers_are_404_and_are_not_made_by_a_patch(call: Caller) -> None:
    for method, body in (("GET", None), ("PATCH", {"attributes": {"tier": "gold"}})):
        answer = call(method, "/v1/customers/nobody", body)

        assert answer.status == 404
        assert answer.json["detail"] == "There is no customer nobody."
    assert call.waiting() == []


def test_an_erased_customer_is_gone_and_sql_is_told(call: Caller) -> None:
    call.ok("PUT", "/v1/customers/ana", ANA)

    call.ok("DELETE", "/v1/customers/ana")
    again = call("DELETE", "/v1/customers/ana")

    assert call("GET", "/v1/customers/ana").status == 404
    assert again.status == 200
    assert call.waiting()[-1].type is EventType.CUSTOMER_ERASED


@pytest.mark.parametrize(
    ("body", "pointer", "detail"),
    [
        ({"atributes": {}}, "/atributes", "unknown field; did you mean 'attributes'?"),
        ({"attributes": []}, "/attributes", "must be an object"),
        ({"attributes": {"1x": 1}}, "/attributes/1x", "starts with a letter"),
        ({"attributes": {"x": "a" * 4_001}}, "/attributes/x", "at most 4000 characters"),
        ({"attributes": {"x": 2**60}}, "/attributes/x", "at most 2**53"),
        ({"attributes": {"x": [[[[[[1]]]]]]}}, "/attributes/x/0/0/0/0/0", "nested 5 deep"),
        ({"attributes": {"x": "a\0"}}, "/attributes/x", "NUL"),
        ({"attributes": {f"a{n}": 1 for n in range(201)}}, "/attributes", "at most 200 attributes"),
        ({"timezone": "Mars/Base"}, "/timezone", "not an IANA time zone"),
        ({"timezone": 1}, "/timezone", "must be a text"),
        ({"locale": "x" * 20}, "/locale", "not a language tag"),
        ({"channels": {"fax": {"consent": True}}}, "/channels/fax", "must be"),
        ({"channels": {"sms": {"consent": 1}}}, "/channels/sms/consent", "true or false"),
        ({"channels": {"sms": {"consnt": True}}}, "/channels/sms/consnt", "did you mean 'consent'?"),
        ({"channels": {"sms": {}}}, "/channels/sms/consent", "required"),
        ({"tracking": "some"}, "/tracking", "'off', 'anonymous'"),
    ],
)
def test_bad_fields_are_pointed_at_and_nothing_is_written(
    call: Caller, body: dict[str, object], pointer: str, detail: str
) -> None:
    answer = call("PUT", "/v1/customers/ana", body)

    assert answer.status == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    [error] = [error for error in answer.json["errors"] if error["pointer"] == pointer]
    assert detail in error["detail"]
    assert call("GET", "/v1/customers/ana").status == 404


def test_every_fault_is_told_at_once(call: Caller) -> None:
    answer = call("PUT", "/v1/customers/ana", {"atributes": {}, "tracking": 1, "locale": 2})

    assert {error["pointer"] for error in answer.json["errors"]} == {"/atributes", "/tracking", "/locale"}


@pytest.mark.parametrize(
    "value",
    ["😀" * 500, "مرحبا بالعالم", "{{ 7 | times: 7 }}", "\u202e\u0007\t", "<script>alert(1)</script>", ""],
)
def test_strange_texts_are_kept_as_they_are(call: Caller, value: str) -> None:
    call.ok("PUT", "/v1/customers/ana", {"attributes": {"name": value}})

    assert call.ok("GET", "/v1/customers/ana")["attributes"]["name"] == value


def test_a_batch_answers_item_by_item_and_one_bad_item_spoils_nothing(call: Caller) -> None:
    batch = [
        {"customer_id": "ana", "attributes": {"tier": "gold"}},
        {"customer_id": "bad id"},
        {"customer_id": "bob", "timezone": "Mars/Base"},
        "nonsense",
        {"customer_id": "cy"},
    ]

    answer = call("POST", "/v1/customers/batch", batch)

    assert answer.status == 207
    results = answer.json["results"]
    assert [result["code"] for result in results] == [200, 422, 422, 422, 200]
    assert [result["index"] for result in results] == [0, 1, 2, 3, 4]
    assert (answer.json["accepted"], answer.json["refused"]) == (2, 3)
    assert results[0]["customer_key"] == call.house.keyring.customer_key("ana")
    assert results[1]["customer_id"] == "bad id"
    assert results[2]["errors"][0]["pointer"] == "/timezone"
    assert call("GET", "/v1/customers/bob").status == 404
    assert call("GET", "/v1/customers/cy").status == 200


def test_a_batch_merges_like_patch(call: Caller) -> None:
    call.ok("PUT", "/v1/customers/ana", ANA)

    call.ok("POST", "/v1/customers/batch", [{"customer_id": "ana", "attributes": {"tier": "silver"}}])

    read = call.ok("GET", "/v1/customers/ana")
    assert read["attributes"]["tier"] == "silver"
    assert read["attributes"]["points"] == 420


def test_ndjson_is_taken_line_by_line(call: Caller) -> None:
    lines = [b'{"customer_id": "ana"}', b"", b"{not json", b"[1]", b'{"customer_id": "bob"}', b"x" * 300_000]

    answer = call(
        "POST",
        "/v1/customers/batch",
        data=b"\n".join(lines),
        content_type="application/x-ndjson",
        headers={"Accept": "application/x-ndjson"},
    )

    assert answer.status == 207
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert [line["code"] for line in answer.lines] == [200, 422, 422, 200, 422]
    assert "not valid JSON" in answer.lines[1]["detail"]
    assert "256 KB" in answer.lines[4]["detail"]
    assert call("GET", "/v1/customers/bob").status == 200


def test_ndjson_may_hold_more_than_a_list(call: Caller) -> None:
    body = "\n".join(json.dumps({"customer_id": f"c{n}", "attributes": {"n": n}}) for n in range(2_500))

    answer = call.ok("POST", "/v1/customers/batch", data=body, content_type="application/x-ndjson")

    assert (answer["accepted"], answer["refused"]) == (2_500, 0)
    assert answer["results"][-1]["customer_id"] == "c2499"
    assert call.ok("GET", "/v1/customers/c2499")["attributes"] == {"n": 2499}


@pytest.mark.parametrize("body", [{"customer_id": "ana"}, [{"customer_id": "ana"}] * 1_001])
def test_what_is_no_list_of_at_most_1000_is_refused_whole(call: Caller, body: object) -> None:
    answer = call("POST", "/v1/customers/batch", body)

    assert answer.status == 422
    assert "1000" in answer.json["detail"]
    assert call("GET", "/v1/customers/ana").status == 404


def test_redis_away_is_503_and_says_when_to_come_back(call: Caller) -> None:
    call.key("admin")
    call.valkey.stop()

    answer = call("PUT", "/v1/customers/ana", ANA)

    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Redis does not answer" in answer.json["detail"]
