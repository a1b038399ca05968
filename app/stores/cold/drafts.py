"""Drafts and their published versions, for blocks and policies alike.

A draft has an `edition`, one more with every save: who saves what somebody else changed meanwhile
is told so. Publishing copies the draft into a version that never changes again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select

from app.domain.problems import Conflict
from app.stores.cold.upserts import insert, run

Document = Mapping[str, Any]


class StaleEdition(Conflict):
    """The document is not the edition the caller read. `current` is what it is now, 0 when there is none."""

    def __init__(self, current: int) -> None:
        now = f"it is at edition {current} by now" if current else "it does not exist"
        super().__init__(f"{now}: read it again, then save")
        self.current = current


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being written, and which version of it is published."""

    id: str
    document: dict[str, Any]
    edition: int
    published_version: int | None
    is_recalled: bool
    created_at: datetime
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class Version:
    """One published version; it stays as it is."""

    id: str
    version: int
    document: dict[str, Any]
    note: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Published:
    """What the hot store should hold of one draft."""

    id: str
    version: int
    document: dict[str, Any]
    is_recalled: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """The two tables of one noun; the first column of each is its id."""

    drafts: Table
    versions: Table

    @property
    def key(self) -> Any:
        """The id column of the drafts."""
        return self.drafts.columns[0]

    @property
    def version_key(self) -> Any:
        """The id column of the versions."""
        return self.versions.columns[0]


def save(
    shelf: Shelf,
    connection: Connection,
    draft_id: str,
    document: Document,
    *,
    now: datetime,
    by: str,
    expected: int | None,
) -> int:
    """Write a draft and answer its edition. `expected` None writes in any case, 0 only a new one.

    Raises StaleEdition and writes nothing when the draft is at another edition.
    """
    held = _locked(shelf, connection, draft_id)
    edition = held.edition if held else 0
    if expected is not None and expected != edition:
        raise StaleEdition(edition)
    values = {"document": document, "edition": edition + 1, "updated_at": now, "updated_by": by}
    if held:
        connection.execute(shelf.drafts.update().where(shelf.key == draft_id).values(values))
        return edition + 1
    new = {shelf.key.name: draft_id, "created_at": now, "is_recalled": False}
    written = insert(connection, shelf.drafts).values(values | new).on_conflict_do_nothing()
    if run(connection, written) == 0:
        raise StaleEdition(1)  # somebody else made it in this moment
    return 1


def fetch(shelf: Shelf, connection: Connection, draft_id: str) -> Draft | None:
    """One draft, or None."""
    row = connection.execute(select(shelf.drafts).where(shelf.key == draft_id)).first()
    return _draft(row) if row else None


def page(shelf: Shelf, connection: Connection, *, after: str, limit: int) -> list[Draft]:
    """Drafts by id, those after one."""
    wanted = select(shelf.drafts).where(shelf.key > after).order_by(shelf.key).limit(limit)
    return [_draft(row) for row in connection.execute(wanted)]


def publish(
    shelf: Shelf, connection: Connection, draft_id: str, *, now: datetime, by: str, note: str
) -> int | None:
    """Make the present draft the newest version and the published one; None when there is no draft.

    A recalled draft is served again: publishing it says so.
    """
    held = _locked(shelf, connection, draft_id)
    if held is None:
        return None
    newest = connection.scalar(
        select(func.max(shelf.versions.c.version)).where(shelf.version_key == draft_id)
    )
    version = (newest or 0) + 1
    connection.execute(
        shelf.versions.insert().values(
            {
                shelf.version_key.name: draft_id,
                "version": version,
                "document": held.document,
                "note": note,
                "published_at": now,
                "published_by": by,
            }
        )
    )
    _point(shelf, connection, draft_id, version)
    return version


def versions(shelf: Shelf, connection: Connection, draft_id: str) -> list[Version]:
    """Every version of one draft, newest first."""
    wanted = select(shelf.versions).where(shelf.version_key == draft_id)
    return [Version(*row) for row in connection.execute(wanted.order_by(shelf.versions.c.version.desc()))]


def version(shelf: Shelf, connection: Connection, draft_id: str, number: int) -> Version | None:
    """One version, or None."""
    wanted = select(shelf.versions).where(shelf.version_key == draft_id, shelf.versions.c.version == number)
    row = connection.execute(wanted).first()
    return Version(*row) if row else None


def point_to(shelf: Shelf, connection: Connection, draft_id: str, number: int) -> bool:
    """Make an earlier version the published one again; False when there is no such version."""
    if version(shelf, connection, draft_id, number) is None:
        return False
    _point(shelf, connection, draft_id, number)
    return True


def recall(shelf: Shelf, connection: Connection, draft_id: str, *, is_recalled: bool) -> bool:
    """Serve only the fallback from now on, or all variants again; False when there is no such draft."""
    changed = connection.execute(
        shelf.drafts.update().where(shelf.key == draft_id).values(is_recalled=is_recalled)
    )
    return changed.rowcount > 0


def published(shelf: Shelf, connection: Connection) -> Iterator[Published]:
    """Everything that is published, by id."""
    number = shelf.versions.c.version
    wanted = (
        select(shelf.key, number, shelf.versions.c.document, shelf.drafts.c.is_recalled)
        .join(shelf.versions, (shelf.version_key == shelf.key) & (number == shelf.drafts.c.published_version))
        .order_by(shelf.key)
    )
    return (Published(*row) for row in connection.execute(wanted))


def _locked(shelf: Shelf, connection: Connection, draft_id: str) -> Row[*tuple[Any, ...]] | None:
    # SQLite has one writer at a time and leaves FOR UPDATE out.
    return connection.execute(select(shelf.drafts).where(shelf.key == draft_id).with_for_update()).first()


def _point(shelf: Shelf, connection: Connection, draft_id: str, number: int) -> None:
    connection.execute(
        shelf.drafts.update().where(shelf.key == draft_id).values(published_version=number, is_recalled=False)
    )


def _draft(row: Row[*tuple[Any, ...]]) -> Draft:
    return Draft(*row)
