"""Knowing that a server lost its data, and putting customers' states back."""

from collections.abc import Sequence
from datetime import datetime

from app.stores.hot.keys import REBUILT
from app.stores.hot.server import HotStore, answering


def is_lost(store: HotStore) -> bool:
    """Whether the server never got what SQL has: it is new, or lost its data. Raises Unavailable."""
    with answering():
        return not store.client.exists(REBUILT)


def mark_rebuilt(store: HotStore, *, now: datetime) -> None:
    """Note that the server has everything from SQL. Raises Unavailable."""
    with answering():
        store.client.set(REBUILT, now.isoformat())


def restore_customers(store: HotStore, states: Sequence[tuple[str, Sequence[str]]]) -> int:
    """Write the states (customer id, field and value by turns) that are missing; answers how many were."""
    calls = [([store.keys.state(customer_id)], list(state)) for customer_id, state in states]
    with answering():
        answers = store.scripts.call_many("restore_customer", calls)
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
    return sum(map(int, answers))
