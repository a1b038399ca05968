"""Customers: the latest state that Redis told, for reports and for rebuilding it; and erasing them."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, func, select

from app.stores.cold.tables import (
    customers,
    dead_letters,
    decisions,
    erasures,
    events,
    suppressions,
    touches,
)
from app.stores.cold.upserts import insert

State = list[str]  # field and value by turns, as Redis had them


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A customer's state hash as it was at one revision."""

    customer_id: str
    state: State
    revision: int
    saved_at: datetime

    @property
    def fields(self) -> dict[str, bytes]:
        """The hash, field by field."""
        values = (value.encode() for value in self.state[1::2])
        return dict(zip(self.state[0::2], values, strict=True))


def save_many(connection: Connection, snapshots: Sequence[Snapshot]) -> None:
    """Keep each snapshot unless a later revision is there already; one a customer at most."""
    if not snapshots:
        return
    new = insert(connection, customers)
    upsert = new.on_conflict_do_update(
        index_elements=[customers.c.customer_id],
        set_={name: new.excluded[name] for name in ("state", "revision", "saved_at")},
        where=new.excluded.revision > customers.c.revision,
    )
    names = ("customer_id", "state", "revision", "saved_at")
    rows = [{name: getattr(one, name) for name in names} for one in snapshots]
    connection.execute(upsert, rows)


def fetch(connection: Connection, customer_id: str) -> Snapshot | None:
    """One customer's last snapshot, or None."""
    row = connection.execute(select(customers).where(customers.c.customer_id == customer_id)).first()
    return _snapshot(row) if row else None


def revisions(connection: Connection, customer_ids: Iterable[str]) -> Mapping[str, int]:
    """The revision kept of each of these customers, those unknown left out."""
    wanted = select(customers.c.customer_id, customers.c.revision)
    found = connection.execute(wanted.where(customers.c.customer_id.in_(customer_ids)))
    return {row.customer_id: row.revision for row in found}


def page(connection: Connection, *, after: str = "", limit: int = 100) -> list[Snapshot]:
    """Customers by id, those after one."""
    return [_snapshot(row) for row in connection.execute(_after(after, limit))]


def everyone(connection: Connection, *, at_once: int = 1_000) -> Iterator[list[Snapshot]]:
    """All customers by id, in lists of at most `at_once`: together they may be many."""
    after = ""
    while found := page(connection, after=after, limit=at_once):
        yield found
        after = found[-1].customer_id


def count(connection: Connection) -> int:
    """How many customers there are."""
    return connection.scalar(select(func.count()).select_from(customers)) or 0


def sample(connection: Connection, size: int) -> list[str]:
    """Ids of at most so many customers, spread evenly over all of them by id; the same ones each time."""
    every = max(1, -(-count(connection) // size))
    key = customers.c.customer_id
    place = func.row_number().over(order_by=key).label("place")
    placed = select(key, place).subquery()
    wanted = select(placed.c.customer_id).where((placed.c.place - 1) % every == 0)
    return list(connection.scalars(wanted.order_by(placed.c.place)))


def erase(connection: Connection, customer_id: str, *, at: datetime) -> None:
    """Forget everything that was learnt of a customer until `at`, and note that it is to stay so."""
    for table, learnt_at in (
        (events, events.c.received_at),
        (decisions, decisions.c.received_at),
        (touches, touches.c.changed_at),
        (suppressions, suppressions.c.since),
        (dead_letters, dead_letters.c.at),
        (customers, customers.c.saved_at),
    ):
        connection.execute(table.delete().where(table.c.customer_id == customer_id, learnt_at <= at))
    new = insert(connection, erasures).values(digest=_digest(customer_id), erased_at=at)
    latest = new.on_conflict_do_update(
        index_elements=[erasures.c.digest],
        set_={"erased_at": new.excluded.erased_at},
        where=new.excluded.erased_at > erasures.c.erased_at,
    )
    connection.execute(latest)


def last_erasure(connection: Connection) -> datetime | None:
    """When somebody was last erased."""
    latest: datetime | None = connection.scalar(select(func.max(erasures.c.erased_at)))
    return latest


def erased(connection: Connection, customer_ids: Iterable[str]) -> dict[str, datetime]:
    """Which of these customers were erased, and when last."""
    by_digest = {_digest(customer_id): customer_id for customer_id in customer_ids}
    found = connection.execute(select(erasures).where(erasures.c.digest.in_(by_digest)))
    return {by_digest[row.digest]: row.erased_at for row in found}


def _after(after: str, limit: int) -> Select[*tuple[object, ...]]:
    key = customers.c.customer_id
    return select(customers).where(key > after).order_by(key).limit(limit)


def _snapshot(row: Row[*tuple[object, ...]]) -> Snapshot:
    return Snapshot(row.customer_id, row.state, row.revision, row.saved_at)


def _digest(customer_id: str) -> str:
    return hashlib.sha256(customer_id.encode()).hexdigest()
