"""Statistics of arms in counts, with the standard library alone.

References: Newcombe, Statistics in Medicine 17 (1998), method 10; Waudby-Smith et al., Annals of
Statistics 52 (2024), for the sequence that stays valid however often it is looked at.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

ALPHA = 0.05
SAMPLE_RATIO_ALARM = 0.001
# Where the sequence is narrowest, in customers of both arms together.
TUNED_FOR = 5_000
NEEDED_MAX = 100_000_000

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Count:
    """How many of an arm did what is counted: `successes` of `total`."""

    successes: int
    total: int

    @property
    def rate(self) -> float:
        """The share of those who did; 0 of none."""
        return self.successes / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both inside."""

    low: float
    high: float

    def excludes_zero(self) -> bool:
        """Whether there is a difference, as far as the interval tells."""
        return self.low > 0 or self.high < 0


def sample_ratio(observed: Sequence[int], shares: Sequence[float]) -> float:
    """How likely chance alone makes a split this uneven; below SAMPLE_RATIO_ALARM something is wrong.

    Arms of no share are left out. Without two arms or anything observed the answer is 1.
    """
    pairs = [(number, share) for number, share in zip(observed, shares, strict=True) if share > 0]
    total, whole = sum(number for number, _ in pairs), sum(share for _, share in pairs)
    if len(pairs) < 2 or not total:
        return 1.0
    expected = [(number, total * share / whole) for number, share in pairs]
    return chi_square_tail(sum((number - mean) ** 2 / mean for number, mean in expected), len(pairs) - 1)


def chi_square_tail(statistic: float, freedom: int) -> float:
    """The chance of a chi-square this large or larger, with a whole number of degrees of freedom."""
    half = statistic / 2
    if half <= 0:
        return 1.0
    power, tail = (0.5, math.erfc(math.sqrt(half))) if freedom % 2 else (0.0, 0.0)
    while power < freedom / 2:
        # The next term of the finite sum; in logarithms, as statistics may be in the thousands.
        tail += math.exp(power * math.log(half) - half - math.lgamma(power + 1))
        power += 1
    return min(tail, 1.0)


def two_proportions(first: Count, second: Count) -> float:
    """The two-sided p-value of the pooled z-test; 1 where there is nothing to compare."""
    total = first.total + second.total
    pooled = (first.successes + second.successes) / total if total else 0.0
    if not first.total or not second.total or pooled in (0.0, 1.0):
        return 1.0
    error = math.sqrt(pooled * (1 - pooled) * (1 / first.total + 1 / second.total))
    return math.erfc(abs(second.rate - first.rate) / error / math.sqrt(2))


def wilson(count: Count, *, alpha: float = ALPHA) -> Interval:
    """Between what rates the true one lies, at a confidence of 1 - alpha."""
    if not count.total:
        return Interval(0.0, 1.0)
    z, n, p = _NORMAL.inv_cdf(1 - alpha / 2), count.total, count.rate
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low = 0.0 if count.successes == 0 else middle - half
    high = 1.0 if count.successes == n else middle + half
    return Interval(low, high)


def newcombe(first: Count, second: Count, *, alpha: float = ALPHA) -> Interval:
    """Between what differences `second - first` the true one lies, looked at once."""
    one, other = wilson(first, alpha=alpha), wilson(second, alpha=alpha)
    difference = second.rate - first.rate
    below = math.hypot(second.rate - other.low, one.high - first.rate)
    above = math.hypot(other.high - second.rate, first.rate - one.low)
    return Interval(difference - below, difference + above)


def always_valid(first: Count, second: Count, *, alpha: float = ALPHA) -> Interval:
    """The same difference, and true at every look: it leaves out the true value once in 20 at most, ever.

    Wider than `newcombe`, and the price of being allowed to stop when it shows something. An arm
    without a success, or of nothing but successes, is taken to vary as if one more had been seen.
    """
    if not first.total or not second.total:
        return Interval(-1.0, 1.0)
    total = first.total + second.total
    spread = total * (_variance(first) / first.total + _variance(second) / second.total)
    half = _half_width(spread, total, alpha)
    difference = second.rate - first.rate
    return Interval(max(difference - half, -1.0), min(difference + half, 1.0))


def needed_more(first: Count, second: Count, *, alpha: float = ALPHA) -> int | None:
    """About how many more customers, both arms together, until `always_valid` leaves zero out.

    0 when it does already. None where more than NEEDED_MAX would be needed or an arm is empty.
    Rates and shares are taken to stay as they are: a guess that moves with every look.
    """
    if not first.total or not second.total:
        return None
    total, difference = first.total + second.total, abs(second.rate - first.rate)
    spread = total * (_variance(first) / first.total + _variance(second) / second.total)
    if _half_width(spread, total, alpha) < difference:
        return 0
    if _half_width(spread, NEEDED_MAX, alpha) >= difference:
        return None
    low, high = total, NEEDED_MAX
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _half_width(spread, middle, alpha) < difference else (middle, high)
    return high - total


def _variance(count: Count) -> float:
    rate = count.rate
    if count.successes in (0, count.total):
        rate = 1 / (count.total + 2)
    return rate * (1 - rate)


def _half_width(spread: float, total: int, alpha: float) -> float:
    mixing = (-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / TUNED_FOR
    grown = total * mixing + 1
    return math.sqrt(spread * 2 * grown / (total * total * mixing) * math.log(math.sqrt(grown) / alpha))
