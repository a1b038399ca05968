"""Statistics: what scipy answers, to nine digits; and the always-valid sequence under many looks."""

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from app.domain.experiments.posteriors import chance_better, chances_best
from app.domain.experiments.statistics import (
    Count,
    always_valid,
    chi_square_tail,
    needed_more,
    newcombe,
    sample_ratio,
    two_proportions,
    wilson,
)
from tests.domain.experiments.stream import numbers

PAIRS = [
    (Count(0, 0), Count(0, 0)),
    (Count(0, 10), Count(3, 10)),
    (Count(0, 62), Count(0, 185)),
    (Count(5, 100), Count(9, 110)),
    (Count(200, 10_000), Count(250, 10_000)),
    (Count(1_000, 1_000), Count(1, 1)),
    (Count(3, 3), Count(1_000, 2_000)),
    (Count(0, 100_000), Count(1, 5)),
    (Count(20_000, 1_000_000), Count(20_100, 1_000_000)),
    (Count(20, 1_000), Count(0, 50)),
]
COUNTS = st.tuples(st.integers(0, 5_000), st.integers(0, 5_000)).map(lambda n: Count(min(n), max(n)))


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-12)


@given(st.floats(0, 3_000), st.integers(1, 9))
def test_the_tail_of_chi_square_is_scipys(statistic: float, freedom: int) -> None:
    assert chi_square_tail(statistic, freedom) == near(stats.chi2.sf(statistic, freedom))


@given(st.lists(st.tuples(st.integers(0, 9_999), st.integers(1, 99)), min_size=2, max_size=10))
def test_the_sample_ratio_is_scipys(arms: list[tuple[int, int]]) -> None:
    observed, shares = [one for one, _ in arms], [share for _, share in arms]
    if sum(observed):
        expected = [sum(observed) * share / sum(shares) for share in shares]
        assert sample_ratio(observed, shares) == near(stats.chisquare(observed, expected).pvalue)


def test_the_sample_ratio_of_nothing_or_of_one_arm_is_no_alarm() -> None:
    assert sample_ratio([0, 0], [1, 1]) == 1
    assert sample_ratio([90, 0], [1, 0]) == 1


def test_a_split_that_lost_a_tenth_of_one_arm_is_an_alarm() -> None:
    assert sample_ratio([10_000, 9_000], [50, 50]) < 0.001
    assert sample_ratio([10_000, 9_900], [50, 50]) > 0.001


@given(COUNTS, COUNTS)
def test_two_proportions_are_scipys(first: Count, second: Count) -> None:
    total = first.total + second.total
    if first.total and second.total and 0 < first.successes + second.successes < total:
        table = [[one.successes, one.total - one.successes] for one in (first, second)]
        assert two_proportions(first, second) == near(stats.chi2_contingency(table, correction=False).pvalue)
    else:
        assert two_proportions(first, second) == 1


@given(COUNTS, st.sampled_from([0.05, 0.01, 0.2]))
def test_wilsons_interval_is_scipys(count: Count, alpha: float) -> None:
    if count.total:
        made = wilson(count, alpha=alpha)
        scipys = stats.binomtest(count.successes, count.total).proportion_ci(1 - alpha, "wilson")
        assert (made.low, made.high) == (near(scipys.low), near(scipys.high))


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [  # the examples a and g of Newcombe's table 2, with the signs of second - first
        (Count(48, 80), Count(56, 70), 0.0524, 0.3339),
        (Count(0, 20), Count(10, 10), 0.6791, 1.0),
    ],
)
def test_newcombes_interval_is_the_published_one(
    first: Count, second: Count, low: float, high: float
) -> None:
    made = newcombe(first, second)

    assert made.low == pytest.approx(low, abs=5e-5)
    assert made.high == pytest.approx(high, abs=5e-5)


@given(COUNTS, COUNTS)
def test_newcombes_interval_is_made_of_scipys(first: Count, second: Count) -> None:
    if first.total and second.total:
        one, other = (
            stats.binomtest(c.successes, c.total).proportion_ci(0.95, "wilson") for c in (first, second)
        )
        difference = second.rate - first.rate
        made = newcombe(first, second)
        assert difference - made.low == near(math.hypot(second.rate - other.low, one.high - first.rate))
        assert made.high - difference == near(math.hypot(other.high - second.rate, first.rate - one.low))


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_the_chance_to_be_better_is_scipys_integral(first: Count, second: Count) -> None:
    one, other = (stats.beta(c.successes + 1, c.total - c.successes + 1) for c in (first, second))
    borders = {0.0, 1.0}
    for posterior, steps in itertools.product((one, other), (-12, -6, -3, -1, 0, 1, 3, 6, 12)):
        borders.add(min(max(posterior.mean() + steps * posterior.std(), 0.0), 1.0))

    whole = sum(
        integrate.quad(lambda x: other.pdf(x) * one.cdf(x), low, high, epsabs=1e-14, epsrel=1e-12)[0]
        for low, high in itertools.pairwise(sorted(borders))
    )

    assert chance_better(first, second) == pytest.approx(whole, abs=1e-9)


