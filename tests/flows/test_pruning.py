"""Pruning: what is old goes in portions, what is not stays, on both databases."""

import itertools
from datetime import timedelta

import pytest

from app.flows import pruning
from app.flows.pruning import Pruned, count_older, prune
from app.stores.cold import decisions, events
from app.stores.cold.decisions import DecisionRow
from app.stores.cold.engine import Cold
from tests import make

DAY = timedelta(days=1)


def _record(cold: Cold, *ages: timedelta) -> None:
    facts = [make.event(at=make.NOW - age, received_at=make.NOW - age) for age in ages]
    taken = [
        DecisionRow(
            event_id=f"d-{fact.event_id}",
            at=fact.at,
            received_at=fact.at,
            customer_id="ana",
            decision="send",
            reason="OK",
        )
        for fact in facts
    ]
    with cold.writing() as connection:
        events.insert_once(connection, [events.row_of(fact) for fact in facts])
        decisions.insert_once(connection, taken)


def _ages(cold: Cold) -> list[int]:
    with cold.reading() as connection:
        return sorted((make.NOW - one.event.at).days for one in events.page(connection))


def test_what_is_older_goes_and_the_rest_stays(cold: Cold) -> None:
    _record(cold, 40 * DAY, 31 * DAY, 30 * DAY, DAY)

    gone = prune(cold, before=make.NOW - 30 * DAY)

    assert gone == Pruned(events=2, decisions=2)
    assert _ages(cold) == [1, 30]
    assert prune(cold, before=make.NOW - 30 * DAY) == Pruned()


def test_counting_deletes_nothing(cold: Cold) -> None:
    _record(cold, 40 * DAY, DAY)

    assert count_older(cold, before=make.NOW - 30 * DAY) == Pruned(events=1, decisions=1)
    assert _ages(cold) == [1, 40]


def test_many_go_in_portions_each_told(cold: Cold, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "PORTION", 3)
    _record(cold, *[40 * DAY] * 4, DAY, *[40 * DAY] * 3, DAY, DAY)
    told: list[Pruned] = []

    gone = prune(cold, before=make.NOW - 30 * DAY, tell=told.append)

    assert gone == Pruned(events=7, decisions=7)
    assert _ages(cold) == [1, 1, 1]
    assert max(later.events - earlier.events for earlier, later in itertools.pairwise(told)) <= 3


def test_a_reader_goes_on_after_what_was_pruned(cold: Cold) -> None:
    _record(cold, 40 * DAY, 40 * DAY, DAY)
    with cold.reading() as connection:
        first = events.page(connection, limit=1)[0].seq

    prune(cold, before=make.NOW - 30 * DAY)
    _record(cold, DAY)

    with cold.reading() as connection:
        rest = [one.seq for one in events.page(connection, after=first)]
    assert rest == [first + 2, first + 3]
