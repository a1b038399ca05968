"""A reader unsubscribes: by the button on the page, or by their mail program's one click (RFC 8058)."""

from dataclasses import dataclass, replace
from typing import Literal

from app.domain.events import Event, EventType
from app.domain.state import Suppression
from app.domain.tokens import Kind
from app.flows.visiting import Ask, Front, Visit, identify
from app.stores.absence import Unavailable
from app.stores.hot import customers
from app.stores.hot.codec import encode
from app.stores.hot.server import HotStore
from app.stores.hot.spool import Spool

REASON = "unsubscribed"
SUPPRESS = "suppress"  # in a spooled event's details: what is still to be done when it is drained


@dataclass(frozen=True, slots=True)
class Wish:
    """What one unsubscribes from, and who; `label` says it to them."""

    visit: Visit
    scope: str
    label: str


def read_wish(ask: Ask, front: Front) -> Wish | None:
    """What the address is for; None for one that proves nobody. Raises BadToken."""
    visit = identify(ask, front.keyring, Kind.UNSUBSCRIBE)
    if visit.customer_id is None or not visit.is_proven:
        # Whoever could name a raw id could unsubscribe anybody.
        return None
    message = front.snapshot.message(visit.message_id) or {}
    topic, channel = message.get("topic"), message.get("channel") or "email"
    if topic:
        return Wish(visit, f"topic:{topic}", str(topic))
    return Wish(visit, f"channel:{channel}", _CHANNEL_WORDS.get(str(channel), str(channel)))


def unsubscribe(ask: Ask, wish: Wish, hot: HotStore, spool: Spool) -> Literal["done", "kept"]:
    """Suppress the scope from now on; `kept` when Redis is away and this machine's disk holds the wish.

    Raises Unavailable when neither can take it.
    """
    event = _event(ask, wish)
    standing = Suppression(ask.event_id, wish.scope, REASON, ask.now)
    try:
        customers.change_suppressions(hot, event, add=[standing])
        return "done"
    except Unavailable:
        # Nobody has to unsubscribe twice: the spool keeps the wish, and draining it carries it out.
        # Decisions answer `defer` until Redis is back, so nothing goes out in between.
        spool.append(event.customer_id, encode(replace(event, details={**event.details, SUPPRESS: True})))
        return "kept"


def carry_out(hot: HotStore, event: Event) -> bool:
    """Do what a drained event still asks for; whether it asked for something. Raises Unavailable."""
    if event.type is not EventType.PREFERENCE or not event.details.get(SUPPRESS):
        return False
    scope = str(event.details.get("scope"))
    plain = {name: value for name, value in event.details.items() if name != SUPPRESS}
    standing = Suppression(event.event_id, scope, REASON, event.at)
    customers.change_suppressions(hot, replace(event, details=plain), add=[standing])
    return True


def _event(ask: Ask, wish: Wish) -> Event:
    return Event(
        event_id=ask.event_id,
        type=EventType.PREFERENCE,
        at=ask.now,
        received_at=ask.now,
        customer_id=wish.visit.customer_id,
        touch_id=wish.visit.touch_id,
        message_id=wish.visit.message_id or None,
        why=REASON,
        details={"scope": wish.scope},
    )


_CHANNEL_WORDS = {
    "email": "email",
    "sms": "text messages",
    "push": "push notifications",
    "call": "calls",
    "visit": "visits",
}
