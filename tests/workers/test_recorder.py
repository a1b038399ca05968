"""Recorders carry everything into SQL once: whatever dies, wherever it stops."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.events import Event, EventType
from app.domain.opener import Opener, OpenerClass
from app.flows.recording import record
from app.stores.cold import customers, dead_letters, events
from app.stores.cold.engine import Cold, connect
from app.stores.hot import heartbeats, streams
from app.stores.hot.codec import encode
from app.stores.hot.server import HotStore
from app.stores.hot.server import connect as connect_hot
from app.stores.hot.spool import Spool
from app.workers.naming import named
from app.workers.recorder import Recorder
from tests import make
from tests.servers import PostgresServer, ValkeyServer

HUMAN = Opener(OpenerClass.HUMAN, "certain", "browser")
WORKER = (
    "from app.settings import read; from app.wiring import build; from app.workers.recorder import work;"
    "work(build(read()))"
)


@contextmanager
def recording(
    hot: HotStore, cold: Cold, folder: Path, *, name: str = "r-0", dead_ms: int = 200
) -> Iterator[None]:
    """A recorder at work in a thread."""
    stop, spool = threading.Event(), Spool(folder / "spool")
    recorder = Recorder(hot, cold, spool, name=name, stop=stop, dead_ms=dead_ms, block_ms=20)
    thread = threading.Thread(target=recorder.run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)
        spool.close()
    assert not thread.is_alive()


def recorded(cold: Cold, *types: EventType) -> list[Event]:
    found, after = [], 0
    with cold.reading() as connection:
        while page := events.page(connection, after=after, limit=10_000, types=types):
            found += [one.event for one in page]
            after = page[-1].seq
    return found


def clicks(count: int, start: int = 0) -> list[Event]:
    """Clicks by people, each in a touch of its own, spread over the partitions."""
    return [
        make.event(EventType.CLICK, customer_id=f"c-{n % 97}", touch_id=f"t-{n}", opener=HUMAN)
        for n in range(start, start + count)
    ]


def append(hot: HotStore, facts: Sequence[Event]) -> list[str]:
    for start in range(0, len(facts), 1_000):
        streams.append(hot, facts[start : start + 1_000])
    return sorted(fact.event_id for fact in facts)


def waiting(hot: HotStore) -> int:
    return sum(hot.client.xlen(stream) for stream in hot.keys.streams())


def learnt(hot: HotStore, field: str = "n.k") -> int:
    """The sum of one field over all histories."""
    return sum(int(hot.client.hget(key, field) or 0) for key in hot.client.scan_iter("h:*"))


def are_all_in(hot: HotStore, cold: Cold, ids: Sequence[str]) -> bool:
    return waiting(hot) == 0 and len(recorded(cold)) >= len(ids)


def test_what_is_appended_is_recorded_and_leaves_the_streams(
    hot: HotStore, cold: Cold, tmp_path: Path
) -> None:
    before = append(hot, clicks(50))

    with recording(hot, cold, tmp_path):
        make.wait_until(lambda: are_all_in(hot, cold, before))
        after = append(hot, clicks(50, start=50))
        make.wait_until(lambda: are_all_in(hot, cold, before + after))

    assert sorted(one.event_id for one in recorded(cold)) == sorted(before + after)
    assert learnt(hot) == 100


def test_a_recorder_that_died_after_sql_had_the_batch_doubles_nothing(
    hot: HotStore, cold: Cold, tmp_path: Path
) -> None:
    ids = append(hot, clicks(30))
    streams.ensure_groups(hot)
    taken = streams.read_new(hot, "r-0", count=100, block_ms=10)
    record(cold, taken, now=make.NOW)

    with recording(hot, cold, tmp_path, name="r-0"):
        make.wait_until(lambda: waiting(hot) == 0)

    assert sorted(one.event_id for one in recorded(cold)) == ids
    assert learnt(hot) == 30


def test_what_a_dead_recorder_was_given_goes_to_another(hot: HotStore, cold: Cold, tmp_path: Path) -> None:
    ids = append(hot, clicks(30))
    streams.ensure_groups(hot)
    streams.read_new(hot, "dead", count=100, block_ms=10)

    with recording(hot, cold, tmp_path, name="r-1", dead_ms=100):
        make.wait_until(lambda: are_all_in(hot, cold, ids))

    assert sorted(one.event_id for one in recorded(cold)) == ids


def test_two_recorders_share_the_streams_and_double_nothing(
    hot: HotStore, valkey: ValkeyServer, cold: Cold, tmp_path: Path
) -> None:
    other = connect_hot(valkey.url, partitions=16)

    with recording(hot, cold, tmp_path, name="r-0"), recording(other, cold, tmp_path, name="r-1"):
        ids = [one for start in range(0, 2_000, 100) for one in append(hot, clicks(100, start))]
        make.wait_until(lambda: are_all_in(hot, cold, ids))

    assert sorted(one.event_id for one in recorded(cold)) == sorted(ids)
    assert learnt(hot) == 2_000
    other.close()


def test_poison_is_set_aside_and_counted_and_holds_nobody_up(
    hot: HotStore, cold: Cold, tmp_path: Path
) -> None:
    hot.client.xadd(hot.keys.streams()[0], {"e": b"not an event"})
    hot.client.xadd(hot.keys.streams()[3], {"other": b"field"})
    ids = append(hot, clicks(5))

    with recording(hot, cold, tmp_path):
        make.wait_until(lambda: are_all_in(hot, cold, ids))
        make.wait_until(lambda: any(b.set_aside for b in beats(hot).values()))

    with cold.reading() as connection:
        assert dead_letters.count(connection) == 2


def beats(hot: HotStore) -> dict[str, heartbeats.Beat]:
    return dict(heartbeats.beats(hot, now=datetime.now(UTC)))


def test_a_recorder_reports_while_it_lives(hot: HotStore, cold: Cold, tmp_path: Path) -> None:
    ids = append(hot, clicks(5))

    with recording(hot, cold, tmp_path):
        make.wait_until(lambda: are_all_in(hot, cold, ids))
        make.wait_until(lambda: any(one.recorded == 5 for one in beats(hot).values()))
        report = beats(hot)["r-0"]

    assert report.last_batch_at is not None
    assert beats(hot) == {}


def test_events_of_the_spool_are_recorded_too(hot: HotStore, cold: Cold, tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    facts = clicks(3)
    for fact in facts:
        spool.append(fact.customer_id, encode(fact))
    spool.close()

    with recording(hot, cold, tmp_path):
        make.wait_until(lambda: len(recorded(cold)) == 3)

    assert spool.size() == 0


def test_while_redis_is_away_the_recorder_waits_and_then_goes_on(
    hot: HotStore, valkey: ValkeyServer, cold: Cold, tmp_path: Path
) -> None:
    with recording(hot, cold, tmp_path):
        first = append(hot, clicks(20))
        make.wait_until(lambda: are_all_in(hot, cold, first))
        valkey.kill()
        threading.Event().wait(0.3)
        valkey.start()
        second = append(hot, clicks(20, start=20))
        make.wait_until(lambda: are_all_in(hot, cold, first + second))

    assert learnt(hot) == 40


@pytest.mark.postgres
def test_while_sql_is_away_entries_wait_and_then_go_in(
    hot: HotStore, postgres_url: str, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    cold = connect(postgres_url)
    with recording(hot, cold, tmp_path):
        first = append(hot, clicks(20))
        make.wait_until(lambda: are_all_in(hot, cold, first))
        postgres_server.stop()
        second = append(hot, clicks(20, start=20))
        threading.Event().wait(0.5)
        still_waiting = waiting(hot)
        postgres_server.start()
        make.wait_until(lambda: are_all_in(hot, cold, first + second))

    assert still_waiting == 20
    assert sorted(one.event_id for one in recorded(cold)) == sorted(first + second)
    cold.close()


def test_a_server_that_lost_its_data_is_filled_again(hot: HotStore, cold: Cold, tmp_path: Path) -> None:
    state = ["s", "{}", "r", "7", "a.tier", '"gold"']
    with cold.writing() as connection:
        customers.save_many(connection, [customers.Snapshot("ana", state, 7, make.NOW)])

    with recording(hot, cold, tmp_path):
        make.wait_until(lambda: hot.client.exists(hot.keys.state("ana")) == 1)
        hot.client.flushall()
        make.wait_until(lambda: hot.client.exists(hot.keys.state("ana")) == 1)
        ids = append(hot, clicks(5))
        make.wait_until(lambda: are_all_in(hot, cold, ids))

    assert hot.client.hget(hot.keys.state("ana"), "a.tier") == b'"gold"'


def test_a_name_is_free_again_once_its_process_is_gone(tmp_path: Path) -> None:
    with named(tmp_path) as first, named(tmp_path) as second:
        pass
    with named(tmp_path) as again:
        pass

    assert (first[-2:], second[-2:], again) == ("-0", "-1", first)


@contextmanager
def worker(valkey: ValkeyServer, database_url: str, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A recorder in a process of its own."""
    environ = {
        **os.environ, "SIGNING_KEYS": make.SECRET, "REDIS_URL": valkey.url, "DATABASE_URL": database_url,
        "VAR_DIR": str(folder), "IMAGE_HOSTS": "img.shop.example",
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-W", "error", "-c", WORKER], env=environ)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_recorders_killed_again_and_again_lose_and_double_nothing(
    hot: HotStore, valkey: ValkeyServer, cold: Cold, database_url: str, tmp_path: Path
) -> None:
    ids = append(hot, clicks(9_000))
    counts = []

    for _ in range(2):
        with worker(valkey, database_url, tmp_path) as process:
            goal = len(recorded(cold)) + 500
            make.wait_until(lambda goal=goal: len(recorded(cold)) >= goal)  # type: ignore[misc]
            process.send_signal(signal.SIGKILL)
        counts.append(len(recorded(cold)))
    with worker(valkey, database_url, tmp_path):
        make.wait_until(lambda: are_all_in(hot, cold, ids), timeout_s=30)

    assert counts[0] < 9_000
    twice = [name for name, number in Counter(one.event_id for one in recorded(cold)).items() if number > 1]
    assert (twice, sorted(one.event_id for one in recorded(cold))) == ([], ids)
    assert learnt(hot) == 9_000


@pytest.mark.slow
def test_sigterm_ends_a_recorder_within_three_seconds(
    hot: HotStore, valkey: ValkeyServer, sqlite_url: str, tmp_path: Path
) -> None:
    with worker(valkey, sqlite_url, tmp_path) as process:
        make.wait_until(lambda: beats(hot) != {})
        append(hot, clicks(5_000))
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=3) == 0
