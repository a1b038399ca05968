"""Events that waited in the spool go to their streams once Redis is back."""

from collections.abc import Sequence
from dataclasses import replace

from app.domain import votes
from app.domain.events import Event
from app.domain.state import SYSTEM, read_tracking
from app.flows.unsubscribing import carry_out
from app.flows.visiting import UNREAD, allowed
from app.stores.hot import customers, streams
from app.stores.hot.codec import Undecodable, decode_event, encode
from app.stores.hot.server import HotStore
from app.stores.hot.spool import Drained, Spool

Pair = tuple[str | None, bytes]


def drain(spool: Spool, hot: HotStore) -> Drained:
    """Hand every waiting event over. Raises Unavailable; what was not handed over stays."""
    return spool.drain(lambda pairs: streams.append_encoded(hot, _honoured(hot, pairs)))


def _honoured(hot: HotStore, pairs: Sequence[Pair]) -> list[Pair]:
    """Carry out the wishes among the events, and apply the tracking levels that could not be read."""
    decoded = [(pair, _decoded(pair[1])) for pair in pairs]
    # A wish that is carried out has its event in the stream with it; one carried out before has none.
    known = [(pair, event) for pair, event in decoded if event is None or not carry_out(hot, event)]
    waiting = [event for _, event in known if event is not None and event.details.get(UNREAD)]
    owners = sorted({event.customer_id for event in waiting if event.customer_id})
    fields = customers.read_fields(hot, owners, [SYSTEM])
    levels = {owner: read_tracking(raw[0]) for owner, raw in zip(owners, fields, strict=True)}
    honoured: list[Pair] = []
    for pair, event in known:
        if event is None or not event.details.get(UNREAD):
            honoured.append(pair)
            continue
        plain = replace(event, details=votes.kept(event.details))
        kept = allowed(plain, levels[event.customer_id]) if event.customer_id else plain
        if kept is not None:
            honoured.append((kept.customer_id, encode(kept)))
    return honoured


def _decoded(data: bytes) -> Event | None:
    # What cannot be read goes to the stream as it is: the recorder sets it aside with its reason.
    try:
        return decode_event(data)
    except Undecodable:
        return None
