"""The next message to a demo customer: what the policy says to each, and sending one as a platform does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.demo.contents import Letter, Person
from app.domain.events import Event, EventType
from app.stores.hot import streams
from app.wiring import House


def report_earlier(house: House, person: Person, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Report the messages the person was sent before the demo began. Raises Unavailable."""
    rows = []
    for told in person.touches:
        sent_at = now - timedelta(hours=told["hours_ago"])
        message = house.snapshot.message(told["message"]) or {}
        rows.append(
            Event(
                event_id=new_id(),
                type=EventType.TOUCH,
                at=sent_at,
                received_at=now,
                customer_id=person.customer_id,
                touch_id=new_id(),
                message_id=told["message"],
                details={
                    "state": "sent",
                    "sent_at": sent_at.isoformat(),
                    "channel": "email",
                    "category": message.get("category"),
                    "class": message.get("class"),
                },
            )
        )
    streams.append(house.hot, rows)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said to one message that might go next: send, suppress or defer, and why."""

    letter: Letter
    decision: str
    reason: str
    sentence: str
    next_free_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """The verdict on each message that might go next."""

    verdicts: Sequence[Verdict]


def outlook(house: House, person: Person, *, now: datetime) -> Outlook:
    """Raises Unavailable."""
    return Outlook([])


def send(house: House, person: Person, letter: Letter, *, now: datetime, new_id: Callable[[], str]) -> None:
    """tmp"""
