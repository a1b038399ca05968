"""Events a second into SQL, beside a rival that inserts and commits each event by itself, in turn."""

import contextlib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from app.domain.events import Event, EventType
from app.domain.opener import Opener, OpenerClass
from app.flows.feedback import feed_back
from app.flows.recording import record
from app.stores.cold import events
from app.stores.cold.engine import Cold, connect
from app.stores.cold.migrating import migrate
from app.stores.hot import streams
from app.stores.hot.server import HotStore
from app.stores.hot.server import connect as connect_hot
from tests import make
from tests.servers import NoPostgres, PostgresServer, ValkeyServer

ROUNDS = 3
EVENTS = 10_000
RIVAL_EVENTS = 400
BATCH = 1_000
TARGETS = {"sql": 10.0, "whole": 4.0}  # times the rival


def rows() -> list[dict[str, Any]]:
    """Rates of the whole recorder and of its SQL part, on both databases."""
    with tempfile.TemporaryDirectory(prefix="mailtide-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        hot = stack.enter_context(_valkey(folder / "valkey"))
        found = _of_database(hot, f"sqlite:///{folder / 'bench.db'}", "SQLite")
        try:
            found += _of_database(hot, stack.enter_context(_postgres(folder / "postgres")), "PostgreSQL")
        except NoPostgres as missing:
            found.append({"name": f"recorder: PostgreSQL not measured: {missing}", "value": 0, "unit": ""})
        return found


def _of_database(hot: HotStore, url: str, name: str) -> list[dict[str, Any]]:
    migrate(url)
    cold = connect(url)
    try:
        rates: dict[str, list[float]] = {"whole": [], "sql": [], "rival": []}
        for _ in range(ROUNDS):
            rates["rival"].append(_rate(RIVAL_EVENTS, lambda facts: _insert_each(cold, facts)))
            rates["sql"].append(_rate(EVENTS, lambda facts: _insert_batches(cold, facts)))
            rates["whole"].append(_whole(hot, cold))
    finally:
        cold.close()
    rival = statistics.median(rates["rival"])
    found = [{"name": f"recorder: {name}, one INSERT an event", "value": round(rival), "unit": "events/s"}]
    for part, told in (("sql", "inserting batches of 1,000"), ("whole", "stream to SQL with feedback")):
        value, target = statistics.median(rates[part]), TARGETS[part]
        found.append(
            {
                "name": f"recorder: {name}, {told}",
                "value": round(value),
                "unit": "events/s",
                "rival": round(rival),
                "ratio": round(value / rival, 2),
                "target": target,
                "met": value / rival >= target,
            }
        )
    return found


def _rate(count: int, insert: Callable[[Sequence[Event]], None]) -> float:
    facts = _facts(count)
    began = time.perf_counter()
    insert(facts)
    return count / (time.perf_counter() - began)


def _insert_batches(cold: Cold, facts: Sequence[Event]) -> None:
    for start in range(0, len(facts), BATCH):
        with cold.writing() as connection:
            events.lock(connection)
            events.insert_once(connection, [events.row_of(fact) for fact in facts[start : start + BATCH]])


def _insert_each(cold: Cold, facts: Sequence[Event]) -> None:
    for fact in facts:
        row = dict(zip(events.NAMES, events.row_of(fact), strict=True))
        with cold.writing() as connection:
            connection.exec_driver_sql(_plain_insert(connection.dialect.name), tuple(row.values()))


def _plain_insert(dialect: str) -> str:
    mark = "%s" if dialect == "postgresql" else "?"
    return (
        f"INSERT INTO events ({', '.join(events.NAMES)}) VALUES ({', '.join([mark] * len(events.NAMES))}) "
        "ON CONFLICT (event_id) DO NOTHING"
    )


def _whole(hot: HotStore, cold: Cold) -> float:
    hot.client.flushall()
    streams.ensure_groups(hot)
    facts = _facts(EVENTS)
    for start in range(0, EVENTS, BATCH):
        streams.append(hot, facts[start : start + BATCH])
    began = time.perf_counter()
    while entries := streams.read_new(hot, "bench", count=BATCH // 16, block_ms=1):
        outcome = record(cold, entries, now=make.NOW)
        feed_back(hot, outcome.told, now=make.NOW)
        streams.finish(hot, entries)
    return EVENTS / (time.perf_counter() - began)


def _facts(count: int) -> list[Event]:
    """People's impressions and clicks, three to a touch: the dearest there are."""
    person = Opener(OpenerClass.HUMAN, "certain", "browser")
    details = {"user_agent": make.CHROME, "ip": "203.0.113.9"}
    kinds = (EventType.IMPRESSION, EventType.CLICK)
    first = make.event_id()
    return [
        make.event(
            kinds[number % 2], customer_id=f"c-{number % 5_000}", touch_id=f"{first}-{number // 3}",
            message_id="spring", block_id="hero", variant="gold", why="rule_held", opener=person,
            details=details,
        )
        for number in range(count)
    ]  # fmt: skip


@contextlib.contextmanager
def _valkey(folder: Path) -> Iterator[HotStore]:
    folder.mkdir()
    server = ValkeyServer(folder).start()
    store = connect_hot(server.url, partitions=16)
    try:
        yield store
    finally:
        store.close()
        server.stop()


@contextlib.contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    folder.mkdir()
    # The server of the tests does not sync its commits to disk, which flatters the rival.
    server = PostgresServer(folder).start()
    try:
        server.execute("CREATE DATABASE bench")
        yield server.url("bench")
    finally:
        server.stop()
