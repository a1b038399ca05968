"""What the workers' jobs last did and when they are due, for the workers, `/readyz` and `/metrics`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import msgspec

from app.stores.hot.codec import encode
from app.stores.hot.keys import JOBS, JOBS_ASKED
from app.stores.hot.server import HotStore, answering


@dataclass(frozen=True, slots=True)
class Report:
    """One job's latest run by whichever worker; `failures` are those since it last went well."""

    started_at: datetime
    ended_at: datetime
    next_at: datetime
    worker: str
    runs: int = 1
    failures: int = 0
    did: str = ""
    reason: str = ""
    good_at: datetime | None = None


def reports(store: HotStore) -> Mapping[str, Report]:
    """The latest run of every job that ever ran, by name. Raises Unavailable."""
    found: dict[str, Report] = {}
    with answering():
        held: dict[Any, Any] = store.hash(JOBS)
    for name, raw in held.items():
        try:
            found[name.decode()] = msgspec.json.decode(raw, type=Report)
        except (msgspec.MsgspecError, ValueError):
            continue  # of another version of the house: the job is due
    return found


def report(store: HotStore, name: str) -> Report | None:
    """The latest run of one job. Raises Unavailable."""
    with answering():
        raw = store.value(JOBS, name)
    try:
        return msgspec.json.decode(raw, type=Report) if raw is not None else None
    except (msgspec.MsgspecError, ValueError):
        return None


def tell(store: HotStore, name: str, told: Report) -> None:
    """Write down a run. Raises Unavailable."""
    with answering():
        store.client.hset(JOBS, name, encode(asdict(told)))


def ask(store: HotStore, name: str) -> None:
    """Have a job run as soon as a worker looks, which takes about a second. Raises Unavailable."""
    with answering():
        store.client.hset(JOBS_ASKED, name, b"1")


def asked(store: HotStore) -> frozenset[str]:
    """The jobs somebody asked for. Raises Unavailable."""
    with answering():
        return frozenset(name.decode() for name in store.hash(JOBS_ASKED))


def begin(store: HotStore, name: str) -> None:
    """What was asked for is being done: asked again from now on, it is done again. Raises Unavailable."""
    with answering():
        store.client.hdel(JOBS_ASKED, name)
