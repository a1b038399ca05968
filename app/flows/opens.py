"""The open: from the token in an image's URL to the picture, and the fact that it was shown.

verify   the token, or the block's token and the platform's merge fields
load     state, history and the earlier choice, in one round trip
judge    who asks
choose   the first variant whose rule holds, or the fallback
render   from the customer's state of this moment
record   pin the choice and append the event, in one round trip
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.blocks import Block
from app.domain.choice import Choice, StoredChoice, Why, choose, pack, pinning, unpack
from app.domain.events import EventType
from app.domain.evidence import CHOSEN, evidence
from app.domain.opener import Opener, OpenerClass, judge
from app.domain.state import Tracking
from app.domain.tokens import BadToken, Kind
from app.flows.capping import Standing, recording_view, standing_of, viewing_of
from app.flows.contexts import context_of, opened_at, recipient_of
from app.flows.driving import Flow
from app.flows.selecting import selecting, shown_ids
from app.flows.visiting import (
    Ask,
    Front,
    Visit,
    block_of,
    fact,
    identify,
    is_kept_of,
    loading,
    noting,
    recording,
    tracking_of,
)
from app.stores.hot.exchanges import Loaded, Record, Recorded
from renderers import PIXEL, Image, blank


@dataclass(frozen=True, slots=True)
class Shown:
    """The picture to answer with, and in one word why it is this one."""

    image: Image
    why: str


@dataclass(frozen=True, slots=True)
class _Showing:
    """What is shown, where a click on it leads, and the choice that stays where a block is sticky."""

    shown: Shown
    choice: Choice
    link: str | None
    staying: Choice
    why: str
    at: datetime
    items: tuple[str, ...] = ()
    context: Mapping[str, object] = field(default_factory=dict)
    barred: frozenset[str] = frozenset()


def nothing(why: str) -> Shown:
    """The picture of no block: one transparent pixel."""
    return Shown(blank(), why)


def open_image(ask: Ask, front: Front) -> Flow[Shown]:
    """Answer one fetch of one block's image. Never fails: every refusal has its picture."""
    try:
        visit = identify(ask, front.keyring, Kind.IMAGE)
    except BadToken:
        return nothing("forged_token")
    block = yield from block_of(visit, front)
    if block is None:
        return nothing("unknown_block")

    visit = visit.seen_by(block)
    loaded = yield from loading(
        visit, block, front, ask.now, is_choice_read=block.sticky.is_kept or block.needs.is_choice_read
    )
    opener = judge("image", ask.client)
    pinned = unpack(loaded.choice) if loaded is not None and loaded.choice else None
    standing, is_settled = standing_for(ask, front, visit, block, loaded), False
    while True:
        showing = yield from _show(ask, front, visit, block, loaded, opener, pinned=pinned, standing=standing)
        if opener.opener_class is OpenerClass.PROBE:
            return showing.shown
        told = _told(ask, visit, block, loaded, opener, showing, is_settled=is_settled)
        recorded = yield from _recording(told, ask, front, visit, block, loaded, opener, showing, standing)
        if recorded.is_capped:
            # The last views of a cap raced and others took them: show what comes after.
            standing = standing.without(showing.choice.variant)
        elif recorded.standing is not None:
            # Two first opens of a sticky block raced and the other was pinned: show that one.
            pinned, is_settled = unpack(recorded.standing), True
        else:
            return showing.shown


def open_pixel(ask: Ask, front: Front) -> Flow[Shown]:
    """Answer one fetch of a message's pixel: an impression of the touch, of no block."""
    try:
        visit = identify(ask, front.keyring, Kind.PIXEL).seen_by(None)
    except BadToken:
        return Shown(PIXEL, "forged_token")
    opener = judge("image", ask.client)
    if opener.opener_class is OpenerClass.PROBE:
        return Shown(PIXEL, "probe")
    yield from noting(EventType.IMPRESSION, ask, visit, opener, "pixel")
    return Shown(PIXEL, "pixel")


def open_fallback(ask: Ask, front: Front) -> Shown:
    """What goes out when a bug kept the open from its end: the block's fallback, or a blank."""
    try:
        visit = identify(ask, front.keyring, Kind.IMAGE)
    except BadToken:
        return nothing("forged_token")
    block = front.snapshot.block(visit.subject)
    if block is None:
        return nothing("unknown_block")
    _, image = front.gallery.draw(block, Choice(block.fallback, Why.CANNOT_RENDER), {}, ask.now)
    return Shown(image, "failed")


def standing_for(ask: Ask, front: Front, visit: Visit, block: Block, loaded: Loaded | None) -> Standing:
    """Where the block's caps stand for a visit; nowhere, where it has none."""
    if not block.caps or loaded is None or visit.customer_id is None or visit.touch_id is None:
        return Standing()
    return standing_of(
        block,
        loaded,
        front.world.zone,
        is_kept=is_kept_of(loaded),
        now=ask.now,
    )


