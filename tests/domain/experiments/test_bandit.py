"""The bandit on simulated mailings: it finds the best arm, and prefetching costs what the docs say."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.experiments.bandit import FLOOR, SHOWN_MIN, weights
from app.domain.experiments.statistics import Count
from tests.domain.experiments.stream import run

RATES = (0.020, 0.025, 0.030)
MAILINGS = range(8)


def rate(**asked: object) -> float:
    return statistics.mean(run(RATES, seed=seed, **asked)[0] for seed in MAILINGS)  # type: ignore[arg-type]


def test_the_best_arm_gets_the_most_in_every_mailing() -> None:
    for seed in MAILINGS:
        _, shares = run(RATES, seed=seed)

        assert max(shares) == shares[2] > 0.6


def test_a_bandit_clicks_better_than_a_split_and_prefetching_takes_half_of_that() -> None:
    split, bandit, prefetched = rate(is_bandit=False), rate(), rate(prefetched=0.5)

    assert split == pytest.approx(0.0250, abs=0.0004)
    assert bandit == pytest.approx(0.0284, abs=0.0005)
    assert prefetched == pytest.approx(0.0265, abs=0.0005)


def test_prefetches_left_out_of_the_count_would_cost_more_still() -> None:
    assert rate(prefetched=0.5) > rate(prefetched=0.5, are_prefetches_counted=False) + 0.0003


def test_too_little_shown_leaves_the_written_weights() -> None:
    assert weights([Count(1, SHOWN_MIN - 10), Count(0, 9)]) is None
    assert weights([Count(1, SHOWN_MIN - 10), Count(0, 10)]) is not None


def test_a_hopeless_arm_keeps_the_floor() -> None:
    assert weights([Count(0, 5_000), Count(500, 5_000), Count(0, 5_000)]) == pytest.approx([0.05, 0.9, 0.05])


@given(
    st.lists(
        st.tuples(st.integers(0, 100_000), st.integers(0, 100_000)).map(lambda n: Count(min(n), max(n))),
        min_size=2,
        max_size=10,
    )
)
def test_shares_are_above_the_floor_and_make_a_whole(counts: list[Count]) -> None:
    shares = weights(counts)

    assert shares is None or (min(shares) > FLOOR - 1e-12 and sum(shares) == pytest.approx(1))
