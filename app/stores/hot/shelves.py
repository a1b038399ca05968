"""What an open asks of catalogues: shared lists in the round trip of its load, personal ones in one more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import hiredis

from app.stores.absence import Unavailable
from app.stores.hot import keys
from app.stores.hot.catalogs import read_documents
from app.stores.hot.line import Command
from app.stores.hot.scripting import digest, source
from app.stores.hot.server import HotStore, is_away

RELATED_MAX = 60


@dataclass(frozen=True, slots=True)
class Shelf:
    """A shared list of a catalogue, read when that had a number ("" for never); its weight in bytes."""

    catalog: str
    name: str
    number: str = ""
    items: Sequence[dict[str, object]] = ()
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Reach:
    """Ask for items by id, or for those that go with them: `viewed` or `bought` by the same customers."""

    catalog: str
    item_ids: Sequence[str]
    related: Literal["viewed", "bought"] | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """The items there are, in order."""

    items: Sequence[dict[str, object]]


def shelf_command(held: Shelf) -> Command:
    """The command that asks for a list, or that it is as it was."""
    return ("EVALSHA", digest("read_shelf"), *_shelf_tail(held))


def read_shelf(store: HotStore, held: Shelf, answer: object) -> Shelf:
    """A list from its answer. Raises Unavailable."""
    if _is_unknown(answer):
        answer = store.line.send([("EVAL", source("read_shelf"), *_shelf_tail(held))])[0]
    _refuse_error(answer)
    if not isinstance(answer, list):
        return held
    number, raws = answer
    weight = sum(len(raw) for raw in raws if raw is not None)
    return Shelf(held.catalog, held.name, bytes(number).decode(), read_documents(raws), weight)


def reach(store: HotStore, asked: Reach) -> Reached:
    """Read in one round trip. Raises Unavailable."""
    if not asked.item_ids:
        return Reached(())
    items = keys.catalog(asked.catalog)[1]
    if asked.related is None:
        answer = store.line.send([("HMGET", items, *asked.item_ids)])[0]
    else:
        tail: Command = (2, keys.related(asked.catalog, asked.related), items, RELATED_MAX, *asked.item_ids)
        answer = store.line.send([("EVALSHA", digest("read_related"), *tail)])[0]
        if _is_unknown(answer):
            answer = store.line.send([("EVAL", source("read_related"), *tail)])[0]
    _refuse_error(answer)
    return Reached(read_documents(answer) if isinstance(answer, list) else ())


def _shelf_tail(held: Shelf) -> Command:
    return (3, *keys.catalog(held.catalog), held.name, held.number)


def _is_unknown(answer: object) -> bool:
    return isinstance(answer, hiredis.ReplyError) and str(answer).startswith("NOSCRIPT")


def _refuse_error(answer: object) -> None:
    if isinstance(answer, hiredis.ReplyError):
        if is_away(str(answer)):
            raise Unavailable(f"Redis cannot answer now: {str(answer).split(' ', 1)[0]}")
        raise answer
