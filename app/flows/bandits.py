"""Bandits learn: every ten minutes the arms get new shares from the touches and clicks there are by now.

SQL has a run first, then the hot store. Killed between the two, every process goes on with the shares
before, until `catch_up` or the next run tells the newest.

Bandits of one block that share a seed and the same arms are leaves of one: variants for different
segments, each with a best arm of its own. A leaf of which too little is known goes by all of them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.domain.experiments.bandit import weights
from app.domain.experiments.phases import Phase
from app.domain.experiments.split import arm_variant
from app.domain.experiments.statistics import Count
from app.flows import publications
from app.flows.experiments import asked_of, everything
from app.stores.cold import experiments, learnt_weights
from app.stores.cold.engine import Cold, Connection
from app.stores.cold.learnt_weights import Weighing
from app.stores.hot.codec import encode
from app.stores.hot.published import held, publish
from app.stores.hot.server import HotStore

DIGITS = 4  # of a share: there are 10,000 places to deal


def learn(hot: HotStore, cold: Cold, *, now: datetime) -> int:
    """Weigh every bandit that is running; answers how many changed. Raises Unavailable."""
    changed = 0
    for leaves in _together(everything(cold)):
        with cold.reading() as connection:
            counted = [_counts(connection, leaf, now) for leaf in leaves]
        of_all = [_sum(arm) for arm in zip(*counted, strict=True)]
        for leaf, counts in zip(leaves, counted, strict=True):
            shares = _shares(leaf, counts) or _shares(leaf, of_all)
            if shares is not None:
                changed += _keep(hot, cold, leaf, counts, shares, now)
    return changed


def _together(phases: Iterable[Phase]) -> Iterable[Sequence[Phase]]:
    """The bandits among the experiments, the leaves of one together."""
    found: dict[object, list[Phase]] = {}
    for phase in phases:
        if phase.split.is_bandit:
            found.setdefault((phase.block_id, phase.split.seed, phase.split.arms), []).append(phase)
    return found.values()


def _keep(
    hot: HotStore, cold: Cold, phase: Phase, counts: Sequence[Count], shares: Sequence[float], now: datetime
) -> bool:
    with cold.reading() as connection:
        last = next(iter(learnt_weights.newest(connection, phase.split.experiment_id)), None)
    made = _weighing(phase, counts, shares, last, now)
    if last is None or _dealt(last) != _dealt(made):
        with cold.writing() as connection:
            learnt_weights.add(connection, made)
        last = made
    name, document = publications.of_weights(last)
    if held(hot, name) == encode(document):
        return False
    publish(hot, name, document)
    return True


def _counts(connection: Connection, phase: Phase, now: datetime) -> list[Count]:
    # Touches, whatever is dealt by: every picture that may be clicked once.
    shown, _ = experiments.shown(connection, asked_of(phase, until=now, is_by_touch=True))
    found = [shown.get(arm_variant(phase.variant_id, arm), experiments.Shown()) for arm in phase.split.arms]
    return [Count(one.clicked + one.clicked_unseen, one.exposed) for one in found]


def _shares(phase: Phase, counts: Sequence[Count]) -> list[float] | None:
    """Of every arm; an arm that its author gave no weight stays without."""
    dealt = [bool(weight) for weight in phase.split.weights]
    shares = weights([count for count, is_dealt in zip(counts, dealt, strict=True) if is_dealt])
    if shares is None:
        return None
    left = iter(shares)
    return [next(left) if is_dealt else 0.0 for is_dealt in dealt]


def _sum(counts: Sequence[Count]) -> Count:
    return Count(sum(one.successes for one in counts), sum(one.total for one in counts))


def _weighing(
    phase: Phase, counts: Sequence[Count], shares: Sequence[float], last: Weighing | None, now: datetime
) -> Weighing:
    arms = [
        {"arm": arm, "share": round(share, DIGITS), "shown": count.total, "clicked": count.successes}
        for arm, share, count in zip(phase.split.arms, shares, counts, strict=True)
    ]
    return Weighing(
        phase.split.experiment_id,
        last.number + 1 if last else 1,
        now,
        phase.version,
        {"coverage": phase.split.coverage, "arms": arms},
    )


def _dealt(weighing: Weighing) -> object:
    document = weighing.document
    return document["coverage"], [(one["arm"], one["share"]) for one in document["arms"]]
