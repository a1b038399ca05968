"""The acceptance cases of caps: which touches of a schedule go, and which do not."""

import pytest

from app.domain.frequency.decision import Verdict
from app.domain.frequency.standing import Reason
from tests.domain.frequency.schedules import at, decided, marks, policy

DAY = {"rolling": "P1D"}
WEEK = {"rolling": "P7D"}
CALENDAR_DAY = {"calendar": "day"}
PUSH = {"channel": "push"}
SMS = {"channel": "sms"}


def test_three_in_24_hours_roll() -> None:
    schedule = [
        "12 09:00",
        "12 13:00",
        "12 17:00",
        "13 08:00",
        "13 09:01",
        "13 10:00",
        "13 11:00",
        "13 14:00",
    ]

    found = decided(policy({"cap": 3, "window": DAY}), schedule)

    assert [one.verdict is Verdict.SEND for one in found] == [
        True, True, True, False, True, False, False, True,
    ]  # fmt: skip
    refused = found[3].binding
    assert refused is not None
    assert (refused.told["used"], refused.told["next_free_at"]) == (3, at("13 09:00"))


def test_a_place_is_free_at_the_very_end_of_the_window() -> None:
    rules = policy({"cap": 1, "window": DAY})

    assert marks(rules, ["12 09:00:00", "13 08:59:59"]) == "✓ ✗"
    assert marks(rules, ["12 09:00:00", "13 08:59:59.999"]) == "✓ ✗"
    assert marks(rules, ["12 09:00:00", "13 09:00:00"]) == "✓ ✓"


def test_slack_lets_a_daily_send_come_a_little_early() -> None:
    rules = policy({"cap": 1, "window": DAY, "slack": "PT1H"})

    assert marks(rules, ["12 09:00:00", "13 08:59:58"]) == "✓ ✓"
    assert marks(rules, ["12 09:00:00", "13 07:59:59"]) == "✓ ✗"


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "America/Los_Angeles", "Asia/Kolkata"])
def test_a_calendar_day_is_the_customers_day(zone: str) -> None:
    assert marks(policy({"cap": 1, "window": CALENDAR_DAY}), ["12 23:00", "13 00:00"], zone=zone) == "✓ ✓"
    assert marks(policy({"cap": 1, "window": DAY}), ["12 23:00", "13 00:00"], zone=zone) == "✓ ✗"


def test_a_calendar_day_may_be_the_deployments_or_a_fixed_zones() -> None:
    # 23:00 and 00:00 in Los Angeles are one day in UTC and one in New York (02:00, 03:00).
    schedule = ["12 23:00", "13 00:00"]
    for zone in ("deployment", "America/New_York"):
        rules = policy({"cap": 1, "window": {**CALENDAR_DAY, "zone": zone}})
        assert marks(rules, schedule, zone="America/Los_Angeles") == "✓ ✗", zone


def test_two_a_calendar_week() -> None:
    rules = policy({"cap": 2, "window": {"calendar": "week"}})

    # Monday 9 November 2026, Wednesday, Thursday; the next Monday is another week.
    assert marks(rules, ["09 09:00", "11 09:00", "12 09:00", "16 00:00"]) == "✓ ✓ ✗ ✓"


def test_a_week_may_start_on_sunday() -> None:
    schedule = ["14 12:00", "15 00:00"]  # a Saturday and the Sunday after it
    monday, sunday = ({"calendar": "week", "week_start": day} for day in ("monday", "sunday"))

    assert marks(policy({"cap": 1, "window": monday}), schedule) == "✓ ✗"
    assert marks(policy({"cap": 1, "window": sunday}), schedule) == "✓ ✓"


def test_a_calendar_month_and_quarter() -> None:
    schedule = ["2026-09-30T12:00", "2026-10-01T00:00", "2026-12-31T23:59", "2027-01-01T00:00"]

    assert marks(policy({"cap": 1, "window": {"calendar": "month"}}), schedule) == "✓ ✓ ✓ ✓"
    quarters = policy({"cap": 1, "window": {"calendar": "month", "count": 3}})
    assert marks(quarters, schedule) == "✓ ✓ ✗ ✓"


def test_every_rule_must_hold() -> None:
    promo, plain = {"tags": ("promotional",)}, {}
    rules = policy({"cap": 3, "window": WEEK}, {"cap": 2, "window": WEEK, "tags": ["promotional"]})
    days = ["09 09:00", "10 09:00", "11 09:00", "12 09:00", "13 09:00"]

    found = marks(rules, list(zip(days, [promo, promo, promo, plain, plain], strict=True)))

    assert found == "✓ ✓ ✗ ✓ ✗"


def test_the_strictest_rule_wins_however_specific_another_is() -> None:
    rules = policy(
        {"cap": 1, "window": WEEK}, {"cap": 3, "window": WEEK, "channels": ["email"], "tags": ["promo"]}
    )

    assert marks(rules, [("09 09:00", {"tags": ("promo",)}), ("10 09:00", {"tags": ("promo",)})]) == "✓ ✗"


