"""Redis gets from SQL what it lost or never got: what is published, states, engagement, touches."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.events import EventType
from app.flows import catalogs, ledgers, publications
from app.flows.feedback import feed_back
from app.flows.publications import Publication
from app.stores.absence import Unavailable
from app.stores.cold import (
    assets,
    attributes,
    blocks,
    customers,
    events,
    learnt_weights,
    messages,
    policies,
    segments,
    votes,
)
from app.stores.cold.engine import Cold, Connection
from app.stores.hot import restoring
from app.stores.hot import votes as hot_votes
from app.stores.hot.codec import encode
from app.stores.hot.keys import HISTORY_TTL_S
from app.stores.hot.published import held, publish
from app.stores.hot.server import HotStore

PAGE = 1_000
ROUNDS_MAX = 5


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How much came back."""

    documents: int = 0
    customers: int = 0
    engagements: int = 0
    touches: int = 0


def rebuild(hot: HotStore, cold: Cold, *, now: datetime) -> Rebuilt:
    """Bring everything back. What the hot store still has of customers stays. Raises Unavailable.

    May run beside everything else, and again after it broke off.
    """
    restoring.begin(hot)
    documents = catch_up(hot, cold)
    catalogs.bring_along(cold, hot)
    restored = engagements = 0
    with cold.reading() as connection:
        for found in customers.everyone(connection, at_once=PAGE):
            restored += restoring.restore_customers(hot, [(one.customer_id, one.state) for one in found])
        engagements = _restore_engagement(hot, connection, now)
        touches = ledgers.restore(hot, connection, now=now)
        for voted in votes.everyone(connection, since=now - timedelta(seconds=HISTORY_TTL_S)):
            hot_votes.note(hot, voted)
    if not restoring.end(hot, now=now):
        raise Unavailable("Redis lost its data again while they were brought back")
    return Rebuilt(documents, restored, engagements, touches)


def catch_up(hot: HotStore, cold: Cold) -> int:
    """Publish what SQL has and Redis has not, or differently; answers how much. Raises Unavailable.

    Sums of votes are told again too: a recorder may have died after SQL had them.

    Redis may go away between the two writes of a publishing. Nothing is withdrawn here: what is
    published a moment after our look at SQL would look like too much.
    """
    changed = 0
    for _ in range(ROUNDS_MAX):
        # Somebody may publish a newer version between our reading and our writing and must not be
        # undone: so we look again until Redis has what SQL says.
        with cold.reading() as connection:
            found = sum(_publish_difference(hot, one) for one in _publications(connection))
        changed += found
        if not found:
            break
    with cold.reading() as connection:
        hot_votes.tell(hot, votes.tallies(connection))
    return changed


def _publish_difference(hot: HotStore, publication: Publication) -> bool:
    name, document = publication
    is_different = held(hot, name) != encode(document)
    if is_different:
        publish(hot, name, document)
    return is_different


def _publications(connection: Connection) -> Iterator[Publication]:
    for asset in assets.everything(connection):
        yield publications.of_asset(asset)
    # What blocks name comes before them.
    for segment in segments.published(connection):
        yield publications.of_segment(segment.id, segment.version, segment.document)
    for one in attributes.everything(connection, source=attributes.DECLARED):
        yield publications.of_attribute(one.path, one.document)
    for block in blocks.published(connection):
        yield publications.of_block(block.id, block.version, block.document, is_recalled=block.is_recalled)
    for weighing in learnt_weights.everything(connection):
        yield publications.of_weights(weighing)
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
