"""What happened is read: the event log by cursor, one customer's timeline, one message's report."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from app.domain.events import EventType
from app.domain.problems import Invalid, NotFound, Problem
from app.domain.tokens import BadToken, Keyring, Kind, Ticket
from app.stores.cold import events, reports
from app.stores.cold.engine import Cold
from app.stores.cold.events import StoredEvent
from app.stores.cold.reports import MessageReport

PAGE = 1_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: recorded after a place in the log, and only of these."""

    after: int = 0
    types: Sequence[EventType] = ()
    since: datetime | None = None
    until: datetime | None = None
    block_id: str | None = None
    message_id: str | None = None
    customer_id: str | None = None


def read_page(cold: Cold, wanted: Wanted, *, limit: int) -> list[StoredEvent]:
    """The next events, oldest first. Raises Unavailable."""
    with cold.reading() as connection:
        return events.page(
            connection,
            after=wanted.after,
            limit=limit,
            types=wanted.types,
            since=wanted.since,
            until=wanted.until,
            block_id=wanted.block_id,
            message_id=wanted.message_id,
            customer_id=wanted.customer_id,
        )


def end_of_log(cold: Cold) -> int:
    """The place of the newest event: where a stream that begins now ends. Raises Unavailable."""
    with cold.reading() as connection:
        return events.last_seq(connection)


def read_all(cold: Cold, wanted: Wanted, *, end: int) -> Iterator[StoredEvent]:
    """The events up to that end, page after page, each in a transaction of its own."""
    while wanted.after < end:
        found = read_page(cold, wanted, limit=PAGE)
        yield from (one for one in found if one.seq <= end)
        if not found:
            return
        wanted = replace(wanted, after=found[-1].seq)


def timeline(
    cold: Cold, customer_id: str, *, before: tuple[datetime, int] | None, limit: int
) -> list[StoredEvent]:
    """What happened with a customer, newest first. Raises Unavailable."""
    with cold.reading() as connection:
        return events.timeline(connection, customer_id, before=before, limit=limit)


def message_report(cold: Cold, message_id: str) -> MessageReport:
    """The numbers of one message. Raises NotFound, Unavailable."""
    with cold.reading() as connection:
        report = reports.message(connection, message_id)
    if report is None:
        raise NotFound(f"There is no message {message_id}, and no event names it.")
    return report


def event_cursor(keyring: Keyring, seq: int) -> str:
    """A place in the event log, signed: nobody has to understand it."""
    return keyring.sign(Ticket(Kind.CURSOR, subject=str(seq), message_id="events"))


def read_event_cursor(keyring: Keyring, cursor: str | None) -> int:
    """The place again. Raises Invalid."""
    return int(_subject(keyring, cursor, "events")) if cursor else 0


def timeline_cursor(keyring: Keyring, last: StoredEvent, customer_id: str) -> str:
    """A place in one customer's timeline, signed."""
    micros = (last.event.at - _EPOCH) // timedelta(microseconds=1)
    return keyring.sign(
        Ticket(Kind.CURSOR, subject=f"{micros}.{last.seq}", message_id="timeline", customer_id=customer_id)
    )


def read_timeline_cursor(
    keyring: Keyring, cursor: str | None, customer_id: str
) -> tuple[datetime, int] | None:
    """The place again; of this customer's timeline only. Raises Invalid."""
    if not cursor:
        return None
    micros, _, seq = _subject(keyring, cursor, "timeline", customer_id).partition(".")
    return _EPOCH + timedelta(microseconds=int(micros)), int(seq)


def list_cursor(keyring: Keyring, of: str, last_id: str) -> str:
    """A place in a list by id, such as `blocks`, signed."""
    return keyring.sign(Ticket(Kind.CURSOR, subject=last_id, message_id=of))


def read_list_cursor(keyring: Keyring, of: str, cursor: str | None) -> str:
    """The id before the place, or nothing for the beginning. Raises Invalid."""
    return _subject(keyring, cursor, of) if cursor else ""


def _subject(keyring: Keyring, cursor: str, of: str, customer_id: str = "") -> str:
    try:
        ticket = keyring.verify(cursor, Kind.CURSOR)
    except BadToken as forged:
        raise Invalid(problems=[_BAD_CURSOR]) from forged
    if ticket.message_id != of or ticket.customer_id != customer_id:
        raise Invalid(problems=[_BAD_CURSOR])
    return ticket.subject


_BAD_CURSOR = Problem("?after", "is no cursor of this list: send a next_cursor as it was given, or none")
