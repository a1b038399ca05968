"""Votes are counted once each, whatever dies while they are recorded."""

import signal
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.events import Event, EventType
from app.flows.recording import record
from app.stores.cold import events, votes
from app.stores.cold.engine import Cold
from app.stores.hot import streams
from app.stores.hot import votes as hot_votes
from app.stores.hot.server import HotStore
from tests import make
from tests.servers import ValkeyServer
from tests.workers.test_recorder import HUMAN, append, recorded, recording, waiting, worker

ANSWERS = ("tidepool", "red-clay", "moss")


def ballots(people: int, rounds: int) -> list[Event]:
    """Everybody votes in every round, for another answer each time."""
    return [
        make.event(
            EventType.CLICK,
            customer_id=f"c-{person}",
            touch_id=f"t-{person}",
            opener=HUMAN,
            at=make.NOW + timedelta(seconds=number),
            details={"vote": {"poll": "glaze", "answer": ANSWERS[(person + number) % 3]}},
        )
        for number in range(rounds)
        for person in range(people)
    ]


def standing(people: int, rounds: int) -> dict[str, int]:
    return dict(Counter(ANSWERS[(person + rounds - 1) % 3] for person in range(people)))


def counted(hot: HotStore, cold: Cold) -> list[dict[str, int]]:
    """The sums as SQL has them, as its rows give them, and as opens read them."""
    with cold.reading() as connection:
        tallies = votes.tallies(connection, ["glaze"])
        rows = Counter(
            one.answer for page in votes.everyone(connection, since=make.NOW, at_once=7) for one in page
        )
    sums = [dict(tally.votes) for tally in tallies] or [{}]
    return [_some(one) for one in (*sums, rows, *hot_votes.read(hot, ["glaze"]))]


def _some(sums: dict[str, int]) -> dict[str, int]:
    return {answer: number for answer, number in sums.items() if number}


def are_counted(hot: HotStore, cold: Cold, facts: Sequence[Event]) -> bool:
    return waiting(hot) == 0 and len(recorded(cold)) >= len(facts)


def test_a_recorder_that_died_between_sql_and_redis_counts_each_vote_once(
    hot: HotStore, cold: Cold, tmp_path: Path
) -> None:
    facts = ballots(30, 3)
    append(hot, facts)
    streams.ensure_groups(hot)
    record(cold, streams.read_new(hot, "r-0", count=1_000, block_ms=10), now=make.NOW)

    with recording(hot, cold, tmp_path, name="r-0"):
        make.wait_until(lambda: are_counted(hot, cold, facts))

    assert counted(hot, cold) == [standing(30, 3)] * 3


def test_two_recorders_count_each_vote_once(
    hot: HotStore, valkey: ValkeyServer, cold: Cold, tmp_path: Path
) -> None:
    facts = ballots(100, 10)
    append(hot, facts)

    with recording(hot, cold, tmp_path, name="r-0"), recording(hot, cold, tmp_path, name="r-1"):
        make.wait_until(lambda: are_counted(hot, cold, facts))

    assert counted(hot, cold) == [standing(100, 10)] * 3


@pytest.mark.slow
def test_recorders_killed_in_the_middle_of_a_batch_count_each_vote_once(
    hot: HotStore, valkey: ValkeyServer, cold: Cold, database_url: str, tmp_path: Path
) -> None:
    facts = ballots(2_000, 4)
    append(hot, facts)

    counts = []
    for _ in range(2):
        with worker(valkey, database_url, tmp_path) as process:
            goal = len(recorded(cold)) + 500
            make.wait_until(lambda goal=goal: len(recorded(cold)) >= goal)  # type: ignore[misc]
            process.send_signal(signal.SIGKILL)
        counts.append(len(recorded(cold)))
    with worker(valkey, database_url, tmp_path):
        make.wait_until(lambda: are_counted(hot, cold, facts), timeout_s=30)

    assert counts[0] < len(facts)
    assert counted(hot, cold) == [standing(2_000, 4)] * 3
    with cold.reading() as connection:
        assert events.last_seq(connection) >= len(facts)
