"""/v1/policies: drafts, versions, what is in force, and trying it first."""

from typing import Any

import pytest

from app.stores.cold import policies
from tests.web.conftest import Caller
from tests.web.test_decisions import TWO_A_WEEK, decide

POLICY = {"name": "House", "rules": [TWO_A_WEEK]}
DAYS = ["2026-11-09T09:00:00Z", "2026-11-10T09:00:00Z", "2026-11-11T09:00:00Z", "2026-11-17T09:00:00Z"]


def published(call: Caller, cap: int) -> int:
    call.ok("PUT", "/v1/policies/default", {"rules": [{**TWO_A_WEEK, "cap": cap}]})
    version: int = call.ok("POST", "/v1/policies/default/publish", {"note": f"cap {cap}"})["version"]
    return version


def in_force(call: Caller) -> tuple[int, int] | None:
    held = call.house.snapshot.policy("default")
    return (held["version"], held["document"]["rules"][0]["cap"]) if held else None


def test_a_draft_is_kept_and_binds_nobody(call: Caller) -> None:
    answer = call("PUT", "/v1/policies/default", POLICY, scope="author")

    read = call("GET", "/v1/policies/default", scope="author")
    assert answer.json == {"policy_id": "default", "edition": 1}
    assert answer.headers["ETag"] == read.headers["ETag"] == '"1"'
    assert read.json["document"] == POLICY
    assert "published_version" not in read.json
    call.house.snapshot.refresh()
    assert in_force(call) is None


def test_publishing_makes_versions_and_an_earlier_one_can_return(call: Caller) -> None:
    versions = [published(call, 1), published(call, 2)]
    last = in_force(call)
    rolled = call.ok("POST", "/v1/policies/default/rollback", {"version": 1})

    told = call.ok("GET", "/v1/policies/default/versions")
    assert (versions, last) == ([1, 2], (2, 2))
    assert rolled == {"policy_id": "default", "version": 1}
    assert in_force(call) == (1, 1)
    assert told["published_version"] == 1
    assert [(one["version"], one["note"], one["by"]) for one in told["versions"]] == [
        (2, "cap 2", "tests"),
        (1, "cap 1", "tests"),
    ]


def test_decisions_follow_the_version_in_force(call: Caller) -> None:
    published(call, 1)
    decide(call, "t-1")
    full = decide(call, "t-2")["reason"]
    published(call, 2)
    room = decide(call, "t-3")["reason"]
    call.ok("POST", "/v1/policies/default/rollback", {"version": 1})

    assert (full, room, decide(call, "t-4")["reason"]) == ("CAP_REACHED", "OK", "CAP_REACHED")


def test_a_draft_somebody_else_changed_is_not_overwritten_or_published(call: Caller) -> None:
    call.ok("PUT", "/v1/policies/default", POLICY, headers={"If-None-Match": "*"})
    call.ok("PUT", "/v1/policies/default", {"rules": []}, headers={"If-Match": '"1"'})

    stale = call("PUT", "/v1/policies/default", POLICY, headers={"If-Match": '"1"'})
    publishing = call("POST", "/v1/policies/default/publish", {}, headers={"If-Match": '"1"'})

    assert (stale.status, publishing.status) == (409, 409)
    assert "edition 2" in stale.json["detail"]
    assert call.ok("GET", "/v1/policies/default")["document"] == {"rules": []}


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({"rules": [{**TWO_A_WEEK, "cap": -1}]}, "/rules/0/cap"),
        ({"rules": [{**TWO_A_WEEK, "window": {"rolling": "P1Y"}}]}, "/rules/0/window/rolling"),
        ({"rules": [TWO_A_WEEK], "quiet_hours": []}, "/quiet_hours"),
        ({"rules": [TWO_A_WEEK], "levels": {}}, "/levels"),
        ({"rulez": []}, "/rulez"),
    ],
)
def test_a_faulty_draft_is_refused_with_pointers(call: Caller, document: Any, pointer: str) -> None:
    answer = call("PUT", "/v1/policies/default", document)

    assert answer.status == 422
    assert pointer in [error["pointer"] for error in answer.json["errors"]]
    assert call("GET", "/v1/policies/default").status == 404


def test_unknown_policies_and_versions_are_told(call: Caller) -> None:
    for method, path, body in (
        ("GET", "/v1/policies/nothing", None),
        ("GET", "/v1/policies/nothing/versions", None),
        ("POST", "/v1/policies/nothing/publish", {}),
        ("POST", "/v1/policies/nothing/rollback", {"version": 1}),
        ("POST", "/v1/policies/nothing/simulate", {"touches": []}),
    ):
        assert call(method, path, body).status == 404, path
    published(call, 1)
    missing = call("POST", "/v1/policies/default/rollback", {"version": 9})
    assert missing.json["errors"] == [
        {"pointer": "/version", "detail": "there is no version 9 of this policy"}
    ]


def test_drafts_are_listed_by_id(call: Caller) -> None:
    for policy_id in ("b", "a", "c"):
        call.ok("PUT", f"/v1/policies/{policy_id}", POLICY)

    first = call.ok("GET", "/v1/policies?limit=2")
    second = call.ok("GET", f"/v1/policies?limit=2&after={first['next_cursor']}")

    assert [one["policy_id"] for one in first["policies"] + second["policies"]] == ["a", "b", "c"]


