"""Results: what the counts of an experiment's arms say, and one sentence of what to make of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.experiments.posteriors import chance_better, chances_best
from app.domain.experiments.split import HOLDOUT, Split
from app.domain.experiments.statistics import (
    ALPHA,
    SAMPLE_RATIO_ALARM,
    Count,
    Interval,
    always_valid,
    needed_more,
    newcombe,
    sample_ratio,
    two_proportions,
    wilson,
)

SEEN_MIN = 100  # of each arm, before anything is said of which is better
REACHED_MIN = 10  # of all arms together


class Goal(StrEnum):
    """What makes an arm the better one."""

    CLICK = "click"
    CONVERSION = "conversion"


class Standing(StrEnum):
    """The verdict in a word."""

    NOTHING_SEEN = "nothing_seen"
    WRONG_RATIO = "wrong_ratio"
    TOO_EARLY = "too_early"
    UNDECIDED = "undecided"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class ArmCounts:
    """What became of those in one arm; customers, or touches where each touch is dealt anew.

    `exposed` by any mail client, `seen` by a person among them; `clicked` and `converted` are of those
    seen, afterwards. `clicked_unseen` clicked though only machines had fetched the picture until then.
    """

    exposed: int = 0
    seen: int = 0
    clicked: int = 0
    clicked_unseen: int = 0
    converted: int = 0
    conversions: int = 0
    revenue: Mapping[str, float] = field(default_factory=dict)

    def reached(self, goal: Goal) -> Count:
        """How many of those seen did what counts."""
        return Count(self.clicked if goal is Goal.CLICK else self.converted, self.seen)


@dataclass(frozen=True, slots=True)
class Comparison:
    """An arm against the first one: `difference` of the rates, and what it may truly be."""

    difference: float
    interval: Interval
    always_valid: Interval
    p_value: float
    chance_better: float
    needed_more: int | None


@dataclass(frozen=True, slots=True)
class ArmResult:
    """One arm. `share` is what it should get of those in the experiment; no `best` for the holdout."""

    arm: str
    share: float
    counts: ArmCounts
    reached: Count
    interval: Interval
    best: float | None
    against_first: Comparison | None


@dataclass(frozen=True, slots=True)
class Results:
    """All arms, the holdout last; the sample ratio where weights are fixed; the verdict."""

    arms: Sequence[ArmResult]
    sample_ratio: float | None
    standing: Standing
    sentence: str


def results(split: Split, counts: Mapping[str, ArmCounts], *, goal: Goal) -> Results:
    """Judge the counts by arm; an arm that is not among them was shown to nobody."""
    shares = _shares(split)
    held = {arm: counts.get(arm, ArmCounts()) for arm in shares}
    reached = {arm: one.reached(goal) for arm, one in held.items()}
    best = dict(zip(split.arms, chances_best([reached[arm] for arm in split.arms]), strict=True))
    first = reached[split.arms[0]]
    arms = [
        ArmResult(
            arm,
            share,
            held[arm],
            reached[arm],
            wilson(reached[arm]),
            best.get(arm),
            _against(first, reached[arm]) if arm != split.arms[0] else None,
        )
        for arm, share in shares.items()
    ]
    ratio = None
    if not split.is_bandit:
        ratio = sample_ratio([held[arm].exposed for arm in shares], list(shares.values()))
    standing, sentence = _verdict(split, {arm: reached[arm] for arm in split.arms}, ratio, goal)
    return Results(arms, ratio, standing, sentence)


def _shares(split: Split) -> dict[str, float]:
    """Of all who are in the experiment. Coverage and namespace keep people out, and out of the shares."""
    dealt, total = (1 - split.holdout) * split.coverage, sum(split.weights)
    whole = dealt + split.holdout
    shares = {
        arm: dealt * weight / total / whole for arm, weight in zip(split.arms, split.weights, strict=True)
    }
    return {**shares, HOLDOUT: split.holdout / whole} if split.holdout else shares


def _against(first: Count, other: Count) -> Comparison:
    return Comparison(
        difference=other.rate - first.rate,
        interval=newcombe(first, other),
        always_valid=always_valid(first, other),
        p_value=two_proportions(first, other),
        chance_better=chance_better(first, other),
        needed_more=needed_more(first, other),
    )


def _verdict(
    split: Split, reached: Mapping[str, Count], ratio: float | None, goal: Goal
) -> tuple[Standing, str]:
    dealt = {arm: reached[arm] for arm, weight in zip(split.arms, split.weights, strict=True) if weight}
    if not any(count.total for count in dealt.values()):
        return Standing.NOTHING_SEEN, "No person has seen an arm yet."
    if ratio is not None and ratio < SAMPLE_RATIO_ALARM:
        return Standing.WRONG_RATIO, (
            f"The arms did not get their shares (p = {ratio:.2g}): something keeps one of them from being "
            "shown or counted. Trust none of these numbers until it is found."
        )
    if len(dealt) < 2:
        return Standing.UNDECIDED, "Only one arm has a weight: there is nothing to compare it with."
    least, clicks = min(one.total for one in dealt.values()), sum(one.successes for one in dealt.values())
    if least < SEEN_MIN or clicks < REACHED_MIN:
        return Standing.TOO_EARLY, (
            f"Too early to say: wait until people have seen each arm {SEEN_MIN} times and there are "
            f"{REACHED_MIN} {goal.value}s in all."
        )
    return _leading(dealt, goal)


def _leading(dealt: Mapping[str, Count], goal: Goal) -> tuple[Standing, str]:
    ranked = sorted(dealt, key=lambda arm: dealt[arm].rate, reverse=True)
    leader, second = ranked[0], ranked[1]
    # Compared with several arms, one of them seems worse by chance more often.
    alpha = ALPHA / (len(ranked) - 1)
    rates = f"{_percent(dealt[leader])} {goal.value}s against {_percent(dealt[second])} of {second}"
    if all(always_valid(dealt[other], dealt[leader], alpha=alpha).low > 0 for other in ranked[1:]):
        return (
            Standing.DECIDED,
            f"{leader} is the best arm, with {rates}. The difference will stay: stop here.",
        )
    more = needed_more(dealt[second], dealt[leader], alpha=alpha)
    if more is None or dealt[leader].rate == dealt[second].rate:
        return Standing.UNDECIDED, (
            f"No arm is better so far: {leader} and {second} are too near to each other to be told apart."
        )
    pair = dealt[leader].total + dealt[second].total
    everybody = max(1, round(more * sum(one.total for one in dealt.values()) / pair))
    return Standing.UNDECIDED, (
        f"Undecided: {leader} leads with {rates}. It needs about {_rounded(everybody):,} more who see it "
        "to be sure, if the rates stay as they are."
    )


def _percent(count: Count) -> str:
    return f"{100 * count.rate:.2f} %"


def _rounded(number: int) -> int:
    """To two digits: more would promise a precision that no forecast has."""
    unit = int("1" + "0" * max(0, len(str(number)) - 2))
    return -(-number // unit) * unit
