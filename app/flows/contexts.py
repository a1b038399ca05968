"""What rules and templates may read at one open: what is stored of the customer, and what is around."""

from datetime import UTC, datetime

from app.domain.blocks import Block
from app.domain.choice import Recipient
from app.domain.context import build
from app.domain.opener import Opener
from app.domain.surroundings.days import zone_of
from app.flows.capping import Standing
from app.flows.driving import Flow
from app.flows.surroundings import surrounding
from app.flows.visiting import Ask, Front, Visit
from app.stores.hot.exchanges import Loaded


def context_of(
    ask: Ask, visit: Visit, block: Block, loaded: Loaded, opener: Opener, front: Front
) -> Flow[dict[str, object]]:
    """What rules and templates may read, as it is at this moment."""
    now = ask.now
    around = yield from surrounding(
        block,
        loaded,
        ask.client,
        opener,
        front.world,
        touch_id=visit.touch_id,
        calendar=front.snapshot.calendar() if block.needs.is_holiday_read else {},
    )
    message = front.snapshot.message(visit.message_id) or {}
    touch: dict[str, object] = {"id": visit.touch_id, "sent_at": visit.sent_at, "age": visit.age_s(now)}
    if block.needs.is_opening_read:
        touch["opened_at"] = opened_at(loaded, now)
    return build(
        block.needs,
        loaded.state[1 : 1 + len(block.needs.state)],
        loaded.history[: len(block.needs.history)],
        customer_id=visit.customer_id or "",
        message={"id": visit.message_id, **message},
        touch=touch,
        opener=opener.opener_class.value,
        now=now,
        votes=loaded.votes,
        around=around,
    )


def recipient_of(visit: Visit, block: Block, loaded: Loaded, front: Front, standing: Standing) -> Recipient:
    """For whom is chosen; the customer's zone is found out where the block has hours by it."""
    zone = zone_of(loaded.state[0], front.world.zone) if block.has_hours else UTC
    return Recipient(
        visit.customer_id or "",
        visit.touch_id,
        zone,
        front.snapshot.learnt,
        standing.barred,
        standing.counted if standing.is_staying else "",
        front.holdout,
    )


def opened_at(loaded: Loaded, now: datetime) -> datetime:
    """When a person first opened the touch; this moment until one has."""
    return loaded.opened_at or now
