"""Stream entries as the recorder reads them: each an event with what follows from it, or refused."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec

from app.domain.events import Event, EventType
from app.domain.state import REVISION, SUPPRESSIONS, read_suppressions
from app.stores.cold.customers import Snapshot
from app.stores.cold.decisions import DecisionRow
from app.stores.cold.suppressions import Standing
from app.stores.cold.touches import Touch, TouchState
from app.stores.hot.codec import Undecodable, decode, decode_event, encode
from app.stores.hot.streams import Entry

TEXT_MAX = 200
URL_MAX = 4_096
DETAILS_MAX = 65_536
REVISION_MAX = 2**53

Text = Annotated[str, msgspec.Meta(max_length=TEXT_MAX, pattern=r"^[^\x00]*$")]
Word = Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[^\x00]*$")]


class RefusedEntry(Exception):
    """The entry is not what the house writes; the reason goes with it to the dead letters."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one entry says: its event, and rows of what the event changes."""

    entry: Entry
    event: Event
    snapshot: Snapshot | None = None
    standing: Standing | None = None
    touch: Touch | None = None
    decision: DecisionRow | None = None


def opened(impression: Event) -> Event:
    """The open of a touch that a person's first impression makes; its id is the touch's, for ever."""
    # With the customer: a platform's send key may be the same for many.
    touch = f"{impression.customer_id}\0{impression.touch_id}"
    digest = hashlib.blake2b(touch.encode(), digest_size=16).hexdigest()
    return Event(
        event_id=f"open-{digest}",
        type=EventType.OPEN,
        at=impression.at,
        received_at=impression.received_at,
        customer_id=impression.customer_id,
        touch_id=impression.touch_id,
        message_id=impression.message_id,
        opener=impression.opener,
    )


def is_opening(event: Event) -> bool:
    """Whether a person saw something of a touch."""
    if event.type is not EventType.IMPRESSION or event.touch_id is None:
        return False
    return event.opener is not None and event.opener.is_person


class _TouchDetails(msgspec.Struct):
    state: TouchState = TouchState.SENT
    channel: Word | None = None
    category: Text | None = None
    touch_class: Word | None = msgspec.field(default=None, name="class")
    topic: Text | None = None
    campaign: Text | None = None
    tags: tuple[Text, ...] = ()
    dispatch_id: Text | None = None
    reservation_id: Text | None = None
    sent_at: datetime | None = None
    expires_at: datetime | None = None
    unreserved: bool = False
    over_cap: bool = False


class _Binding(msgspec.Struct):
    rule_id: Text | None = None
    next_free_at: datetime | None = None


class _DecisionDetails(msgspec.Struct):
    decision: Word
    reason: Word
    channel: Word | None = None
    category: Text | None = None
    touch_class: Word | None = msgspec.field(default=None, name="class")
    rule_id: Text | None = None
    next_free_at: datetime | None = None
    binding: _Binding | None = None


def read(entry: Entry) -> Reading:
    """Read one entry, or raise RefusedEntry with the reason."""
    if not entry.event:
        raise RefusedEntry("there is no event in it")
    try:
        event = decode_event(entry.event)
        _check(event)
        snapshot = _snapshot(event, entry.state) if entry.state is not None else None
        return Reading(
            entry,
            event,
            snapshot,
            standing=_standing(snapshot) if snapshot else None,
            touch=_touch(event) if event.type is EventType.TOUCH else None,
            decision=_decision(event) if event.type is EventType.DECISION else None,
        )
    except (Undecodable, msgspec.ValidationError) as wrong:
        raise RefusedEntry(str(wrong)) from wrong


def _check(event: Event) -> None:
    ids = (event.event_id, event.customer_id, event.touch_id, event.message_id, event.block_id)
    words = (event.variant, event.why, event.opener.reason if event.opener else None)
    if any(text is not None and not _is_plain(text, TEXT_MAX) for text in ids + words):
        raise RefusedEntry(f"an id or a word is longer than {TEXT_MAX} characters or holds a NUL")
    if event.url is not None and not _is_plain(event.url, URL_MAX):
        raise RefusedEntry(f"url is longer than {URL_MAX} characters or holds a NUL")
    if not event.event_id:
        raise RefusedEntry("event_id is empty")
    _check_aware(event.at, event.received_at)
    if event.details and len(encode(event.details)) > DETAILS_MAX:
        raise RefusedEntry(f"details are larger than {DETAILS_MAX} bytes")


def _is_plain(text: str, longest: int) -> bool:
    return len(text) <= longest and "\0" not in text


def _snapshot(event: Event, raw: bytes) -> Snapshot:
    state = decode(raw)
    if not isinstance(state, list) or len(state) % 2 or not all(isinstance(one, str) for one in state):
        raise RefusedEntry("the customer's state is not a list of fields and values")
    if not event.customer_id:
        raise RefusedEntry("a state needs its customer_id")
    told = dict(zip(state[0::2], state[1::2], strict=True)).get(REVISION, "")
    if not told.isdecimal() or not 0 < int(told[:20]) < REVISION_MAX:
        raise RefusedEntry("the customer's state has no revision")
    return Snapshot(event.customer_id, state, int(told), event.received_at)


def _standing(snapshot: Snapshot) -> Standing:
    try:
        listed = read_suppressions(snapshot.fields.get(SUPPRESSIONS))
    except ValueError as wrong:
        raise RefusedEntry(f"a suppression has a time that is none: {wrong}") from wrong
    for one in listed:
        if not all(_is_plain(text, TEXT_MAX) for text in (one.suppression_id, one.scope, one.reason)):
            raise RefusedEntry("a suppression's words are too long or hold a NUL")
        _check_aware(one.since, one.until)
    return Standing(snapshot.customer_id, listed, snapshot.saved_at)


def _touch(event: Event) -> Touch:
    if not event.customer_id or not event.touch_id:
        raise RefusedEntry("a touch needs touch_id and customer_id")
    told = msgspec.convert(event.details, _TouchDetails)
    _check_aware(told.sent_at, told.expires_at)
    is_reserved, is_sent = told.state is TouchState.RESERVED, told.state is TouchState.SENT
    return Touch(
        touch_id=event.touch_id,
        customer_id=event.customer_id,
        message_id=event.message_id,
        state=told.state,
        changed_at=event.received_at,
        reserved_at=event.at if is_reserved else None,
        sent_at=(told.sent_at or event.at) if is_sent else None,
        is_unreserved=told.unreserved,
        is_over_cap=told.over_cap,
        **_named(told, "channel", "category", "touch_class", "topic", "tags", "campaign"),
        **_named(told, "dispatch_id", "reservation_id", "expires_at"),
    )


def _decision(event: Event) -> DecisionRow:
    if not event.customer_id:
        raise RefusedEntry("a decision needs its customer_id")
    told = msgspec.convert(event.details, _DecisionDetails)
    binding = told.binding or _Binding()
    next_free_at = told.next_free_at or binding.next_free_at
    _check_aware(next_free_at)
    return DecisionRow(
        event_id=event.event_id,
        at=event.at,
        received_at=event.received_at,
        customer_id=event.customer_id,
        touch_id=event.touch_id,
        message_id=event.message_id,
        rule_id=told.rule_id or binding.rule_id,
        next_free_at=next_free_at,
        **_named(told, "decision", "reason", "channel", "category", "touch_class"),
    )


def _check_aware(*instants: datetime | None) -> None:
    if any(at is not None and at.tzinfo is None for at in instants):
        raise RefusedEntry("every time needs a time zone")


def _named(told: msgspec.Struct, *names: str) -> Mapping[str, Any]:
    return {name: getattr(told, name) for name in names}
