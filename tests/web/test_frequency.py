"""/v1/customers/{id}/frequency: what each rule has used."""

from datetime import UTC, datetime, timedelta

from tests.web.conftest import Caller
from tests.web.test_decisions import TWO_A_WEEK, decide, in_force


def test_every_rule_says_what_is_used_and_when_it_is_free(call: Caller) -> None:
    in_force(
        call,
        {**TWO_A_WEEK, "name": "Two a week"},
        {"id": "texts", "cap": 1, "window": {"calendar": "day"}, "channels": ["sms"]},
        {"id": "off", "cap": 1, "enabled": False, "window": {"rolling": "P1D"}},
        {"id": "none", "cap": 0, "window": {"rolling": "P1D"}, "channels": ["call"]},
    )
    first = decide(call, "t-1")
    call.ok("POST", f"/v1/reservations/{first['reservation']['id']}/confirm")
    decide(call, "t-2")

    answer = call.ok("GET", "/v1/customers/ana/frequency", scope="decide")

    assert (answer["customer_id"], answer["timezone"], answer["timezone_source"]) == (
        "ana",
        "UTC",
        "deployment",
    )
    assert answer["policy"] == {"id": "default", "version": 1}
    emails, texts, none = answer["rules"]
    assert (emails["rule_id"], emails["name"], emails["used"], emails["cap"]) == (
        "two-a-week",
        "Two a week",
        2,
        2,
    )
    assert {one["state"] for one in emails["touches"]} == {"sent", "reserved"}
    wait = datetime.fromisoformat(emails["next_free_at"]) - datetime.now(UTC)
    assert timedelta(days=6, hours=23) < wait <= timedelta(days=7)
    assert (emails["is_free"], texts["is_free"], none["is_free"]) == (False, True, False)
    assert (texts["used"], texts["touches"], "next_free_at" in texts) == (0, [], False)
    assert "next_free_at" not in none


def test_somebody_nobody_told_about_has_used_nothing(call: Caller) -> None:
    answer = call.ok("GET", "/v1/customers/nobody/frequency")

    assert answer == {
        "customer_id": "nobody",
        "timezone": "UTC",
        "timezone_source": "deployment",
        "rules": [],
    }


def test_an_id_that_is_none_is_refused(call: Caller) -> None:
    answer = call("GET", "/v1/customers/a%20b/frequency")

    assert answer.status == 422
    assert answer.json["errors"][0]["parameter"] == "customer_id"


def test_with_redis_away_it_says_so(call: Caller) -> None:
    call.key("admin")
    call.ok("GET", "/v1/customers/ana/frequency")
    call.valkey.stop()

    assert call("GET", "/v1/customers/ana/frequency").status == 503
