"""The condition of the Redis server: its version, whether it keeps its data, what it holds already."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.stores.hot.keys import DEPLOYMENT
from app.stores.hot.server import HotStore, answering


@dataclass(frozen=True, slots=True)
class Condition:
    """What the server says of itself. `held` is the layout its data have; empty for a new server."""

    name: str
    version: tuple[int, ...]
    is_append_only: bool
    eviction: str
    memory_bytes: int
    memory_max_bytes: int  # 0: no bound
    at: datetime
    held: Mapping[str, int]


def condition(store: HotStore) -> Condition:
    """Ask the server. Raises Unavailable."""
    with answering():
        told: dict[str, Any] = store.client.info("everything")
        seconds, micros = store.client.time()
        held = store.hash(DEPLOYMENT)
    is_valkey = told.get("server_name") == "valkey"
    version = str(told.get("valkey_version" if is_valkey else "redis_version", "0"))
    return Condition(
        name="Valkey" if is_valkey else "Redis",
        version=tuple(int(part) for part in version.split(".") if part.isdigit()),
        is_append_only=bool(told.get("aof_enabled")),
        eviction=str(told.get("maxmemory_policy", "")),
        memory_bytes=int(told.get("used_memory", 0)),
        memory_max_bytes=int(told.get("maxmemory", 0)),
        at=datetime.fromtimestamp(seconds + micros / 1_000_000, UTC),
        held={name.decode(): int(value) for name, value in held.items()},
    )
