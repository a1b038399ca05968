"""Jobs are done in time, by one worker each, and again after whoever did them failed or died."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from app.stores.absence import Unavailable
from app.stores.hot import jobs, leases
from app.stores.hot.jobs import Report
from app.stores.hot.server import HotStore
from app.stores.hot.server import connect as connect_hot
from app.workers.jobs import Job, Runner, Turn, is_due
from tests import make
from tests.servers import ValkeyServer

HELD_FOR_EVER = """
import sys, threading
from app.stores.hot.server import connect
from app.workers.jobs import Job, Runner
hot = connect(sys.argv[1], partitions=16)
job = Job("feed", 60.0, lambda turn: "woken" if turn.wait(60) else "slept")
Runner(hot, [job], name="first", stop=threading.Event(), lease_ms=600, look_every_s=0.02).run()
"""


@contextmanager
def running(
    hot: HotStore, *wanted: Job, name: str = "w-0", lease_ms: int = 2_000
) -> Iterator[threading.Event]:
    """A runner at work in a thread."""
    stop = threading.Event()
    runner = Runner(hot, wanted, name=name, stop=stop, lease_ms=lease_ms, look_every_s=0.02)
    thread = threading.Thread(target=runner.run)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(timeout=5)
    assert not thread.is_alive()


def counting(did: list[float], then: Callable[[], None] = lambda: None) -> Callable[[Turn], str]:
    def run(_: Turn) -> str:
        did.append(time.monotonic())
        then()
        return f"the {len(did)}. time"

    return run


def report(hot: HotStore, name: str = "feed") -> Report:
    found = jobs.report(hot, name)
    assert found is not None
    return found


def runs(hot: HotStore) -> int:
    found = jobs.report(hot, "feed")
    return found.runs if found else 0


def test_a_job_is_done_at_once_and_then_at_its_interval(hot: HotStore) -> None:
    did: list[float] = []

    with running(hot, Job("feed", 0.2, counting(did))):
        make.wait_until(lambda: runs(hot) >= 3)

    gaps = [later - earlier for earlier, later in itertools.pairwise(did)]
    assert min(gaps) >= 0.17
    told = report(hot)
    assert (told.did, told.reason, told.failures, told.worker) == (f"the {told.runs}. time", "", 0, "w-0")


def test_of_two_workers_one_does_a_job(hot: HotStore, valkey: ValkeyServer) -> None:
    did: list[float] = []
    other = connect_hot(valkey.url, partitions=16)
    job = Job("feed", 60.0, counting(did, lambda: time.sleep(0.2)))

    with running(hot, job), running(other, job, name="w-1"):
        make.wait_until(lambda: runs(hot) == 1)
        time.sleep(0.2)

    assert len(did) == 1
    other.close()


def test_a_job_asked_for_is_done_before_its_time(hot: HotStore) -> None:
    did: list[float] = []

    with running(hot, Job("feed", 3_600.0, counting(did))):
        make.wait_until(lambda: runs(hot) == 1)
        jobs.ask(hot, "feed")
        make.wait_until(lambda: runs(hot) == 2)
        time.sleep(0.1)

    assert len(did) == 2


def test_a_broken_job_is_told_and_tried_again_ever_later(hot: HotStore) -> None:
    def broken(_: Turn) -> str:
        raise ValueError("the feed is HTML")

    with running(hot, Job("feed", 60.0, broken), Job("other", 60.0, lambda _: "done")):
        make.wait_until(lambda: runs(hot) == 1)
        first = report(hot)
        jobs.ask(hot, "feed")
        make.wait_until(lambda: runs(hot) == 2)
        second = report(hot)
        make.wait_until(lambda: jobs.report(hot, "other") is not None)

    assert (first.reason, first.failures, first.good_at) == ("ValueError: the feed is HTML", 1, None)
    pauses = [(told.next_at - told.ended_at).total_seconds() for told in (first, second)]
    assert pauses == pytest.approx([10.0, 20.0])


def test_a_job_that_went_well_again_has_no_failures(hot: HotStore) -> None:
    faults = [Unavailable("SQL is away")]

    def run(_: Turn) -> str:
        if faults:
            raise faults.pop()
        return "done"

    with running(hot, Job("feed", 60.0, run)):
        make.wait_until(lambda: runs(hot) == 1)
        away = report(hot)
        jobs.ask(hot, "feed")
        make.wait_until(lambda: runs(hot) == 2)

    assert (away.reason, away.failures) == ("SQL is away", 1)
    assert (report(hot).failures, report(hot).reason, report(hot).did) == (0, "", "done")


def test_a_job_lives_longer_than_its_lease_and_stays_one_workers(hot: HotStore, valkey: ValkeyServer) -> None:
    did: list[float] = []
    other = connect_hot(valkey.url, partitions=16)
    job = Job("feed", 60.0, counting(did, lambda: time.sleep(1.0)))

    with running(hot, job, lease_ms=300), running(other, job, name="w-1", lease_ms=300):
        make.wait_until(lambda: runs(hot) == 1)

    assert len(did) == 1
    other.close()


def test_a_job_that_takes_too_long_is_told_to_end(hot: HotStore) -> None:
    ends: list[bool] = []

    def run(turn: Turn) -> str:
        ends.append(turn.wait(5))
        return "broken off"

    with running(hot, Job("feed", 60.0, run, within_s=0.1), lease_ms=200):
        make.wait_until(lambda: runs(hot) == 1)

    assert ends == [True]


def test_a_worker_told_to_stop_tells_its_jobs(hot: HotStore) -> None:
    begun = threading.Event()

    def run(turn: Turn) -> str:
        begun.set()
        turn.wait(30)
        return "broken off"

    began_s = time.monotonic()
    with running(hot, Job("feed", 60.0, run)):
        assert begun.wait(5)

    assert time.monotonic() - began_s < 4
    assert report(hot).did == "broken off"


def test_a_lease_taken_by_another_ends_the_turn(hot: HotStore) -> None:
    ended = threading.Event()

    def run(turn: Turn) -> str:
        if turn.wait(5):
            ended.set()
        return ""

    with running(hot, Job("feed", 60.0, run), lease_ms=400):
        make.wait_until(lambda: hot.client.exists("lease:feed") == 1)
        hot.client.set("lease:feed", "somebody", px=5_000)

        assert ended.wait(3)


def test_while_redis_is_away_the_runner_waits(hot: HotStore, valkey: ValkeyServer) -> None:
    did: list[float] = []

    with running(hot, Job("feed", 0.1, counting(did))):
        make.wait_until(lambda: runs(hot) >= 1)
        valkey.kill()
        time.sleep(0.3)
        valkey.start()
        before = len(did)
        make.wait_until(lambda: len(did) > before)


@pytest.mark.slow
def test_a_killed_workers_job_is_taken_over_when_its_lease_ends(hot: HotStore, valkey: ValkeyServer) -> None:
    did: list[float] = []
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", HELD_FOR_EVER, valkey.url], env=dict(os.environ)
    )
    try:
        make.wait_until(lambda: hot.client.get("lease:feed") == b"first")
        with running(hot, Job("feed", 60.0, counting(did)), lease_ms=600):
            time.sleep(0.9)
            assert did == []
            process.send_signal(signal.SIGKILL)
            process.wait()
            make.wait_until(lambda: runs(hot) == 1)
    finally:
        process.kill()
        process.wait()

    assert report(hot).worker == "w-0"


def test_a_lease_is_left_by_its_holder_alone(hot: HotStore) -> None:
    assert leases.take(hot, "feed", "ana", ms=5_000)
    assert not leases.take(hot, "feed", "ben", ms=5_000)

    leases.leave(hot, "feed", "ben")
    assert not leases.keep(hot, "feed", "ben", ms=5_000)
    assert leases.keep(hot, "feed", "ana", ms=5_000)
    leases.leave(hot, "feed", "ana")

    assert leases.take(hot, "feed", "ben", ms=5_000)


@pytest.mark.parametrize(
    ("ended_s_ago", "next_in_s", "due"),
    [(10, 50, False), (61, -1, True), (70, 3_000, True), (0, 60, False)],
)
def test_a_job_is_due_at_its_time_or_its_interval_after_the_last_end(
    ended_s_ago: int, next_in_s: int, due: bool
) -> None:
    now = datetime.now(UTC)
    ended_at = now - timedelta(seconds=ended_s_ago)
    told = Report(ended_at, ended_at, now + timedelta(seconds=next_in_s), "w-0")

    assert is_due(Job("feed", 60.0, lambda _: ""), told, now) is due


def test_what_another_version_wrote_makes_a_job_due(hot: HotStore) -> None:
    hot.client.hset("jobs", "feed", b"{}")

    assert jobs.reports(hot) == {}
    assert jobs.report(hot, "feed") is None
