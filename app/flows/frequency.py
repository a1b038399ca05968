"""How often a customer was touched lately: what each rule has used, and when it is free again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.frequency.counting import counted, live, next_free, use_at
from app.domain.frequency.ledger import Entry
from app.domain.frequency.policy import Policy, Rule
from app.domain.frequency.windows import Zones, to_instant, to_ms
from app.flows.policies import Terms
from app.flows.standing import standing_of
from app.stores.hot import ledger
from app.stores.hot.server import HotStore


@dataclass(frozen=True, slots=True)
class RuleUse:
    """One rule for one customer. `next_free_at` is None when a touch may go now, or never."""

    rule_id: str
    name: str
    window: Mapping[str, Any]
    used: int
    cap: int
    is_free: bool
    next_free_at: datetime | None
    touches: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Frequency:
    """Every enabled rule in force, and the zone its calendar windows follow."""

    zones: Zones
    policy: Policy | None
    rules: Sequence[RuleUse]


def frequency_of(hot: HotStore, terms: Terms, customer_id: str, *, now: datetime) -> Frequency:
    """What each rule has used of a customer, known or not. Raises Unavailable."""
    held = ledger.read(hot, customer_id)
    zones = standing_of(held, terms).zones
    policy, now_ms = terms.policy, to_ms(now)
    entries = live(held.entries, now_ms)
    if policy is None:
        return Frequency(zones, None, ())
    enabled = [place for place, rule in enumerate(policy.rules) if rule.is_enabled]
    seen_by = counted(policy, enabled, entries)
    uses = [_use(policy.rules[place], seen, now_ms, zones) for place, seen in seen_by.items()]
    return Frequency(zones, policy, uses)


def _use(rule: Rule, seen: Sequence[Entry], now_ms: int, zones: Zones) -> RuleUse:
    use = use_at(rule, seen, now_ms, zones)
    free_ms = next_free(rule, seen, now_ms, zones)
    is_free = free_ms == now_ms
    return RuleUse(
        rule_id=rule.id,
        name=rule.name,
        window=rule.window_document,
        used=use.used,
        cap=rule.cap,
        is_free=is_free,
        next_free_at=None if is_free or free_ms is None else to_instant(free_ms),
        touches=use.entries,
    )
