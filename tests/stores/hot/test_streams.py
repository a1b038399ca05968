"""Event streams: given to one recorder each, kept until finished, claimed from the dead."""

import threading

import pytest

from app.domain.events import Event
from app.stores.hot import streams
from app.stores.hot.codec import decode_event
from app.stores.hot.server import HotStore
from app.stores.hot.streams import Entry, GroupsLost
from tests import make


@pytest.fixture(autouse=True)
def groups(hot: HotStore) -> None:
    """The recorders' groups are there."""
    streams.ensure_groups(hot)


def read(hot: HotStore, name: str = "r-0", count: int = 100) -> list[Entry]:
    return streams.read_new(hot, name, count=count, block_ms=1)


def facts_of(entries: list[Entry]) -> list[str]:
    return sorted(decode_event(entry.event).event_id for entry in entries)


def appended(hot: HotStore, count: int = 3) -> list[str]:
    facts: list[Event] = [make.event(customer_id=f"c-{number}") for number in range(count)]
    streams.append(hot, facts)
    return sorted(fact.event_id for fact in facts)


def test_each_entry_is_given_to_one_recorder(hot: HotStore) -> None:
    ids = appended(hot)

    first, second = read(hot, "r-0"), read(hot, "r-1")

    assert (facts_of(first), second) == (ids, [])


def test_what_is_not_finished_is_given_again_to_the_same_name(hot: HotStore) -> None:
    ids = appended(hot)
    [first, *rest] = read(hot)

    streams.finish(hot, [first])
    own = streams.read_own(hot, "r-0", count=100)

    assert facts_of(own) == facts_of(rest)
    assert len(ids) == 3
    assert streams.read_own(hot, "r-1", count=100) == []


def test_what_the_dead_left_is_claimed(hot: HotStore) -> None:
    ids = appended(hot)
    read(hot, "dead")

    claimed = streams.claim_idle(hot, "r-1", idle_ms=0, count=100)
    too_young = streams.claim_idle(hot, "r-2", idle_ms=60_000, count=100)

    assert (facts_of(claimed), too_young) == (ids, [])


def test_an_entry_that_was_dropped_meanwhile_is_gone(hot: HotStore) -> None:
    appended(hot, 1)
    [entry] = read(hot)
    hot.client.xdel(entry.stream, entry.entry_id)

    [gone] = streams.read_own(hot, "r-0", count=100)
    streams.finish(hot, [gone])

    assert gone.is_gone
    assert streams.read_own(hot, "r-0", count=100) == []


def test_the_lag_tells_what_waits_and_for_how_long(hot: HotStore) -> None:
    appended(hot)
    read(hot, count=1)
    hot.client.xadd(hot.keys.streams()[5], {"e": b""}, id="1000-0")

    lag = streams.lag(hot, now_ms=61_000)

    assert (lag.undelivered + lag.pending, lag.oldest_s) == (4, 60.0)


def test_nothing_waits_in_empty_streams(hot: HotStore) -> None:
    lag = streams.lag(hot, now_ms=1)

    assert (lag.undelivered, lag.pending, lag.oldest_s) == (0, 0, 0.0)


def test_a_reader_learns_that_the_server_lost_its_data(hot: HotStore) -> None:
    hot.client.flushall()

    with pytest.raises(GroupsLost):
        read(hot)
    with pytest.raises(GroupsLost):
        streams.claim_idle(hot, "r-0", idle_ms=0, count=1)
    with pytest.raises(GroupsLost):
        streams.forget_idle_consumers(hot, idle_ms=0)


def test_a_reader_that_waits_learns_it_too(hot: HotStore) -> None:
    flush = threading.Timer(0.1, hot.client.flushall)
    flush.start()

    with pytest.raises(GroupsLost):
        streams.read_new(hot, "r-0", count=1, block_ms=900)

    flush.join()


def test_names_of_recorders_that_went_for_good_are_dropped(hot: HotStore) -> None:
    appended(hot)
    read(hot, "busy")
    read(hot, "gone")

    streams.forget_idle_consumers(hot, idle_ms=-1)

    held = {
        one["name"] for stream in hot.keys.streams() for one in hot.client.xinfo_consumers(stream, "recorder")
    }
    assert held == {b"busy"}
