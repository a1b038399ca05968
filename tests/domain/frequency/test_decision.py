"""One decision: what stands against a touch, in which order, and until when it is worth waiting."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.frequency.decision import Candidate, Decision, Verdict, decide, unavailable
from app.domain.frequency.ledger import Entry, Mark, touch_mark
from app.domain.frequency.policy import Policy
from app.domain.frequency.standing import Reason, Standing
from app.domain.frequency.windows import Zones, to_instant, to_ms
from app.domain.state import Suppression
from tests.domain.frequency.schedules import at, policy, words

NOW = at("20 09:00")
UTC_ZONE = ZoneInfo("UTC")
PARIS = ZoneInfo("Europe/Paris")
LIFECYCLE = {"touch_class": "lifecycle"}
DAILY = {"cap": 1, "window": {"rolling": "P1D"}}


def sent(when: str, touch_id: str = "", **fields: Any) -> Entry:
    at_ms = to_ms(at(when))
    return Entry(at_ms, int(Mark.SENT), at_ms, touch_mark(touch_id or when), 0, words(**fields))


def held(when: str, *, until: str, touch_id: str = "", **fields: Any) -> Entry:
    return Entry(to_ms(at(when)), 0, to_ms(at(until)), touch_mark(touch_id or when), 0, words(**fields))


def decision(
    rules: Policy | None = None,
    entries: Sequence[Entry] = (),
    *,
    suppressions: Sequence[Suppression] = (),
    channels: dict[str, Any] | None = None,
    when: datetime = NOW,
    expires_at: datetime | None = None,
    touch_id: str = "t",
    zone: ZoneInfo = UTC_ZONE,
    **fields: Any,
) -> Decision:
    expires_ms = to_ms(expires_at) if expires_at else None
    candidate = Candidate(touch_mark(touch_id), words(**fields), to_ms(when), 0, expires_ms)
    standing = Standing(Zones(zone, UTC_ZONE), suppressions, channels or {})
    return decide(candidate, entries, rules, standing, now_ms=to_ms(NOW))


def suppression(scope: str, reason: str = "unsubscribed", until: datetime | None = None) -> Suppression:
    return Suppression("s-1", scope, reason, at("12 09:02"), until)


@pytest.mark.parametrize(
    ("scope", "reason", "code"),
    [
        ("all", "unsubscribed", Reason.UNSUB),
        ("channel:email", "unsubscribed", Reason.UNSUB),
        ("channel:email", "complained", Reason.COMPLAINT),
        ("channel:email", "STOP", Reason.STOP),
        ("channel:email", "bounced", Reason.BOUNCE),
        ("all", "deleted", Reason.DELETED),
        ("all", "the lawyer said so", Reason.UNSUB),
        ("topic:news", "unsubscribed", Reason.TOPIC_OFF),
        ("topic:newsletter", "unsubscribed", Reason.TOPIC_OFF),
    ],
)
def test_a_suppression_stands_against_marketing(scope: str, reason: str, code: Reason) -> None:
    found = decision(suppressions=[suppression(scope, reason)], topic="news", category="newsletter")

    assert (found.verdict, found.reason) == (Verdict.SUPPRESS, code)
    assert found.binding is not None
    assert found.binding.told == {"suppression_id": "s-1", "scope": scope, "since": at("12 09:02")}
    assert found.explain.startswith("Suppressed on ")
    assert found.explain.endswith(f" since 12 Nov 2026: {reason}.")


@pytest.mark.parametrize("scope", ["channel:sms", "topic:offers"])
def test_a_suppression_of_something_else_does_not(scope: str) -> None:
    assert decision(suppressions=[suppression(scope)], topic="news").reason is Reason.OK


@pytest.mark.parametrize(
    ("touch_class", "reason", "is_sent"),
    [
        ("transactional", "unsubscribed", True),
        ("transactional", "complained", True),
        ("transactional", "bounced", False),
        ("transactional", "stop", False),
        ("service", "unsubscribed", False),
        ("service", "paused", True),
        ("lifecycle", "unsubscribed", False),
    ],
)
def test_what_a_suppression_binds_depends_on_the_class(touch_class: str, reason: str, is_sent: bool) -> None:
    found = decision(suppressions=[suppression("channel:email", reason)], touch_class=touch_class)

    assert (found.verdict is Verdict.SEND) is is_sent


def test_a_suppression_ends_when_it_ends() -> None:
    until = suppression("all", until=NOW)
    later = suppression("all", until=NOW + timedelta(seconds=1))

    assert decision(suppressions=[until]).reason is Reason.OK
    assert decision(suppressions=[later]).reason is Reason.UNSUB
    assert decision(suppressions=[later], when=NOW + timedelta(minutes=1)).reason is Reason.OK


@pytest.mark.parametrize(
    ("touch_class", "channels", "code"),
    [
        ("promotional", {"email": {"consent": False}}, Reason.NO_CONSENT),
        ("lifecycle", {"email": {"consent": False}}, Reason.NO_CONSENT),
        ("service", {"email": {"consent": False}}, Reason.OK),
        ("transactional", {"email": {"consent": False}}, Reason.OK),
        ("promotional", {"email": {"consent": True}}, Reason.OK),
        ("promotional", {"sms": {"consent": False}}, Reason.OK),
        ("promotional", {}, Reason.OK),
        ("promotional", {"email": "no"}, Reason.OK),
    ],
)
def test_a_no_is_a_no_for_marketing(touch_class: str, channels: dict[str, Any], code: Reason) -> None:
    assert decision(channels=channels, touch_class=touch_class).reason is code


def test_a_pause_puts_off_what_may_wait_and_suppresses_the_rest() -> None:
    until = NOW + timedelta(days=2)
    paused = [suppression("all", "paused", until)]

    waiting = decision(suppressions=paused)
    stale = decision(suppressions=paused, expires_at=NOW + timedelta(days=1))
    for_ever = decision(suppressions=[suppression("all", "paused")])

    assert (waiting.verdict, waiting.reason, to_instant(waiting.at_ms)) == (
        Verdict.DEFER,
        Reason.PAUSED,
        until,
    )
    assert (stale.verdict, stale.reason) == (Verdict.SUPPRESS, Reason.DEFER_EXCEEDS_EXPIRY)
    assert (for_ever.verdict, for_ever.reason) == (Verdict.SUPPRESS, Reason.PAUSED)


def test_every_failing_check_is_told_and_the_first_binds() -> None:
    found = decision(
        policy(DAILY, {"cap": 1, "window": {"rolling": "P7D"}}),
        [sent("20 08:00")],
        suppressions=[suppression("topic:news"), suppression("all", "complained")],
        channels={"email": {"consent": False}},
        topic="news",
    )

    assert found.reason is Reason.COMPLAINT
    assert [one.reason for one in found.also] == [
        Reason.NO_CONSENT,
        Reason.TOPIC_OFF,
        Reason.CAP_REACHED,
        Reason.CAP_REACHED,
    ]
    # Of two full rules, the one that stays full longer comes first.
    assert [one.told["rule_id"] for one in found.also[2:]] == ["rule-1", "rule-0"]


def test_lifecycle_messages_wait_for_the_cap_and_promotions_do_not() -> None:
    entries = [sent("19 21:00", touch_class="lifecycle")]

    waiting = decision(policy(DAILY), entries, **LIFECYCLE)
    stale = decision(policy(DAILY), entries)

    assert (waiting.verdict, waiting.reason) == (Verdict.DEFER, Reason.CAP_REACHED)
    assert to_instant(waiting.at_ms) == at("20 21:00")
    assert (stale.verdict, stale.reason) == (Verdict.SUPPRESS, Reason.CAP_REACHED)


def test_a_rule_says_itself_whether_it_waits_and_how_long() -> None:
    entries = [sent("19 21:00")]
    deferring = {**DAILY, "on_cap": "defer"}

    assert decision(policy(deferring), entries).verdict is Verdict.DEFER
    assert decision(policy({**DAILY, "on_cap": "suppress"}), entries, **LIFECYCLE).verdict is Verdict.SUPPRESS
    short = decision(policy({**deferring, "max_defer": "PT11H"}), entries)
    assert (short.verdict, short.reason) == (Verdict.SUPPRESS, Reason.DEFER_EXCEEDS_EXPIRY)
    assert decision(policy({**deferring, "max_defer": "PT12H"}), entries).verdict is Verdict.DEFER


def test_a_message_that_expires_is_not_put_off_past_its_end() -> None:
    rules = policy({**DAILY, "on_cap": "defer"})
    entries = [sent("19 21:00")]

    assert decision(rules, entries, expires_at=at("20 21:00")).reason is Reason.DEFER_EXCEEDS_EXPIRY
    assert decision(rules, entries, expires_at=at("20 21:01")).verdict is Verdict.DEFER
    assert decision(expires_at=NOW).reason is Reason.DEFER_EXCEEDS_EXPIRY


def test_waiting_ends_when_every_rule_has_room_at_once() -> None:
    # The day is free at 20 Nov 21:00, but then a second rule is full until 21 Nov 00:00 in Paris.
    rules = policy(
        {**DAILY, "on_cap": "defer"},
        {"cap": 1, "window": {"calendar": "day"}, "on_cap": "defer"},
        {"window": {"gap": "PT1H"}, "on_cap": "defer"},
    )
    entries = [sent("19 21:00"), sent("20 06:00", touch_class="service")]

    found = decision(rules, entries, zone=PARIS)

    assert found.verdict is Verdict.DEFER
    # The service message of 06:00 counts too: a day after it, everything has room.
    assert to_instant(found.at_ms) == at("21 06:00")


def test_one_rule_that_suppresses_settles_it() -> None:
    rules = policy({**DAILY, "on_cap": "defer"}, {"cap": 1, "window": {"rolling": "P7D"}})

    found = decision(rules, [sent("19 21:00")])

    assert (found.verdict, found.binding.told["rule_id"]) == (Verdict.SUPPRESS, "rule-1")  # type: ignore[union-attr]


def test_a_reservation_counts_until_it_expires() -> None:
    rules = policy(DAILY)

    assert decision(rules, [held("20 08:50", until="20 09:05")]).reason is Reason.CAP_REACHED
    assert decision(rules, [held("20 08:40", until="20 09:00")]).reason is Reason.OK


def test_a_touch_does_not_stand_in_its_own_way_and_is_not_sent_twice() -> None:
    rules = policy(DAILY)

    assert decision(rules, [held("20 08:50", until="20 09:05", touch_id="t")]).reason is Reason.OK
    again = decision(rules, [sent("20 08:50", "t")])
    assert (again.verdict, again.reason) == (Verdict.SUPPRESS, Reason.DUPLICATE)
    assert again.explain == "This touch was sent already (20 Nov 08:50)."


def test_a_place_held_for_later_counts_in_every_window_that_will_hold_it() -> None:
    planned = [held("22 09:00", until="22 11:00")]
    rules = policy({"cap": 1, "window": {"rolling": "P3D"}})

    # A touch on the 20th and the planned one of the 22nd are within three days of one another.
    found = decision(rules, planned)

    assert found.reason is Reason.CAP_REACHED
    assert found.binding is not None
    assert found.binding.told["next_free_at"] == at("25 09:00")
    assert found.explain == "1 of 1 message in the 3 days up to 22 Nov 09:00 (22 Nov 09:00 reserved)."
    assert decision(policy({"cap": 1, "window": {"rolling": "P2D"}}), planned).reason is Reason.OK


def test_a_planned_touch_is_counted_at_its_own_time() -> None:
    rules = policy(DAILY)
    entries = [sent("20 08:00")]

    assert decision(rules, entries, when=at("21 07:59")).reason is Reason.CAP_REACHED
    assert decision(rules, entries, when=at("21 08:00")).reason is Reason.OK


def test_the_answer_reads_like_a_sentence() -> None:
    rules = policy(
        {
            "cap": 2,
            "window": {"rolling": "P7D"},
            "channels": ["email"],
            "classes": ["promotional"],
        }
    )

    found = decision(rules, [sent("13 17:40"), sent("18 08:02")], zone=PARIS)

    assert found.explain == ("2 of 2 promotional e-mails in the last 7 days (13 Nov 18:40, 18 Nov 09:02).")


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            {"cap": 1, "window": {"calendar": "day"}, "tags": ["sale"]},
            "1 of 1 message tagged sale on 20 Nov (20 Nov 08:00).",
        ),
        (
            {"cap": 1, "window": {"calendar": "week"}, "categories": ["news"]},
            "1 of 1 message of category news in the week of 16 Nov (20 Nov 08:00).",
        ),
        (
            {"cap": 1, "window": {"calendar": "month"}, "channels": ["sms", "email"]},
            "1 of 1 e-mail and text message from 1 Nov to 30 Nov (20 Nov 08:00).",
        ),
        ({"cap": 1, "window": {"rolling": "PT90M"}}, "1 of 1 message in the last 90 minutes (20 Nov 08:00)."),
        ({"cap": 1, "window": {"rolling": "P1D"}}, "1 of 1 message in the last 24 hours (20 Nov 08:00)."),
    ],
)
def test_windows_and_filters_are_named(rule: dict[str, Any], sentence: str) -> None:
    entries = [sent("20 08:00", tags=("sale",), category="news")]

    assert decision(policy(rule), entries, tags=("sale",), category="news").explain == sentence


def test_many_touches_are_summed_up() -> None:
    entries = [sent(f"{day:02d} 09:01") for day in range(14, 21)]

    found = decision(policy({"cap": 7, "window": {"rolling": "P7D"}}), entries, when=at("20 10:00"))

    assert found.explain.startswith("7 of 7 messages in the 7 days up to 20 Nov 10:00 (2 earlier, 16 Nov")


def test_without_a_policy_nothing_is_capped_and_suppressions_stand() -> None:
    assert decision(None).explain == "No policy is published, so nothing is capped."
    assert decision(None, suppressions=[suppression("all")]).reason is Reason.UNSUB


def test_while_nothing_can_be_counted_marketing_waits_and_transactional_goes() -> None:
    five = timedelta(minutes=5)
    for touch_class, verdict in (
        ("promotional", Verdict.DEFER),
        ("lifecycle", Verdict.DEFER),
        ("service", Verdict.DEFER),
        ("transactional", Verdict.SEND),
        (None, Verdict.DEFER),
    ):
        found = unavailable(
            words(touch_class=touch_class), now_ms=to_ms(NOW), pause=five, fails_open="transactional"
        )
        assert (found.verdict, found.reason) == (verdict, Reason.ENGINE_UNAVAILABLE)
        assert to_instant(found.at_ms) == (NOW + five if verdict is Verdict.DEFER else NOW)
