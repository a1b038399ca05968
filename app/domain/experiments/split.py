"""Splits: a variant that shows each customer one of several arms, as its author wrote it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.checks import Check
from app.domain.experiments.bucketing import Namespace, Range, arm_at, bucket, is_in_namespace, ranges, seeded
from app.domain.ids import is_id

ARMS_MIN, ARMS_MAX = 2, 10
WEIGHT_MAX = 10_000
HOLDOUT_MAX = 50
SEED_MAX = 128
NAME_MAX = 190  # of a variant's and an arm's id together, as events hold them
HOLDOUT = "holdout"  # the arm of those who see the fallback, so that no author's arm may be called so

SPLIT_FIELDS = ("split", "optimise", "holdout", "coverage", "namespace", "seed", "hash_by")
ARM_FIELDS = ("id", "weight", "creative", "link", "collapse")


@dataclass(frozen=True, slots=True)
class Learnt:
    """A bandit's weights of this moment: what they are of, and the ranges they give."""

    arms: tuple[str, ...]
    coverage: float
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Arms by weight. `holdout` is a share from 0 to 1 and cuts before the arms are dealt out."""

    experiment_id: str
    seed: str
    arms: tuple[str, ...]
    weights: tuple[int, ...]
    ranges: tuple[Range, ...]
    coverage: float
    holdout: float
    namespace: Namespace | None
    is_by_touch: bool
    is_bandit: bool
    seed_state: int
    holdout_state: int


def experiment_id(block_id: str, variant_id: str) -> str:
    """What a split is called in reports and in the store of learnt weights."""
    return f"{block_id}:{variant_id}"


def read_split(
    check: Check, fields: Mapping[str, object], at: str, *, block_id: str, variant_id: str
) -> Split | None:
    """Read the split of a variant's fields, noting faults; None when the arms are not to be read.

    Each arm's creative and link are left to the block, under the pointer `{at}/split/{number}`.
    """
    arms, weights = _arms(check, fields.get("split"), f"{at}/split", variant_id)
    coverage = _percent(check, fields, "coverage", at, low=0.01, high=100, default=100)
    holdout = _percent(check, fields, "holdout", at, low=0, high=HOLDOUT_MAX, default=0)
    namespace = _namespace(check, fields.get("namespace"), f"{at}/namespace")
    optimise = _word(check, fields, "optimise", at, ("bandit",))
    hash_by = _word(check, fields, "hash_by", at, ("customer", "touch"))
    name = experiment_id(block_id, variant_id)
    seed = check.text(fields, "seed", at, longest=SEED_MAX, default=name) or name
    if not arms:
        return None
    return Split(
        experiment_id=name,
        seed=seed,
        arms=arms,
        weights=weights,
        ranges=ranges(weights, coverage=coverage),
        coverage=coverage,
        holdout=holdout,
        namespace=namespace,
        is_by_touch=hash_by == "touch",
        is_bandit=optimise == "bandit",
        seed_state=seeded(seed),
        holdout_state=seeded(f"{seed}/{HOLDOUT}"),
    )


def assign(
    split: Split, customer_id: str, touch_id: str | None = None, *, learnt: Learnt | None = None
) -> str | None:
    """The arm's id, HOLDOUT, or None for who is not in the experiment. The same ids, the same answer.

    An arm is shown and recorded as the variant `<variant>/<arm>`; HOLDOUT shows the fallback and is
    recorded as `<variant>/holdout`; None goes on to the next variant of the block. `learnt` stands for
    the written weights of a bandit while it speaks of the same arms.
    """
    value = f"{customer_id}:{touch_id}" if split.is_by_touch else customer_id
    if split.namespace is not None and not is_in_namespace(value, split.namespace):
        return None
    if split.holdout and bucket(split.holdout_state, value) < split.holdout:
        return HOLDOUT
    arms = split.ranges
    if learnt is not None and split.is_bandit and _is_of(learnt, split):
        arms = learnt.ranges
    number = arm_at(bucket(split.seed_state, value), arms)
    return None if number is None else split.arms[number]


def learnt_weights(arms: Sequence[str], weights: Sequence[float], *, coverage: float) -> Learnt:
    """A bandit's weights made ready for `assign`."""
    return Learnt(tuple(arms), coverage, ranges(weights, coverage=coverage))


def arm_variant(variant_id: str, arm: str) -> str:
    """What an arm is called where a variant is: in choices, events and reports."""
    return f"{variant_id}/{arm}"


def _is_of(learnt: Learnt, split: Split) -> bool:
    return learnt.arms == split.arms and learnt.coverage == split.coverage


def _arms(check: Check, listed: object, at: str, variant_id: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    if not isinstance(listed, list) or not ARMS_MIN <= len(listed) <= ARMS_MAX:
        check.fault(at, f"a split is a list of {ARMS_MIN} to {ARMS_MAX} arms")
        return (), ()
    ids: list[str] = []
    weights: list[int] = []
    are_weighed = {isinstance(one, Mapping) and "weight" in one for one in listed}
    if len(are_weighed) > 1:
        check.fault(at, "give every arm a weight, or none: then all have the same")
    for place, document in enumerate(listed):
        fields = check.known(document, ARM_FIELDS, f"{at}/{place}")
        weights.append(check.whole(fields, "weight", f"{at}/{place}", low=0, high=WEIGHT_MAX, default=1))
        ids.append(_arm_id(check, fields.get("id"), f"{at}/{place}/id", ids))
        if len(arm_variant(variant_id, ids[-1])) > NAME_MAX:
            check.fault(
                f"{at}/{place}/id", f"with its variant's, an arm's id has at most {NAME_MAX} characters"
            )
    if not any(weights):
        check.fault(at, "at least one arm has a weight above 0")
        return (), ()
    return tuple(ids), tuple(weights)


def _arm_id(check: Check, arm_id: object, at: str, taken: Sequence[str]) -> str:
    if not isinstance(arm_id, str) or not is_id(arm_id):
        check.fault(at, "an id has 1 to 128 letters, digits or ._:@-")
        return ""
    if arm_id in taken:
        check.fault(at, f"{arm_id!r} is taken; every arm has an id of its own")
    if arm_id == HOLDOUT:
        check.fault(at, f"{HOLDOUT!r} is the arm of those who are shown the fallback; take another id")
    return arm_id


def _percent(
    check: Check,
    fields: Mapping[str, object],
    name: str,
    at: str,
    *,
    low: float,
    high: float,
    default: float,
) -> float:
    value = fields.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        check.fault(f"{at}/{name}", f"{name} is a percentage from {low:g} to {high:g}")
        return default / 100
    return value / 100


def _word(
    check: Check, fields: Mapping[str, object], name: str, at: str, words: Sequence[str]
) -> object | None:
    value = fields.get(name)
    if value is not None and value not in words:
        check.fault(f"{at}/{name}", f"{name} is {' or '.join(map(repr, words))}, or left out")
        return None
    return value


def _namespace(check: Check, document: object, at: str) -> Namespace | None:
    if document is None:
        return None
    fields = check.known(document, ("id", "start", "end"), at)
    if not isinstance(name := fields.get("id"), str) or not is_id(name):
        check.fault(f"{at}/id", "an id has 1 to 128 letters, digits or ._:@-")
        return None
    start = _percent(check, fields, "start", at, low=0, high=100, default=0)
    end = _percent(check, fields, "end", at, low=0, high=100, default=100)
    if start >= end:
        check.fault(f"{at}/end", "end is above start: the part of the namespace this experiment takes")
    return Namespace(name, start, end)
