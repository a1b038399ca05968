"""What it costs to deal an arm, to know the best one, and to report on an experiment."""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from scipy import integrate, stats

from app.domain.checks import Check
from app.domain.experiments.bucketing import arm_at, bucket, ranges, seeded
from app.domain.experiments.posteriors import chances_best
from app.domain.experiments.results import Goal
from app.domain.experiments.split import assign, read_split
from app.domain.experiments.statistics import Count
from app.flows.experiments import report
from app.stores.cold.engine import connect
from app.stores.cold.migrating import migrate
from tests import make, trial
from tests.bench.figures import beside, short

ROUNDS = 5
CUSTOMERS = 50_000  # of each arm
ARMS = [Count(200, 10_000), Count(250, 10_000), Count(300, 10_000)]


def rows() -> list[dict[str, Any]]:
    """Medians of several rounds."""
    state, halves = seeded("hero:test"), ranges([50, 50])
    place_us = _us(lambda: arm_at(bucket(state, "customer-0123456789"), halves), 20_000)
    arms = [{"id": "a"}, {"id": "b"}]
    split = read_split(
        Check(), {"split": arms, "holdout": 5, "namespace": {"id": "x"}}, "", block_id="b", variant_id="v"
    )
    assert split is not None
    dealt_us = _us(lambda: assign(split, "customer-0123456789"), 20_000)
    best_ms = _us(lambda: chances_best(ARMS), 100) / 1_000
    return [
        _at_most("bucketing: the arm of an id of 19 characters", place_us, "us", 8),
        _at_most("bucketing with a holdout and a namespace", dealt_us, "us", 24),
        beside("best of three arms, beside scipy's integrals", best_ms, _us(_by_scipy, 5) / 1_000, "ms"),
        {
            "name": "report on an experiment of 100,000 customers, SQLite",
            "value": short(_report_s()),
            "unit": "s",
        },
    ]


def _at_most(name: str, value: float, unit: str, limit: float) -> dict[str, Any]:
    met = value <= limit
    return {"name": name, "value": short(value), "unit": unit, "target": f"<= {limit:g}", "met": met}


def _by_scipy() -> list[float]:
    beta = [stats.beta(one.successes + 1, one.total - one.successes + 1) for one in ARMS]
    found = []
    for arm, own in enumerate(beta):
        others = [other for number, other in enumerate(beta) if number != arm]

        def density(x: float, own: Any = own, others: Any = others) -> float:
            return float(own.pdf(x) * others[0].cdf(x) * others[1].cdf(x))

        found.append(integrate.quad(density, 0.01, 0.05, epsabs=1e-10)[0])
    return found


def _report_s() -> float:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        migrate(url)
        cold = connect(url)
        trial.publish(cold, trial.block("a", "b"), at=make.NOW - timedelta(days=1))
        for arm, clicks in (("a", 1_000), ("b", 1_250)):
            trial.keep(cold, trial.mailing(arm, seen=CUSTOMERS, clicks=clicks))
            trial.keep(cold, [trial.did(f"c-{arm}-{number}", value=10) for number in range(clicks)])
        taken = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            report(
                cold, "hero:test", goal=Goal.CLICK, within=timedelta(days=7), now=make.NOW + timedelta(days=1)
            )
            taken.append(time.perf_counter() - started)
        cold.close()
        return statistics.median(taken)


def _us(work: Callable[[], object], calls: int) -> float:
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(calls):
            work()
        taken.append((time.perf_counter() - started) / calls * 1e6)
    return statistics.median(taken)
