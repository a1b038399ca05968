"""What an opened image and a clicked link have in common: who, which touch, what may be recorded."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from app.domain.blocks import Block, Holdout
from app.domain.events import Event, EventType
from app.domain.ids import is_id
from app.domain.opener import Client, Opener
from app.domain.state import SYSTEM, Tracking, read_tracking
from app.domain.tokens import BadToken, Keyring, Kind
from app.domain.votes import Ballot, kept, told
from app.flows.capping import count_fields, tallies
from app.flows.driving import Flow, Keep, Refresh
from app.flows.pictures import Gallery
from app.flows.shelves import Shelves
from app.flows.surroundings import World, touch_fields
from app.stores.absence import Unavailable
from app.stores.hot.exchanges import Follow, Followed, Load, Loaded, Note, Record, Recorded
from app.stores.hot.published import Snapshot
from app.stores.hot.spool import SpoolFull

# Set on an event whose customer's tracking level could not be read; honoured when the spool is drained.
UNREAD = "tracking_unread"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request at the edge: the token, who sent it, when, and an id for the event it may become."""

    token: str
    client: Client
    now: datetime
    event_id: str
    customer_key: str = ""
    send_key: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Front:
    """What the open and the click work with, besides the hot store itself."""

    keyring: Keyring
    snapshot: Snapshot
    gallery: Gallery
    shelves: Shelves = field(default_factory=Shelves)
    world: World = field(default_factory=World)
    holdout: Holdout | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """Whom and what a URL names. No customer: unknown, or a key that proves nothing."""

    kind: Kind
    message_id: str
    subject: str
    customer_id: str | None
    touch_id: str | None
    sent_at: datetime | None
    is_proven: bool

    def age_s(self, now: datetime) -> float | None:
        """Seconds since the touch was sent, where the URL tells."""
        return (now - self.sent_at).total_seconds() if self.sent_at else None

    def seen_by(self, block: Block | None) -> "Visit":
        """The same, naming nobody where the id proves nothing and the block is not open to raw ids.

        Whoever knows an id could otherwise open and click as somebody else, and decisions would believe it.
        """
        is_named = self.is_proven or (block is not None and block.allow_unsigned)
        return self if is_named else replace(self, customer_id=None)


def identify(ask: Ask, keyring: Keyring, *kinds: Kind) -> Visit:
    """Read a per-touch URL, or a block's URL with the platform's merge fields. Raises BadToken."""
    ticket = keyring.verify(ask.token, *kinds)
    if ticket.customer_id:
        return Visit(
            ticket.kind,
            ticket.message_id,
            ticket.subject,
            ticket.customer_id,
            ticket.touch_id or None,
            ticket.sent_at,
            is_proven=True,
        )
    customer_id, is_proven = _named_customer(ask.customer_key, keyring)
    touch_id = ask.send_key if is_id(ask.send_key) else None
    return Visit(ticket.kind, ticket.message_id, ticket.subject, customer_id, touch_id, None, is_proven)


def block_of(visit: Visit, front: Front) -> Flow[Block | None]:
    """The block that a URL names. The URL is ours, so one not known here was published a moment ago."""
    block = front.snapshot.block(visit.subject)
    if block is None:
        yield from refreshing(front)
        block = front.snapshot.block(visit.subject)
    return block


def refreshing(front: Front) -> Flow[None]:
    """Look for newer publications; with Redis away those known must do."""
    with suppress(Unavailable):
        yield Refresh(front.snapshot)


def loading(
    visit: Visit, block: Block, front: Front, now: datetime, *, is_choice_read: bool = True
) -> Flow[Loaded | None]:
    """Ask for what the block's rules and templates read, and no more; None when Redis is away."""
    if visit.customer_id is None:
        return Loaded((None,), ())
    asked = Load(
        visit.customer_id,
        state=(SYSTEM, *block.needs.state, *block.item_state),
        history=(
            *block.needs.history,
            *touch_fields(block, visit.touch_id),
            *count_fields(block, visit.touch_id),
        ),
        touch_id=visit.touch_id if is_choice_read else None,
        block_id=block.block_id,
        is_by_customer=block.sticky.per == "customer",
        opening_of=visit.touch_id if block.needs.is_opening_read else None,
        shelves=front.shelves.known(block.selectors) if block.selectors else (),
        polls=block.needs.polls,
        tallies=tallies(block, front.world.zone, now) if block.caps else (),
    )
    try:
        loaded = yield asked
    except Unavailable:
        # The fallback is in the snapshot: a reader sees a picture, a click arrives.
        return None
    assert isinstance(loaded, Loaded)  # noqa: S101 - what the driver answers to a Load
    if loaded.shelves:
        front.shelves.keep(loaded.shelves)
    return loaded


