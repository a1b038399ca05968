"""The click: to where the last shown picture promised, and the fact that it was clicked."""

from dataclasses import dataclass

from app.domain.blocks import Block
from app.domain.choice import Choice, Why, unpack
from app.domain.events import EventType
from app.domain.link_hosts import host_fault
from app.domain.opener import Opener, OpenerClass, judge
from app.domain.tokens import BadToken, Kind
from app.flows.capping import counting_click
from app.flows.driving import Flow
from app.flows.opens import choosing_for, standing_for
from app.flows.visiting import (
    Ask,
    Front,
    Visit,
    block_of,
    fact,
    following,
    identify,
    loading,
    noting,
    recording,
    refreshing,
)
from app.stores.hot.exchanges import Loaded, Record


@dataclass(frozen=True, slots=True)
class Sent:
    """Where to send the reader; None when the link leads nowhere, and in one word why."""

    url: str | None
    why: str


@dataclass(frozen=True, slots=True)
class _Target:
    url: str | None
    why: str
    variant: str | None = None


def click(ask: Ask, front: Front) -> Flow[Sent]:
    """Answer one fetch of one link: a block's, or one of the message's own."""
    try:
        visit = identify(ask, front.keyring, Kind.BLOCK_LINK, Kind.LINK)
    except BadToken:
        return Sent(None, "forged_token")
    opener = judge("click", ask.client)
    if visit.kind is Kind.LINK:
        return (yield from _click_link(ask, front, visit.seen_by(None), opener))
    block = yield from block_of(visit, front)
    if block is None:
        return Sent(None, "unknown_block")
    return (yield from _click_block(ask, front, visit.seen_by(block), block, opener))


def _click_link(ask: Ask, front: Front, visit: Visit, opener: Opener) -> Flow[Sent]:
    url = front.snapshot.link(visit.message_id, visit.subject)
    if url is None:
        yield from refreshing(front)
        url = front.snapshot.link(visit.message_id, visit.subject)
    if url is None or host_fault(url, front.gallery.link_hosts):
        return Sent(None, "no_target")
    if opener.opener_class is not OpenerClass.PROBE:
        yield from noting(EventType.CLICK, ask, visit, opener, "message_link", url)
    return Sent(url, "message_link")


def _click_block(ask: Ask, front: Front, visit: Visit, block: Block, opener: Opener) -> Flow[Sent]:
    if opener.opener_class is not OpenerClass.PROBE:
        followed = yield from following(ask, visit, block, opener)
        shown = unpack(followed) if followed else None
        if shown is not None and block.caps and opener.is_person and visit.customer_id is not None:
            yield from counting_click(
                block, shown.variant, visit.customer_id, visit.message_id, front.world.zone, ask.now
            )
        if shown is not None:
            return Sent(_still_allowed(front, block, shown.link), "as_shown")
    loaded = yield from loading(visit, block, front, ask.now)
    target = yield from _block_target(ask, front, visit, block, loaded, opener)
    if target.url is None:
        return Sent(None, "no_target")
    if opener.opener_class is not OpenerClass.PROBE:
        event = fact(
            EventType.CLICK,
            ask,
            visit,
            opener,
            loaded,
            block_id=block.block_id,
            variant=target.variant,
            why=target.why,
            url=target.url,
            ballot=None if block.is_recalled else block.vote,
        )
        yield from recording(Record(event, visit.customer_id))
    return Sent(target.url, target.why)


def _block_target(
    ask: Ask, front: Front, visit: Visit, block: Block, loaded: Loaded | None, opener: Opener
) -> Flow[_Target]:
    shown = unpack(loaded.choice) if loaded and loaded.choice else None
    is_of_touch = block.sticky.per != "customer"
    if shown is not None and shown.link is not None and is_of_touch and not block.is_recalled:
        return _Target(_still_allowed(front, block, shown.link), "as_shown", shown.variant)
    # The picture was never fetched (images off): go where it would have led now.
    standing = standing_for(ask, front, visit, block, loaded)
    choice, context = yield from choosing_for(
        ask, front, visit, block, loaded, opener, pinned=shown, standing=standing
    )
    return _Target(front.gallery.link(block, choice, context), choice.why.value, choice.variant.id)


def _still_allowed(front: Front, block: Block, link: str | None) -> str | None:
    """The link a picture promised; the fallback's where LINK_HOSTS has lost its host since."""
    if link is None or not host_fault(link, front.gallery.link_hosts):
        return link
    return front.gallery.link(block, Choice(block.fallback, Why.NO_RULE_HELD), {})
