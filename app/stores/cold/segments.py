"""Segments: what each is now, and every version it had. Saving one publishes it."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from app.stores.cold import drafts
from app.stores.cold.drafts import Document, Draft, Published, Shelf, Version
from app.stores.cold.tables import segment_versions, segments

_SHELF = Shelf(segments, segment_versions)


def save(
    connection: Connection,
    segment_id: str,
    document: Document,
    *,
    now: datetime,
    by: str = "",
    note: str = "",
    expected: int | None = None,
) -> int:
    """Write it and answer its version; raises drafts.StaleEdition when it is not at `expected`."""
    drafts.save(_SHELF, connection, segment_id, document, now=now, by=by, expected=expected)
    version = drafts.publish(_SHELF, connection, segment_id, now=now, by=by, note=note)
    assert version is not None  # noqa: S101 - it was saved in the same transaction
    return version


def lock(connection: Connection) -> None:
    """Keep others from changing any segment until this transaction ends: they must hold together."""
    # SQLite has one writer at a time and leaves FOR UPDATE out.
    connection.execute(select(segments.c.segment_id).order_by(segments.c.segment_id).with_for_update()).all()


def fetch(connection: Connection, segment_id: str) -> Draft | None:
    """The segment, or None."""
    return drafts.fetch(_SHELF, connection, segment_id)


def page(connection: Connection, *, after: str = "", limit: int = 100) -> list[Draft]:
    """Segments by id, those after one."""
    return drafts.page(_SHELF, connection, after=after, limit=limit)


def versions(connection: Connection, segment_id: str) -> list[Version]:
    """Every version, newest first."""
    return drafts.versions(_SHELF, connection, segment_id)


def delete(connection: Connection, segment_id: str) -> bool:
    """Delete it with its versions; False when there is none."""
    return connection.execute(segments.delete().where(segments.c.segment_id == segment_id)).rowcount > 0


def published(connection: Connection) -> Iterator[Published]:
    """Every segment as it is now, by id."""
    return drafts.published(_SHELF, connection)
