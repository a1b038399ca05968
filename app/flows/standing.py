"""What the hot store holds of a customer, as a decision reads it; and touches as events."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.customers import zone_problem
from app.domain.events import Event, EventType
from app.domain.frequency.ledger import Words
from app.domain.frequency.standing import Standing
from app.domain.frequency.windows import Zones
from app.domain.state import read_mapping, read_suppressions
from app.flows.policies import Terms
from app.stores.hot.ledger import Held
from app.stores.hot.packing import ordered


def standing_of(held: Held, terms: Terms) -> Standing:
    """Zone, suppressions and consent. A customer nobody saved has caps all the same."""
    system = read_mapping(held.system)
    told, channels = system.get("timezone"), system.get("channels")
    own = _zone(told) if isinstance(told, str) else None
    zone = terms.deployment_zone
    return Standing(
        Zones(own or zone, zone, "customer" if own else "deployment"),
        read_suppressions(held.suppressions) if held.suppressions else (),
        channels if isinstance(channels, dict) else {},
    )


def touch_event(
    state: str,
    words: Words,
    *,
    event_id: str,
    customer_id: str,
    touch_id: str,
    at: datetime,
    now: datetime,
    **details: object,
) -> Event:
    """The fact that a touch was reserved, released or sent, with what its message was."""
    told = {"state": state, **words_told(words), **details}
    return Event(
        event_id=event_id,
        type=EventType.TOUCH,
        at=at,
        received_at=now,
        customer_id=customer_id,
        touch_id=touch_id,
        message_id=words.message_id,
        details={name: value for name, value in told.items() if value is not None},
    )


def message_words(message_id: str | None, message: Mapping[str, Any], **instead: Any) -> Words:
    """What rules filter by, of a message as it is now; `instead` holds what was told otherwise."""
    told = {**message, **{name: value for name, value in instead.items() if value is not None}}
    return Words(
        channel=told.get("channel"),
        category=told.get("category"),
        touch_class=told.get("class"),
        tags=ordered(told.get("tags") or ()),
        topic=told.get("topic"),
        campaign=told.get("campaign"),
        message_id=message_id,
    )


def words_told(words: Words) -> Mapping[str, object]:
    """What rules filter by, by the names it has on the wire."""
    told = {
        "channel": words.channel,
        "category": words.category,
        "class": words.touch_class,
        "topic": words.topic,
        "campaign": words.campaign,
        "tags": list(words.tags) or None,
    }
    return {name: value for name, value in told.items() if value is not None}


@lru_cache(maxsize=1_024)
def _zone(name: str) -> ZoneInfo | None:
    return None if zone_problem(name, "") else ZoneInfo(name)
