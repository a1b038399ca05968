"""Messages: what was mailed, and the numbered links that were wrapped in it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from app.stores.cold.drafts import Document, StaleEdition
from app.stores.cold.tables import links as links_table
from app.stores.cold.tables import messages
from app.stores.cold.upserts import insert, run


@dataclass(frozen=True, slots=True)
class Message:
    """One mailing, SMS or push: name, channel, category and so on are in its document."""

    message_id: str
    document: dict[str, Any]
    edition: int
    created_at: datetime
    updated_at: datetime


def save(
    connection: Connection, message_id: str, document: Document, *, now: datetime, expected: int | None = None
) -> int:
    """Write a message and answer its edition. `expected` None writes in any case, 0 only a new one.

    Raises drafts.StaleEdition and writes nothing when the message is at another edition.
    """
    held = connection.scalar(_locked(message_id)) or 0
    if expected is not None and expected != held:
        raise StaleEdition(held)
    values = {"document": document, "edition": held + 1, "updated_at": now}
    if held:
        connection.execute(messages.update().where(messages.c.message_id == message_id).values(values))
        return held + 1
    new = values | {"message_id": message_id, "created_at": now}
    if run(connection, insert(connection, messages).values(new).on_conflict_do_nothing()) == 0:
        raise StaleEdition(1)  # somebody else made it in this moment
    return 1


def fetch(connection: Connection, message_id: str) -> Message | None:
    """One message, or None."""
    row = connection.execute(select(messages).where(messages.c.message_id == message_id)).first()
    return Message(*row) if row else None


def page(connection: Connection, *, after: str = "", limit: int = 100) -> list[Message]:
    """Messages by id, those after one."""
    wanted = (
        select(messages).where(messages.c.message_id > after).order_by(messages.c.message_id).limit(limit)
    )
    return [Message(*row) for row in connection.execute(wanted)]


def everything(connection: Connection) -> Iterator[Message]:
    """All messages, by id."""
    return (Message(*row) for row in connection.execute(select(messages).order_by(messages.c.message_id)))


def number_links(
    connection: Connection, message_id: str, urls: Sequence[str], *, now: datetime
) -> dict[str, int]:
    """The number of each URL in a message that is saved; a URL keeps its number when wrapped again.

    Numbers start at 1, follow the order in which URLs first came, and are never given to another.
    """
    # Two who wrap the same message at once must not give one number twice.
    connection.execute(_locked(message_id))
    held = {url: number for number, url in links(connection, message_id).items()}
    first = max(held.values(), default=0) + 1
    new_urls = [url for url in dict.fromkeys(urls) if url not in held]
    fresh = {url: number for number, url in enumerate(new_urls, first)}
    if fresh:
        rows = [
            {
                "message_id": message_id,
                "number": number,
                "url": url,
                "url_digest": hashlib.sha256(url.encode()).hexdigest(),
                "created_at": now,
            }
            for url, number in fresh.items()
        ]
        connection.execute(links_table.insert(), rows)
    numbers = held | fresh
    return {url: numbers[url] for url in urls}


def links(connection: Connection, message_id: str) -> dict[int, str]:
    """The wrapped links of a message by number."""
    wanted = (
        select(links_table.c.number, links_table.c.url)
        .where(links_table.c.message_id == message_id)
        .order_by(links_table.c.number)
    )
    return {row.number: row.url for row in connection.execute(wanted)}


def _locked(message_id: str) -> Select[int]:
    return select(messages.c.edition).where(messages.c.message_id == message_id).with_for_update()
