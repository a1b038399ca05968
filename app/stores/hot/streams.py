"""The event streams, one a partition: appended by everyone, read by the recorders."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from redis.exceptions import ResponseError

from app.domain.events import Event
from app.stores.hot.codec import encode
from app.stores.hot.server import HotStore, answering

GROUP = "recorder"


class GroupsLost(Exception):
    """The server lost its data, and the recorders' groups with it: ensure them again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One stream entry: where it lies, the event's JSON, and a customer's state where it carries one.

    A gone entry was recorded and dropped by another recorder meanwhile: there is only to finish it.
    """

    stream: str
    entry_id: bytes
    event: bytes
    state: bytes | None = None
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Lag:
    """What waits to be recorded: entries not yet delivered, delivered but not done; the oldest's age."""

    undelivered: int
    pending: int
    oldest_s: float


def append(store: HotStore, events: Sequence[Event]) -> None:
    """Add events to their customers' streams in one round trip."""
    append_encoded(store, [(event.customer_id, encode(event)) for event in events])


def append_encoded(store: HotStore, events: Sequence[tuple[str | None, bytes]]) -> None:
    """The same for (customer id, event JSON) pairs."""
    with answering(), store.client.pipeline(transaction=False) as pipe:
        for customer_id, data in events:
            pipe.xadd(store.keys.stream(customer_id), {"e": data})
        pipe.execute()


def ensure_groups(store: HotStore) -> None:
    """Make the recorders' group on every stream, from the beginning; harmless when it is there."""
    with answering():
        for stream in store.keys.streams():
            try:
                store.client.xgroup_create(stream, GROUP, id="0", mkstream=True)
            except ResponseError as refused:
                if not str(refused).startswith("BUSYGROUP"):
                    raise


def read_new(store: HotStore, consumer: str, *, count: int, block_ms: int) -> list[Entry]:
    """Up to `count` entries of each stream that nobody has yet; waits up to `block_ms` for one.

    Raises GroupsLost after the server lost its data.
    """
    wanted: dict[Any, Any] = dict.fromkeys(store.keys.streams(), ">")
    with _grouped():
        return _entries(store.client.xreadgroup(GROUP, consumer, wanted, count=count, block=block_ms))


def read_own(store: HotStore, consumer: str, *, count: int) -> list[Entry]:
    """What was delivered to this consumer before and never finished."""
    wanted: dict[Any, Any] = dict.fromkeys(store.keys.streams(), "0")
    with _grouped():
        return _entries(store.client.xreadgroup(GROUP, consumer, wanted, count=count))


def claim_idle(store: HotStore, consumer: str, *, idle_ms: int, count: int) -> list[Entry]:
    """Take over what other consumers were given and left lying for `idle_ms`."""
    claimed: list[Entry] = []
    with _grouped():
        for stream in store.keys.streams():
            answer = store.client.xautoclaim(stream, GROUP, consumer, idle_ms, "0-0", count=count)
            claimed += _entries([[stream.encode(), answer[1]]])
    return claimed


def finish(store: HotStore, entries: Sequence[Entry]) -> None:
    """Acknowledge and drop entries that SQL has."""
    by_stream: dict[str, list[bytes]] = {}
    for entry in entries:
        by_stream.setdefault(entry.stream, []).append(entry.entry_id)
    with answering(), store.client.pipeline(transaction=False) as pipe:
        for stream, ids in by_stream.items():
            pipe.xack(stream, GROUP, *ids)
            pipe.xdel(stream, *ids)
        pipe.execute()


def lag(store: HotStore, *, now_ms: int) -> Lag:
    """What waits to be recorded, over all streams. Entries leave a stream once SQL has them."""
    with answering(), store.client.pipeline(transaction=False) as pipe:
        for stream in store.keys.streams():
            pipe.xlen(stream)
            pipe.xrange(stream, count=1)
            pipe.xpending(stream, GROUP)
        answers = pipe.execute(raise_on_error=False)
    waiting = pending = 0
    oldest_ms = now_ms
    for length, first, summary in zip(answers[0::3], answers[1::3], answers[2::3], strict=True):
        waiting += length if isinstance(length, int) else 0
        if isinstance(first, list) and first:
            oldest_ms = min(oldest_ms, int(first[0][0].split(b"-")[0]))
        # A stream without a group yet answers with an error: nothing of it is pending.
        pending += summary["pending"] if isinstance(summary, dict) else 0
    return Lag(undelivered=waiting - pending, pending=pending, oldest_s=max(0.0, (now_ms - oldest_ms) / 1000))


def newest(store: HotStore) -> dict[str, bytes]:
    """The id of the last entry of each stream that holds any."""
    names = store.keys.streams()
    with answering(), store.client.pipeline(transaction=False) as pipe:
        for stream in names:
            pipe.xrevrange(stream, count=1)
        found = pipe.execute()
    return {stream: rows[0][0] for stream, rows in zip(names, found, strict=True) if rows}


def are_recorded(store: HotStore, until: Mapping[str, bytes]) -> bool:
    """Whether SQL has everything up to these entries, which `newest` gave a while ago."""
    with answering(), store.client.pipeline(transaction=False) as pipe:
        for stream, entry_id in until.items():
            pipe.xrange(stream, max=entry_id, count=1)
        return not any(pipe.execute())


def forget_idle_consumers(store: HotStore, *, idle_ms: int) -> None:
    """Drop the names of recorders that went for good: nothing is theirs, nothing was for long."""
    with _grouped():
        for stream in store.keys.streams():
            for held in store.client.xinfo_consumers(stream, GROUP):
                if held["pending"] == 0 and held["idle"] > idle_ms:
                    store.client.xgroup_delconsumer(stream, GROUP, held["name"])


@contextmanager
def _grouped() -> Iterator[None]:
    try:
        with answering():
            yield
    except ResponseError as refused:
        if str(refused).startswith(("NOGROUP", "UNBLOCKED", "no such key")):
            raise GroupsLost("the streams have no group of recorders") from refused
        raise


def _entries(answer: object) -> list[Entry]:
    entries: list[Entry] = []
    streams = answer.items() if isinstance(answer, dict) else (answer or ())
    for name, rows in streams:  # type: ignore[attr-defined]
        for entry_id, fields in rows:
            held = fields or {}
            entries.append(
                Entry(name.decode(), entry_id, held.get(b"e", b""), held.get(b"s"), is_gone=not fields)
            )
    return entries
