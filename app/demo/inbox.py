"""What lies in a demo customer's inbox, and what happened with it: read from SQL, as it was recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.demo import contents
from app.demo.contents import Letter, Person
from app.domain.events import Event, EventType
from app.domain.state import Tracking
from app.stores.cold import customers, events, touches
from app.stores.cold.touches import TouchState
from app.wiring import House

EVENTS_MAX = 30
OPENS_MAX = 1_000
FIRST = "demo-letter"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message that was sent to a person."""

    touch_id: str
    person: Person
    letter: Letter
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Inbox:
    """The messages of a person, newest first; what happened, newest first; which touches were opened."""

    arrived: Sequence[Arrived]
    events: Sequence[Event]
    opened: frozenset[str]

    def find(self, touch_id: str) -> Arrived | None:
        """One message by its touch."""
        return next((one for one in self.arrived if one.touch_id == touch_id), None)

    def first(self) -> Arrived | None:
        """The message to begin with: the letter, for it shows most."""
        letter = (one for one in self.arrived if one.letter.message_id == FIRST)
        return next(letter, self.arrived[0] if self.arrived else None)


def read(house: House, person: Person, tracking: Tracking) -> Inbox:
    """Where the person's tracking leaves nobody's events, those are told too. Raises Unavailable."""
    with house.cold.reading() as connection:
        sent = touches.of_customers(connection, [person.customer_id], since=_EPOCH)
        arrived = [
            Arrived(one.touch_id, person, letter, one.sent_at)
            for one in sent
            if one.state is TouchState.SENT
            and one.sent_at
            and (letter := contents.letters().get(one.message_id or ""))
        ]
        opens = events.page(
            connection, types=[EventType.OPEN], customer_id=person.customer_id, limit=OPENS_MAX
        )
        happened = events.timeline(connection, person.customer_id, limit=EVENTS_MAX)
        # Since the demo was started over: events of nobody outlive the person who caused them.
        since = customers.erased(connection, [person.customer_id]).get(person.customer_id, _EPOCH)
        if tracking in (Tracking.ANONYMOUS, Tracking.OFF):
            happened += events.of_nobody(connection, list(contents.letters()), since=since, limit=EVENTS_MAX)
    newest = sorted(happened, key=lambda one: (one.event.at, one.seq), reverse=True)[:EVENTS_MAX]
    return Inbox(
        sorted(arrived, key=lambda one: one.sent_at, reverse=True),
        [one.event for one in newest],
        frozenset(one.event.touch_id for one in opens if one.event.touch_id),
    )


def is_new(house: House, person: Person, since: datetime) -> bool:
    """Whether SQL has every message of the life that began then, and none of an earlier one.

    Raises Unavailable.
    """
    with house.cold.reading() as connection:
        sent = list(touches.of_customers(connection, [person.customer_id], since=_EPOCH))
    return len(sent) == len(person.touches) and all(one.changed_at > since for one in sent)
