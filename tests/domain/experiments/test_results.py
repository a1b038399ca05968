"""The verdict: what an experiment's counts say, in a sentence that nobody misreads."""

from typing import Any

import pytest

from app.domain.checks import Check
from app.domain.experiments.results import ArmCounts, Goal, Results, Standing, results
from app.domain.experiments.split import HOLDOUT, Split, read_split


def split(*weights: int, **fields: Any) -> Split:
    arms = [{"id": "abcdefgh"[place], "weight": weight} for place, weight in enumerate(weights)]
    made = read_split(Check(), {"split": arms, **fields}, "", block_id="hero", variant_id="test")
    assert made is not None
    return made


def arm(seen: int, clicked: int, **counts: Any) -> ArmCounts:
    return ArmCounts(**{"exposed": seen, "seen": seen, "clicked": clicked, **counts})


def judged(*arms: ArmCounts, of: Split | None = None, goal: Goal = Goal.CLICK) -> Results:
    of = of or split(*[50] * len(arms))
    return results(of, dict(zip(of.arms, arms, strict=False)), goal=goal)


def test_before_anybody_saw_an_arm_nothing_is_said() -> None:
    made = judged(arm(0, 0), arm(0, 0))

    assert (made.standing, made.sentence) == (Standing.NOTHING_SEEN, "No person has seen an arm yet.")
    assert [one.best for one in made.arms] == pytest.approx([0.5, 0.5])


def test_arms_that_did_not_get_their_shares_are_an_alarm_before_all_else() -> None:
    made = judged(arm(10_000, 300), arm(9_000, 900))

    assert made.standing is Standing.WRONG_RATIO
    assert made.sentence.startswith("The arms did not get their shares (p = ")


def test_few_views_and_few_clicks_are_too_early() -> None:
    assert judged(arm(99, 40), arm(120, 10)).standing is Standing.TOO_EARLY
    assert judged(arm(400, 4), arm(400, 5)).sentence == (
        "Too early to say: wait until people have seen each arm 100 times and there are 10 clicks in all."
    )


def test_a_clear_difference_is_decided() -> None:
    made = judged(arm(10_000, 200), arm(10_000, 400), arm(10_000, 210))

    assert made.standing is Standing.DECIDED
    assert made.sentence == (
        "b is the best arm, with 4.00 % clicks against 2.10 % of c. The difference will stay: stop here."
    )
    assert made.arms[1].best == pytest.approx(1)


def test_a_small_difference_says_how_many_more_are_needed() -> None:
    made = judged(arm(2_000, 40), arm(2_000, 60))

    assert made.standing is Standing.UNDECIDED
    assert made.sentence.startswith(
        "Undecided: b leads with 3.00 % clicks against 2.00 % of a. It needs about "
    )
    assert made.arms[1].against_first is not None
    assert 3_000 < (made.arms[1].against_first.needed_more or 0) < 10_000


def test_no_difference_says_so() -> None:
    made = judged(arm(2_000, 40), arm(2_000, 40))

    assert "too near to each other" in made.sentence


def test_the_goal_may_be_conversions() -> None:
    made = judged(arm(10_000, 900, converted=100), arm(10_000, 200, converted=300), goal=Goal.CONVERSION)

    assert made.sentence.startswith("b is the best arm, with 3.00 % conversions against 1.00 % of a.")


def test_the_holdout_is_compared_and_is_never_the_best_arm() -> None:
    of = split(50, 50, holdout=10)

    made = results(of, {"a": arm(900, 20), "b": arm(900, 25), HOLDOUT: arm(200, 40)}, goal=Goal.CLICK)

    last = made.arms[-1]
    assert (last.arm, last.best, last.share) == (HOLDOUT, None, pytest.approx(0.1))
    assert last.against_first is not None
    assert last.against_first.difference == pytest.approx(0.2 - 20 / 900)
    assert sum(one.best or 0 for one in made.arms) == pytest.approx(1)


def test_coverage_keeps_people_out_of_the_shares_and_the_holdout_does_not_shrink_with_it() -> None:
    of = split(50, 50, holdout=10, coverage=20)

    shares = {one.arm: one.share for one in results(of, {}, goal=Goal.CLICK).arms}

    assert shares == pytest.approx({"a": 0.09 / 0.28, "b": 0.09 / 0.28, HOLDOUT: 0.1 / 0.28})


def test_an_arm_of_no_weight_keeps_no_verdict_waiting() -> None:
    made = results(split(50, 50, 0), {"a": arm(10_000, 200), "b": arm(10_000, 400)}, goal=Goal.CLICK)

    assert made.standing is Standing.DECIDED
    assert judged(arm(10_000, 200), of=split(100, 0)).standing is Standing.UNDECIDED


def test_a_bandits_shares_are_not_checked_because_they_move() -> None:
    of = split(50, 50, optimise="bandit")

    made = results(of, {"a": arm(1_000, 20), "b": arm(19_000, 1_000)}, goal=Goal.CLICK)

    assert (made.sample_ratio, made.standing) == (None, Standing.DECIDED)