def test_writing_policies_needs_the_scope_of_authors(call: Caller) -> None:
    assert call("PUT", "/v1/policies/default", POLICY, scope="decide").status == 403


def schedule(**fields: Any) -> dict[str, Any]:
    touches = [{"touch_id": f"t-{place}", "sent_at": when} for place, when in enumerate(DAYS)]
    return {"touches": touches[::-1], **fields}


def outcomes(call: Caller, body: Any) -> list[tuple[str, str, str]]:
    answer = call.ok("POST", "/v1/policies/default/simulate", body, scope="author")
    return [(one["touch_id"], one["decision"], one["reason"]) for one in answer["outcomes"]]


def test_a_schedule_is_tried_oldest_first_and_what_is_refused_does_not_count(call: Caller) -> None:
    published(call, 2)

    answer = call.ok("POST", "/v1/policies/default/simulate", schedule())

    assert [(one["touch_id"], one["decision"]) for one in answer["outcomes"]] == [
        ("t-0", "send"),
        ("t-1", "send"),
        ("t-2", "suppress"),
        ("t-3", "send"),
    ]
    refused = answer["outcomes"][2]
    assert (refused["reason"], refused["rule_id"], refused["next_free_at"]) == (
        "CAP_REACHED",
        "two-a-week",
        "2026-11-16T09:00:00Z",
    )
    assert call.waiting() == []


def test_the_draft_or_any_document_is_tried_before_it_is_published(call: Caller) -> None:
    call.ok("PUT", "/v1/policies/default", {"rules": [{**TWO_A_WEEK, "cap": 3}]})
    unpublished = outcomes(call, schedule())
    published(call, 2)
    call.ok("PUT", "/v1/policies/default", {"rules": [{**TWO_A_WEEK, "cap": 0}]})

    assert [one[1] for one in unpublished] == ["send"] * 4
    assert [one[1] for one in outcomes(call, schedule())].count("suppress") == 1
    assert [one[1] for one in outcomes(call, schedule(draft=True))] == ["suppress"] * 4
    document = {"rules": [{"id": "gap", "window": {"gap": "P2D"}}]}
    assert [one[2] for one in outcomes(call, schedule(draft=document))] == ["OK", "MIN_GAP", "OK", "OK"]


def test_a_schedule_follows_the_calendar_of_its_customers(call: Caller) -> None:
    call.ok(
        "PUT", "/v1/policies/default", {"rules": [{"id": "day", "cap": 1, "window": {"calendar": "day"}}]}
    )
    touches = [
        {"touch_id": "a", "sent_at": "2026-11-09T14:59:00Z"},
        {"touch_id": "b", "sent_at": "2026-11-09T15:00:00Z"},
    ]

    assert [one[1] for one in outcomes(call, {"touches": touches})] == ["send", "suppress"]
    assert [one[1] for one in outcomes(call, {"touches": touches, "timezone": "Asia/Tokyo"})] == [
        "send",
        "send",
    ]


def test_of_two_at_one_time_the_more_important_goes_first(call: Caller) -> None:
    published(call, 1)
    touches = [
        {"touch_id": "a", "sent_at": DAYS[0]},
        {"touch_id": "b", "sent_at": DAYS[0], "priority": 80},
        {"touch_id": "c", "sent_at": DAYS[0], "customer_id": "bo", "class": "transactional"},
    ]

    assert [(one[0], one[1]) for one in outcomes(call, {"touches": touches})] == [
        ("b", "send"),
        ("a", "suppress"),
        ("c", "send"),
    ]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"from": "2026-11-01T00:00:00Z", "until": "2026-11-02T00:00:00Z"}, "/from"),
        ({}, "/touches"),
        ({"touches": [{"touch_id": "a"}]}, "/touches/0/sent_at"),
        ({"touches": [{"touch_id": "a", "sent_at": DAYS[0], "class": "x"}]}, "/touches/0/class"),
        ({"touches": [], "timezone": "Mars/Olympus"}, "/timezone"),
        ({"touches": [], "draft": {"rules": [{}]}}, "/draft/rules/0/id"),
        ({"touches": [{"touch_id": "a", "sent_at": DAYS[0]}] * 1001}, "/touches"),
    ],
)
def test_a_faulty_schedule_is_pointed_at(call: Caller, body: Any, pointer: str) -> None:
    published(call, 2)

    answer = call("POST", "/v1/policies/default/simulate", body)

    assert answer.status == 422, answer.text
    assert pointer in [error["pointer"] for error in answer.json["errors"]]


def test_with_redis_away_nothing_is_published_and_no_version_made(call: Caller) -> None:
    call.ok("PUT", "/v1/policies/default", POLICY)
    call.valkey.stop()

    answer = call("POST", "/v1/policies/default/publish", {})

    assert answer.status == 503
    assert "nothing was changed" in answer.json["detail"]
    with call.house.cold.reading() as connection:
        assert policies.versions(connection, "default") == []
