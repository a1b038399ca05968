"""Policies: drafts, their published versions, and which one is in force."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from app.stores.cold import drafts
from app.stores.cold.drafts import Document, Draft, Published, Shelf, Version
from app.stores.cold.tables import policies, policy_versions

_SHELF = Shelf(policies, policy_versions)


def save_draft(
    connection: Connection,
    policy_id: str,
    document: Document,
    *,
    now: datetime,
    by: str = "",
    expected: int | None = None,
) -> int:
    """Write the draft and answer its edition; raises drafts.StaleEdition when it is not at `expected`."""
    return drafts.save(_SHELF, connection, policy_id, document, now=now, by=by, expected=expected)


def fetch(connection: Connection, policy_id: str) -> Draft | None:
    """The draft, or None."""
    return drafts.fetch(_SHELF, connection, policy_id)


def page(connection: Connection, *, after: str = "", limit: int = 100) -> list[Draft]:
    """Drafts by id, those after one."""
    return drafts.page(_SHELF, connection, after=after, limit=limit)


def publish(
    connection: Connection, policy_id: str, *, now: datetime, by: str = "", note: str = ""
) -> int | None:
    """Make the present draft the newest version, published from now on; None when there is no draft."""
    return drafts.publish(_SHELF, connection, policy_id, now=now, by=by, note=note)


def versions(connection: Connection, policy_id: str) -> list[Version]:
    """Every published version, newest first."""
    return drafts.versions(_SHELF, connection, policy_id)


def version(connection: Connection, policy_id: str, number: int) -> Version | None:
    """One published version, or None."""
    return drafts.version(_SHELF, connection, policy_id, number)


def point_to(connection: Connection, policy_id: str, number: int) -> bool:
    """Roll back: version `number` is the published one again. False when there is no such version."""
    return drafts.point_to(_SHELF, connection, policy_id, number)


def published(connection: Connection) -> Iterator[Published]:
    """Everything that is published, by id."""
    return drafts.published(_SHELF, connection)
