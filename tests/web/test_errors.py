"""Bad input and bad luck: every answer is a problem document that says what to do."""

import io
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from gunicorn.http.body import Body, ChunkedReader
from gunicorn.http.unreader import IterUnreader
from structlog.testing import capture_logs

from tests import make
from tests.web.conftest import Caller


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"attributes": NaN}',
        b'{"a": 1} x',
        b"\xff\xfe",
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b"[" * 50_000,
        b'{"attributes":' * 40 + b"1" + b"}" * 40,
        b"null",
        b'"text"',
        b"1e999",
        b"9" * 5_000,
    ],
)
def test_what_is_not_json_is_400(call: Caller, data: bytes) -> None:
    answer = call("PUT", "/v1/customers/ana", data=data, content_type="application/json")

    assert answer.status == 400, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["type"] == "urn:mailtide:problem:malformed"


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/xml"]
)
def test_another_content_type_is_415(call: Caller, content_type: str | None) -> None:
    answer = call("PUT", "/v1/customers/ana", data=b"{}", content_type=content_type)

    assert answer.status == 415
    assert "application/json" in answer.json["detail"]


def test_a_charset_in_the_content_type_is_taken(call: Caller) -> None:
    assert (
        call("PUT", "/v1/customers/ana", data=b"{}", content_type="application/json; charset=utf-8").status
        == 200
    )


def test_a_body_over_8_mb_is_413(call: Caller) -> None:
    data = b'{"attributes": {"x": "' + b"a" * (8 * 2**20) + b'"}}'

    answer = call("PUT", "/v1/customers/ana", data=data, content_type="application/json")

    assert answer.status == 413
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert call("GET", "/v1/customers/ana").status == 404


def test_a_body_of_untold_length_over_8_mb_is_413(call: Caller) -> None:
    data = b'{"attributes": {"x": "' + b"a" * (8 * 2**20) + b'"}}'

    answer = in_chunks(call, "PUT", "/v1/customers/ana", io.BytesIO(data))

    assert answer.status_code == 413
    assert call("GET", "/v1/customers/ana").status == 404
    small = in_chunks(call, "PUT", "/v1/customers/ana", io.BytesIO(b'{"attributes": {"x": "a"}}'))
    assert small.status_code == 200


@pytest.mark.parametrize("content_type", ["application/json", "application/x-ndjson"])
def test_a_body_whose_chunks_are_none_is_400(call: Caller, content_type: str) -> None:
    chunks = [b'2a\r\n{"customer_id": "ana", "attributes": {}}\n\n\r\n', b"zz\r\n{}\r\n0\r\n\r\n"]
    body = Body(ChunkedReader(SimpleNamespace(trailers=[]), IterUnreader(chunks)))

    answer = in_chunks(call, "POST", "/v1/customers/batch", body, content_type)

    assert answer.status_code == 400
    assert "chunk" in answer.get_json()["detail"]


def in_chunks(
    call: Caller, method: str, path: str, body: object, content_type: str = "application/json"
) -> Any:
    """Send a body as gunicorn hands on what comes in chunks."""
    return call.client.open(
        path,
        method=method,
        content_type=content_type,
        headers={"Authorization": f"Bearer {call.key('admin')}"},
        environ_overrides={"wsgi.input": body, "wsgi.input_terminated": True},
    )


def test_options_tells_the_methods_without_a_body_or_a_key(call: Caller) -> None:
    answer = call("OPTIONS", "/v1/customers/ana", scope=None)

    assert answer.status == 200
    assert {"GET", "PUT", "PATCH", "DELETE"} <= set(answer.headers["Allow"].split(", "))


def test_addresses_and_methods_that_are_none_are_problems_too(call: Caller) -> None:
    unknown = call("GET", "/v1/nothing")
    method = call("DELETE", "/v1/events")
    slash = call("GET", "/v1/customers/ana/")

    assert (unknown.status, method.status, slash.status) == (404, 405, 404)
    assert "GET" in method.headers["Allow"]
    assert all(one.headers["Content-Type"] == "application/problem+json" for one in (unknown, method, slash))


@pytest.mark.parametrize("customer_id", ["a%20b", "%00", "%F0%9F%98%80", "a" * 129, "%2e%2e%2f"])
def test_an_id_that_can_be_none_is_refused_by_name(call: Caller, customer_id: str) -> None:
    answer = call("GET", f"/v1/customers/{customer_id}")

    assert answer.status in (404, 422)
    if answer.status == 422:
        assert answer.json["errors"][0]["parameter"] == "customer_id"


def test_a_bug_is_a_500_that_names_its_place_in_the_log_and_nothing_else(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("the secret of the house")

    call.key("admin")
    monkeypatch.setattr("app.flows.customers.replace", broken)

    with capture_logs() as logged:
        answer = call("PUT", "/v1/customers/ana", {})

    incident = answer.json["instance"].rpartition(":")[2]
    assert answer.status == 500
    assert "secret" not in answer.text
    assert "ZeroDivision" not in answer.text
    assert incident in answer.json["detail"]
    assert [line["incident"] for line in logged] == [incident]
    assert isinstance(logged[0]["exc_info"], ZeroDivisionError)


def test_half_a_batch_is_never_written_when_redis_goes_away(call: Caller) -> None:
    call.key("admin")
    call.valkey.stop()

    answer = call("POST", "/v1/customers/batch", [{"customer_id": "ana"}])

    assert answer.status == 503
    call.valkey.start()
    assert call("GET", "/v1/customers/ana").status == 404


def test_pointers_escape_what_rfc_6901_says(call: Caller) -> None:
    answer = call("PUT", "/v1/customers/ana", {"a/b~c": 1})

    assert answer.json["errors"][0]["pointer"] == "/a~1b~0c"


@pytest.mark.parametrize("name", ["a[b]", "function-after[x]", "", "…", "\ud83a\udd61", "~/"])
def test_an_unknown_field_may_be_called_anything(call: Caller, name: str) -> None:
    in_body = call("PUT", "/v1/customers/ana", {name: 1})
    in_query = call("GET", f"/v1/events?{quote(name.encode(errors='surrogatepass'))}=1")

    assert (in_body.status, in_query.status) in ((422, 422), (400, 422))
    assert in_query.json["errors"]


def test_a_hundred_faults_are_told_up_to_a_bound(call: Caller) -> None:
    answer = call("PUT", "/v1/customers/ana", {f"x{number}": 1 for number in range(500)})

    assert answer.status == 422
    assert len(answer.json["errors"]) == 50
    assert len(answer.text) < 20_000


def test_templates_in_values_are_shown_and_not_run(call: Caller) -> None:
    call.ok("PUT", "/v1/blocks/hero", make.block())
    evil = "{{ customer.points }}{% raw %}"

    seen = call.ok(
        "POST", "/v1/blocks/hero/preview", {"customer": {"attributes": {"tier": "gold", "points": evil}}}
    )

    assert (
        seen["link"] == "https://shop.example/gold?c=%7B%7B%20customer.points%20%7D%7D%7B%25%20raw%20%25%7D"
    )
