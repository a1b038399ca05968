"""Catalogues: items are checked and saved, changed, read and removed.

SQL has an item before anybody is told so, then Redis gets it. Should Redis go away just between the
two, the caller is told, and the workers bring Redis along (`bring_along`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.domain.catalogs.items import Document, item_problems, merged, plain, signals_of
from app.domain.problems import Invalid, NotFound, Problem, Refused
from app.stores.absence import Unavailable
from app.stores.cold import catalogs
from app.stores.cold.catalogs import Catalog, Item
from app.stores.cold.engine import Cold, Connection
from app.stores.hot import catalogs as hot_catalogs
from app.stores.hot.server import HotStore

CATALOGS_MAX = 200
ITEMS_MAX = 200_000  # of one catalogue
ROUNDS_MAX = 3

Outcome = str | Refused


def save_items(
    cold: Cold,
    hot: HotStore,
    catalog: str,
    documents: Sequence[Document],
    *,
    now: datetime,
    is_whole: bool = True,
    link_hosts: Sequence[str] = (),
) -> list[Outcome]:
    """Save items: `added`, `changed`, `unchanged` or a refusal for each, in order.

    `is_whole` puts each in the place of the one before; otherwise what is named changes, null removes,
    and an unknown item is refused. Raises Invalid for a catalogue too many, Unavailable.
    """
    hot_catalogs.edition(hot, catalog)  # with Redis away nothing is begun
    with cold.writing() as connection:
        _require_room(connection, catalog, len(documents))
        edition = catalogs.advance(connection, catalog, now=now)
        wanted = [str(one.get("item_id")) for one in documents]
        held = catalogs.fetch_items(connection, catalog, wanted)
        outcomes, saved = _decided(documents, held, now=now, is_whole=is_whole, link_hosts=link_hosts)
        catalogs.save_items(connection, catalog, list(saved.values()))
    _let_out(hot, catalog, edition, {name: shown(one) for name, one in saved.items()})
    return outcomes


def remove_item(cold: Cold, hot: HotStore, catalog: str, item_id: str, *, now: datetime) -> None:
    """Forget an item. Raises NotFound, Unavailable."""
    hot_catalogs.edition(hot, catalog)
    with cold.writing() as connection:
        if not catalogs.fetch_items(connection, catalog, [item_id]):
            raise NotFound(f"There is no item {item_id} in a catalogue {catalog}.")
        edition = catalogs.advance(connection, catalog, now=now)
        catalogs.drop_items(connection, catalog, [item_id])
    _let_out(hot, catalog, edition, {item_id: None})


def remove_catalog(cold: Cold, hot: HotStore, catalog: str) -> None:
    """Forget a catalogue with its items and its feed. Raises NotFound, Unavailable."""
    hot_catalogs.edition(hot, catalog)
    with cold.writing() as connection:
        if not catalogs.drop(connection, catalog):
            raise NotFound(f"There is no catalogue {catalog}.")
    hot_catalogs.drop(hot, catalog)


def fetch(cold: Cold, catalog: str) -> Catalog:
    """One catalogue. Raises NotFound, Unavailable."""
    with cold.reading() as connection:
        found = catalogs.fetch(connection, catalog)
    if found is None:
        raise NotFound(f"There is no catalogue {catalog}: it is made by saving its first item.")
    return found


def everything(cold: Cold) -> list[Catalog]:
    """All catalogues. Raises Unavailable."""
    with cold.reading() as connection:
        return catalogs.everything(connection)


def fetch_item(cold: Cold, catalog: str, item_id: str) -> Item:
    """One item. Raises NotFound, Unavailable."""
    with cold.reading() as connection:
        found = catalogs.fetch_items(connection, catalog, [item_id]).get(item_id)
    if found is None:
        raise NotFound(f"There is no item {item_id} in a catalogue {catalog}.")
    return found


def page(cold: Cold, catalog: str, *, after: str, limit: int) -> list[Item]:
    """Items by id. Raises NotFound, Unavailable."""
    with cold.reading() as connection:
        if catalogs.fetch(connection, catalog) is None:
            raise NotFound(f"There is no catalogue {catalog}: it is made by saving its first item.")
        return catalogs.page(connection, catalog, after=after, limit=limit)


def shown(item: Item) -> dict[str, Any]:
    """An item as opens read it: what the platform said, and what its changes told."""
    return {**item.document, **item.signals}


def bring_along(cold: Cold, hot: HotStore) -> int:
    """Copy the catalogues that Redis has not, or not whole; answers how many. Raises Unavailable."""
    with cold.reading() as connection:
        known = catalogs.everything(connection)
    behind = [one.catalog for one in known if hot_catalogs.edition(hot, one.catalog) != one.edition]
    for catalog in behind:
        copy(cold, hot, catalog)
    return len(behind)


def copy(cold: Cold, hot: HotStore, catalog: str) -> int:
    """Put a whole copy of a catalogue into Redis; answers how many items it has. Raises Unavailable."""
    with cold.reading() as connection:
        held = catalogs.fetch(connection, catalog)
        if held is None:
            return 0
        portions = _portions(connection, catalog)
        return hot_catalogs.replace_items(hot, catalog, held.edition, portions)


def _portions(connection: Connection, catalog: str) -> Iterator[dict[str, dict[str, Any]]]:
    for found in catalogs.all_items(connection, catalog, at_once=hot_catalogs.PORTION):
        yield {one.item_id: shown(one) for one in found}


def _require_room(connection: Connection, catalog: str, more: int) -> None:
    held = catalogs.fetch(connection, catalog)
    if held is None and len(catalogs.everything(connection)) >= CATALOGS_MAX:
        raise Invalid(f"There are {CATALOGS_MAX} catalogues already, and no more are kept.")
    if held is not None and held.items + more > ITEMS_MAX:
        raise Invalid(f"A catalogue has {ITEMS_MAX} items at most; {catalog} has {held.items}.")


def _decided(
    documents: Sequence[Document],
    held: Mapping[str, Item],
    *,
    now: datetime,
    is_whole: bool,
    link_hosts: Sequence[str],
) -> tuple[list[Outcome], dict[str, Item]]:
    """What becomes of each document, and the items to write; the later one of an id stands."""
    outcomes: list[Outcome] = []
    saved: dict[str, Item] = {}
    for document in documents:
        item_id = str(document.get("item_id"))
        old = saved.get(item_id) or held.get(item_id)
        if old is None and not is_whole:
            outcomes.append(NotFound(f"There is no item {item_id}: save it whole first."))
            continue
        told = plain(document) if is_whole or old is None else merged(old.document, document)
        problems = item_problems(told, link_hosts=link_hosts)
        if problems:
            outcomes.append(Invalid(problems=[Problem(one.pointer, one.detail) for one in problems]))
            continue
        source = "api" if is_whole or old is None else old.source
        outcome, item = compared(old, told, source=source, now=now)
        outcomes.append(outcome)
        if outcome != "unchanged":
            saved[item_id] = item
    return outcomes, saved


def compared(old: Item | None, document: Document, *, source: str, now: datetime) -> tuple[str, Item]:
    """An item as it is from now on, and whether it was `added`, `changed` or is `unchanged`."""
    told = dict(document)
    if old is not None and old.document == told:
        return "unchanged", old
    signals = signals_of(old.document if old else None, old.signals if old else {}, told, now=now)
    added_at = old.added_at if old else now
    item = Item(str(told["item_id"]), told, signals, source, added_at, now)
    return "changed" if old else "added", item


def _let_out(
    hot: HotStore, catalog: str, edition: int, documents: Mapping[str, Mapping[str, object] | None]
) -> None:
    try:
        hot_catalogs.save_items(hot, catalog, edition, documents)
    except Unavailable as away:
        raise Unavailable(
            f"The items are saved but not out yet: {away}; they go out when Redis is back"
        ) from away
