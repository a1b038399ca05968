"""Chances from counts: which arm is the best one, as Beta posteriors with a flat prior tell."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.experiments.statistics import Count

# Gauss-Legendre with this many points a panel is exact to 1e-12 for what a panel holds here.
_POINTS = 10
# Panel borders in standard deviations of an arm's log-odds, both sides of the peak.
_BORDERS = (0.0, 1.5, 3.0, 5.0, 8.0)
_NEAREST = 1.2  # of the narrowest arm's: borders nearer to each other than this gain nothing
_NEGLIGIBLE = -36.0  # e to this is 2e-16


def chance_better(first: Count, second: Count) -> float:
    """The chance that the second arm's true rate is above the first one's."""
    return chances_best([first, second])[1]


def chances_best(counts: Sequence[Count]) -> list[float]:
    """For each arm the chance that its true rate is the highest of all; they sum up to 1."""
    posteriors = [_Posterior.of(count) for count in counts]
    borders = _borders(posteriors)
    below = [0.0] * len(posteriors)
    best = [0.0] * len(posteriors)
    for start, end in itertools.pairwise(borders):
        half = (end - start) / 2
        points = [start + half * (1 + node) for node in _NODES]
        densities = [[half * one.density(point) for point in points] for one in posteriors]
        reached = [
            [low + _dot(row, density) for row in _UP_TO]
            for low, density in zip(below, densities, strict=True)
        ]
        for arm, density in enumerate(densities):
            best[arm] += _dot(_WEIGHTS, _over_all_others(arm, density, reached))
        below = [low + _dot(_WEIGHTS, density) for low, density in zip(below, densities, strict=True)]
    whole = sum(best)
    return [one / whole for one in best]


def _over_all_others(
    arm: int, density: Sequence[float], reached: Sequence[Sequence[float]]
) -> Sequence[float]:
    """The density of one arm where all others are below it, point by point."""
    for other, up_to in enumerate(reached):
        if other != arm:
            density = list(map(float.__mul__, density, up_to))
    return density


@dataclass(frozen=True, slots=True)
class _Posterior:
    """A Beta posterior over log-odds: smooth and single-peaked there, also for an arm without successes."""

    successes: int
    total: int
    peak: float
    share: float
    deviation: float
    scale: float

    @classmethod
    def of(cls, count: Count) -> "_Posterior":
        a, b = count.successes + 1, count.total - count.successes + 1
        n = a + b
        # The log of the density at the peak, as Stirling's remainders leave it.
        scale = (math.log(a) + math.log(b) - math.log(n) - math.log(2 * math.pi)) / 2
        scale += _remainder(n) - _remainder(a) - _remainder(b)
        return cls(a, n, math.log(a / b), a / n, math.sqrt(n / (a * b)), scale)

    def log_density(self, log_odds: float) -> float:
        """Of the log-odds, zero at the peak."""
        off = log_odds - self.peak
        if off > 0:
            # The same from the side of failures, where the exponential stays small.
            rest = self.total - self.successes
            return -rest * off - self.total * math.log1p((1 - self.share) * math.expm1(-off))
        return self.successes * off - self.total * math.log1p(self.share * math.expm1(off))

    def density(self, log_odds: float) -> float:
        """Of the log-odds; its integral is 1."""
        return math.exp(self.log_density(log_odds) + self.scale)


def _borders(posteriors: Sequence[_Posterior]) -> list[float]:
    borders: list[float] = []
    nearest = _NEAREST * min(one.deviation for one in posteriors)
    for one in posteriors:
        for side in (-1, 1):
            borders += [one.peak + side * steps * one.deviation for steps in _BORDERS]
            # An arm of few successes has a long tail: as far as it weighs anything.
            off = _BORDERS[-1] * one.deviation
            while one.log_density(one.peak + side * off) > _NEGLIGIBLE:
                off *= 1.3
                borders.append(one.peak + side * off)
    borders.sort()
    kept = borders[:1]
    for border in borders[1:-1]:
        if border - kept[-1] > nearest:
            kept.append(border)
    return [*kept, borders[-1]]


def _remainder(x: float) -> float:
    """What Stirling's formula lacks of lgamma(x)."""
    if x < 12:
        return math.lgamma(x) - ((x - 0.5) * math.log(x) - x + 0.5 * math.log(2 * math.pi))
    y = 1 / (x * x)
    return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / x


def _dot(row: Sequence[float], values: Sequence[float]) -> float:
    return sum(map(float.__mul__, row, values))


def _legendre(x: float) -> list[float]:
    """The Legendre polynomials at x, of every order up to the number of points."""
    values = [1.0, x]
    for n in range(2, _POINTS + 1):
        values.append(((2 * n - 1) * x * values[-1] - (n - 1) * values[-2]) / n)
    return values


def _slope(x: float, values: Sequence[float]) -> float:
    """Of the polynomial of the highest order."""
    return _POINTS * (x * values[-1] - values[-2]) / (x * x - 1)


def _nodes() -> list[float]:
    found = []
    for number in range(_POINTS):
        x = -math.cos(math.pi * (number + 0.75) / (_POINTS + 0.5))
        for _ in range(4):
            values = _legendre(x)
            x -= values[-1] / _slope(x, values)
        found.append(x)
    return found


def _integrals(x: float) -> list[float]:
    """How much the value at each point counts in the integral from the panel's start up to x."""
    here = _legendre(x)
    parts = [1 + x, *((here[n + 1] - here[n - 1]) for n in range(1, _POINTS))]
    return [weight * _dot(values[:-1], parts) / 2 for weight, values in zip(_WEIGHTS, _AT_NODES, strict=True)]


_NODES = _nodes()
_AT_NODES = [_legendre(node) for node in _NODES]
_WEIGHTS = [
    2 / ((1 - node * node) * _slope(node, values) ** 2)
    for node, values in zip(_NODES, _AT_NODES, strict=True)
]
_UP_TO = [_integrals(node) for node in _NODES]
