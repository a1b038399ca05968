"""The report of an experiment: found by its name, counted since it runs as it does, judged."""

from datetime import timedelta

import pytest

from app.domain.experiments.results import Goal, Standing
from app.domain.problems import NotFound
from app.flows.experiments import Report, everything, report
from app.stores.cold.engine import Cold
from app.stores.cold.reports import Openers
from tests import make
from tests.trial import AHEAD, block, clicked, did, keep, mailing, publish, shown

BEFORE, LATER = make.NOW - timedelta(days=1), make.NOW + timedelta(days=1)


def told(cold: Cold, experiment_id: str = "hero:test", goal: Goal = Goal.CLICK) -> Report:
    return report(cold, experiment_id, goal=goal, within=timedelta(days=7), now=LATER)


def test_arms_are_counted_compared_and_judged(cold: Cold) -> None:
    publish(cold, block("a", "b"), at=BEFORE)
    keep(cold, mailing("a", seen=2_000, clicks=40) + mailing("b", seen=2_000, clicks=160))

    made = told(cold)

    first, second = made.results.arms
    assert (first.counts.seen, first.counts.clicked, second.counts.clicked) == (2_000, 40, 160)
    assert made.results.standing is Standing.DECIDED
    assert made.impressions == {"a": Openers(human=2_000), "b": Openers(human=2_000)}
    assert made.results.sample_ratio == pytest.approx(1)


def test_conversions_and_revenue_count_by_currency_and_customers_once(cold: Cold) -> None:
    publish(cold, block("a", "b"), at=BEFORE)
    bought = [
        did("ana", value=20.5, currency="EUR"),
        did("ana", value=10, currency="EUR"),
        did("ben", "converted"),
        did("ben", value="many"),
        did("cleo", value=5, currency="USD"),
    ]
    keep(cold, [shown("b", "ana"), shown("b", "ben"), shown("a", "cleo"), *bought])

    made = told(cold, goal=Goal.CONVERSION)

    first, second = (one.counts for one in made.results.arms)
    assert (first.converted, first.revenue) == (1, {"USD": 5})
    assert (second.converted, second.conversions, second.revenue) == (2, 4, {"EUR": 30.5})


def test_what_was_dealt_otherwise_before_is_not_counted(cold: Cold) -> None:
    publish(cold, block("a", "b"), at=BEFORE)
    publish(cold, block("a", "b", coverage=50), at=make.NOW + timedelta(minutes=10))
    keep(cold, [shown("a", "ana"), shown("a", "ben", minute=20)])

    made = told(cold)

    assert (made.phase.version, made.results.arms[0].counts.seen) == (2, 1)


def test_a_bandit_counts_touches_and_tells_no_sample_ratio(cold: Cold) -> None:
    publish(cold, block("a", "b", optimise="bandit"), at=BEFORE)
    keep(
        cold,
        [shown("a", "ana"), shown("b", "ana", AHEAD, touch_id="t-2"), clicked("b", "ana", touch_id="t-2")],
    )

    made = told(cold)

    assert [one.counts.exposed for one in made.results.arms] == [1, 1]
    assert made.results.arms[1].counts.clicked_unseen == 1
    assert made.results.sample_ratio is None


def test_running_experiments_are_listed_and_ended_ones_are_still_told(cold: Cold) -> None:
    publish(cold, block("a", "b"), at=BEFORE)
    publish(cold, block("a", "b"), at=BEFORE, block_id="foot")
    publish(cold, make.block(), at=make.NOW + timedelta(minutes=10))
    keep(cold, [shown("a", "ana"), shown("a", "ben", minute=20)])

    listed = everything(cold)
    ended = told(cold)

    assert [one.split.experiment_id for one in listed] == ["foot:test"]
    assert (ended.phase.until, ended.results.arms[0].counts.seen) == (make.NOW + timedelta(minutes=10), 1)


def test_ids_with_colons_are_told_apart(cold: Cold) -> None:
    publish(cold, block("a", "b"), at=BEFORE, block_id="spring:hero")

    assert told(cold, "spring:hero:test").phase.block_id == "spring:hero"


@pytest.mark.parametrize(
    "experiment_id", ["hero", "hero:", "hero:none", "none:test", ":", "a:b:c:d", "draft:test"]
)
def test_what_is_no_experiment_is_not_found(cold: Cold, experiment_id: str) -> None:
    publish(cold, block("a", "b"), at=BEFORE)

    with pytest.raises(NotFound):
        told(cold, experiment_id)
