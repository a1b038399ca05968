"""The shared lists of catalogues are made from SQL and brought to where opens look."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from app.domain.blocks import Block
from app.domain.catalogs.ranking import Lists, Ranked
from app.domain.catalogs.selectors import SHARED, Selector, Source
from app.flows.catalogs import shown
from app.stores.cold import catalogs, popularity
from app.stores.cold.catalogs import Catalog
from app.stores.cold.engine import Cold, Connection
from app.stores.hot import catalogs as hot_catalogs
from app.stores.hot.server import HotStore

JOB = "catalogs"
ANEW_EVERY_S = 120  # what begins, ends or fades does so without anybody writing

Sources = Mapping[str, Source]


def shelve(cold: Cold, hot: HotStore, blocks: Iterable[Block], *, now: datetime) -> int:
    """Make the lists of every catalogue that changed, or whose lists are old; answers how many catalogues.

    Each has all the plain lists, and those that the published blocks ask for. Raises Unavailable.
    """
    wanted = sources_of(selector for block in blocks for selector in block.selectors)
    made = 0
    with cold.reading() as connection:
        scores: dict[str, float] | None = None
        for catalog in catalogs.everything(connection):
            sources = wanted.get(catalog.catalog, {}) | {name: Source(name) for name in SHARED}
            mark = _fingerprint(catalog, sources, now)
            if hot_catalogs.fingerprint(hot, catalog.catalog) == mark:
                continue
            if scores is None:
                scores = popularity.scores(connection, now=now)
            lists = _lists(connection, catalog.catalog, sources, scores, now)
            hot_catalogs.put_lists(hot, catalog.catalog, lists, fingerprint=mark)
            made += 1
    return made


def lists_for(
    cold: Cold, selectors: Sequence[Selector], *, now: datetime
) -> dict[tuple[str, str], list[str]]:
    """The lists that some selectors take from, as they would be made now. Raises Unavailable."""
    found: dict[tuple[str, str], list[str]] = {}
    with cold.reading() as connection:
        scores = popularity.scores(connection, now=now) if selectors else {}
        for catalog, sources in sources_of(selectors).items():
            made = _lists(connection, catalog, sources, scores, now)
            found |= {(catalog, name): ids for name, ids in made.items()}
    return found


def sources_of(selectors: Iterable[Selector]) -> dict[str, dict[str, Source]]:
    """The shared lists of selectors, by catalogue and name."""
    found: dict[str, dict[str, Source]] = {}
    for selector in selectors:
        found.setdefault(selector.catalog, {}).update(selector.shelves)
    return found


def _lists(
    connection: Connection, catalog: str, sources: Sources, scores: Mapping[str, float], now: datetime
) -> dict[str, list[str]]:
    lists = Lists(sources, now)
    lists.look_at(_ranked(connection, catalog, scores))
    return lists.made()


def _ranked(connection: Connection, catalog: str, scores: Mapping[str, float]) -> Iterator[Ranked]:
    for found in catalogs.all_items(connection, catalog):
        for item in found:
            yield Ranked(shown(item), item.added_at, scores.get(item.item_id, 0.0))


def _fingerprint(catalog: Catalog, sources: Sources, now: datetime) -> str:
    """Of all that the lists depend on."""
    period = int(now.timestamp()) // ANEW_EVERY_S
    text = f"{catalog.edition} {period} {sorted(sources)}"
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
