"""A bandit: every arm gets the share of its chance to be the best one, and never less than a floor.

Thompson sampling in batches. Between two batches the same customers see the same arms, so an open
needs no chance of its own, and drawing many samples from the posteriors comes to exactly these shares.
"""

from collections.abc import Sequence

from app.domain.experiments.posteriors import chances_best
from app.domain.experiments.statistics import Count

FLOOR = 0.05  # of an arm: a bad start must not be the end of it
SHOWN_MIN = 100  # touches, all arms together, before the written weights are left


def weights(counts: Sequence[Count]) -> list[float] | None:
    """The shares of the next batch, or None while too little was shown.

    A count is of touches: those in which the arm was shown, prefetches among them, and those in which
    a person clicked. Leaving the prefetches out would flatter the arms shown before much was learnt.
    """
    if sum(count.total for count in counts) < SHOWN_MIN:
        return None
    return _floored(chances_best(counts))


def _floored(chances: Sequence[float]) -> list[float]:
    """Raise what is below the floor to it, at the cost of the others in proportion."""
    floored: set[int] = set()
    while True:
        rest = 1 - FLOOR * len(floored)
        free = sum(chance for number, chance in enumerate(chances) if number not in floored)
        shares = [FLOOR if one in floored else chance * rest / free for one, chance in enumerate(chances)]
        below = {number for number, share in enumerate(shares) if share < FLOOR}
        if not below:
            return shares
        floored |= below
