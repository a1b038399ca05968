"""Messages are saved: what was mailed, under which channel, category and class."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.problems import NotFound
from app.flows import publications
from app.flows.publishing import let_out, require_hot
from app.stores.cold import messages
from app.stores.cold.engine import Cold
from app.stores.cold.messages import Message
from app.stores.hot.published import Snapshot
from app.stores.hot.server import HotStore


def save(
    cold: Cold,
    hot: HotStore,
    message_id: str,
    document: Mapping[str, Any],
    *,
    now: datetime,
    expected: int | None,
) -> int:
    """Keep a message and let every process know it; answers its edition.

    Raises Conflict when stale, Unavailable.
    """
    require_hot(hot)
    with cold.writing() as connection:
        edition = messages.save(connection, message_id, document, now=now, expected=expected)
    let_out(hot, publications.of_message(message_id, document), "The message")
    return edition


def fetch(cold: Cold, message_id: str) -> Message:
    """One message. Raises NotFound, Unavailable."""
    with cold.reading() as connection:
        message = messages.fetch(connection, message_id)
    if message is None:
        raise NotFound(f"There is no message {message_id}.")
    return message


def page(cold: Cold, *, after: str, limit: int) -> list[Message]:
    """Messages by id. Raises Unavailable."""
    with cold.reading() as connection:
        return messages.page(connection, after=after, limit=limit)


def known(snapshot: Snapshot, message_id: str) -> Mapping[str, Any]:
    """A message as this process knows it, also with SQL away; a newer one is looked for once.

    Raises NotFound, Unavailable.
    """
    held = snapshot.message(message_id)
    if held is None:
        # Saved a moment ago by another process: the snapshot looks once a second by itself.
        snapshot.refresh()
        held = snapshot.message(message_id)
    if held is None:
        raise NotFound(f"There is no message {message_id}: save it with PUT /v1/messages/{message_id}.")
    return held