def fact(
    event_type: EventType,
    ask: Ask,
    visit: Visit,
    opener: Opener,
    loaded: Loaded | None,
    *,
    block_id: str | None = None,
    variant: str | None = None,
    why: str | None = None,
    url: str | None = None,
    ballot: Ballot | None = None,
    reasons: Mapping[str, object] = MappingProxyType({}),
) -> Event | None:
    """The event of a request, holding no more than the customer's tracking level allows; None for nothing.

    `reasons` are details that every level may keep which keeps the customer.
    """
    level = tracking_of(loaded) if loaded is not None else None
    vote = told(ballot, ask.answer) if visit.customer_id else {}
    event = Event(
        event_id=ask.event_id,
        type=event_type,
        at=ask.now,
        received_at=ask.now,
        customer_id=visit.customer_id,
        touch_id=visit.touch_id,
        message_id=visit.message_id or None,
        block_id=block_id,
        variant=variant,
        why=why,
        opener=opener,
        url=url,
        details={**_details(ask, level), **vote, **reasons},
    )
    if level is None or level is Tracking.FULL:
        return event
    told_of = allowed(event, level)
    if told_of is None or told_of.customer_id is None or not reasons:
        return told_of
    return replace(told_of, details={**told_of.details, **reasons})


def noting(
    event_type: EventType, ask: Ask, visit: Visit, opener: Opener, why: str, url: str | None = None
) -> Flow[None]:
    """Keep a fact that needs nothing loaded: the tracking level is applied where it lies, in one exchange."""
    nobody = Loaded((None,), ())
    event = fact(event_type, ask, visit, opener, nobody, why=why, url=url)
    assert event is not None  # noqa: S101 - a level of `full` keeps everything
    if event.customer_id is None:
        yield from recording(Record(event))
        return
    try:
        yield Note(*_by_level(event))
    except Unavailable:
        # The answer is ready; the spool keeps its event until Redis is back and the level can be read.
        yield from _keeping(replace(event, details={UNREAD: True}))


def following(ask: Ask, visit: Visit, block: Block, opener: Opener) -> Flow[bytes | None]:
    """Keep a click on what was shown last and answer that choice, in one exchange; None for nothing there."""
    if visit.customer_id is None or visit.touch_id is None or block.is_recalled:
        return None
    nobody = Loaded((None,), ())
    event = fact(
        EventType.CLICK,
        ask,
        visit,
        opener,
        nobody,
        block_id=block.block_id,
        why="as_shown",
        ballot=block.vote,
    )
    assert event is not None  # noqa: S101 - a level of `full` keeps everything
    try:
        followed = yield Follow(*_by_level(event), visit.customer_id, visit.touch_id, block.block_id)
    except Unavailable:
        # The fallback's link is in the snapshot: a click arrives.
        return None
    assert isinstance(followed, Followed)  # noqa: S101 - what the driver answers to a Follow
    return followed.choice


def _by_level(event: Event) -> tuple[Event, Event, Event]:
    """What is kept at `full`, at the levels below, and at `anonymous`."""
    below = replace(event, details=kept(event.details))
    return event, below, replace(below, customer_id=None, touch_id=None, details={})


def _details(ask: Ask, level: Tracking | None) -> Mapping[str, object]:
    if level is None:
        return {UNREAD: True}
    return {"user_agent": ask.client.user_agent, "ip": ask.client.ip} if level is Tracking.FULL else {}


def tracking_of(loaded: Loaded) -> Tracking:
    """The customer's tracking level; a customer nobody told us about has not limited it."""
    return read_tracking(loaded.state[0])


def is_kept_of(loaded: Loaded) -> bool:
    """Whether anything is kept of the customer: with `off` and `anonymous` nothing is."""
    return tracking_of(loaded) not in (Tracking.OFF, Tracking.ANONYMOUS)


def allowed(event: Event, level: Tracking) -> Event | None:
    """The event as the level allows it: nothing, nobody's, or somebody's without device and address."""
    if level is Tracking.OFF:
        return None
    if level is Tracking.ANONYMOUS:
        return replace(event, customer_id=None, touch_id=None, details={})
    return (
        event if level is Tracking.FULL or not event.details else replace(event, details=kept(event.details))
    )


def recording(told: Record) -> Flow[Recorded]:
    """Write what was shown and that it was; on this machine's disk when Redis is away."""
    if told.event is None and told.choice is None:
        return Recorded()
    try:
        recorded = yield told
    except Unavailable:
        # The answer is ready; the spool keeps its event until Redis is back.
        if told.event is not None:
            yield from _keeping(told.event)
        return Recorded()
    assert isinstance(recorded, Recorded)  # noqa: S101 - what the driver answers to a Record
    return recorded


def _keeping(event: Event) -> Flow[None]:
    try:
        yield Keep(event)
    except SpoolFull:
        # Nowhere left to keep it: the reader is answered, the spool has counted the loss.
        return


def _named_customer(key: str, keyring: Keyring) -> tuple[str | None, bool]:
    if not key:
        return None, False
    try:
        return keyring.verify_customer(key), True
    except BadToken:
        # A raw id proves nothing: only a block opened to raw ids will look at it.
        return (key, False) if is_id(key) else (None, False)
