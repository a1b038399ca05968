"""Touch ledgers that Redis lost are put together again from the touches SQL has."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from app.domain.frequency.ledger import KEEP_MS, Entry, Mark, Words, dispatch_mark, kept, touch_mark
from app.domain.frequency.windows import to_ms
from app.stores.cold import touches
from app.stores.cold.engine import Connection
from app.stores.cold.touches import Touch, TouchState
from app.stores.hot import ledger
from app.stores.hot.ledger import Change, Held, Task
from app.stores.hot.packing import ordered
from app.stores.hot.server import HotStore

PAGE = 1_000  # customers


def restore(hot: HotStore, connection: Connection, *, now: datetime) -> int:
    """Count what SQL has and the ledgers have not; answers how many touches. Raises Unavailable.

    What a ledger knows of a touch is newer and stays. Reservations that expired stay away.
    """
    since = now - timedelta(milliseconds=KEEP_MS)
    after, restored = "", 0
    while customers := touches.customers_touched(connection, since=since, after=after, limit=PAGE):
        found = touches.of_customers(connection, customers, since=since)
        tasks = [
            _task(customer_id, [_entry(touch) for touch in told], to_ms(now))
            for customer_id, told in groupby(found, key=lambda touch: touch.customer_id)
        ]
        restored += sum(ledger.carry_out(hot, tasks))
        after = customers[-1]
    return restored


def _task(customer_id: str, told: Sequence[Entry], now_ms: int) -> Task[int]:
    def work(held: Held) -> Change[int]:
        known = {entry.touch for entry in held.entries}
        missing = [entry for entry in told if entry.touch not in known and entry.is_live(now_ms)]
        if not missing:
            return Change(0)
        return Change(len(missing), kept((*held.entries, *missing), now_ms))

    return Task(customer_id, work)


def _entry(touch: Touch) -> Entry:
    is_sent = touch.state is TouchState.SENT
    at_ms = to_ms(touch.sent_at or touch.reserved_at or touch.changed_at)
    words = Words(
        touch.channel,
        touch.category,
        touch.touch_class,
        ordered(touch.tags),
        touch.topic,
        touch.campaign,
        touch.message_id,
    )
    mark = (Mark.SENT if is_sent else Mark(0)) | (Mark.UNRESERVED if touch.is_unreserved else Mark(0))
    expires_ms = to_ms(touch.expires_at) if touch.expires_at and not is_sent else at_ms
    return Entry(
        at_ms, int(mark), expires_ms, touch_mark(touch.touch_id), dispatch_mark(touch.dispatch_id), words
    )
