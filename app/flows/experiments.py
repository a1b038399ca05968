"""Experiments are read: which there are, since when they run as they do, and what came of their arms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.experiments.phases import Edition, Phase, phases_of
from app.domain.experiments.results import ArmCounts, Goal, Results, results
from app.domain.experiments.split import HOLDOUT, Split, arm_variant
from app.domain.problems import NotFound
from app.stores.cold import blocks, experiments, learnt_weights
from app.stores.cold.engine import Cold, Connection
from app.stores.cold.experiments import Asked
from app.stores.cold.learnt_weights import Weighing
from app.stores.cold.reports import Openers

HISTORY_MAX = 100  # runs of a bandit in a report


@dataclass(frozen=True, slots=True)
class Report:
    """One experiment in numbers. `moved` are units that were shown another arm later on."""

    phase: Phase
    goal: Goal
    within: timedelta
    impressions: Mapping[str, Openers]
    results: Results
    moved: int
    learnt: Sequence[Weighing]


def everything(cold: Cold) -> list[Phase]:
    """Every experiment that is running, by block. Raises Unavailable."""
    with cold.reading() as connection:
        found = [
            phase
            for block in blocks.published(connection)
            for phase in _phases(connection, block.id, block.version)
        ]
    return [phase for phase in found if phase.until is None]


def report(cold: Cold, experiment_id: str, *, goal: Goal, within: timedelta, now: datetime) -> Report:
    """What came of an experiment, also of one that has ended. Raises NotFound, Unavailable."""
    with cold.reading() as connection:
        phase = _find(connection, experiment_id)
        asked = asked_of(phase, until=min(phase.until or now, now), is_by_touch=is_by_touch(phase.split))
        shown, moved = experiments.shown(connection, asked)
        impressions = experiments.impressions(connection, asked)
        bought = _bought(connection, asked, within)
        learnt = (
            learnt_weights.newest(connection, experiment_id, limit=HISTORY_MAX)
            if phase.split.is_bandit
            else []
        )
    counts = {}
    for arm in (*phase.split.arms, HOLDOUT):
        variant = arm_variant(phase.variant_id, arm)
        one = shown.get(variant, experiments.Shown())
        counts[arm] = replace(
            bought.get(variant, ArmCounts()),
            exposed=one.exposed,
            seen=one.seen,
            clicked=one.clicked,
            clicked_unseen=one.clicked_unseen,
        )
    by_arm = {variant.partition("/")[2]: number for variant, number in impressions.items()}
    judged = results(phase.split, counts, goal=goal)
    return Report(phase, goal, within, by_arm, judged, moved, learnt)


def is_by_touch(split: Split) -> bool:
    """Whether touches are counted instead of customers: where one customer may be dealt several arms."""
    return split.is_by_touch or split.is_bandit


def asked_of(phase: Phase, *, until: datetime, is_by_touch: bool) -> Asked:
    """Which events are an experiment's."""
    variants = [arm_variant(phase.variant_id, arm) for arm in (*phase.split.arms, HOLDOUT)]
    return Asked(phase.block_id, variants, phase.since, until, is_by_touch)


def _find(connection: Connection, experiment_id: str) -> Phase:
    # Both ids may hold colons: the block is the one that exists.
    parts = experiment_id.split(":")
    for place in range(1, len(parts)):
        block_id = ":".join(parts[:place])
        draft = blocks.fetch(connection, block_id)
        if draft is None or draft.published_version is None:
            continue
        for phase in _phases(connection, block_id, draft.published_version):
            if phase.split.experiment_id == experiment_id:
                return phase
    raise NotFound("There is no such experiment: they are listed at /v1/reports/experiments.")


def _phases(connection: Connection, block_id: str, published: int) -> list[Phase]:
    editions = [
        Edition(one.version, one.document, one.at)
        for one in reversed(blocks.versions(connection, block_id))
        if one.version <= published
    ]
    return phases_of(block_id, editions)


def _bought(connection: Connection, asked: Asked, within: timedelta) -> dict[str, ArmCounts]:
    units: dict[str, set[tuple[str, ...]]] = {}
    number: dict[str, int] = {}
    revenue: dict[str, dict[str, float]] = {}
    for one in experiments.conversions(connection, asked, within=within):
        units.setdefault(one.variant, set()).add(one.unit)
        number[one.variant] = number.get(one.variant, 0) + 1
        value, currency = one.details.get("value"), str(one.details.get("currency") or "")
        if isinstance(value, int | float):
            sums = revenue.setdefault(one.variant, {})
            sums[currency] = sums.get(currency, 0.0) + value
    return {
        variant: ArmCounts(
            converted=len(who),
            conversions=number[variant],
            revenue={name: round(value, 6) for name, value in sorted(revenue.get(variant, {}).items())},
        )
        for variant, who in units.items()
    }
