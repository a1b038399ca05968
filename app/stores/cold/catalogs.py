"""Catalogues and their items: the truth, of which the hot store has a copy."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from app.stores.cold.catalog_tables import catalogs, items
from app.stores.cold.upserts import insert

CHUNK = 500  # ids in one question: SQLite takes no more than some thousand variables


@dataclass(frozen=True, slots=True)
class Catalog:
    """One catalogue; `items` is how many there are."""

    catalog: str
    edition: int
    created_at: datetime
    updated_at: datetime
    items: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One item: what the platform says of it, and what its changes told."""

    item_id: str
    document: dict[str, Any]
    signals: dict[str, Any]
    source: str
    added_at: datetime
    updated_at: datetime


def advance(connection: Connection, catalog: str, *, now: datetime) -> int:
    """Take the catalogue for writing, making it where there is none; answers its new edition.

    Whoever else writes it waits until this transaction ends.
    """
    new = insert(connection, catalogs).values(catalog=catalog, edition=1, created_at=now, updated_at=now)
    upsert = new.on_conflict_do_update(
        index_elements=[catalogs.c.catalog], set_={"edition": catalogs.c.edition + 1, "updated_at": now}
    )
    connection.execute(upsert)
    return connection.scalar(select(catalogs.c.edition).where(catalogs.c.catalog == catalog)) or 0


def fetch(connection: Connection, catalog: str) -> Catalog | None:
    """One catalogue, or None."""
    return next(iter(_counted(connection, catalog)), None)


def everything(connection: Connection) -> list[Catalog]:
    """All catalogues, by name."""
    return _counted(connection, None)


def drop(connection: Connection, catalog: str) -> bool:
    """Forget a catalogue with its items and its feed; whether there was one."""
    connection.execute(items.delete().where(items.c.catalog == catalog))
    return connection.execute(catalogs.delete().where(catalogs.c.catalog == catalog)).rowcount > 0


def fetch_items(connection: Connection, catalog: str, item_ids: Iterable[str]) -> dict[str, Item]:
    """Those of these items that are there, by id."""
    wanted = list(item_ids)
    found: dict[str, Item] = {}
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        query = _items(catalog).where(items.c.item_id.in_(chunk))
        found |= {row.item_id: _item(row) for row in connection.execute(query)}
    return found


def page(connection: Connection, catalog: str, *, after: str = "", limit: int = 100) -> list[Item]:
    """Items by id, those after one."""
    query = _items(catalog).where(items.c.item_id > after).order_by(items.c.item_id).limit(limit)
    return [_item(row) for row in connection.execute(query)]


def all_items(connection: Connection, catalog: str, *, at_once: int = 1_000) -> Iterator[list[Item]]:
    """All items by id, in lists of at most `at_once`."""
    after = ""
    while found := page(connection, catalog, after=after, limit=at_once):
        yield found
        after = found[-1].item_id


def count(connection: Connection, catalog: str) -> int:
    """How many items there are."""
    query = select(func.count()).select_from(items).where(items.c.catalog == catalog)
    return connection.scalar(query) or 0


def save_items(connection: Connection, catalog: str, saved: Sequence[Item]) -> None:
    """Write items whole, the last of one id; take the catalogue by `advance` first."""
    latest = {one.item_id: one for one in saved}
    if not latest:
        return
    new = insert(connection, items)
    upsert = new.on_conflict_do_update(
        index_elements=[items.c.catalog, items.c.item_id],
        set_={name: new.excluded[name] for name in ("document", "signals", "source", "updated_at")},
    )
    names = ("item_id", "document", "signals", "source", "added_at", "updated_at")
    rows = [{"catalog": catalog, **{name: getattr(one, name) for name in names}} for one in latest.values()]
    connection.execute(upsert, rows)


def drop_items(connection: Connection, catalog: str, item_ids: Sequence[str]) -> int:
    """Forget items; answers how many there were."""
    gone = 0
    for start in range(0, len(item_ids), CHUNK):
        chunk = item_ids[start : start + CHUNK]
        gone += connection.execute(
            items.delete().where(items.c.catalog == catalog, items.c.item_id.in_(chunk))
        ).rowcount
    return gone


def _counted(connection: Connection, catalog: str | None) -> list[Catalog]:
    counted = select(items.c.catalog, func.count().label("count")).group_by(items.c.catalog).subquery()
    query = (
        select(catalogs, func.coalesce(counted.c.count, 0).label("items"))
        .outerjoin(counted, counted.c.catalog == catalogs.c.catalog)
        .order_by(catalogs.c.catalog)
    )
    if catalog is not None:
        query = query.where(catalogs.c.catalog == catalog)
    return [Catalog(*row) for row in connection.execute(query)]


def _items(catalog: str) -> Any:
    return select(items).where(items.c.catalog == catalog)


def _item(row: Row[Any]) -> Item:
    return Item(row.item_id, row.document, row.signals, row.source, row.added_at, row.updated_at)
