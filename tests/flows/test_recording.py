"""Stream entries become rows once, and what cannot be recorded takes nothing else with it."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.events import Event, EventType
from app.domain.opener import Opener, OpenerClass
from app.flows.recording import Outcome, record
from app.stores.cold import customers, dead_letters, events, reports, suppressions, touches
from app.stores.cold.engine import Cold, connect
from app.stores.cold.touches import TouchState
from app.stores.hot.codec import encode
from app.stores.hot.streams import Entry
from tests import make

HUMAN = Opener(OpenerClass.HUMAN, "certain", "browser")
ROBOT = Opener(OpenerClass.BOT, "certain", "http_library_user_agent")
STOP = '[{"id":"s-1","scope":"channel:sms","reason":"stop","since":"2026-11-20T09:02:00+00:00","until":null}]'

_numbers = itertools.count(1)


@pytest.fixture
def sqlite_cold(sqlite_url: str) -> Iterator[Cold]:
    cold = connect(sqlite_url)
    yield cold
    cold.close()


def entry(event: Event | bytes, state: Mapping[str, str] | bytes | None = None) -> Entry:
    """A stream entry with an event and, where told, a customer's state."""
    data = event if isinstance(event, bytes) else encode(event)
    flat = [word for pair in state.items() for word in pair] if isinstance(state, Mapping) else state
    raw = encode(flat) if isinstance(flat, list) else flat
    return Entry("e:{p00}", b"%d-0" % next(_numbers), data, raw)


def saved(revision: int, *, customer_id: str = "ana", at=make.NOW, **fields: str) -> Entry:
    """The entry that saving a customer leaves."""
    event = make.event(EventType.CUSTOMER_SAVED, customer_id=customer_id, received_at=at)
    return entry(event, {"s": "{}", "r": str(revision), **fields})


def seen(touch_id: str = "t-1", opener: Opener | None = HUMAN, **fields: object) -> Event:
    """An impression."""
    return make.event(customer_id="ana", touch_id=touch_id, opener=opener, block_id="hero", **fields)


def take(cold: Cold, *entries: Entry) -> Outcome:
    return record(cold, entries, now=make.NOW)


def held(cold: Cold, *types: EventType) -> list[Event]:
    with cold.reading() as connection:
        return [one.event for one in events.page(connection, types=types)]


def test_events_are_recorded_once_however_often_they_come(cold: Cold) -> None:
    batch = [entry(make.event(EventType.CLICK)) for _ in range(3)]

    counts = [take(cold, *batch).recorded, take(cold, *batch).recorded, take(cold, *batch[:1]).recorded]

    assert counts == [3, 0, 0]
    assert len(held(cold)) == 3


def test_the_first_thing_a_person_sees_of_a_touch_is_its_open(cold: Cold) -> None:
    first = seen(
        at=make.NOW, message_id="spring", variant="gold", why="rule_held", details={"ip": "203.0.113.9"}
    )

    take(cold, entry(seen(at=make.NOW + timedelta(hours=1))), entry(first))
    take(cold, entry(seen(at=make.NOW + timedelta(hours=2))))

    [opened] = held(cold, EventType.OPEN)
    assert opened == replace(
        first,
        event_id=opened.event_id,
        type=EventType.OPEN,
        block_id=None,
        variant=None,
        why=None,
        details={},
    )


def test_customers_who_share_a_send_key_open_each_for_themselves(cold: Cold) -> None:
    take(cold, *(entry(replace(seen(), customer_id=name)) for name in ("ana", "bob", "ana")))

    assert [one.customer_id for one in held(cold, EventType.OPEN)] == ["ana", "bob"]


def test_machines_and_the_unknown_do_not_open(cold: Cold) -> None:
    take(cold, entry(seen(opener=ROBOT)), entry(seen(opener=None)), entry(seen(touch_id=None)))  # type: ignore[arg-type]

    assert held(cold, EventType.OPEN) == []
    assert len(held(cold, EventType.IMPRESSION)) == 3


def test_a_reader_behind_a_proxy_opens(cold: Cold) -> None:
    take(cold, entry(seen(opener=Opener(OpenerClass.PROXY, "certain", "gmail_image_proxy"))))

    assert [one.opener.opener_class.value for one in held(cold, EventType.OPEN) if one.opener] == ["proxy"]


def test_what_stays_inside_the_house_is_no_event(cold: Cold) -> None:
    take(cold, saved(1), entry(make.event(EventType.CUSTOMER_ERASED, customer_id="bob")))

    assert held(cold) == []


def test_a_customers_state_is_kept_by_its_latest_revision(cold: Cold) -> None:
    take(cold, saved(2, **{"a.tier": '"gold"'}), saved(1))
    take(cold, saved(1), saved(3, **{"a.tier": '"vip"'}), saved(2))

    with cold.reading() as connection:
        snapshot = customers.fetch(connection, "ana")
    assert snapshot is not None
    assert (snapshot.revision, snapshot.fields["a.tier"]) == (3, b'"vip"')


