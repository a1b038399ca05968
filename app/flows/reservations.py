"""Places that were held are confirmed or given back."""

from datetime import datetime

from app.domain.events import Event
from app.domain.frequency.ledger import Words, find, kept, touch_mark, without
from app.domain.frequency.windows import to_ms
from app.domain.problems import Conflict
from app.flows.answering import Office
from app.flows.standing import touch_event
from app.flows.touches import Outcome, Place, Report, report_many
from app.stores.hot import ledger
from app.stores.hot.ledger import Change, Held, Task


def confirm(office: Office, place: Place, *, sent_at: datetime | None) -> Outcome:
    """The touch of a reservation went out; a late confirmation counts too. Raises Unavailable."""
    words = ledger.recall_words(office.hot, place.words_number)
    report = Report(
        customer_id=place.customer_id,
        touch_id=place.touch_id,
        words=words,
        sent_at=sent_at or office.now,
        place=place,
        is_confirmation=True,
    )
    return report_many(office, [report])[0]


def release(office: Office, place: Place) -> str:
    """Give a place back: `released`, or `gone` where none was held any more.

    Raises Conflict when the touch was sent, Unavailable.
    """

    def work(held: Held) -> Change[str]:
        standing = find(held.entries, touch_mark(place.touch_id))
        if standing is None:
            return Change("gone")
        if standing.is_sent:
            raise Conflict("This touch was sent: what went out counts and cannot be released.")
        if not standing.is_live(to_ms(office.now)):
            return Change("gone")
        left = kept(without(held.entries, standing.touch), to_ms(office.now))
        return Change("released", left, [_released(office, place, standing.words)])

    return ledger.carry_out(office.hot, [Task(place.customer_id, work)])[0]


def _released(office: Office, place: Place, words: Words) -> Event:
    return touch_event(
        "released",
        words,
        event_id=office.new_id(),
        customer_id=place.customer_id,
        touch_id=place.touch_id,
        at=office.now,
        now=office.now,
    )
