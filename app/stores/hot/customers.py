"""Customers in the hot store: their latest state, written with the entry that keeps SQL in step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.domain.events import Event
from app.domain.state import (
    SUPPRESSIONS,
    Customer,
    Suppression,
    attribute_field,
    dump_suppressions,
    read_customer,
    read_suppressions,
)
from app.stores.absence import Unavailable
from app.stores.hot import keys
from app.stores.hot.codec import encode
from app.stores.hot.scripting import Argument
from app.stores.hot.server import HotStore, answering

RECENT_ITEMS = 20
CART_ITEMS = 50
TAKEN_ITEMS = 500
_RACES_MAX = 20


@dataclass(frozen=True, slots=True)
class CustomerPatch:
    """What to write: attributes (None removes one) and the house's own fields (None removes one)."""

    attributes: Mapping[str, object] = field(default_factory=dict)
    system: Mapping[str, object] = field(default_factory=dict)


def replace(store: HotStore, patch: CustomerPatch, event: Event) -> int:
    """Make this the customer's whole state; activity, cart and suppressions stay. Answers the revision."""
    return save_many(store, [(patch, event)], mode="replace")[0]


def merge(store: HotStore, patch: CustomerPatch, event: Event) -> int:
    """Change what is named and leave the rest. Answers the revision."""
    return save_many(store, [(patch, event)], mode="merge")[0]


def save_many(store: HotStore, rows: Sequence[tuple[CustomerPatch, Event]], *, mode: str) -> list[int]:
    """Write many customers in one round trip; all or an exception (repeats are harmless).

    The event of each is its `customer_saved` entry and names the customer.
    """
    calls = [_save_call(store, patch, event, mode) for patch, event in rows]
    with answering():
        answers = store.scripts.call_many("save_customer", calls)
    for answer in answers:
        if isinstance(answer, Exception):
            with answering():
                raise answer
    return [int(answer) for answer in answers]


def fetch(store: HotStore, customer_id: str) -> Customer | None:
    """The customer's latest state."""
    with answering():
        return read_customer(customer_id, store.hash(store.keys.state(customer_id)))


def fetch_fields(store: HotStore, customer_id: str) -> dict[str, bytes]:
    """The state hash as it lies there; empty for nobody. Raises Unavailable."""
    with answering():
        held = store.hash(store.keys.state(customer_id))
    return {name.decode(errors="replace"): raw for name, raw in held.items()}


def fetch_history(store: HotStore, customer_id: str) -> dict[str, bytes]:
    """The whole history hash: choices shown, engagement. Raises Unavailable."""
    with answering():
        held = store.hash(store.keys.history(customer_id))
    return {name.decode(): raw for name, raw in held.items()}


def read_fields(
    store: HotStore, customer_ids: Sequence[str], fields: Sequence[str]
) -> list[list[bytes | None]]:
    """The same fields of many customers in one round trip."""
    with answering(), store.client.pipeline(transaction=False) as pipe:
        for customer_id in customer_ids:
            pipe.hmget(store.keys.state(customer_id), list(fields))
        return list(pipe.execute())


def read_history(
    store: HotStore, customer_ids: Sequence[str], fields: Sequence[str]
) -> list[list[bytes | None]]:
    """The same fields of many customers' histories in one round trip."""
    if not fields:
        return [[] for _ in customer_ids]
    with answering(), store.client.pipeline(transaction=False) as pipe:
        for customer_id in customer_ids:
            pipe.hmget(store.keys.history(customer_id), list(fields))
        return list(pipe.execute())


def erase(store: HotStore, event: Event) -> bool:
    """Forget every key of the event's customer, and have SQL forget. Whether there was anything."""
    customer_id = event.customer_id or ""
    held = [store.keys.state(customer_id), store.keys.history(customer_id), store.keys.ledger(customer_id)]
    with answering():
        gone = store.scripts.call("erase_customer", [store.keys.stream(customer_id), *held], [encode(event)])
    return int(gone) > 0


def add_activities(store: HotStore, events: Sequence[Event]) -> list[str]:
    """Take activities once each: `recorded`, `duplicate` or `unknown_customer` for every one, in order.

    An event's details hold `activity_id`, `type` and, where told, `item_id`, `value`, `currency`.
    """
    calls = [_activity_call(store, event) for event in events]
    with answering():
        answers = store.scripts.call_many("add_activity", calls)
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
    return [answer.decode() for answer in answers]


def change_suppressions(
    store: HotStore, event: Event, *, add: Sequence[Suppression] = (), drop: Sequence[str] = ()
) -> tuple[Suppression, ...]:
    """Add and drop standing suppressions of the event's customer; one scope and reason stands once.

    Answers what stands now. Writes nothing and no event when nothing changes.
    """
    customer_id = event.customer_id or ""
    state, stream = store.keys.state(customer_id), store.keys.stream(customer_id)
    now_ms = int(event.received_at.timestamp() * 1000)
    for _ in range(_RACES_MAX):
        with answering():
            raw = store.value(state, SUPPRESSIONS)
        standing = read_suppressions(raw)
        wanted = _changed(standing, add, drop)
        if wanted == standing:
            return standing
        args: list[Argument] = [raw or b"", dump_suppressions(wanted), encode(event), now_ms]
        with answering():
            if store.scripts.call("set_suppressions", [state, stream], args):
                return wanted
    raise Unavailable("the customer's suppressions are being changed by too many at once")


def _changed(
    standing: tuple[Suppression, ...], add: Sequence[Suppression], drop: Sequence[str]
) -> tuple[Suppression, ...]:
    kept = [one for one in standing if one.suppression_id not in drop]
    held = {(one.scope, one.reason, one.until) for one in kept}
    return (*kept, *(one for one in add if (one.scope, one.reason, one.until) not in held))


def _save_call(
    store: HotStore, patch: CustomerPatch, event: Event, mode: str
) -> tuple[list[str], list[bytes | str | int]]:
    customer_id = event.customer_id or ""
    args: list[bytes | str | int] = [mode, _ms(event.received_at), encode(event), encode(patch.system)]
    for name, value in patch.attributes.items():
        args += [attribute_field(name), b"" if value is None else encode(value)]
    return [store.keys.state(customer_id), store.keys.stream(customer_id)], args


def _activity_call(store: HotStore, event: Event) -> tuple[list[str], list[bytes | str | int]]:
    customer_id = event.customer_id or ""
    told = event.details
    item_id = str(told.get("item_id") or "")
    at = event.at.astimezone(UTC).isoformat(timespec="milliseconds")
    item: dict[str, object] = {"item_id": item_id, "at": at}
    if told.get("value") is not None:
        item |= {"value": told["value"], "price": told["value"]}
    if told.get("currency"):
        item["currency"] = told["currency"]
    held = [
        store.keys.state(customer_id),
        store.keys.stream(customer_id),
        store.keys.seen(customer_id, str(told["activity_id"])),
    ]
    return held, [
        str(told["type"]),
        encode(item) if item_id else b"",
        item_id,
        at,
        encode(event),
        keys.SEEN_TTL_S,
        RECENT_ITEMS,
        CART_ITEMS,
        TAKEN_ITEMS,
    ]


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
