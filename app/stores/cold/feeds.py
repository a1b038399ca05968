"""Feeds of catalogues: what somebody said of each, when it is due, and how the last looks ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.stores.cold.catalog_tables import feeds
from app.stores.cold.upserts import insert


@dataclass(frozen=True, slots=True)
class StoredFeed:
    """One catalogue's feed."""

    catalog: str
    document: dict[str, Any]
    state: dict[str, Any]
    next_at: datetime
    created_at: datetime
    updated_at: datetime


def save(connection: Connection, catalog: str, document: dict[str, Any], *, now: datetime) -> None:
    """Write a feed; it is due at once, and what was learnt of another one is forgotten."""
    values = {"document": document, "state": {}, "next_at": now, "updated_at": now}
    new = insert(connection, feeds).values(catalog=catalog, created_at=now, **values)
    connection.execute(new.on_conflict_do_update(index_elements=[feeds.c.catalog], set_=values))


def fetch(connection: Connection, catalog: str) -> StoredFeed | None:
    """A catalogue's feed, or None."""
    row = connection.execute(select(feeds).where(feeds.c.catalog == catalog)).first()
    return StoredFeed(*row) if row else None


def due(connection: Connection, *, now: datetime) -> list[StoredFeed]:
    """The feeds to look at by now, the longest due first."""
    query = select(feeds).where(feeds.c.next_at <= now).order_by(feeds.c.next_at, feeds.c.catalog)
    return [StoredFeed(*row) for row in connection.execute(query)]


def note(connection: Connection, feed: StoredFeed, state: dict[str, Any], *, next_at: datetime) -> bool:
    """Write down how a look ended; False where the feed was changed or removed meanwhile."""
    same = (feeds.c.catalog == feed.catalog, feeds.c.updated_at == feed.updated_at)
    return connection.execute(feeds.update().where(*same).values(state=state, next_at=next_at)).rowcount > 0


def drop(connection: Connection, catalog: str) -> bool:
    """Forget a feed; whether there was one."""
    return connection.execute(feeds.delete().where(feeds.c.catalog == catalog)).rowcount > 0
