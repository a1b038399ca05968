"""Stream entries become rows, once: events, and what follows from them, in one transaction a batch."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.events import INTERNAL, Event, EventType
from app.domain.votes import Tally, latest, vote_of
from app.flows.entries import Reading, RefusedEntry, is_opening, opened, read
from app.flows.proposing import propose
from app.stores.cold import customers, dead_letters, decisions, events, suppressions, touches, votes
from app.stores.cold.dead_letters import DeadLetter
from app.stores.cold.engine import Cold, Connection, RefusedRows
from app.stores.cold.touches import Touch
from app.stores.hot.streams import Entry


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch. `told` are its events, repeated ones too, for the feedback.

    `gone` are erased customers whose emails were opened since: what that left of them is to be forgotten.
    `tallies` are the sums, after it, of the polls that somebody voted in.
    """

    recorded: int = 0
    set_aside: int = 0
    told: tuple[Event, ...] = ()
    gone: frozenset[str] = frozenset()
    tallies: tuple[Tally, ...] = ()

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.recorded + other.recorded,
            self.set_aside + other.set_aside,
            self.told + other.told,
            self.gone | other.gone,
            self.tallies + other.tallies,
        )


def record(cold: Cold, entries: Sequence[Entry], *, now: datetime) -> Outcome:
    """Write a batch, all of it before this returns. Raises Unavailable, and then wrote nothing or part.

    Told again, the same entries change nothing. What cannot be recorded is set aside with its
    reason, and takes nothing else with it.
    """
    readings: list[Reading] = []
    letters: list[DeadLetter] = []
    for entry in entries:
        if entry.is_gone:
            continue
        try:
            readings.append(read(entry))
        except RefusedEntry as refused:
            letters.append(_letter(entry, str(refused), now))
    return _write(cold, readings, letters, now)


def _write(cold: Cold, readings: Sequence[Reading], letters: Sequence[DeadLetter], now: datetime) -> Outcome:
    try:
        with cold.writing() as connection:
            return _write_rows(connection, readings, letters)
    except RefusedRows as refused:
        if not readings:
            raise
        if len(readings) == 1:
            letter = _letter(readings[0].entry, f"SQL: {refused}", now, readings[0].event.customer_id)
            return _write(cold, (), [*letters, letter], now)
    # One row spoils its batch: halves find it in few steps, and the others go in.
    middle = len(readings) // 2
    first = _write(cold, readings[:middle], letters, now)
    return first + _write(cold, readings[middle:], (), now)


def _write_rows(
    connection: Connection, readings: Sequence[Reading], letters: Sequence[DeadLetter]
) -> Outcome:
    events.lock(connection)
    set_aside = dead_letters.insert_once(connection, letters)
    polls = _erase(connection, readings)
    standing, gone = _not_erased(connection, readings)
    rows = [events.row_of(event) for event in _facts(standing)]
    recorded = events.insert_once(connection, rows)
    touches.save_many(connection, _latest_touches(standing))
    decisions.insert_once(connection, [one.decision for one in standing if one.decision])
    _save_customers(connection, standing)
    told = tuple(reading.event for reading in standing)
    polls |= votes.cast(connection, latest([vote for vote in map(vote_of, told) if vote]))
    return Outcome(recorded, set_aside, told, gone, tuple(votes.tallies(connection, polls)))


def _erase(connection: Connection, readings: Sequence[Reading]) -> set[str]:
    """Erase who wants to be; answers the polls that has changed."""
    polls: set[str] = set()
    for reading in readings:
        event = reading.event
        if event.type is EventType.CUSTOMER_ERASED and event.customer_id:
            polls |= votes.withdraw(connection, event.customer_id, until=event.received_at)
            customers.erase(connection, event.customer_id, at=event.received_at)
    return polls


def _not_erased(connection: Connection, readings: Sequence[Reading]) -> tuple[list[Reading], frozenset[str]]:
    """Leave out what was learnt of anybody before they were erased.

    What readers did since goes in without their name, until the platform saves such a customer again.
    """
    if customers.last_erasure(connection) is None:
        return list(readings), frozenset()
    named = {one.event.customer_id for one in readings if one.event.customer_id}
    erased = customers.erased(connection, named)
    standing = [
        one
        for one in readings
        if one.event.customer_id not in erased
        or one.event.received_at > erased[one.event.customer_id]
        or one.event.type is EventType.CUSTOMER_ERASED
    ]
    back = {one.snapshot.customer_id for one in standing if one.snapshot}
    gone = frozenset(erased.keys() - back - customers.revisions(connection, erased).keys())
    return [_nameless(one) if one.event.customer_id in gone else one for one in standing], gone


def _nameless(reading: Reading) -> Reading:
    """A fetch by somebody who was erased, as nobody's; what the platform says of them stays theirs."""
    if reading.event.type not in (EventType.IMPRESSION, EventType.CLICK):
        return reading
    return replace(reading, event=replace(reading.event, customer_id=None, touch_id=None, details={}))


def _facts(readings: Sequence[Reading]) -> list[Event]:
    """The events to keep, and at the end the opens that first impressions make."""
    facts = [reading.event for reading in readings if reading.event.type not in INTERNAL]
    first: dict[tuple[str | None, str | None], Event] = {}
    for event in filter(is_opening, facts):
        touch = (event.customer_id, event.touch_id)
        held = first.get(touch)
        if held is None or event.at < held.at:
            first[touch] = event
    return facts + [opened(event) for event in first.values()]


def _latest_touches(readings: Sequence[Reading]) -> list[Touch]:
    latest: dict[tuple[str, str], Touch] = {}
    for reading in readings:
        if reading.touch is not None:
            named = (reading.touch.customer_id, reading.touch.touch_id)
            held = latest.get(named)
            latest[named] = touches.fold(held, reading.touch) if held else reading.touch
    return list(latest.values())


def _save_customers(connection: Connection, readings: Sequence[Reading]) -> None:
    latest: dict[str, Reading] = {}
    for reading in readings:
        snapshot = reading.snapshot
        if snapshot is not None:
            held = latest.get(snapshot.customer_id)
            if held is None or _revision(held) < snapshot.revision:
                latest[snapshot.customer_id] = reading
    if not latest:
        return
    known = customers.revisions(connection, latest)
    newer = [one for key, one in latest.items() if _revision(one) > known.get(key, 0)]
    saved = [one.snapshot for one in newer if one.snapshot]
    customers.save_many(connection, saved)
    propose(connection, saved)
    suppressions.replace_many(connection, [one.standing for one in newer if one.standing])


def _revision(reading: Reading) -> int:
    return reading.snapshot.revision if reading.snapshot else 0


def _letter(entry: Entry, reason: str, now: datetime, customer_id: str | None = None) -> DeadLetter:
    return DeadLetter(
        stream=entry.stream,
        entry_id=entry.entry_id.decode(errors="replace"),
        payload=entry.event,
        reason=reason,
        at=now,
        customer_id=customer_id,
    )
