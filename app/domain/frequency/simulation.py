"""A policy tried on a schedule that nobody sent: oldest first, what is refused does not count."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.frequency.decision import Candidate, Decision, Verdict, decide
from app.domain.frequency.ledger import Entries, Entry, Mark, Words, dispatch_mark, kept, touch_mark
from app.domain.frequency.policy import Policy
from app.domain.frequency.standing import Standing
from app.domain.frequency.windows import Zones


@dataclass(frozen=True, slots=True)
class Planned:
    """One touch of a hypothetical schedule."""

    touch_id: str
    customer_id: str
    words: Words
    at_ms: int
    dispatch_id: str | None = None
    priority: int = 50


def simulate(planned: Sequence[Planned], policy: Policy, zones: Zones) -> list[tuple[Planned, Decision]]:
    """Decide about each touch at its own time; of two at one time the more important goes first."""
    ledgers: dict[str, Entries] = {}
    standing = Standing(zones)
    outcomes = []
    for one in sorted(planned, key=lambda one: (one.at_ms, -one.priority, one.touch_id)):
        entries = kept(ledgers.get(one.customer_id, ()), one.at_ms)
        touch, dispatch = touch_mark(one.touch_id), dispatch_mark(one.dispatch_id)
        candidate = Candidate(touch, one.words, one.at_ms, dispatch)
        decision = decide(candidate, entries, policy, standing, now_ms=one.at_ms)
        if decision.verdict is Verdict.SEND:
            made = Entry(one.at_ms, int(Mark.SENT), one.at_ms, touch, dispatch, one.words)
            entries = (*entries, made)
        ledgers[one.customer_id] = entries
        outcomes.append((one, decision))
    return outcomes
