"""How much people want items, and which go together: decayed sums, learnt from recorded events once each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.domain.catalogs.ranking import HALF_LIFE, decayed
from app.stores.cold.catalog_tables import item_pairs, item_scores, readers
from app.stores.cold.upserts import insert, run

CHUNK = 300
FORGOTTEN_AFTER = 10 * HALF_LIFE  # a thousandth is left by then

PAIR = ("kind", "item_id", "other_id")

Pair = tuple[str, str, str]  # kind, item, the other item


@dataclass(frozen=True, slots=True)
class Related:
    """An item that goes with another, and how well."""

    item_id: str
    other_id: str
    score: float


def place(connection: Connection, reader: str) -> int:
    """The place in the event log up to which a reader has read; 0 at first."""
    return connection.scalar(select(readers.c.seq).where(readers.c.reader == reader)) or 0


def move(connection: Connection, reader: str, before: int, seq: int) -> bool:
    """Note how far a reader has read; False, with nothing noted, where it has left `before` already."""
    new = insert(connection, readers).values(reader=reader, seq=seq)
    moved = new.on_conflict_do_update(
        index_elements=[readers.c.reader], set_={"seq": seq}, where=readers.c.seq == before
    )
    return run(connection, moved) == 1


def add_scores(connection: Connection, wanted: Mapping[str, float], *, now: datetime) -> None:
    """Add to the scores of items."""
    names = sorted(wanted)
    for start in range(0, len(names), CHUNK):
        chunk = names[start : start + CHUNK]
        query = select(item_scores).where(item_scores.c.item_id.in_(chunk))
        held = {row.item_id: decayed(row.score, row.at, now) for row in connection.execute(query)}
        rows = [{"item_id": one, "score": held.get(one, 0.0) + wanted[one], "at": now} for one in chunk]
        new = insert(connection, item_scores)
        changed = {name: new.excluded[name] for name in ("score", "at")}
        connection.execute(
            new.on_conflict_do_update(index_elements=[item_scores.c.item_id], set_=changed), rows
        )


def scores(connection: Connection, *, now: datetime) -> dict[str, float]:
    """What is left of every item's score by now."""
    return {row.item_id: decayed(row.score, row.at, now) for row in connection.execute(select(item_scores))}


def add_pairs(connection: Connection, wanted: Mapping[Pair, float], *, now: datetime) -> None:
    """Add to how well items go together."""
    names = sorted(wanted)
    key = (item_pairs.c.kind, item_pairs.c.item_id, item_pairs.c.other_id)
    for start in range(0, len(names), CHUNK):
        chunk = names[start : start + CHUNK]
        query = select(item_pairs).where(item_pairs.c.item_id.in_({one[1] for one in chunk}))
        held = {
            (row.kind, row.item_id, row.other_id): decayed(row.score, row.at, now)
            for row in connection.execute(query)
        }
        rows = [
            {
                "kind": one[0],
                "item_id": one[1],
                "other_id": one[2],
                "score": held.get(one, 0.0) + wanted[one],
                "at": now,
            }
            for one in chunk
        ]
        new = insert(connection, item_pairs)
        changed = {name: new.excluded[name] for name in ("score", "at")}
        connection.execute(new.on_conflict_do_update(index_elements=list(key), set_=changed), rows)


def related(
    connection: Connection, kind: str, *, now: datetime, most: int
) -> Iterator[tuple[str, list[str]]]:
    """For every item those that go with it best, best first."""
    query = select(item_pairs).where(item_pairs.c.kind == kind).order_by(item_pairs.c.item_id)
    found: list[Related] = []
    for row in connection.execute(query):
        if found and found[0].item_id != row.item_id:
            yield found[0].item_id, _best(found, most)
            found = []
        found.append(Related(row.item_id, row.other_id, decayed(row.score, row.at, now)))
    if found:
        yield found[0].item_id, _best(found, most)


def forget_old(connection: Connection, *, now: datetime) -> int:
    """Drop what nobody added to for so long that it counts for nothing; answers how much."""
    before = now - FORGOTTEN_AFTER
    tables = (item_pairs, item_scores)
    return sum(connection.execute(one.delete().where(one.c.at < before)).rowcount for one in tables)


def _best(found: Sequence[Related], most: int) -> list[str]:
    return [one.other_id for one in sorted(found, key=lambda one: (-one.score, one.other_id))[:most]]
