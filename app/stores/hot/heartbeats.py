"""Heartbeats: what each recorder last reported, for `/readyz` and `/metrics`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from app.stores.hot.codec import encode
from app.stores.hot.keys import HEARTBEAT_TTL_S, RECORDERS
from app.stores.hot.server import HotStore, answering


@dataclass(frozen=True, slots=True)
class Beat:
    """One recorder at one moment; the counts are since it started."""

    at: datetime
    started_at: datetime
    recorded: int = 0
    set_aside: int = 0
    drained: int = 0
    last_batch_at: datetime | None = None


def beat(store: HotStore, name: str, told: Beat) -> None:
    """Report; reports of recorders that fell silent are dropped. Raises Unavailable."""
    with answering():
        store.client.hset(RECORDERS, name, encode(asdict(told)))
        silent = [other for other, one in _read(store).items() if not _is_fresh(one, told.at)]
        if silent:
            store.client.hdel(RECORDERS, *silent)


def beats(store: HotStore, *, now: datetime) -> Mapping[str, Beat]:
    """Every recorder that reported within the last minute, by name. Raises Unavailable."""
    with answering():
        return {name: one for name, one in _read(store).items() if _is_fresh(one, now)}


def end(store: HotStore, name: str) -> None:
    """Take one's leave. Raises Unavailable."""
    with answering():
        store.client.hdel(RECORDERS, name)


def _read(store: HotStore) -> dict[str, Beat]:
    found: dict[str, Beat] = {}
    held: dict[Any, Any] = store.client.hgetall(RECORDERS)
    for name, raw in held.items():
        try:
            found[name.decode()] = msgspec.json.decode(raw, type=Beat)
        except (msgspec.MsgspecError, ValueError):
            continue  # of another version of the house
    return found


def _is_fresh(one: Beat, now: datetime) -> bool:
    return abs(now - one.at) <= timedelta(seconds=HEARTBEAT_TTL_S)
