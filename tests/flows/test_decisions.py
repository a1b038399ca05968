"""Asked at a time the test says: places are held, expire, are confirmed, given back and replayed."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.events import EventType
from app.domain.frequency.ledger import Words
from app.domain.problems import Conflict, NotFound
from app.domain.state import Suppression
from app.flows import touches
from app.flows.answering import Asking
from app.flows.decisions import decide_many
from app.flows.draining import drain
from app.stores.hot import customers, ledger
from app.stores.hot.customers import CustomerPatch
from app.stores.hot.server import HotStore
from tests import make
from tests.flows.office import NEWS, Clerk, is_sent
from tests.servers import ValkeyServer

SECOND = timedelta(seconds=1)


@pytest.fixture
def clerk(hot: HotStore, tmp_path: Path) -> Clerk:
    return Clerk(hot, tmp_path)


def save(hot: HotStore, **system: object) -> None:
    event = make.event(EventType.CUSTOMER_SAVED, customer_id="ana")
    customers.merge(hot, CustomerPatch({}, system), event)


def test_a_place_is_held_until_its_time_is_over(clerk: Clerk) -> None:
    first = clerk.ask("t-1", ttl=SECOND)

    assert is_sent(first)
    assert first["reservation"]["expires_at"] == make.NOW + SECOND
    assert not is_sent(clerk.later(seconds=0.5).ask("t-2"))
    assert is_sent(clerk.later(seconds=1.001).ask("t-3"))


def test_a_late_confirmation_counts_and_alerts(clerk: Clerk) -> None:
    first = clerk.ask("t-1", ttl=SECOND)
    second = clerk.later(seconds=1.001).ask("t-2")
    clerk.later(seconds=2).confirm(second)

    late = clerk.later(seconds=3).confirm(first)

    assert (late.is_late, late.is_over_cap) == (True, True)
    assert len(ledger.read(clerk.hot, "ana").entries) == 2
    assert clerk.told() == ["send", "reserved", "send", "reserved", "sent", "sent", "over_cap"]
    alert = clerk.events()[-1]
    assert alert.type is EventType.ALERT
    assert alert.details["rules"] == [{"rule_id": "daily", "version": 1, "used": 2, "cap": 1}]
    # The words were those of the reservation, though it had been swept away.
    assert {entry.words for entry in ledger.read(clerk.hot, "ana").entries} == {NEWS}


def test_a_confirmed_place_counts_at_its_own_time_for_good(clerk: Clerk) -> None:
    first = clerk.ask("t-1", ttl=SECOND)
    confirmed = clerk.confirm(first)
    again = clerk.later(days=1).confirm(first)

    assert (confirmed.is_repeat, confirmed.is_late, confirmed.is_unreserved) == (False, False, False)
    assert again.is_repeat
    assert not is_sent(clerk.later(hours=23, minutes=59).ask("t-2"))
    assert is_sent(clerk.later(hours=24).ask("t-3"))


def test_a_released_place_is_free_at_once_and_can_still_turn_out_to_be_sent(clerk: Clerk) -> None:
    first = clerk.ask("t-1")

    assert [clerk.release(first), clerk.release(first)] == ["released", "gone"]
    assert is_sent(clerk.ask("t-2"))
    confirmed = clerk.confirm(first)
    assert (confirmed.is_unreserved, confirmed.is_late, confirmed.is_over_cap) == (True, False, True)


def test_what_was_sent_cannot_be_released(clerk: Clerk) -> None:
    first = clerk.ask("t-1")
    clerk.confirm(first)

    with pytest.raises(Conflict, match="was sent"):
        clerk.release(first)
    assert not is_sent(clerk.ask("t-2"))


def test_an_expired_place_is_gone(clerk: Clerk) -> None:
    first = clerk.ask("t-1", ttl=SECOND)

    assert clerk.later(seconds=1).release(first) == "gone"


def test_the_same_question_is_answered_once_and_another_one_with_its_key_refused(clerk: Clerk) -> None:
    first = clerk.ask("t-1", idempotency_key="k")
    same = clerk.later(minutes=5).ask("t-1", idempotency_key="k")
    other = clerk.ask("t-2", idempotency_key="k")

    assert same["reservation"]["id"] == first["reservation"]["id"]
    assert (same["decision"], same["explain"]) == (first["decision"], first["explain"])
    assert isinstance(other, Conflict)
    assert len(ledger.read(clerk.hot, "ana").entries) == 1
    assert clerk.told() == ["send", "reserved"]


def test_one_key_twice_in_one_batch_is_one_answer(clerk: Clerk) -> None:
    asking = Asking(customer_id="ana", touch_id="t-1", words=NEWS, idempotency_key="k", digest="d")

    first, second = decide_many(clerk.office, [asking, asking])

    assert first["reservation"]["id"] == second["reservation"]["id"]  # type: ignore[index]
    assert clerk.told() == ["send", "reserved"]


def test_a_touch_that_asks_again_keeps_one_place(clerk: Clerk) -> None:
    first, second = clerk.ask("t-1"), clerk.later(minutes=10).ask("t-1")

    assert is_sent(first)
    assert is_sent(second)
    [entry] = ledger.read(clerk.hot, "ana").entries
    assert entry.is_live(entry.at_ms + 14 * 60_000)
    clerk.confirm(second)
    assert clerk.ask("t-1")["reason"] == "DUPLICATE"


def test_a_batch_of_one_customer_knows_what_it_just_gave_away(clerk: Clerk) -> None:
    askings = [
        Asking(customer_id=customer, touch_id=f"{customer}-{number}", words=NEWS)
        for number in range(2)
        for customer in ("ana", "bo", "cy")
    ]

    answers = decide_many(clerk.office, askings)

    assert [is_sent(answer) for answer in answers] == [True, True, True, False, False, False]
    assert [answer["touch_id"] for answer in answers] == [asking.touch_id for asking in askings]  # type: ignore[index]


def test_a_dry_run_holds_and_records_nothing(clerk: Clerk) -> None:
    answer = clerk.ask("t-1", is_dry_run=True, idempotency_key="k")

    assert is_sent(answer)
    assert "reservation" not in answer
    assert clerk.hot.client.dbsize() == 0


def test_a_question_without_reserving_is_recorded_and_holds_nothing(clerk: Clerk) -> None:
    answer = clerk.ask("t-1", is_reserving=False)

    assert "reservation" not in answer
    assert clerk.told() == ["send"]
    assert is_sent(clerk.ask("t-2"))


def test_a_planned_touch_holds_its_place_from_then_on(clerk: Clerk) -> None:
    tomorrow = make.NOW + timedelta(days=1)

    planned = clerk.ask("t-1", send_at=tomorrow)

    assert planned["reservation"]["expires_at"] == tomorrow + timedelta(hours=2)
    assert not is_sent(clerk.ask("t-2", send_at=tomorrow + timedelta(hours=23)))
    # Today's touch and tomorrow's planned one lie in one window, though it ends later.
    assert not is_sent(clerk.ask("t-3", send_at=make.NOW + SECOND))
    assert is_sent(clerk.ask("t-4", send_at=make.NOW))
    assert clerk.events()[1].at == tomorrow


def test_suppressions_and_consent_are_obeyed_at_once(clerk: Clerk) -> None:
    save(clerk.hot, channels={"email": {"consent": False}})
    refused = clerk.ask("t-1")
    save(clerk.hot, channels={"email": {"consent": True}})
    allowed = clerk.ask("t-2", is_dry_run=True)
    standing = Suppression("s", "channel:email", "unsubscribed", make.NOW)
    customers.change_suppressions(
        clerk.hot, make.event(EventType.PREFERENCE, customer_id="ana"), add=[standing]
    )

    assert (refused["reason"], allowed["reason"]) == ("NO_CONSENT", "OK")
    assert clerk.ask("t-3")["reason"] == "HARD_SUPPRESSED_UNSUB"
    assert is_sent(clerk.ask("t-4", words=Words("email", "receipt", "transactional")))


def test_calendar_days_follow_the_customers_zone(clerk: Clerk) -> None:
    clerk.rules = [{"id": "day", "cap": 1, "window": {"calendar": "day"}}]
    save(clerk.hot, timezone="Asia/Tokyo")
    clerk.confirm(clerk.ask("t-1"))  # 18:02 in Tokyo

    assert not is_sent(clerk.later(hours=5).ask("t-2"))
    midnight = clerk.later(hours=6).ask("t-3")
    assert is_sent(midnight)
    assert (midnight["timezone"], midnight["timezone_source"]) == ("Asia/Tokyo", "customer")


def test_the_decision_is_recorded_with_everything_it_says(clerk: Clerk) -> None:
    clerk.ask("t-1")

    refused = clerk.ask("t-2", words=NEWS._replace(message_id="spring", tags=("sale",)))

    event = clerk.events()[-1]
    assert (event.type, event.customer_id, event.touch_id) == (EventType.DECISION, "ana", "t-2")
    assert (event.message_id, event.why) == ("spring", "CAP_REACHED")
    assert {name: event.details[name] for name in ("decision", "reason", "explain", "channel", "class")} == {
        "decision": "suppress",
        "reason": "CAP_REACHED",
        "explain": refused["explain"],
        "channel": "email",
        "class": "promotional",
    }
    assert event.details["tags"] == ["sale"]
    assert "reservation" not in event.details


def test_a_reported_touch_counts_once_whoever_reports_it(clerk: Clerk) -> None:
    answer = clerk.ask("t-1")
    reported = clerk.later(minutes=1).report("t-1")
    repeated = clerk.later(minutes=2).report("t-1")

    assert (reported.is_unreserved, reported.is_repeat) == (False, False)
    assert repeated.is_repeat
    assert clerk.confirm(answer).is_repeat
    assert clerk.told() == ["send", "reserved", "sent"]
    assert len(ledger.read(clerk.hot, "ana").entries) == 1


def test_a_report_under_another_id_takes_the_place_it_names(clerk: Clerk) -> None:
    answer = clerk.ask("t-1")

    reported = clerk.report("provider-77", place=clerk.place(answer))

    assert not reported.is_unreserved
    assert len(ledger.read(clerk.hot, "ana").entries) == 1


def test_an_unreserved_report_counts_and_alerts_only_over_the_cap(clerk: Clerk) -> None:
    first, second = clerk.report("t-1"), clerk.report("t-2")
    receipt = clerk.report("t-3", words=Words("email", "receipt", "transactional"))

    assert (first.is_unreserved, first.is_over_cap) == (True, False)
    assert (second.is_unreserved, second.is_over_cap) == (True, True)
    assert (receipt.is_unreserved, receipt.is_over_cap) == (True, False)
    assert clerk.told() == ["sent", "sent", "over_cap", "sent"]


def test_a_touch_that_goes_out_as_something_else_is_counted_as_that(clerk: Clerk) -> None:
    clerk.report("t-1")
    answer = clerk.ask("t-2", words=Words("email", "news", "service"))

    outcome = clerk.report("t-2", place=clerk.place(answer))

    assert (outcome.is_unreserved, outcome.is_late, outcome.is_over_cap) == (False, False, True)


def test_a_report_from_the_future_counts_as_five_minutes_ahead(clerk: Clerk) -> None:
    clerk.report("t-1", sent_at=make.NOW + timedelta(days=3))

    assert clerk.events()[0].details["sent_at"] == (make.NOW + timedelta(minutes=5)).isoformat().replace(
        "+00:00", "Z"
    )
    assert is_sent(clerk.later(days=1, minutes=5).ask("t-2"))


def test_a_late_report_counts_only_in_windows_that_hold_it(clerk: Clerk) -> None:
    clerk.report("t-1", sent_at=make.NOW - timedelta(hours=25))
    clerk.report("t-0", sent_at=make.NOW - timedelta(days=200))

    assert is_sent(clerk.ask("t-2"))
    assert len(ledger.read(clerk.hot, "ana").entries) == 2  # the oldest is SQL's alone
    assert clerk.told()[:2] == ["sent", "sent"]


def test_a_forged_reservation_is_none(clerk: Clerk) -> None:
    for forged in ("", "x" * 40, clerk.office.keyring.customer_key("ana")):
        with pytest.raises(NotFound):
            touches.read_place(clerk.office.keyring, forged)


def test_with_redis_away_marketing_waits_transactional_goes_and_the_disk_remembers(
    clerk: Clerk, valkey: ValkeyServer
) -> None:
    valkey.stop()

    promo = clerk.ask("t-1")
    receipt = clerk.ask("t-2", words=Words("email", "receipt", "transactional"))

    assert (promo["decision"], promo["reason"]) == ("defer", "ENGINE_UNAVAILABLE")
    assert promo["defer_until"] == make.NOW + timedelta(seconds=300)
    assert (receipt["decision"], receipt["reason"]) == ("send", "ENGINE_UNAVAILABLE")
    assert "reservation" not in receipt
    valkey.start()
    clerk.spool.close()
    assert drain(clerk.spool, clerk.hot).events == 2
    assert [(event.touch_id, event.why) for event in clerk.events()] == [
        ("t-1", "ENGINE_UNAVAILABLE"),
        ("t-2", "ENGINE_UNAVAILABLE"),
    ]


def test_a_server_that_stalls_holds_up_one_question_and_not_the_next(
    clerk: Clerk, valkey: ValkeyServer
) -> None:
    clerk.ask("t-0", is_dry_run=True)
    valkey.pause()

    began = time.monotonic()
    first = clerk.ask("t-1")
    second_began = time.monotonic()
    second = clerk.ask("t-2")
    took_s = (second_began - began, time.monotonic() - second_began)
    valkey.resume()

    assert [first["reason"], second["reason"]] == ["ENGINE_UNAVAILABLE"] * 2
    assert took_s[0] < 2
    assert took_s[1] < 0.3