def test_suppressions_follow_the_state(cold: Cold) -> None:
    take(cold, saved(1, x=STOP))
    with cold.reading() as connection:
        [standing] = suppressions.of_customer(connection, "ana")
    take(cold, saved(1), saved(2, x="[]", at=make.NOW + timedelta(days=1)))
    with cold.reading() as connection:
        [lifted] = suppressions.of_customer(connection, "ana")

    assert (standing.suppression.scope, standing.lifted_at) == ("channel:sms", None)
    assert lifted.lifted_at == make.NOW + timedelta(days=1)


def test_a_suppression_of_somebody_unknown_is_kept_too(cold: Cold) -> None:
    event = make.event(EventType.PREFERENCE, customer_id="stranger")

    take(cold, entry(event, {"x": STOP, "r": "5"}))

    with cold.reading() as connection:
        assert len(suppressions.of_customer(connection, "stranger")) == 1
    assert held(cold) == [event]


def touched(state: str, minute: int, *, customer_id: str = "ana", **details: object) -> Entry:
    at = make.NOW + timedelta(minutes=minute)
    event = make.event(
        EventType.TOUCH, customer_id=customer_id, touch_id="t-1", message_id="spring", at=at, received_at=at,
        details={"state": state, "channel": "email", "class": "promotional", "tags": ["vip"], **details},
    )  # fmt: skip
    return entry(event)


def test_a_touch_is_reserved_then_sent(cold: Cold) -> None:
    take(cold, touched("reserved", 0, expires_at="2026-11-20T09:17:00Z", reservation_id="res-1"))
    take(cold, touched("sent", 1, sent_at="2026-11-20T09:03:30+00:00"), touched("released", 2))

    with cold.reading() as connection:
        touch = touches.fetch(connection, "ana", "t-1")
    assert touch is not None
    assert (touch.state, touch.touch_class, touch.tags) == (TouchState.SENT, "promotional", ("vip",))
    assert (touch.reserved_at, touch.reservation_id) == (make.NOW, "res-1")
    assert touch.sent_at == make.NOW + timedelta(minutes=1, seconds=30)


def test_a_sending_that_a_platform_names_alike_for_many_is_a_touch_of_each(cold: Cold) -> None:
    take(cold, touched("sent", 0, customer_id="ana"), touched("sent", 1, customer_id="bob"))
    take(cold, touched("sent", 2, customer_id="eve"))

    with cold.reading() as connection:
        held = [touches.fetch(connection, customer_id, "t-1") for customer_id in ("ana", "bob", "eve")]
        report = reports.message(connection, "spring")
    assert [touch and touch.changed_at for touch in held] == [
        make.NOW + timedelta(minutes=minute) for minute in range(3)
    ]
    assert report is not None
    assert report.touches_sent == 3


def test_a_decision_has_a_row_with_the_rule_that_bound(cold: Cold) -> None:
    details = {
        "decision": "suppress", "reason": "CAP_REACHED", "channel": "email", "class": "promotional",
        "binding": {"rule_id": "weekly", "next_free_at": "2026-11-27T09:02:00Z", "used": 2}, "also": [],
    }  # fmt: skip

    take(cold, entry(make.event(EventType.DECISION, customer_id="ana", details=details)))

    with cold.reading() as connection:
        row = connection.exec_driver_sql("SELECT decision, reason, rule_id FROM decisions").one()
    assert tuple(row) == ("suppress", "CAP_REACHED", "weekly")
    assert held(cold)[0].details == details


POISON = {
    "no event": entry(b""),
    "not JSON": entry(b"\xff\x00 not JSON"),
    "an unknown type": entry(b'{"event_id":"e","type":"nonsense","at":"2026-11-20T09:02:00Z"}'),
    "half an event": entry(b'{"event_id":"e"}'),
    "a huge id": entry(make.event(customer_id="a" * 201)),
    "a NUL": entry(make.event(url="https://shop.example/\0")),
    "no zone": entry(make.event(at=make.NOW.replace(tzinfo=None))),
    "an empty id": entry(replace(make.event(), event_id="")),
    "huge details": entry(make.event(details={"a": "x" * 70_000})),
    "a broken state": entry(make.event(customer_id="ana"), b"not JSON"),
    "an odd state": entry(make.event(customer_id="ana"), b'["r"]'),
    "a state of numbers": entry(make.event(customer_id="ana"), b"[1,2]"),
    "no revision": entry(make.event(customer_id="ana"), {"s": "{}"}),
    "a revision of letters": entry(make.event(customer_id="ana"), {"r": "x"}),
    "a huge revision": entry(make.event(customer_id="ana"), {"r": "9" * 30}),
    "nobody's state": entry(make.event(), {"r": "1"}),
    "a suppression since never": entry(
        make.event(customer_id="ana"), {"r": "1", "x": '[{"id":"s","since":"never"}]'}
    ),
    "nobody's touch": entry(make.event(EventType.TOUCH, touch_id="t-1")),
    "a touch in no state": entry(
        make.event(EventType.TOUCH, touch_id="t", customer_id="a", details={"state": "lost"})
    ),
    "a decision without one": entry(make.event(EventType.DECISION, customer_id="ana")),
}


