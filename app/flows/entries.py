"""Stream entries as the recorder reads them: each an event with what follows from it, or refused."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
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

    @property
    def opened(self) -> Event | None:
        """The open that follows when a person saw something of a touch; the same one every time."""
        event = self.event
        if event.type is not EventType.IMPRESSION or event.touch_id is None:
            return None
        if event.opener is None or not event.opener.is_person:
            return None
        digest = hashlib.blake2b(event.touch_id.encode(), digest_size=16).hexdigest()
        named = replace(event, event_id=f"open-{digest}", type=EventType.OPEN)
        return replace(named, block_id=None, variant=None, why=None, url=None, details={})


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
    for name in ("event_id", "customer_id", "touch_id", "message_id", "block_id", "variant", "why"):
        _check_text(name, getattr(event, name), TEXT_MAX)
    _check_text("url", event.url, URL_MAX)
    _check_text("opener.reason", event.opener.reason if event.opener else None, TEXT_MAX)
    if event.at.tzinfo is None or event.received_at.tzinfo is None:
        raise RefusedEntry("at and received_at need a time zone")
    if event.details and len(encode(event.details)) > DETAILS_MAX:
        raise RefusedEntry(f"details are larger than {DETAILS_MAX} bytes")
    if not event.event_id:
        raise RefusedEntry("event_id is empty")


def _check_text(name: str, text: str | None, longest: int) -> None:
    if text is None:
        return
    if len(text) > longest:
        raise RefusedEntry(f"{name} is longer than {longest} characters")
    if "\0" in text:
        raise RefusedEntry(f"{name} holds a NUL character")


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
        for name in ("suppression_id", "scope", "reason"):
            _check_text(name, getattr(one, name), TEXT_MAX)
        if one.since.tzinfo is None or (one.until is not None and one.until.tzinfo is None):
            raise RefusedEntry("a suppression's times need a time zone")
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
        raise RefusedEntry("every time in details needs a time zone")


def _named(told: msgspec.Struct, *names: str) -> Mapping[str, Any]:
    return {name: getattr(told, name) for name in names}
