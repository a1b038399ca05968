"""/v1/reports/experiments: what runs is listed, and its numbers come with a verdict in words."""

from datetime import timedelta

import pytest

from app.flows.bandits import learn
from tests import make
from tests.trial import block, keep, mailing, publish
from tests.web.conftest import Caller

BEFORE = make.NOW - timedelta(days=1)
REPORT = "/v1/reports/experiments/hero:test"


def test_what_runs_is_listed(call: Caller) -> None:
    publish(call.house.cold, block("a", "b", optimise="bandit"), at=BEFORE)

    answer = call.ok("GET", "/v1/reports/experiments", scope="report")

    assert answer == {
        "experiments": [
            {
                "experiment_id": "hero:test",
                "block_id": "hero",
                "variant": "test",
                "arms": ["a", "b"],
                "optimise": "bandit",
                "version": 1,
                "since": "2026-11-19T09:02:00Z",
            }
        ]
    }


def test_an_experiment_is_told_in_numbers_and_in_words(call: Caller) -> None:
    publish(call.house.cold, block("a", "b"), at=BEFORE)
    keep(call.house.cold, mailing("a", seen=1_000, clicks=20) + mailing("b", seen=1_000, clicks=90))

    answer = call.ok("GET", REPORT, scope="report")

    first, second = answer.pop("arms")
    assert answer == {
        "experiment_id": "hero:test",
        "block_id": "hero",
        "variant": "test",
        "unit": "customer",
        "goal": "click",
        "window_days": 7,
        "version": 1,
        "since": "2026-11-19T09:02:00Z",
        "sample_ratio": {"p_value": 1.0, "is_alarm": False},
        "moved": 0,
        "standing": "decided",
        "verdict": "b is the best arm, with 9.00 % clicks against 2.00 % of a. "
        "The difference will stay: stop here.",
    }
    assert (first["arm"], first["share"], first["exposed"], first["seen"], first["clicked"]) == (
        "a",
        0.5,
        1_000,
        1_000,
        20,
    )
    assert first["impressions"] == {"human": 1_000, "proxy": 0, "machine": 0, "unknown": 0}
    assert "against_first" not in first
    assert second["rate"] == 0.09
    assert second["best"] == pytest.approx(1)
    compared = second["against_first"]
    assert compared["difference"] == pytest.approx(0.07)
    assert 0 < compared["always_valid"]["low"] < compared["interval"]["low"] < 0.07
    assert compared["needed_more"] == 0


def test_a_bandit_tells_its_runs(call: Caller) -> None:
    publish(call.house.cold, block("a", "b", optimise="bandit"), at=BEFORE)
    keep(call.house.cold, mailing("a", seen=500, clicks=5) + mailing("b", seen=500, clicks=40))
    learn(call.house.hot, call.house.cold, now=make.NOW + timedelta(minutes=30))

    answer = call.ok("GET", REPORT)

    assert answer["unit"] == "touch"
    assert "sample_ratio" not in answer
    assert answer["runs"] == [
        {
            "at": "2026-11-20T09:32:00Z",
            "arms": [
                {"arm": "a", "share": 0.05, "shown": 500, "clicked": 5},
                {"arm": "b", "share": 0.95, "shown": 500, "clicked": 40},
            ],
        }
    ]


@pytest.mark.parametrize("query", ["goal=revenue", "window_days=0", "window_days=x", "days=7"])
def test_a_question_that_makes_no_sense_is_refused(call: Caller, query: str) -> None:
    publish(call.house.cold, block("a", "b"), at=BEFORE)

    answer = call("GET", f"{REPORT}?{query}")

    assert answer.status == 422
    assert answer.json["errors"][0]["parameter"] == query.partition("=")[0]


def test_an_experiment_nobody_knows_is_not_found_and_needs_the_scope(call: Caller) -> None:
    assert call("GET", REPORT).status == 404
    assert call("GET", REPORT, scope="ingest").status == 403