def test_a_dispatch_on_two_channels_counts_once_a_rule() -> None:
    rules = policy(
        {"cap": 1, "window": DAY, "channels": ["push"]},
        {"cap": 1, "window": DAY, "channels": ["email"]},
        {"cap": 2, "window": DAY},
    )
    both = [("12 09:00", {**PUSH, "dispatch": "d"}), ("12 09:00", {"dispatch": "d"})]

    assert marks(rules, [*both, ("12 10:00", PUSH), "12 11:00"]) == "✓ ✓ ✗ ✗"
    # Toward "any" the dispatch is one of two, so a text message still goes, and no second one.
    assert marks(rules, [*both, ("12 10:00", SMS), ("12 11:00", SMS)]) == "✓ ✓ ✓ ✗"


def test_classes_that_pass_caps_go_at_the_cap_and_use_it_up_or_not() -> None:
    rules = policy({"cap": 2, "window": DAY})
    for touch_class, expected in (("transactional", "✓ ✓ ✓ ✗"), ("service", "✓ ✓ ✗ ✗")):
        passing = {"touch_class": touch_class}
        schedule = ["12 09:00", ("12 10:00", passing), "12 11:00", "12 12:00"]
        assert marks(rules, schedule) == expected, touch_class
        assert marks(rules, ["12 09:00", "12 10:00", ("12 11:00", passing)]) == "✓ ✓ ✓"


def test_week_and_day_must_both_hold() -> None:
    rules = policy({"cap": 3, "window": WEEK}, {"cap": 1, "window": CALENDAR_DAY})

    assert marks(rules, ["09 09:00", "09 10:00", "10 09:00", "11 09:00", "12 09:00"]) == "✓ ✗ ✓ ✓ ✗"


def test_a_cap_over_two_channels_counts_both() -> None:
    rules = policy({"cap": 5, "window": WEEK, "channels": ["email", "sms"]})
    sent = ["09 09:00", "09 10:00", "09 11:00", ("09 12:00", SMS), ("09 13:00", SMS)]

    assert marks(rules, [*sent, "09 14:00"]) == "✓ ✓ ✓ ✓ ✓ ✗"
    assert marks(rules, [*sent, ("09 14:00", SMS)]) == "✓ ✓ ✓ ✓ ✓ ✗"
    assert marks(rules, [*sent, ("09 14:00", PUSH)]) == "✓ ✓ ✓ ✓ ✓ ✓"


def test_filters_narrow_what_a_rule_counts_and_whom_it_binds() -> None:
    rules = policy({"cap": 1, "window": WEEK, "categories": ["news"], "classes": ["promotional"]})
    news = {"category": "news"}

    schedule = [("09 09:00", news), "09 10:00", ("09 11:00", {**news, "touch_class": "lifecycle"})]
    assert marks(rules, [*schedule, ("09 12:00", news)]) == "✓ ✓ ✓ ✗"


def test_a_cap_of_nothing_blocks_and_no_cap_is_no_rule() -> None:
    blocked = decided(policy({"cap": 0, "window": DAY, "channels": ["sms"]}), [("09 09:00", SMS)])[0]

    assert (blocked.verdict, blocked.reason) == (Verdict.SUPPRESS, Reason.CAP_REACHED)
    assert blocked.binding is not None
    assert "next_free_at" not in blocked.binding.told
    assert blocked.explain == "The rule rule-0 allows no text messages."
    assert marks(policy({"cap": None, "window": DAY}), ["09 09:00", "09 10:00"]) == "✓ ✓"
    assert marks(policy({"cap": 1, "enabled": False, "window": DAY}), ["09 09:00", "09 10:00"]) == "✓ ✓"


def test_a_gap_is_the_least_time_between_two() -> None:
    rules = policy({"window": {"gap": "PT4H"}})

    found = decided(rules, ["09 09:00", "09 12:59", "09 13:00"])

    assert [one.verdict for one in found] == [Verdict.SEND, Verdict.SUPPRESS, Verdict.SEND]
    assert found[1].reason is Reason.MIN_GAP
    assert found[1].explain == "4 hours must lie between two messages (9 Nov 09:00)."


def test_what_is_refused_does_not_count() -> None:
    rules = policy({"cap": 1, "window": DAY})

    assert marks(rules, ["09 09:00", "10 08:00", "10 08:30", "10 09:00"]) == "✓ ✗ ✗ ✓"


def test_unused_rules_and_classes_are_told_apart_in_the_answer() -> None:
    rules = policy({"cap": 1, "window": DAY, "channels": ["sms"]})

    email, sms, receipt = decided(
        rules, ["09 09:00", ("09 10:00", SMS), ("09 11:00", {"touch_class": "transactional"})]
    )

    assert email.explain == "No rule of the policy is about this message."
    assert sms.explain == "Every rule of the policy has room."
    assert receipt.explain == "Messages of the class transactional pass the caps."
