"""The weather of cells of 0.1 degrees: what a worker fetched, and which cells opens asked for lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from app.stores.hot.codec import encode
from app.stores.hot.keys import WEATHER_CELLS, WEATHER_WANTED
from app.stores.hot.server import HotStore, answering

CELLS_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Measured:
    """A cell's weather by Open-Meteo's names, and when it was fetched, ms."""

    at_ms: int
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Seen:
    """The same as it is read: how old it is, seconds."""

    values: Mapping[str, float]
    age_s: float


def read(store: HotStore, cell: str) -> Seen | None:
    """A cell's weather, which is wanted from now on, in one round trip of the line. Raises Unavailable."""
    answer: Any = store.run("read_weather", [WEATHER_CELLS, WEATHER_WANTED], [cell, CELLS_MAX])
    held = _measured(answer[0])
    return Seen(held.values, max(0.0, (answer[1] - held.at_ms) / 1000)) if held else None


def due(store: HotStore, *, older_than_s: float, wanted_within_s: float) -> list[str]:
    """The cells asked for lately whose weather is old or missing; others are let go. Raises Unavailable."""
    with answering():
        now_ms = _now_ms(store)
        store.client.zremrangebyscore(WEATHER_WANTED, "-inf", now_ms - int(wanted_within_s * 1000))
        names: Any = store.client.zrange(WEATHER_WANTED, 0, -1)
        held = store.hash(WEATHER_CELLS)
        gone = held.keys() - set(names)
        if gone:
            store.client.hdel(WEATHER_CELLS, *gone)
    found = {name: _measured(held.get(name)) for name in names}
    oldest_ms = now_ms - int(older_than_s * 1000)
    return [name.decode() for name, one in found.items() if one is None or one.at_ms < oldest_ms]


def keep(store: HotStore, cells: Sequence[tuple[str, Mapping[str, float]]]) -> None:
    """Keep what was fetched just now. Raises Unavailable."""
    if not cells:
        return
    with answering():
        now_ms = _now_ms(store)
        told = {cell: encode({"at_ms": now_ms, "values": values}) for cell, values in cells}
        store.client.hset(WEATHER_CELLS, items=[word for pair in told.items() for word in pair])


def _now_ms(store: HotStore) -> int:
    now_s, micro = store.client.time()
    return now_s * 1000 + micro // 1000


def _measured(raw: bytes | None) -> Measured | None:
    try:
        return msgspec.json.decode(raw, type=Measured) if raw is not None else None
    except (msgspec.MsgspecError, ValueError):
        return None
