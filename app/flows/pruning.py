"""Old facts are let go: events and decisions received before a moment, in portions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.stores.cold import decisions, events
from app.stores.cold.engine import Cold

PORTION = 2_000  # rows a transaction: the recorder waits behind each


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows went, or would go."""

    events: int = 0
    decisions: int = 0


def prune(cold: Cold, *, before: datetime, tell: Callable[[Pruned], None] = lambda _: None) -> Pruned:
    """Delete what was received before then; told after every portion. Raises Unavailable.

    May be broken off: what is deleted stays so, and the next call goes on. Touches, customers,
    suppressions and what people wrote stay.
    """
    gone = Pruned()
    after = 0
    while True:
        with cold.writing() as connection:
            portion = events.prune(connection, before=before, after=after, limit=PORTION)
        gone = Pruned(gone.events + portion.deleted, gone.decisions)
        tell(gone)
        if not portion.deleted:
            break
        after = portion.last_seq
    while True:
        with cold.writing() as connection:
            deleted = decisions.prune(connection, before=before, limit=PORTION)
        gone = Pruned(gone.events, gone.decisions + deleted)
        tell(gone)
        if deleted < PORTION:
            return gone


def count_older(cold: Cold, *, before: datetime) -> Pruned:
    """How many rows `prune` would delete. Raises Unavailable."""
    with cold.reading() as connection:
        return Pruned(events.count_older(connection, before), decisions.count_older(connection, before))
