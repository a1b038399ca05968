"""Knowing that a server lost its data, and putting customers' states back."""

from collections.abc import Sequence
from datetime import datetime

from app.stores.hot.keys import REBUILT
from app.stores.hot.server import HotStore, answering

_BEGUN = b"begun"


def is_lost(store: HotStore) -> bool:
    """Whether the server never got all that SQL has: it is new, or lost its data. Raises Unavailable."""
    with answering():
        return store.client.get(REBUILT) in (None, _BEGUN)


def begin(store: HotStore) -> None:
    """Note that the server is being filled. Raises Unavailable."""
    with answering():
        store.client.set(REBUILT, _BEGUN)


def end(store: HotStore, *, now: datetime) -> bool:
    """Note that the server has everything; False when it lost its data meanwhile. Raises Unavailable."""
    with answering():
        return bool(store.client.set(REBUILT, now.isoformat(), xx=True))


def restore_customers(store: HotStore, states: Sequence[tuple[str, Sequence[str]]]) -> int:
    """Write the states (customer id, field and value by turns) that are missing; answers how many were."""
    calls = [([store.keys.state(customer_id)], list(state)) for customer_id, state in states]
    with answering():
        answers = store.scripts.call_many("restore_customer", calls)
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
    return sum(map(int, answers))
