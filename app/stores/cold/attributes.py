"""Attributes of customers: those that people declared, and those that were seen and are proposed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.stores.cold.tables import attributes
from app.stores.cold.upserts import insert, run

DECLARED, PROPOSED = "declared", "proposed"
PROPOSED_MAX = 1_000  # in all: nobody looks through more


@dataclass(frozen=True, slots=True)
class Kept:
    """What is said of one attribute, and who says so."""

    path: str
    source: str
    document: dict[str, Any]
    updated_at: datetime
    updated_by: str


def declare(
    connection: Connection, path: str, document: Mapping[str, Any], *, now: datetime, by: str
) -> None:
    """Keep what somebody says of an attribute, in the place of what was said or supposed before."""
    told = {"source": DECLARED, "document": document, "updated_at": now, "updated_by": by}
    new = insert(connection, attributes).values({"path": path, "created_at": now, **told})
    connection.execute(new.on_conflict_do_update(index_elements=[attributes.c.path], set_=told))


def unknown(connection: Connection, paths: Collection[str]) -> set[str]:
    """Those of which nothing is kept."""
    if not paths:
        return set()
    held = select(attributes.c.path).where(attributes.c.path.in_(paths))
    return set(paths) - set(connection.scalars(held))


def propose(connection: Connection, found: Mapping[str, Mapping[str, Any]], *, now: datetime) -> int:
    """Keep what was seen, where nothing is kept yet; answers how many were new."""
    wanted = select(func.count()).select_from(attributes).where(attributes.c.source == PROPOSED)
    room = PROPOSED_MAX - (connection.scalar(wanted) or 0)
    rows = [
        {
            "path": path,
            "source": PROPOSED,
            "document": document,
            "created_at": now,
            "updated_at": now,
            "updated_by": "",
        }
        for path, document in sorted(found.items())[: max(room, 0)]
    ]
    return (
        run(connection, insert(connection, attributes).values(rows).on_conflict_do_nothing()) if rows else 0
    )


def delete(connection: Connection, path: str) -> str | None:
    """Forget what is said of it; answers who had said so, None when nothing was kept."""
    source = connection.scalar(select(attributes.c.source).where(attributes.c.path == path))
    connection.execute(attributes.delete().where(attributes.c.path == path))
    return source


def everything(connection: Connection, *, source: str | None = None) -> list[Kept]:
    """All of them by path."""
    wanted = select(
        attributes.c.path,
        attributes.c.source,
        attributes.c.document,
        attributes.c.updated_at,
        attributes.c.updated_by,
    ).order_by(attributes.c.path)
    if source is not None:
        wanted = wanted.where(attributes.c.source == source)
    return [Kept(*row) for row in connection.execute(wanted)]
