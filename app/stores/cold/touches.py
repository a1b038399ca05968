"""Touches: one row each, with what the message was when it went out."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Text, and_, case, func, or_, select, type_coerce

from app.stores.cold.tables import touches
from app.stores.cold.upserts import insert


class TouchState(StrEnum):
    """Reserved and released may follow each other; sent is the end."""

    RESERVED = "reserved"
    RELEASED = "released"
    SENT = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """One message to one customer. `changed_at` is when we learnt of its state."""

    touch_id: str
    customer_id: str
    message_id: str | None = None
    state: TouchState = TouchState.SENT
    changed_at: datetime
    channel: str | None = None
    category: str | None = None
    touch_class: str | None = None
    topic: str | None = None
    tags: tuple[str, ...] = field(default=())
    campaign: str | None = None
    dispatch_id: str | None = None
    reservation_id: str | None = None
    reserved_at: datetime | None = None
    expires_at: datetime | None = None
    sent_at: datetime | None = None
    is_unreserved: bool = False
    is_over_cap: bool = False


def fold(earlier: Touch, later: Touch) -> Touch:
    """Two accounts of one touch as one, as `save_many` would take them one after the other."""
    if not _follows(later, earlier):
        return earlier
    told = {name: value for name, value in asdict(later).items() if value not in (None, ())}
    always = {"state": later.state, "expires_at": later.expires_at}
    return replace(earlier, **told | always)


def save_many(connection: Connection, rows: Sequence[Touch]) -> None:
    """Take accounts of touches, one a touch. The first `sent` stands; else the later account does.

    What an account leaves out (a confirmation need not repeat the category) stays as it was.
    """
    if not rows:
        return
    new = insert(connection, touches)
    told, kept = new.excluded, touches.c
    is_sent = told.state == TouchState.SENT.value
    upsert = new.on_conflict_do_update(
        index_elements=[kept.customer_id, kept.touch_id],
        set_={
            column.name: _merged(column, told[column.name])
            for column in kept
            if column.name not in ("touch_id", "customer_id")
        },
        where=or_(
            and_(kept.state != TouchState.SENT.value, or_(is_sent, told.changed_at >= kept.changed_at)),
            and_(kept.state == TouchState.SENT.value, is_sent, told.changed_at < kept.changed_at),
        ),
    )
    connection.execute(upsert, [_values(row) for row in rows])


def fetch(connection: Connection, customer_id: str, touch_id: str) -> Touch | None:
    """One touch, or None."""
    is_it = and_(touches.c.customer_id == customer_id, touches.c.touch_id == touch_id)
    row = connection.execute(select(touches).where(is_it)).first()
    return _touch(row) if row else None


def customers_touched(
    connection: Connection, *, since: datetime, after: str = "", limit: int = 1_000
) -> list[str]:
    """Who was sent something, or has something reserved, since an instant: ids in order, those after one."""
    wanted = select(touches.c.customer_id).where(
        touches.c.customer_id > after, touches.c.state != TouchState.RELEASED.value, _since(since)
    )
    found = connection.scalars(wanted.distinct().order_by(touches.c.customer_id).limit(limit))
    return list(found)


def of_customers(connection: Connection, customer_ids: Sequence[str], *, since: datetime) -> Iterator[Touch]:
    """Touches that were sent, or are reserved, since an instant, by customer and time."""
    wanted = select(touches).where(
        touches.c.customer_id.in_(customer_ids),
        touches.c.state != TouchState.RELEASED.value,
        _since(since),
    )
    ordered = wanted.order_by(touches.c.customer_id, touches.c.changed_at)
    return (_touch(row) for row in connection.execute(ordered))


def _since(since: datetime) -> Any:
    return or_(touches.c.sent_at > since, and_(touches.c.sent_at.is_(None), touches.c.reserved_at > since))


def _follows(later: Touch, earlier: Touch) -> bool:
    if earlier.state is TouchState.SENT:
        return later.state is TouchState.SENT and later.changed_at < earlier.changed_at
    return later.state is TouchState.SENT or later.changed_at >= earlier.changed_at


_ALWAYS_TOLD = ("state", "changed_at", "is_unreserved", "is_over_cap", "expires_at")


def _merged(column: Any, told: Any) -> Any:
    if column.name in _ALWAYS_TOLD:
        return told
    if column.name == "tags":
        return case((type_coerce(told, Text) == "[]", column), else_=told)
    return func.coalesce(told, column)


def _values(touch: Touch) -> dict[str, Any]:
    values = asdict(touch)
    values["class"] = values.pop("touch_class")
    return values | {"state": touch.state.value, "tags": list(touch.tags)}


def _touch(row: Row[*tuple[Any, ...]]) -> Touch:
    values = row._asdict()
    values["touch_class"] = values.pop("class")
    return Touch(**{**values, "state": TouchState(values["state"]), "tags": tuple(values["tags"])})
