"""What went out is reported and counted, once each, whether a place was held for it or not."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.events import Event, EventType
from app.domain.frequency.counting import counted, live, use_at
from app.domain.frequency.ledger import (
    KEEP_MS,
    Entries,
    Entry,
    Sent,
    Words,
    dispatch_mark,
    find,
    kept,
    sent,
    touch_mark,
)
from app.domain.frequency.policy import Policy
from app.domain.frequency.standing import Standing
from app.domain.frequency.windows import to_instant, to_ms
from app.domain.problems import NotFound
from app.domain.tokens import BadToken, Keyring, Kind
from app.flows.answering import Office
from app.flows.standing import standing_of, touch_event
from app.stores.hot import ledger
from app.stores.hot.ledger import Change, Held, Task

AHEAD_MAX = timedelta(minutes=5)  # clocks differ a little; nothing was sent later than that
OVER_CAP = "over_cap"


@dataclass(frozen=True, slots=True)
class Place:
    """A place under the caps, as its reservation id names it."""

    customer_id: str
    touch_id: str
    words_number: bytes
    dispatch: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One touch that went out, and the reservation it names, if any.

    A confirmation only knows what the place was reserved for: what it is held for now comes first.
    """

    customer_id: str
    touch_id: str
    words: Words
    sent_at: datetime
    dispatch_id: str | None = None
    place: Place | None = None
    is_confirmation: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a report or a confirmation; a repeat changed nothing."""

    is_repeat: bool = False
    is_unreserved: bool = False
    is_late: bool = False
    is_over_cap: bool = False


def read_place(keyring: Keyring, reservation_id: str) -> Place:
    """What a reservation id names. Raises NotFound."""
    try:
        ticket = keyring.verify(reservation_id, Kind.RESERVATION)
        number, dispatch = bytes.fromhex(ticket.subject[:12]), int(ticket.subject[12:], 16)
    except (BadToken, ValueError) as wrong:
        raise NotFound("There is no such reservation: give its id back as the decision gave it.") from wrong
    assert ticket.sent_at is not None  # noqa: S101 - every reservation is signed with its end
    return Place(ticket.customer_id, ticket.touch_id, number, dispatch, ticket.sent_at)


def report_many(office: Office, reports: Sequence[Report]) -> list[Outcome]:
    """Count touches that went out, each once; answers in order. It happened, so no cap refuses it.

    Raises Unavailable: then some may be recorded, and all may be told again.
    """
    by_customer: dict[str, list[int]] = {}
    for place, report in enumerate(reports):
        by_customer.setdefault(report.customer_id, []).append(place)
    groups = [[reports[place] for place in places] for places in by_customer.values()]
    found = ledger.carry_out(office.hot, [_task(office, group) for group in groups])
    outcomes: dict[int, Outcome] = {}
    for places, told in zip(by_customer.values(), found, strict=True):
        outcomes |= zip(places, told, strict=True)
    return [outcomes[place] for place in range(len(reports))]


def _task(office: Office, reports: Sequence[Report]) -> Task[list[Outcome]]:
    return Task(reports[0].customer_id, lambda held: _count(office, reports, held))


def _count(office: Office, reports: Sequence[Report], held: Held) -> Change[list[Outcome]]:
    standing = standing_of(held, office.terms)
    now_ms = to_ms(office.now)
    entries: Entries = held.entries
    outcomes: list[Outcome] = []
    events: list[Event] = []
    for report in reports:
        gone = _sent(office, report, entries)
        entry = gone.entry
        if entry is None:
            outcomes.append(Outcome(is_repeat=True))
            continue
        entries = gone.entries
        over = _over_caps(entry, gone, entries, office.terms.policy, standing, now_ms)
        events += _events(office, report, entry, gone, over)
        outcomes.append(Outcome(False, gone.is_unreserved, gone.is_late, bool(over)))
    return Change(outcomes, kept(entries, now_ms) if events else None, events)


def _sent(office: Office, report: Report, entries: Entries) -> Sent:
    now_ms, place = to_ms(office.now), report.place
    at_ms = min(to_ms(report.sent_at), to_ms(office.now + AHEAD_MAX))
    dispatch = dispatch_mark(report.dispatch_id) or (place.dispatch if place else 0)
    touch = touch_mark(report.touch_id)
    standing = find(entries, touch) if report.is_confirmation else None
    entry = Entry(at_ms, 0, at_ms, touch, dispatch, standing.words if standing else report.words)
    gone = sent(
        entries,
        entry,
        now_ms,
        place=touch_mark(place.touch_id) if place else None,
        expired=place is not None and office.now >= place.expires_at,
    )
    if at_ms <= now_ms - KEEP_MS and gone.entry is not None:
        # No window reaches back so far: SQL keeps it, and knows a repeat by the event's id.
        return Sent(entries, gone.entry)
    return gone


def _over_caps(
    entry: Entry, gone: Sent, entries: Entries, policy: Policy | None, standing: Standing, now_ms: int
) -> list[dict[str, object]]:
    """The rules that a touch breaks; one that held its place was counted before, and breaks none."""
    if policy is None or gone.has_held_its_place:
        return []
    others = live(entries, now_ms, besides=entry.touch)
    broken = []
    for place, seen in counted(policy, sorted(policy.applying(entry.words)), others).items():
        rule = policy.rules[place]
        used = use_at(rule, seen, entry.at_ms, standing.zones, dispatch=entry.dispatch).used + 1
        if used > rule.cap:
            broken.append({"rule_id": rule.id, "version": policy.version, "used": used, "cap": rule.cap})
    return broken


def _events(
    office: Office, report: Report, entry: Entry, gone: Sent, over: Sequence[dict[str, object]]
) -> list[Event]:
    at = to_instant(entry.at_ms)
    fact = touch_event(
        "sent",
        entry.words,
        event_id=f"sent-{_digest(report)}",
        customer_id=report.customer_id,
        touch_id=report.touch_id,
        at=at,
        now=office.now,
        sent_at=at,
        dispatch_id=report.dispatch_id,
        unreserved=gone.is_unreserved,
        late=gone.is_late or None,
        over_cap=bool(over),
    )
    if not over:
        return [fact]
    alert = Event(
        event_id=f"{OVER_CAP}-{_digest(report)}",
        type=EventType.ALERT,
        at=at,
        received_at=office.now,
        customer_id=report.customer_id,
        touch_id=report.touch_id,
        message_id=entry.words.message_id,
        why=OVER_CAP,
        details={"rules": list(over), "late": gone.is_late, "unreserved": gone.is_unreserved},
    )
    return [fact, alert]


def _digest(report: Report) -> str:
    # The platform's touch is sent once, however often it is told.
    touch = f"{report.customer_id}\0{report.touch_id}"
    return hashlib.blake2b(touch.encode(), digest_size=16).hexdigest()
