"""Decisions: one row each for reports; the whole answer is in its event."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.stores.cold.tables import decisions
from app.stores.cold.upserts import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """What was decided about one touch, and the rule that bound."""

    event_id: str
    at: datetime
    received_at: datetime
    customer_id: str
    touch_id: str | None = None
    message_id: str | None = None
    channel: str | None = None
    category: str | None = None
    touch_class: str | None = None
    decision: str
    reason: str
    rule_id: str | None = None
    next_free_at: datetime | None = None


def insert_once(connection: Connection, rows: Sequence[DecisionRow]) -> None:
    """Keep those whose event is new."""
    if not rows:
        return
    values = [asdict(row) for row in rows]
    for one in values:
        one["class"] = one.pop("touch_class")
    connection.execute(insert(connection, decisions).on_conflict_do_nothing(), values)


def prune(connection: Connection, *, before: datetime, limit: int) -> int:
    """Delete at most `limit` decisions taken before a moment, oldest first; answers how many went."""
    oldest = select(decisions.c.event_id).where(decisions.c.at < before).order_by(decisions.c.at).limit(limit)
    old = connection.scalars(oldest).all()
    if old:
        connection.execute(decisions.delete().where(decisions.c.event_id.in_(old)))
    return len(old)


def count_older(connection: Connection, before: datetime) -> int:
    """How many decisions were taken before a moment."""
    older = select(func.count()).select_from(decisions).where(decisions.c.at < before)
    return connection.scalar(older) or 0
