"""Events: every recorded fact once, read by cursor or as one customer's timeline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import msgspec
from sqlalchemy import Connection, Row, func, select

from app.domain.events import Event, EventType
from app.domain.opener import Opener, OpenerClass
from app.stores.cold.tables import events
from app.stores.cold.types import to_micros

# Any number will do, as long as nothing else in the database takes it: crc32 of "mailtide events".
RECORDING_LOCK = 0x6B0C_1F3A

# The columns of a row as `row_of` makes it.
NAMES = tuple(column.name for column in events.columns if column.name != "seq")
_NAMES = ", ".join(NAMES)
_INSERT_SQLITE = (
    f"INSERT INTO events ({_NAMES}) VALUES ({', '.join('?' * len(NAMES))}) ON CONFLICT (event_id) DO NOTHING"
)
_INCOMING = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS incoming_events ON COMMIT DELETE ROWS AS "
    f"SELECT 0 AS place, {_NAMES} FROM events WITH NO DATA"
)
_COPY = f"COPY incoming_events (place, {_NAMES}) FROM STDIN"
_INSERT_POSTGRESQL = (
    f"INSERT INTO events ({_NAMES}) SELECT {_NAMES} FROM incoming_events ORDER BY place "
    "ON CONFLICT (event_id) DO NOTHING"
)
_encode = msgspec.json.Encoder().encode

EventRow = tuple[str | int | None, ...]


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event and its place in the order of recording, which readers continue after."""

    seq: int
    event: Event


def row_of(event: Event) -> EventRow:
    """An event as the columns of its row, `seq` left to the database."""
    opener = event.opener
    return (
        event.event_id,
        event.type.value,
        to_micros(event.at),
        to_micros(event.received_at),
        event.customer_id,
        event.touch_id,
        event.message_id,
        event.block_id,
        event.variant,
        event.why,
        opener.opener_class.value if opener else None,
        opener.certainty if opener else None,
        opener.reason if opener else None,
        event.url,
        _encode(event.details).decode() if event.details else "{}",
    )


def lock(connection: Connection) -> None:
    """Let no other recorder write until this transaction ends; the first statement of each recording.

    A sequence gives numbers when rows are inserted, not when they are committed: with two recorders
    a reader could see 12, continue after it, and never see 11, committed a moment later. One lock
    until the commit makes the order of numbers the order of commits. SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (RECORDING_LOCK,))


def insert_once(connection: Connection, rows: Sequence[EventRow]) -> int:
    """Keep the events whose ids are new, in this order; answers how many were. Take `lock` first."""
    if not rows:
        return 0
    if connection.dialect.name == "postgresql":
        return _copy_once(connection, rows)
    return max(connection.exec_driver_sql(_INSERT_SQLITE, list(rows)).rowcount, 0)


def page(
    connection: Connection,
    *,
    after: int = 0,
    limit: int = 100,
    types: Iterable[EventType] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    block_id: str | None = None,
    message_id: str | None = None,
    customer_id: str | None = None,
) -> list[StoredEvent]:
    """Events recorded after the one numbered `after`, oldest first; `since <= at < until`."""
    wanted = select(events).where(events.c.seq > after).order_by(events.c.seq).limit(limit)
    named = [EventType(one).value for one in types]
    if named:
        wanted = wanted.where(events.c.type.in_(named))
    if since is not None:
        wanted = wanted.where(events.c.at >= since)
    if until is not None:
        wanted = wanted.where(events.c.at < until)
    for column, value in (
        (events.c.block_id, block_id),
        (events.c.message_id, message_id),
        (events.c.customer_id, customer_id),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    return [_stored(row) for row in connection.execute(wanted)]


def timeline(
    connection: Connection, customer_id: str, *, before: tuple[datetime, int] | None = None, limit: int = 100
) -> list[StoredEvent]:
    """What happened with one customer, newest first; `before` is (at, seq) of the last one read."""
    wanted = select(events).where(events.c.customer_id == customer_id)
    if before is not None:
        at, seq = before
        wanted = wanted.where((events.c.at < at) | ((events.c.at == at) & (events.c.seq < seq)))
    wanted = wanted.order_by(events.c.at.desc(), events.c.seq.desc()).limit(limit)
    return [_stored(row) for row in connection.execute(wanted)]


def of_nobody(
    connection: Connection, message_ids: Sequence[str], *, since: datetime, limit: int = 100
) -> list[StoredEvent]:
    """What was recorded since then without saying of whom, in these messages; newest first."""
    wanted = select(events).where(
        events.c.message_id.in_(message_ids), events.c.customer_id.is_(None), events.c.received_at > since
    )
    return [_stored(row) for row in connection.execute(wanted.order_by(events.c.seq.desc()).limit(limit))]


def last_seq(connection: Connection) -> int:
    """The place of the event recorded last; 0 when there is none."""
    return connection.scalar(select(func.max(events.c.seq))) or 0


def find(connection: Connection, event_id: str) -> StoredEvent | None:
    """One event by its id, or None."""
    row = connection.execute(select(events).where(events.c.event_id == event_id)).first()
    return _stored(row) if row else None


@dataclass(frozen=True, slots=True)
class Portion:
    """What one step of pruning did: how many rows went, and where it looked last."""

    deleted: int
    last_seq: int


def prune(connection: Connection, *, before: datetime, after: int, limit: int) -> Portion:
    """Delete, among the next `limit` events recorded after one, those received before a moment.

    Events are recorded nearly as they are received: where a portion has no older one, the rest
    has hardly any, and a later pruning finds it.
    """
    wanted = select(events.c.seq, events.c.received_at).where(events.c.seq > after)
    rows = connection.execute(wanted.order_by(events.c.seq).limit(limit)).all()
    old = [row.seq for row in rows if row.received_at < before]
    if old:
        gone = events.c.seq.in_(old)
        connection.execute(events.delete().where(gone, events.c.received_at < before))
    return Portion(len(old), rows[-1].seq if rows else after)


def count_older(connection: Connection, before: datetime) -> int:
    """How many events were received before a moment."""
    older = select(func.count()).select_from(events).where(events.c.received_at < before)
    return connection.scalar(older) or 0


def _copy_once(connection: Connection, rows: Sequence[EventRow]) -> int:
    connection.exec_driver_sql(_INCOMING)
    cursor = cast("Any", connection.connection.cursor())
    try:
        with cursor.copy(_COPY) as copy:
            for place, row in enumerate(rows):
                copy.write_row((place, *row))
    finally:
        cursor.close()
    return connection.exec_driver_sql(_INSERT_POSTGRESQL).rowcount


def _stored(row: Row[*tuple[Any, ...]]) -> StoredEvent:
    opener = None
    if row.opener_class is not None:
        opener = Opener(OpenerClass(row.opener_class), row.opener_certainty, row.opener_reason)
    event = Event(
        event_id=row.event_id,
        type=EventType(row.type),
        at=row.at,
        received_at=row.received_at,
        customer_id=row.customer_id,
        touch_id=row.touch_id,
        message_id=row.message_id,
        block_id=row.block_id,
        variant=row.variant,
        why=row.why,
        opener=opener,
        url=row.url,
        details=row.details,
    )
    return StoredEvent(row.seq, event)
