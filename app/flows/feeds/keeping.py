"""A feed's content becomes the catalogue: compared with what is there, in one transaction or not at all."""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from app.domain.catalogs.feeds import Feed
from app.domain.catalogs.items import item_problems, plain
from app.domain.catalogs.mapping import item_of
from app.flows.catalogs import ITEMS_MAX, compared, copy, shown
from app.flows.feeds.reading import BadFeed, BadRecord, records_of
from app.stores.cold import catalogs
from app.stores.cold.catalogs import Item
from app.stores.cold.engine import Cold, Connection
from app.stores.hot import catalogs as hot_catalogs
from app.stores.hot.codec import decode, encode
from app.stores.hot.server import HotStore

PROBLEMS_MAX = 20
PORTION = 500
AT_ONCE_MAX = 2_000  # changes brought to Redis one by one; for more the catalogue is copied
SHRINK_LEAST = 10  # a catalogue of fewer items may lose all of them


class Shrunk(Exception):
    """The feed has less than half of the items it had; `had` and `has` tell how many."""

    def __init__(self, had: int, has: int) -> None:
        super().__init__(f"it has {has} items, and had {had}")
        self.had, self.has = had, has


@dataclass(slots=True)
class Read:
    """A feed's good items, in a file, and what was wrong with the others."""

    file: IO[bytes]
    ids: set[str] = field(default_factory=set)
    refused: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)

    def documents(self) -> Iterator[dict[str, Any]]:
        """The items as they were written, in order."""
        self.file.seek(0)
        return (decode(line) for line in self.file)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a feed's items."""

    items: int
    added: int
    changed: int
    removed: int
    unchanged: int


def read(content: bytes, feed: Feed) -> Read:
    """Read a feed to its end before anything is done with it. Raises BadFeed. Close its file."""
    found = Read(tempfile.TemporaryFile())  # noqa: SIM115 - closed by whoever asked
    try:
        for place, record in enumerate(records_of(content, feed), start=1):
            _take(found, place, record, feed)
    except BaseException:
        found.file.close()
        raise
    total = len(found.ids) + found.refused
    if total == 0 or found.refused * 2 > total:
        found.file.close()
        first = f": record {found.problems[0]['record']} {found.problems[0]['detail']}" if total else ""
        raise BadFeed(
            f"{found.refused} of its {total} records cannot be used{first}" if total else "it has no items"
        )
    return found


def keep(cold: Cold, hot: HotStore, catalog: str, found: Read, *, now: datetime, may_shrink: bool) -> Kept:
    """Make the feed's items the catalogue's; items saved by the API stay. Raises Shrunk, Unavailable.

    Killed at any place, the catalogue is as it was, or as it is to be.
    """
    held = _digests(cold, catalog)
    gone = sorted(held.keys() - found.ids)
    if len(held) >= SHRINK_LEAST and len(found.ids) * 2 < len(held) and not may_shrink:
        raise Shrunk(len(held), len(found.ids))
    different = {
        str(one["item_id"]): one for one in found.documents() if held.get(str(one["item_id"])) != _digest(one)
    }
    if not different and not gone:
        return Kept(len(found.ids), 0, 0, 0, len(found.ids))
    with cold.writing() as connection:
        edition = catalogs.advance(connection, catalog, now=now)
        saved, added = _save(connection, catalog, list(different.values()), now)
        removed = catalogs.drop_items(connection, catalog, gone)
    if len(saved) + len(gone) > AT_ONCE_MAX:
        copy(cold, hot, catalog)
    else:
        told: dict[str, dict[str, Any] | None] = {one.item_id: shown(one) for one in saved}
        hot_catalogs.save_items(hot, catalog, edition, told | dict.fromkeys(gone))
    changed = len(saved) - added
    return Kept(len(found.ids), added, changed, removed, len(found.ids) - len(saved))


def _take(found: Read, place: int, record: object, feed: Feed) -> None:
    if isinstance(record, BadRecord):
        _refuse(found, place, str(record))
        return
    assert isinstance(record, dict)  # noqa: S101 - what readers give
    document = plain(item_of(record, feed.mapping))
    problems = item_problems(document, link_hosts=feed.link_hosts)
    item_id = str(document.get("item_id"))
    if problems:
        _refuse(found, place, f"{problems[0].pointer} {problems[0].detail}")
    elif item_id in found.ids:
        _refuse(found, place, f"/item_id {item_id} came before: the first one counts")
    elif len(found.ids) >= ITEMS_MAX:
        raise BadFeed(f"it has more than {ITEMS_MAX} items")
    else:
        found.ids.add(item_id)
        found.file.write(encode(document) + b"\n")


def _refuse(found: Read, place: int, detail: str) -> None:
    found.refused += 1
    if len(found.problems) < PROBLEMS_MAX:
        found.problems.append({"record": place, "detail": detail[:300]})


def _digests(cold: Cold, catalog: str) -> dict[str, bytes]:
    """What the feed gave before, by id; so large a catalogue is not held in memory."""
    with cold.reading() as connection:
        pages = catalogs.all_items(connection, catalog)
        return {one.item_id: _digest(one.document) for page in pages for one in page if one.source == "feed"}


def _digest(document: dict[str, Any]) -> bytes:
    return hashlib.blake2b(encode(sorted(document.items())), digest_size=12).digest()


def _save(
    connection: Connection, catalog: str, documents: list[dict[str, Any]], now: datetime
) -> tuple[list[Item], int]:
    """Write what differs; the items written and how many are new."""
    saved: list[Item] = []
    added = 0
    for start in range(0, len(documents), PORTION):
        portion = {str(one["item_id"]): one for one in documents[start : start + PORTION]}
        held = catalogs.fetch_items(connection, catalog, portion)
        outcomes = [compared(held.get(name), one, source="feed", now=now) for name, one in portion.items()]
        added += sum(outcome == "added" for outcome, _ in outcomes)
        # Also an unchanged one that the API had saved is the feed's from now on.
        items = [Item(*_owned(item, now)) for _, item in outcomes]
        catalogs.save_items(connection, catalog, items)
        saved += items
    return saved, added


def _owned(item: Item, now: datetime) -> tuple[str, dict[str, Any], dict[str, Any], str, datetime, datetime]:
    return item.item_id, item.document, item.signals, "feed", item.added_at, now
