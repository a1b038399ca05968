"""An experiment in events: who was shown which arm, by whom, who clicked and who bought."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.events import Event, EventType
from app.domain.opener import Opener, OpenerClass
from app.stores.cold import blocks, events
from app.stores.cold.engine import Cold
from tests import make

HUMAN, PROXY, AHEAD = OpenerClass.HUMAN, OpenerClass.PROXY, OpenerClass.MACHINE_PREFETCH
SCANNER, PROBE = OpenerClass.SECURITY_SCANNER, OpenerClass.PROBE


def shown(
    arm: str, customer_id: str | None, by: OpenerClass = HUMAN, *, minute: float = 0, touch_id: str = "t-1"
) -> Event:
    """An impression of an arm of `hero:test`."""
    return _fact(EventType.IMPRESSION, arm, customer_id, by, minute, touch_id)


def clicked(
    arm: str, customer_id: str, by: OpenerClass = HUMAN, *, minute: float = 1, touch_id: str = "t-1"
) -> Event:
    """A click on an arm of `hero:test`."""
    return _fact(EventType.CLICK, arm, customer_id, by, minute, touch_id)


def did(customer_id: str, what: str = "purchased", *, minute: float = 2, **details: Any) -> Event:
    """An activity, told by the platform."""
    at = _at(minute)
    told = {"activity_id": "x", "type": what, **details}
    return make.event(EventType.ACTIVITY, customer_id=customer_id, at=at, received_at=at, details=told)


def mailing(arm: str, *, seen: int, clicks: int, prefix: str = "c", variant: str = "test") -> list[Event]:
    """Customers who saw an arm, the first ones of whom clicked."""
    who = [f"{prefix}-{arm}-{number}" for number in range(seen)]
    facts = [shown(arm, one) for one in who] + [clicked(arm, one) for one in who[:clicks]]
    return [replace(one, variant=f"{variant}/{arm}") for one in facts]


def block(*arms: str, **fields: Any) -> dict[str, Any]:
    """A block with one split, `test`."""
    split = [
        {"id": arm, "creative": make.creative(arm), "link": f"https://shop.example/{arm}"} for arm in arms
    ]
    return make.block(sticky={"per": "touch"}, variants=[{"id": "test", "split": split, **fields}])


def keep(cold: Cold, facts: Iterable[Event]) -> None:
    """Record events as a recorder does."""
    with cold.writing() as connection:
        events.insert_once(connection, [events.row_of(one) for one in facts])


def publish(cold: Cold, document: dict[str, Any], *, at: datetime, block_id: str = "hero") -> None:
    """Make a document the next version of a block, in SQL."""
    with cold.writing() as connection:
        blocks.save_draft(connection, block_id, document, now=at)
        blocks.publish(connection, block_id, now=at)


def _fact(
    event_type: EventType, arm: str, customer_id: str | None, by: OpenerClass, minute: float, touch_id: str
) -> Event:
    return make.event(
        event_type,
        at=_at(minute),
        received_at=_at(minute),
        customer_id=customer_id,
        touch_id=touch_id,
        message_id="spring",
        block_id="hero",
        variant=f"test/{arm}",
        opener=Opener(by, "certain", "told"),
    )


def _at(minute: float) -> datetime:
    return make.NOW + timedelta(minutes=minute)
