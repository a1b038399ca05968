"""Choosing: the first variant whose rule holds, or the fallback; and the choice as it is stored."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from app.domain.blocks import Block, Holdout, Variant
from app.domain.experiments.split import HOLDOUT, Learnt, assign
from app.domain.rules import trace

# `json.dumps` makes a new encoder for every call that wants other separators.
_encode = json.JSONEncoder(separators=(",", ":")).encode


class Why(StrEnum):
    """Why a variant is the one shown."""

    RULE_HELD = "rule_held"
    NO_RULE_HELD = "no_rule_held"
    STICKY = "sticky"
    HOLDOUT = "holdout"
    RECALLED = "recalled"
    UNKNOWN_CUSTOMER = "unknown_customer"
    UNKNOWN_TOUCH = "unknown_touch"
    STATE_UNAVAILABLE = "state_unavailable"
    CANNOT_RENDER = "cannot_render"
    RENDER_BUDGET = "render_budget"
    TOO_FEW_ITEMS = "too_few_items"


@dataclass(frozen=True, slots=True)
class Choice:
    """The variant to show, and why."""

    variant: Variant
    why: Why


@dataclass(frozen=True, slots=True)
class Recipient:
    """For whom is chosen: whose id deals the arms, by whose clock hours run, and what bandits learnt."""

    customer_id: str = ""
    touch_id: str | None = None
    zone: tzinfo = UTC
    learnt: Callable[[str], Learnt | None] | None = None
    barred: frozenset[str] = frozenset()
    """Variants whose cap is reached."""
    shown: str = ""
    """The variant that this touch's view was counted for: it stays though its cap is reached."""
    holdout: Holdout | None = None
    """That of the whole deployment."""


NOBODY = Recipient()

# What was shown for want of something stays only until the next open.
PASSING = frozenset(
    {
        Why.RECALLED,
        Why.UNKNOWN_CUSTOMER,
        Why.UNKNOWN_TOUCH,
        Why.STATE_UNAVAILABLE,
        Why.CANNOT_RENDER,
        Why.TOO_FEW_ITEMS,
    }
)


@dataclass(frozen=True, slots=True)
class StoredChoice:
    """What was shown for a touch's block, and where its link leads.

    Where choices stay, `why` and `at` are of when the variant was first chosen.
    """

    version: int
    variant: str
    why: str
    at: datetime
    link: str | None
    items: tuple[str, ...] = ()
    """Ids of the items shown, the first one's first."""


def choose(
    block: Block,
    context: Mapping[str, object] | None,
    *,
    now: datetime,
    pinned: StoredChoice | None = None,
    is_proven: bool = True,
    whom: Recipient = NOBODY,
) -> Choice:
    """Pick the first variant whose rule holds, or the fallback.

    `context` None: the customer is not known. `pinned` stands for a sticky block while its variant may
    be shown. Not `is_proven`: the customer's id was not signed, so nothing personal is shown.
    """
    if block.is_recalled:
        return Choice(block.fallback, Why.RECALLED)
    if context is None:
        return Choice(block.fallback, Why.UNKNOWN_CUSTOMER)
    if _is_held_out(block, whom):
        return Choice(block.fallback, Why.HOLDOUT)
    kept = _kept(block, pinned, now, whom) if pinned is not None and block.sticky.is_kept else None
    if kept is not None and (is_proven or not kept.is_personal) and _may_stay(kept, whom):
        return Choice(kept, Why.STICKY)
    for variant in block.variants:
        if variant.id in whom.barred or (not is_proven and variant.is_personal):
            continue
        if variant.is_running(now, whom.zone) and (variant.rule is None or variant.rule.holds(context)):
            if variant.split is None:
                return Choice(variant, Why.RULE_HELD)
            dealt = _dealt(variant, whom)
            if dealt is not None:
                return dealt
    return Choice(block.fallback, Why.NO_RULE_HELD)


def pinning(choice: Choice, pinned: StoredChoice | None, now: datetime) -> tuple[str, datetime]:
    """Why and since when a choice stands: one that stayed keeps what it was first chosen with."""
    if choice.why is Why.STICKY and pinned is not None:
        return pinned.why, pinned.at
    return choice.why.value, now


def explain_choice(
    block: Block, context: Mapping[str, object], *, now: datetime, whom: Recipient = NOBODY
) -> list[dict[str, object]]:
    """Every variant in order: whether it may run now, whether its rule holds, each term with what it saw."""
    rows: list[dict[str, object]] = []
    for variant in block.variants:
        terms = (
            trace(variant.rule.document, context, variant.rule.segments) if variant.rule is not None else []
        )
        rows.append(
            {
                "variant": variant.id,
                "is_running": variant.is_running(now, whom.zone),
                "held": variant.rule is None or variant.rule.holds(context),
                "terms": [
                    {
                        "pointer": term.pointer,
                        "path": term.path,
                        "operator": term.operator,
                        "expected": term.expected,
                        "seen": term.seen,
                        "held": term.held,
                    }
                    for term in terms
                ],
            }
        )
    return rows


def pack(choice: StoredChoice) -> bytes:
    """A choice as it is stored."""
    row: list[object] = [
        choice.version,
        choice.variant,
        choice.why,
        int(choice.at.timestamp()),
        choice.link,
    ]
    if choice.items:
        row.append(choice.items)
    return _encode(row).encode()


def unpack(raw: bytes) -> StoredChoice | None:
    """Read a stored choice; None for anything that is not one."""
    try:
        version, variant, why, at, link, *more = json.loads(raw)
        if not (isinstance(version, int) and isinstance(variant, str) and isinstance(why, str)):
            return None
        if link is not None and not isinstance(link, str):
            return None
        items = tuple(str(one) for one in more[0]) if more else ()
        return StoredChoice(version, variant, why, datetime.fromtimestamp(at, UTC), link, items)
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def _dealt(variant: Variant, whom: Recipient) -> Choice | None:
    """The arm of a split that this customer is dealt; None for who does not take part."""
    split = variant.split
    assert split is not None  # noqa: S101 - asked of splits
    learnt = whom.learnt(split.experiment_id) if split.is_bandit and whom.learnt is not None else None
    arm = assign(split, whom.customer_id, whom.touch_id, learnt=learnt)
    if arm is None:
        return None
    return Choice(variant.arms[arm], Why.HOLDOUT if arm == HOLDOUT else Why.RULE_HELD)


def _is_held_out(block: Block, whom: Recipient) -> bool:
    own, others = block.holdout, whom.holdout
    if own is not None and own.has(whom.customer_id):
        return True
    return others is not None and others.has(whom.customer_id)


def _may_stay(kept: Variant, whom: Recipient) -> bool:
    root = kept.id.partition("/")[0]
    return root not in whom.barred or root == whom.shown


def _kept(block: Block, pinned: StoredChoice, now: datetime, whom: Recipient) -> Variant | None:
    """What was shown before, while it may be shown; None when it is to be chosen anew."""
    span = block.sticky.span
    if pinned.why in PASSING or (span is not None and now >= pinned.at + span):
        return None
    variant_id, _, arm = pinned.variant.partition("/")
    if not arm and variant_id == block.fallback.id:
        return block.fallback
    for variant in block.variants:
        if variant.id == variant_id:
            shown = variant.arms.get(arm) if variant.split is not None else variant if not arm else None
            return shown if variant.is_running(now, whom.zone) else None
    return None
