"""Keys and scopes: who may do what, and what is told to those who may not."""

import hashlib
import time
from datetime import UTC, datetime

import pytest

from app.domain.problems import Invalid
from app.flows import keys
from app.stores.cold import api_keys
from app.web import auth
from tests.web.conftest import Caller


def test_a_call_without_a_key_is_told_how_to_get_one(call: Caller) -> None:
    answer = call("GET", "/v1/customers/ana", scope=None)

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "mailtide keys create" in answer.json["detail"]


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Basic abc",
        "Bearer mt_x_y",
        "Bearer mt_000000000000_" + "a" * 43,
        "x" * 5_000,
        "Bearer é",
    ],
)
def test_what_is_no_key_opens_nothing(call: Caller, header: str) -> None:
    assert call("GET", "/v1/customers/ana", headers={"Authorization": header}).status == 401


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("ingest", "GET", "/v1/customers/ana", 404),
        ("ingest", "GET", "/v1/blocks", 403),
        ("author", "GET", "/v1/blocks", 200),
        ("author", "GET", "/v1/events", 403),
        ("report", "GET", "/v1/events", 200),
        ("report", "GET", "/v1/customers/ana", 403),
        ("admin", "GET", "/v1/events", 200),
        ("admin", "GET", "/v1/blocks", 200),
    ],
)
def test_a_key_does_what_its_scopes_say(
    call: Caller, scope: str, method: str, path: str, status: int
) -> None:
    answer = call(method, path, scope=scope)

    assert answer.status == status
    if status == 403:
        assert scope in answer.json["detail"]


def test_a_refused_caller_learns_nothing_of_the_body_or_the_id(call: Caller) -> None:
    answer = call("PUT", "/v1/blocks/hero", data=b"{", content_type="text/plain", scope="report")

    assert answer.status == 403


def test_only_a_digest_of_a_key_is_kept(call: Caller) -> None:
    new = keys.create(call.house.cold, "shop", ["ingest", "ingest"], now=datetime.now(UTC))

    [kept] = [key for key in keys.list_all(call.house.cold) if key.key_id == new.key_id]
    assert kept.digest == hashlib.sha256(new.text.encode()).hexdigest()
    assert kept.scopes == ("ingest",)
    assert new.text.startswith(f"mt_{new.key_id}_")
    assert new.text not in repr(kept)


def test_a_revoked_key_stops_within_five_seconds(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "FRESH_S", 0.2)
    new = keys.create(call.house.cold, "shop", ["ingest"], now=datetime.now(UTC))
    headers = {"Authorization": f"Bearer {new.text}"}
    assert call("GET", "/v1/customers/ana", headers=headers).status == 404

    assert keys.revoke(call.house.cold, new.key_id, now=datetime.now(UTC))
    assert not keys.revoke(call.house.cold, new.key_id, now=datetime.now(UTC))
    time.sleep(0.25)

    assert call("GET", "/v1/customers/ana", headers=headers).status == 401


def test_a_known_key_goes_on_working_while_sql_is_away(
    call: Caller, monkeypatch: pytest.MonkeyPatch, saved
) -> None:
    saved("ana", tier="gold")
    monkeypatch.setattr(auth, "FRESH_S", 0.0)
    stranger = keys.create(call.house.cold, "new", ["ingest"], now=datetime.now(UTC)).text
    with call.house.cold.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE api_keys RENAME TO gone")

    known = call("PATCH", "/v1/customers/ana", {"attributes": {"tier": "silver"}})
    unknown = call("GET", "/v1/customers/ana", headers={"Authorization": f"Bearer {stranger}"})

    assert known.status == 200
    assert unknown.status == 503
    assert call.ok("GET", "/v1/customers/ana")["attributes"]["tier"] == "silver"


def test_the_last_use_of_a_key_is_kept_to_the_hour(call: Caller) -> None:
    call.ok("GET", "/v1/events")

    [kept] = keys.list_all(call.house.cold)
    assert kept.last_used_at is not None
    assert datetime.now(UTC) - kept.last_used_at < api_keys.USED_EVERY


@pytest.mark.parametrize(
    ("name", "scopes", "pointer"),
    [
        ("", ["ingest"], "/name"),
        ("x" * 101, ["ingest"], "/name"),
        ("a\nb", ["ingest"], "/name"),
        ("shop", [], "/scopes"),
        ("shop", ["ingest", "root"], "/scopes/1"),
    ],
)
def test_a_key_needs_a_name_and_known_scopes(
    call: Caller, name: str, scopes: list[str], pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        keys.create(call.house.cold, name, scopes, now=datetime.now(UTC))

    assert [problem.pointer for problem in refused.value.problems] == [pointer]