def choosing_for(
    ask: Ask,
    front: Front,
    visit: Visit,
    block: Block,
    loaded: Loaded | None,
    opener: Opener,
    *,
    pinned: StoredChoice | None,
    standing: Standing,
) -> Flow[tuple[Choice, dict[str, object]]]:
    """The choice for a visit, and the context it was made in (empty where nothing personal may be read)."""
    if loaded is None:
        return Choice(block.fallback, Why.STATE_UNAVAILABLE), {}
    if visit.customer_id is None or loaded.state[0] is None:
        return Choice(block.fallback, Why.UNKNOWN_CUSTOMER), {}
    if visit.touch_id is None:
        return Choice(block.fallback, Why.UNKNOWN_TOUCH), {}
    context = yield from context_of(ask, visit, block, loaded, opener, front)
    whom = recipient_of(visit, block, loaded, front, standing)
    choice = choose(block, context, now=ask.now, pinned=pinned, is_proven=visit.is_proven, whom=whom)
    if choice.variant.items is None:
        return choice, context
    return (yield from selecting(block, choice, context, loaded, now=ask.now))


def _show(
    ask: Ask,
    front: Front,
    visit: Visit,
    block: Block,
    loaded: Loaded | None,
    opener: Opener,
    *,
    pinned: StoredChoice | None,
    standing: Standing,
) -> Flow[_Showing]:
    chosen, context = yield from choosing_for(
        ask, front, visit, block, loaded, opener, pinned=pinned, standing=standing
    )
    choice, image = front.gallery.draw(block, chosen, context, ask.now)
    link = front.gallery.link(block, choice, context)
    # A fallback for want of time is not what the touch is to see from then on.
    is_late = choice.why is Why.RENDER_BUDGET and block.sticky.is_kept
    staying = chosen if is_late else choice
    why, at = pinning(staying, pinned, ask.now)
    items = shown_ids(context) if choice.variant.items is not None else ()
    return _Showing(
        Shown(image, choice.why.value), choice, link, staying, why, at, items, context, standing.barred
    )


def _recording(
    told: Record,
    ask: Ask,
    front: Front,
    visit: Visit,
    block: Block,
    loaded: Loaded | None,
    opener: Opener,
    showing: _Showing,
    standing: Standing,
) -> Flow[Recorded]:
    caps = showing.choice.variant.caps
    if not caps or not opener.is_person or loaded is None or visit.customer_id is None:
        return (yield from recording(told))
    whom = (visit.customer_id, visit.message_id)
    viewing = viewing_of(block, caps, loaded, front.world.zone, whom, ask.now)
    root = showing.choice.variant.id.partition("/")[0]
    is_counted = block.sticky.is_kept and standing.counted == root
    return (yield from recording_view(replace(told, view=viewing.view()), viewing, is_counted=is_counted))


def _told(
    ask: Ask,
    visit: Visit,
    block: Block,
    loaded: Loaded | None,
    opener: Opener,
    showing: _Showing,
    *,
    is_settled: bool = False,
) -> Record:
    choice = showing.choice
    event = fact(
        EventType.IMPRESSION,
        ask,
        visit,
        opener,
        loaded,
        block_id=block.block_id,
        variant=choice.variant.id,
        why=choice.why.value,
        reasons=_reasons(visit, block, loaded, showing),
    )
    is_kept = loaded is not None and is_kept_of(loaded)
    stored = (
        StoredChoice(
            block.version, showing.staying.variant.id, showing.why, showing.at, showing.link, showing.items
        )
        if is_kept
        else None
    )
    return Record(
        event,
        visit.customer_id,
        visit.touch_id,
        block.block_id,
        choice=pack(stored) if stored else None,
        is_first_kept=block.sticky.is_kept and not is_settled,
        seen=loaded.choice if loaded is not None else None,
        is_by_customer=block.sticky.per == "customer",
        at=ask.now,
        opened_at=_opening(ask, block, loaded, opener),
    )


def _reasons(visit: Visit, block: Block, loaded: Loaded | None, showing: _Showing) -> dict[str, object]:
    """What the event keeps of the choice: what it was made from, and the items shown."""
    if visit.customer_id is None:
        return {}
    reasons: dict[str, object] = {"item_ids": list(showing.items)} if showing.items else {}
    if showing.context and loaded is not None:
        reasons[CHOSEN] = evidence(
            block,
            showing.context,
            is_everything_kept=tracking_of(loaded) is Tracking.FULL,
            is_proven=visit.is_proven,
            barred=showing.barred,
        )
    return reasons


def _opening(ask: Ask, block: Block, loaded: Loaded | None, opener: Opener) -> datetime | None:
    """What stands as the first open by a person from now on; machines start nothing."""
    is_starting = block.needs.is_opening_read and opener.is_person
    return opened_at(loaded, ask.now) if loaded is not None and is_starting else None
