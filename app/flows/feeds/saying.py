"""What is said of a feed: saved, read, confirmed, asked for at once, removed."""

from datetime import datetime
from typing import Any

from app.domain.catalogs.feeds import compile_feed
from app.domain.problems import Conflict, NotFound
from app.stores.cold import catalogs, feeds
from app.stores.cold.engine import Cold, Connection
from app.stores.cold.feeds import StoredFeed
from app.stores.hot import jobs
from app.stores.hot.server import HotStore

JOB = "feeds"


def save(cold: Cold, hot: HotStore, catalog: str, document: dict[str, Any], *, now: datetime) -> StoredFeed:
    """Keep what is said of a catalogue's feed, making the catalogue; it is looked at within seconds.

    Raises Invalid, Unavailable.
    """
    compile_feed(document)
    with cold.writing() as connection:
        if catalogs.fetch(connection, catalog) is None:
            catalogs.advance(connection, catalog, now=now)
        feeds.save(connection, catalog, document, now=now)
    jobs.ask(hot, JOB)
    return fetch(cold, catalog)


def fetch(cold: Cold, catalog: str) -> StoredFeed:
    """A catalogue's feed. Raises NotFound, Unavailable."""
    with cold.reading() as connection:
        return _fetch(connection, catalog)


def look_now(cold: Cold, hot: HotStore, catalog: str, *, now: datetime) -> StoredFeed:
    """Have the feed looked at within seconds. Raises NotFound, Unavailable."""
    with cold.writing() as connection:
        feed = _fetch(connection, catalog)
        feeds.note(connection, feed, feed.state, next_at=now)
    jobs.ask(hot, JOB)
    return feed


def confirm(cold: Cold, hot: HotStore, catalog: str, *, now: datetime) -> StoredFeed:
    """Let a feed shrink that was held back. Raises NotFound, Conflict where none is, Unavailable."""
    with cold.writing() as connection:
        feed = _fetch(connection, catalog)
        if feed.state.get("status") != "held":
            raise Conflict("This feed is not held back: there is nothing to confirm.")
        feeds.note(connection, feed, {**feed.state, "is_shrinking_allowed": True}, next_at=now)
    jobs.ask(hot, JOB)
    return fetch(cold, catalog)


def remove(cold: Cold, catalog: str) -> None:
    """Forget a feed; its items stay as they are. Raises NotFound, Unavailable."""
    with cold.writing() as connection:
        if not feeds.drop(connection, catalog):
            raise NotFound(f"The catalogue {catalog} has no feed.")


def _fetch(connection: Connection, catalog: str) -> StoredFeed:
    found = feeds.fetch(connection, catalog)
    if found is None:
        raise NotFound(f"The catalogue {catalog} has no feed.")
    return found
