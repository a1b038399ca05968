"""What a wrapped email adds to its message: numbered links and the blocks it holds, in SQL and in Redis."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.domain.problems import Invalid
from app.flows import publications
from app.flows.publishing import let_out, require_hot
from app.stores.cold import messages
from app.stores.cold.engine import Cold
from app.stores.cold.messages import Message
from app.stores.hot.server import HotStore

LINKS_MAX = 5_000
BLOCKS_MAX = 50


def fill_in(
    cold: Cold,
    hot: HotStore,
    message: Message,
    urls: Sequence[str],
    block_ids: Sequence[str],
    *,
    now: datetime,
) -> dict[int, str]:
    """Number the new URLs, note the new blocks, and let every process know; answers the link table.

    A URL keeps its number for ever. Raises Invalid when it gets too much, Unavailable.
    """
    message_id = message.message_id
    table = _table(cold, message_id)
    is_known = set(urls) <= set(table.values())
    if is_known and set(block_ids) <= set(message.document.get("blocks", ())):
        # A message wrapped for customer after customer writes once, and never waits for a writer.
        return table
    _check_links(len({*table.values(), *urls}))
    require_hot(hot)
    document = _write(cold, message_id, urls, block_ids, now)
    table = _let_table_out(cold, hot, message_id)
    if document is not None:
        let_out(hot, publications.of_message(message_id, document), "The message")
    return table


def _write(
    cold: Cold, message_id: str, urls: Sequence[str], block_ids: Sequence[str], now: datetime
) -> Mapping[str, object] | None:
    """The document, if it changed."""
    with cold.writing() as connection:
        messages.number_links(connection, message_id, urls, now=now)
        # Numbering locked the message: nobody changes it between this reading and the saving.
        message = messages.fetch(connection, message_id)
        if message is None:
            return None
        held = message.document.get("blocks", [])
        block_ids = list(dict.fromkeys((*held, *block_ids)))
        if block_ids == held:
            return None
        if len(block_ids) > BLOCKS_MAX:
            raise Invalid.at("/html", f"a message holds at most {BLOCKS_MAX} blocks, in all its versions")
        document = {**message.document, "blocks": block_ids}
        messages.save(connection, message_id, document, now=now)
        return document


def _let_table_out(cold: Cold, hot: HotStore, message_id: str) -> dict[int, str]:
    # Somebody may number more links between our reading and our publishing, and publish before us.
    published: dict[int, str] = {}
    while (table := _table(cold, message_id)) != published:
        let_out(hot, publications.of_links(message_id, table), "The table of links")
        published = table
    return table


def _table(cold: Cold, message_id: str) -> dict[int, str]:
    with cold.reading() as connection:
        return messages.links(connection, message_id)


def _check_links(count: int) -> None:
    if count > LINKS_MAX:
        raise Invalid.at(
            "/html",
            f"a message has at most {LINKS_MAX:,} different links; mark those that differ for every customer "
            'with data-mailtide-link="off"',
        )
