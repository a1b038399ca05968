"""Events are kept once, read by cursor without gaps, and filtered."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.domain.events import Event, EventType
from app.domain.opener import Opener, OpenerClass
from app.stores.cold import events
from app.stores.cold.engine import Cold, connect
from tests import make


def keep(cold: Cold, *facts: Event) -> int:
    with cold.writing() as connection:
        events.lock(connection)
        return events.insert_once(connection, [events.row_of(fact) for fact in facts])


def full_event() -> Event:
    return make.event(
        EventType.CLICK,
        at=datetime(2026, 11, 20, 9, 2, 3, 456_789, tzinfo=UTC),
        customer_id="ana",
        touch_id="t-1",
        message_id="spring",
        block_id="hero",
        variant="gold",
        why="rule_held",
        opener=Opener(OpenerClass.HUMAN, "certain", "browser"),
        url="https://shop.example/?q=ünï\tcode\\",
        details={"user_agent": 'Mozilla "x" \\N', "nested": [1, None, {"a": "b\u0000"}]},
    )


def test_an_event_comes_back_as_it_was(cold: Cold) -> None:
    event = full_event()

    keep(cold, event)

    with cold.reading() as connection:
        [stored] = events.page(connection)
        found = events.find(connection, event.event_id)
    assert stored.event == event
    assert found == stored
    assert stored.event.at.tzinfo is UTC


def test_an_instant_is_the_same_whatever_zone_it_was_told_in(cold: Cold) -> None:
    tokyo = make.NOW.astimezone(timezone(timedelta(hours=9)))

    keep(cold, make.event(at=tokyo))

    with cold.reading() as connection:
        [stored] = events.page(connection)
    assert (stored.event.at, stored.event.at.utcoffset()) == (make.NOW, timedelta(0))


def test_a_time_without_a_zone_is_refused(cold: Cold) -> None:
    with pytest.raises(ValueError, match="aware"):
        keep(cold, make.event(at=make.NOW.replace(tzinfo=None)))


def test_the_same_event_twice_is_kept_once(cold: Cold) -> None:
    first, second = make.event(), make.event()

    counts = [keep(cold, first), keep(cold, first, second), keep(cold, first, second), keep(cold)]

    with cold.reading() as connection:
        stored = events.page(connection)
    assert counts == [1, 1, 0, 0]
    assert [one.event.event_id for one in stored] == [first.event_id, second.event_id]


def test_the_cursor_reads_on_where_it_stopped(cold: Cold) -> None:
    facts = [make.event() for _ in range(7)]
    keep(cold, *facts)

    read, after = [], 0
    with cold.reading() as connection:
        while found := events.page(connection, after=after, limit=3):
            read += [one.event for one in found]
            after = found[-1].seq

    assert read == facts


def test_events_are_filtered_by_what_they_are_and_when(cold: Cold) -> None:
    hour = timedelta(hours=1)
    click = make.event(EventType.CLICK, block_id="hero", message_id="spring", at=make.NOW + hour)
    touch = make.event(EventType.TOUCH, message_id="autumn", customer_id="ana", at=make.NOW + 2 * hour)
    view = make.event(EventType.IMPRESSION, block_id="foot", message_id="spring", at=make.NOW + 3 * hour)
    keep(cold, click, touch, view)

    def read(**filters: object) -> list[Event]:
        with cold.reading() as connection:
            return [one.event for one in events.page(connection, **filters)]  # type: ignore[arg-type]

    assert read(types=[EventType.CLICK, EventType.TOUCH]) == [click, touch]
    assert read(block_id="foot") == [view]
    assert read(message_id="spring") == [click, view]
    assert read(customer_id="ana") == [touch]
    assert read(since=make.NOW + 2 * hour) == [touch, view]
    assert read(until=make.NOW + 2 * hour) == [click]
    assert read(since=make.NOW, until=make.NOW) == []


def test_a_timeline_is_newest_first_and_pages_through_equal_times(cold: Cold) -> None:
    old = make.event(customer_id="ana", at=make.NOW - timedelta(days=1))
    same = [make.event(customer_id="ana") for _ in range(3)]
    keep(cold, *same, old, make.event(customer_id="bob"))

    read, before = [], None
    with cold.reading() as connection:
        while found := events.timeline(connection, "ana", before=before, limit=2):
            read += [one.event for one in found]
            before = (found[-1].event.at, found[-1].seq)

    assert read == [*reversed(same), old]


def test_events_of_nobody_are_read_by_message_newest_first(cold: Cold) -> None:
    old, first, second = (
        make.event(message_id="spring", received_at=make.NOW + timedelta(minutes=minutes))
        for minutes in (-1, 1, 2)
    )
    others = [make.event(message_id="spring", customer_id="ana"), make.event(message_id="autumn")]
    keep(cold, old, first, *others, second)

    with cold.reading() as connection:
        found = events.of_nobody(connection, ["spring", "summer"], since=make.NOW)
        latest = events.of_nobody(connection, ["spring"], since=make.NOW, limit=1)

    assert [one.event for one in found] == [second, first]
    assert [one.event for one in latest] == [second]


def test_the_number_of_a_deleted_event_is_not_given_again(cold: Cold) -> None:
    keep(cold, make.event(), make.event())
    with cold.writing() as connection:
        last = events.page(connection)[-1]
        connection.exec_driver_sql("DELETE FROM events")

    keep(cold, make.event())

    with cold.reading() as connection:
        [newer] = events.page(connection)
    assert newer.seq > last.seq


@pytest.mark.postgres
def test_a_reader_never_skips_while_two_recorders_write(postgres_url: str) -> None:
    cold = connect(postgres_url)
    told = {name: [make.event(why=name) for _ in range(150)] for name in ("a", "b")}

    def write(facts: list[Event]) -> None:
        for start in range(0, len(facts), 5):
            keep(cold, *facts[start : start + 5])

    writers = [threading.Thread(target=write, args=(facts,)) for facts in told.values()]
    for writer in writers:
        writer.start()
    read: list[Event] = []
    after = 0
    while len(read) < 300:
        are_writing = any(writer.is_alive() for writer in writers)
        with cold.reading() as connection:
            found = events.page(connection, after=after, limit=50)
        if not found and not are_writing:
            break
        read += [one.event for one in found]
        after = found[-1].seq if found else after
    for writer in writers:
        writer.join()

    assert sorted(one.event_id for one in read) == sorted(
        one.event_id for facts in told.values() for one in facts
    )
    cold.close()


@pytest.mark.postgres
def test_a_recorder_that_has_not_committed_holds_the_next_one_back(postgres_url: str) -> None:
    cold = connect(postgres_url)
    first, second = make.event(), make.event()

    with cold.writing() as connection:
        events.lock(connection)
        events.insert_once(connection, [events.row_of(first)])
        other = threading.Thread(target=keep, args=(cold, second))
        other.start()
        other.join(timeout=0.3)
        was_waiting = other.is_alive()
    other.join()

    with cold.reading() as connection:
        assert [one.event for one in events.page(connection)] == [first, second]
    assert was_waiting
    cold.close()


def test_a_bulk_of_events_keeps_its_order(cold: Cold) -> None:
    facts = [replace(full_event(), event_id=f"e-{number:05d}") for number in range(2_000)]

    assert keep(cold, *facts) == 2_000

    with cold.reading() as connection:
        stored = events.page(connection, limit=5_000)
    assert [one.event.event_id for one in stored] == [one.event_id for one in facts]