@pytest.mark.parametrize("name", POISON)
def test_poison_is_set_aside_with_its_reason_and_the_rest_goes_in(cold: Cold, name: str) -> None:
    good = [make.event(), make.event()]
    poison = POISON[name]

    outcome = take(cold, entry(good[0]), poison, entry(good[1]))
    again = take(cold, poison)

    assert (outcome.recorded, outcome.set_aside, again.set_aside) == (2, 1, 0)
    assert held(cold) == good
    with cold.reading() as connection:
        [letter] = dead_letters.page(connection)
    assert (letter.payload, letter.at) == (poison.event[:65_536], make.NOW)
    assert letter.entry_id == poison.entry_id.decode()
    assert letter.reason


@pytest.mark.postgres
def test_a_row_that_sql_refuses_is_found_by_halves(postgres_url: str) -> None:
    cold = connect(postgres_url)
    with cold.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE events ADD CONSTRAINT no_evil CHECK (why <> 'evil')")
    facts = [make.event(why="evil" if number in (3, 40) else "good") for number in range(50)]

    outcome = take(cold, *map(entry, facts))

    assert (outcome.recorded, outcome.set_aside) == (48, 2)
    assert held(cold) == [fact for fact in facts if fact.why == "good"]
    with cold.reading() as connection:
        assert dead_letters.count(connection) == 2
    cold.close()


def test_entries_that_another_recorder_finished_are_passed_over(cold: Cold) -> None:
    gone = replace(entry(b""), is_gone=True)

    assert take(cold, gone) == Outcome()


def test_an_erased_customer_is_forgotten_and_late_facts_of_theirs_are_not_taken(cold: Cold) -> None:
    hour = timedelta(hours=1)
    erased = make.event(EventType.CUSTOMER_ERASED, customer_id="ana", received_at=make.NOW + hour)
    take(cold, saved(1), entry(seen()), entry(make.event(customer_id="bob")))

    take(cold, entry(erased))
    late = take(cold, saved(1), entry(seen("t-2")), entry(make.event(customer_id="bob")))

    assert [one.customer_id for one in held(cold)] == ["bob", "bob"]
    assert [one.customer_id for one in late.told] == ["bob"]
    with cold.reading() as connection:
        assert customers.fetch(connection, "ana") is None


def test_within_a_batch_an_erasure_spares_what_came_after_it(cold: Cold) -> None:
    hour = timedelta(hours=1)
    erased = make.event(EventType.CUSTOMER_ERASED, customer_id="ana", received_at=make.NOW + hour)
    after = seen("t-2", received_at=make.NOW + 2 * hour)

    take(cold, saved(1), entry(seen()), entry(erased), saved(9, at=make.NOW + 2 * hour), entry(after))

    assert held(cold, EventType.IMPRESSION) == [after]
    with cold.reading() as connection:
        snapshot = customers.fetch(connection, "ana")
    assert snapshot is not None
    assert snapshot.revision == 9


def test_an_erased_customer_who_opens_again_is_nobody_until_saved_again(cold: Cold) -> None:
    hour = timedelta(hours=1)
    erased = make.event(EventType.CUSTOMER_ERASED, customer_id="ana", received_at=make.NOW + hour)
    later = seen("t-1", received_at=make.NOW + 2 * hour, details={"ip": "203.0.113.9"})
    take(cold, saved(1), entry(erased))

    opened = take(cold, entry(later))
    take(cold, saved(9, at=make.NOW + 3 * hour))
    again = take(cold, entry(seen("t-2", received_at=make.NOW + 4 * hour)))

    assert [(one.customer_id, one.touch_id) for one in held(cold)] == [
        (None, None),
        ("ana", "t-2"),
        ("ana", "t-2"),
    ]
    assert held(cold)[0].details == {}
    assert (opened.gone, again.gone) == ({"ana"}, set())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200), state=st.none() | st.binary(max_size=80))
def test_no_bytes_break_the_recorder(sqlite_cold: Cold, data: bytes, state: bytes | None) -> None:
    outcome = take(sqlite_cold, entry(data, state))

    assert outcome.set_aside == 1
