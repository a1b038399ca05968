"""Choosing: the first variant whose rule holds, or the fallback; and the choice as it is stored."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from app.domain.blocks import Block, Variant
from app.domain.rules import trace

# `json.dumps` makes a new encoder for every call that wants other separators.
_encode = json.JSONEncoder(separators=(",", ":")).encode


class Why(StrEnum):
    """Why a variant is the one shown."""

    RULE_HELD = "rule_held"
    NO_RULE_HELD = "no_rule_held"
    STICKY = "sticky"
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
class StoredChoice:
    """What was shown for a touch's block, and where its link leads."""

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
) -> Choice:
    """Pick the first variant whose rule holds, or the fallback.

    `context` None: the customer is not known. `pinned` stands for a sticky block while its variant may
    be shown. Not `is_proven`: the customer's id was not signed, so nothing personal is shown.
    """
    if block.is_recalled:
        return Choice(block.fallback, Why.RECALLED)
    if context is None:
        return Choice(block.fallback, Why.UNKNOWN_CUSTOMER)
    kept = _kept(block, pinned, now) if block.sticky == "touch" and pinned else None
    if kept is not None and (is_proven or not kept.is_personal):
        return Choice(kept, Why.STICKY)
    for variant in block.variants:
        if not is_proven and variant.is_personal:
            continue
        if variant.is_running(now) and (variant.rule is None or variant.rule.holds(context)):
            return Choice(variant, Why.RULE_HELD)
    return Choice(block.fallback, Why.NO_RULE_HELD)


def explain_choice(block: Block, context: Mapping[str, object], *, now: datetime) -> list[dict[str, object]]:
    """Every variant in order: whether it may run now, whether its rule holds, each term with what it saw."""
    rows: list[dict[str, object]] = []
    for variant in block.variants:
        terms = (
            trace(variant.rule.document, context, variant.rule.segments) if variant.rule is not None else []
        )
        rows.append(
            {
                "variant": variant.id,
                "is_running": variant.is_running(now),
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


def _kept(block: Block, pinned: StoredChoice, now: datetime) -> Variant | None:
    for variant in (*block.variants, block.fallback):
        if variant.id == pinned.variant:
            return variant if variant.is_running(now) else None
    return None
