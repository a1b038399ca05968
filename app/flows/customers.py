"""Customers are saved, changed, read and erased; what they do is taken once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.customers import attribute_problems, locale_problem, zone_problem
from app.domain.events import Event, EventType
from app.domain.problems import Invalid, NotFound, Problem
from app.domain.state import Customer
from app.stores.hot import customers
from app.stores.hot.customers import CustomerPatch
from app.stores.hot.server import HotStore

NewId = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Saying:
    """What is told about one customer; in `system` only the fields that were named, None removes one."""

    customer_id: str
    attributes: Mapping[str, object] = field(default_factory=dict)
    system: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing a customer did, as the platform tells it."""

    activity_id: str
    customer_id: str
    activity_type: str
    at: datetime
    item_id: str | None = None
    value: float | None = None
    currency: str | None = None


def faults_of(saying: Saying, *, pointer: str = "") -> list[Problem]:
    """Everything wrong with what is told, types aside."""
    problems = attribute_problems(saying.attributes, f"{pointer}/attributes")
    zone, locale = saying.system.get("timezone"), saying.system.get("locale")
    found = (
        zone_problem(zone, f"{pointer}/timezone") if isinstance(zone, str) else None,
        locale_problem(locale, f"{pointer}/locale") if isinstance(locale, str) else None,
    )
    return problems + [one for one in found if one is not None]


def replace(hot: HotStore, saying: Saying, *, now: datetime, event_id: str) -> int:
    """Make this the customer's whole state. Answers the revision. Raises Invalid, Unavailable."""
    _refuse_faults(saying)
    return customers.replace(hot, _patch(saying), _saved(saying.customer_id, event_id, now))


def change(hot: HotStore, saying: Saying, *, now: datetime, event_id: str) -> int:
    """Change what is named of a known customer. Raises Invalid, NotFound, Unavailable."""
    _refuse_faults(saying)
    fetch(hot, saying.customer_id)
    return customers.merge(hot, _patch(saying), _saved(saying.customer_id, event_id, now))


def merge_many(hot: HotStore, sayings: Sequence[Saying], *, now: datetime, new_id: NewId) -> list[int]:
    """Change or make many customers whose faults were looked for already. Answers the revisions."""
    rows = [(_patch(one), _saved(one.customer_id, new_id(), now)) for one in sayings]
    return customers.save_many(hot, rows, mode="merge") if rows else []


def fetch(hot: HotStore, customer_id: str) -> Customer:
    """The latest state. Raises NotFound, Unavailable."""
    customer = customers.fetch(hot, customer_id)
    if customer is None:
        raise NotFound(f"There is no customer {customer_id}.")
    return customer


def erase(hot: HotStore, customer_id: str, *, now: datetime, event_id: str) -> bool:
    """Forget a customer here and, by the recorder, in SQL; known or not. Raises Unavailable."""
    event = Event(
        event_id=event_id, type=EventType.CUSTOMER_ERASED, at=now, received_at=now, customer_id=customer_id
    )
    return customers.erase(hot, event)


def take_activities(hot: HotStore, doings: Sequence[Doing], *, now: datetime) -> list[str]:
    """`recorded`, `duplicate` or `unknown_customer` for each, in order. Raises Unavailable."""
    return customers.add_activities(hot, [_activity(one, now) for one in doings]) if doings else []


def _refuse_faults(saying: Saying) -> None:
    problems = faults_of(saying)
    if problems:
        raise Invalid(problems=problems)


def _patch(saying: Saying) -> CustomerPatch:
    return CustomerPatch(saying.attributes, saying.system)


def _saved(customer_id: str, event_id: str, now: datetime) -> Event:
    return Event(
        event_id=event_id, type=EventType.CUSTOMER_SAVED, at=now, received_at=now, customer_id=customer_id
    )


def _activity(doing: Doing, now: datetime) -> Event:
    told = {
        "activity_id": doing.activity_id,
        "type": doing.activity_type,
        "item_id": doing.item_id,
        "value": doing.value,
        "currency": doing.currency,
    }
    return Event(
        # A repeat beyond what the hot store remembers is still one row: the id is the platform's.
        event_id=f"activity-{doing.activity_id}",
        type=EventType.ACTIVITY,
        at=doing.at,
        received_at=now,
        customer_id=doing.customer_id,
        details={name: value for name, value in told.items() if value is not None},
    )
