"""Touches as mailings make them: delivered, perhaps fetched ahead, opened later, now and then clicked."""

import hashlib
import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.experiments.bandit import weights
from app.domain.experiments.statistics import Count

TOUCHES = 40_000
BATCHES = 72  # of ten minutes: half a day, in which most of the opens of a mailing come
HALF_LIFE = 18  # batches until half of the opens have come


@dataclass
class Arm:
    """What a bandit is told of an arm: touches it was shown in, and clicks."""

    rate: float
    shown: int = 0
    clicked: int = 0


def run(
    rates: Sequence[float],
    *,
    seed: int,
    prefetched: float = 0.0,
    is_bandit: bool = True,
    are_prefetches_counted: bool = True,
) -> tuple[float, list[float]]:
    """The click rate of a whole mailing, and the shares of the arms at its end.

    A prefetch comes with the delivery, which takes the first batch, and pins the arm that is shown when
    the person opens.
    """
    chance = numbers(seed)
    arms = [Arm(rate) for rate in rates]
    shares = [1 / len(arms)] * len(arms)
    opens: list[list[int]] = [[] for _ in range(BATCHES)]
    clicks = 0
    for _ in range(TOUCHES):
        batch = min(int(-math.log2(next(chance)) * HALF_LIFE), BATCHES - 1)
        is_ahead = next(chance) < prefetched
        opens[batch].append(_pick(chance, shares) if is_ahead else -1)
        if is_ahead and are_prefetches_counted:
            arms[opens[batch][-1]].shown += 1
    for batch in opens:
        for pinned in batch:
            arm = arms[pinned if pinned >= 0 else _pick(chance, shares)]
            arm.shown += pinned < 0
            if next(chance) < arm.rate:
                arm.clicked += 1
                clicks += 1
        learnt = (
            weights([Count(min(arm.clicked, arm.shown), arm.shown) for arm in arms]) if is_bandit else None
        )
        shares = learnt or shares
    return clicks / TOUCHES, shares


def numbers(seed: int) -> Iterator[float]:
    """Numbers above 0 and below 1 that look like chance, and are the same in every run."""
    count = 0
    while True:
        digest = hashlib.blake2b(f"{seed} {count}".encode()).digest()
        yield from ((drawn + 0.5) / 2**32 for drawn in struct.unpack("16I", digest))
        count += 1


def _pick(chance: Iterator[float], shares: Sequence[float]) -> int:
    drawn = next(chance) * sum(shares)
    for arm, share in enumerate(shares):
        drawn -= share
        if drawn < 0:
            return arm
    return len(shares) - 1