def exact(first: Count, second: Count) -> Fraction:
    """P(second > first) as the finite sum over whole numbers, without any rounding."""
    a, b = first.successes + 1, first.total - first.successes + 1
    c, d = second.successes + 1, second.total - second.successes + 1

    def beta(x: int, y: int) -> Fraction:
        return Fraction(math.factorial(x - 1) * math.factorial(y - 1), math.factorial(x + y - 1))

    return sum((beta(a + i, b + d) / ((d + i) * beta(1 + i, d) * beta(a, b)) for i in range(c)), Fraction())


@given(
    *(
        st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda n: Count(min(n), max(n)))
        for _ in range(2)
    )
)
def test_the_chance_to_be_better_is_the_exact_sum(first: Count, second: Count) -> None:
    assert chance_better(first, second) == pytest.approx(float(exact(first, second)), abs=1e-9)


@given(st.lists(COUNTS, min_size=4, max_size=4), st.permutations(range(4)))
def test_the_chances_to_be_best_do_not_depend_on_the_order(counts: list[Count], order: list[int]) -> None:
    straight, shuffled = chances_best(counts), chances_best([counts[place] for place in order])

    assert sum(straight) == pytest.approx(1)
    assert [straight[place] for place in order] == pytest.approx(shuffled, abs=1e-9)


def test_the_chances_to_be_best_are_scipys_integral() -> None:
    counts = [Count(20, 1_000), Count(25, 1_000), Count(30, 1_000)]
    arms = [stats.beta(c.successes + 1, c.total - c.successes + 1) for c in counts]

    def density(x: float) -> float:
        return float(arms[2].pdf(x) * arms[0].cdf(x) * arms[1].cdf(x))

    expected = integrate.quad(density, 0, 0.1, points=[0.02, 0.03, 0.04], epsabs=1e-13)[0]

    assert chances_best(counts)[2] == pytest.approx(expected, abs=1e-9)


def looks(chance: Iterator[float], rate: float) -> list[tuple[Count, Count]]:
    """Twenty looks at an experiment of 10,000 customers in which both arms are the same."""
    seen, totals, successes = [], [0, 0], [0, 0]
    for _ in range(20):
        for arm in (0, 1):
            totals[arm] += 250
            successes[arm] += sum(next(chance) < rate for _ in range(250))
        seen.append((Count(successes[0], totals[0]), Count(successes[1], totals[1])))
    return seen


def test_peeking_makes_a_fixed_test_cry_wolf_and_the_sequence_hardly_ever() -> None:
    chance = numbers(7)
    experiments = [looks(chance, 0.1) for _ in range(300)]

    fixed = sum(any(two_proportions(*one) < 0.05 for one in seen) for seen in experiments) / 300
    sequence = sum(any(always_valid(*one).excludes_zero() for one in seen) for seen in experiments) / 300

    assert 0.18 < fixed < 0.34
    assert sequence <= 0.05


def test_the_sequence_finds_a_difference_that_is_there() -> None:
    assert always_valid(Count(1_000, 10_000), Count(1_300, 10_000)).excludes_zero()
    assert not always_valid(Count(100, 1_000), Count(130, 1_000)).excludes_zero()


def test_the_sequence_says_nothing_of_an_empty_arm() -> None:
    assert not always_valid(Count(0, 0), Count(5, 5)).excludes_zero()
    assert needed_more(Count(0, 0), Count(5, 5)) is None


def test_what_is_needed_is_what_the_sequence_then_takes() -> None:
    first, second = Count(100, 1_000), Count(130, 1_000)

    more = needed_more(first, second)

    assert more is not None
    grown = 1 + more / 2_000
    assert always_valid(*(scaled(c, grown * 1.01) for c in (first, second))).excludes_zero()
    assert not always_valid(*(scaled(c, grown * 0.99) for c in (first, second))).excludes_zero()


def test_nothing_more_is_needed_where_the_sequence_is_sure_and_no_number_helps_where_nothing_differs() -> (
    None
):
    assert needed_more(Count(1_000, 10_000), Count(1_300, 10_000)) == 0
    assert needed_more(Count(100, 1_000), Count(100, 1_000)) is None


def scaled(count: Count, by: float) -> Count:
    return Count(round(count.successes * by), round(count.total * by))
