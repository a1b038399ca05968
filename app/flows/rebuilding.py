"""A hot store that lost its data gets it back from SQL: what is published, states, engagement."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.events import EventType
from app.flows import publications
from app.flows.feedback import feed_back
from app.flows.publications import Publication
from app.stores.absence import Unavailable
from app.stores.cold import assets, blocks, customers, events, messages, policies
from app.stores.cold.engine import Cold, Connection
from app.stores.hot import restoring
from app.stores.hot.codec import encode
from app.stores.hot.keys import HISTORY_TTL_S
from app.stores.hot.published import publish
from app.stores.hot.server import HotStore

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How much came back."""

    documents: int = 0
    customers: int = 0
    engagements: int = 0


def rebuild(hot: HotStore, cold: Cold, *, now: datetime) -> Rebuilt:
    """Bring everything back. What the hot store still has of customers stays. Raises Unavailable.

    May run beside everything else, and again after it broke off.
    """
    restoring.begin(hot)
    documents = _publish_all(hot, cold)
    restored = engagements = 0
    with cold.reading() as connection:
        for found in customers.everyone(connection, at_once=PAGE):
            restored += restoring.restore_customers(hot, [(one.customer_id, one.state) for one in found])
        engagements = _restore_engagement(hot, connection, now)
    if not restoring.end(hot, now=now):
        raise Unavailable("Redis lost its data again while they were brought back")
    return Rebuilt(documents, restored, engagements)


def _publish_all(hot: HotStore, cold: Cold) -> int:
    published: dict[str, bytes] = {}
    is_changing = True
    while is_changing:
        # Somebody may publish a newer version between our reading and our writing, and must not be
        # undone: so we look again until SQL says what we wrote.
        is_changing = False
        with cold.reading() as connection:
            for name, document in _publications(connection):
                digest = hashlib.sha256(encode(document)).digest()
                if published.get(name) != digest:
                    publish(hot, name, document)
                    published[name] = digest
                    is_changing = True
    return len(published)


def _publications(connection: Connection) -> Iterator[Publication]:
    for asset in assets.everything(connection):
        yield publications.of_asset(asset)
    for block in blocks.published(connection):
        yield publications.of_block(block.id, block.version, block.document, is_recalled=block.is_recalled)
    for policy in policies.published(connection):
        yield publications.of_policy(policy.id, policy.version, policy.document)
    for message in messages.everything(connection):
        yield publications.of_message(message.message_id, message.document)
        links = messages.links(connection, message.message_id)
        if links:
            yield publications.of_links(message.message_id, links)


def _restore_engagement(hot: HotStore, connection: Connection, now: datetime) -> int:
    since = now - timedelta(seconds=HISTORY_TTL_S)
    wanted = (EventType.OPEN, EventType.CLICK)
    after = count = 0
    while found := events.page(connection, after=after, limit=PAGE, types=wanted, since=since):
        count += feed_back(hot, [one.event for one in found], now=now)
        after = found[-1].seq
    return count
