"""One customer's story: the timeline, and everything that is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.choice import unpack
from app.domain.problems import NotFound
from app.domain.state import Customer
from app.flows import reporting
from app.flows.reporting import Wanted
from app.stores.cold import suppressions, touches
from app.stores.cold.engine import Cold
from app.stores.cold.events import StoredEvent
from app.stores.cold.suppressions import StoredSuppression
from app.stores.cold.touches import Touch
from app.stores.hot import customers
from app.stores.hot.server import HotStore

EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class History:
    """Everything but the events, which may be many. No customer: only facts know of them."""

    customer: Customer | None
    engagement: Mapping[str, object]
    choices: Sequence[Mapping[str, object]]
    suppressions: Sequence[StoredSuppression]
    touches: Sequence[Touch]


def timeline(
    cold: Cold, hot: HotStore, customer_id: str, *, before: tuple[datetime, int] | None, limit: int
) -> list[StoredEvent]:
    """What happened, newest first. Raises NotFound for somebody nothing knows of, Unavailable."""
    found = reporting.timeline(cold, customer_id, before=before, limit=limit)
    if not found and before is None and customers.fetch(hot, customer_id) is None:
        raise NotFound(f"There is no customer {customer_id}, and no event names them.")
    return found


def collect(cold: Cold, hot: HotStore, customer_id: str) -> History:
    """Everything but the events. Raises NotFound, Unavailable."""
    customer = customers.fetch(hot, customer_id)
    engagement, choices = _history(customers.fetch_history(hot, customer_id))
    with cold.reading() as connection:
        standing = suppressions.of_customer(connection, customer_id)
        touched = list(touches.of_customers(connection, [customer_id], since=EVER))
    is_known = customer or engagement or choices or standing or touched
    if not is_known and not reporting.timeline(cold, customer_id, before=None, limit=1):
        raise NotFound(f"There is no customer {customer_id}, and no event names them.")
    return History(customer, engagement, choices, standing, touched)


def every_event(cold: Cold, customer_id: str) -> Iterator[StoredEvent]:
    """Every event of a customer, oldest first. Raises Unavailable."""
    return reporting.read_all(cold, Wanted(customer_id=customer_id), end=reporting.end_of_log(cold))


def _history(fields: Mapping[str, bytes]) -> tuple[dict[str, object], list[dict[str, object]]]:
    engagement: dict[str, object] = {}
    choices: list[dict[str, object]] = []
    for name, raw in sorted(fields.items()):
        if not name.startswith(("c.", "p.")):
            engagement[name] = raw.decode(errors="replace")
            continue
        # What stays for the customer is of no one touch.
        touch_id, _, block_id = name[2:].partition("|") if name.startswith("c.") else ("", "", name[2:])
        stored = unpack(raw.partition(b"|")[2])
        if stored is not None:
            choices.append(
                {
                    "touch_id": touch_id,
                    "block_id": block_id,
                    "version": stored.version,
                    "variant": stored.variant,
                    "why": stored.why,
                    "at": stored.at,
                    "link": stored.link,
                }
            )
    return engagement, choices
