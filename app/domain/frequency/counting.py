"""What a rule has used, and when it is free again."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.domain.frequency.ledger import Entry, Words
from app.domain.frequency.policy import Policy, Rule
from app.domain.frequency.windows import Calendar, Rolling, Zones, bounds

ROUNDS_MAX = 64


class Use(NamedTuple):
    """The touches that fill the window a rule was asked about; a dispatch stands in it once."""

    entries: Sequence[Entry]
    until_ms: int  # the window's last instant (rolling) or the first after it (calendar)

    @property
    def used(self) -> int:
        """How many touches and dispatches there are."""
        return len(self.entries)


def live(entries: Iterable[Entry], now_ms: int, *, besides: bytes = b"") -> list[Entry]:
    """The entries that count now, oldest first, without the touch that is asked about."""
    return sorted(entry for entry in entries if entry.touch != besides and entry.is_live(now_ms))


def counted(policy: Policy, places: Iterable[int], entries: Sequence[Entry]) -> dict[int, list[Entry]]:
    """Those that each of some rules counts, by the rule's place."""
    by_words = [policy.counted_by(entry.words) for entry in entries]
    return {
        place: [entry for entry, places in zip(entries, by_words, strict=True) if place in places]
        for place in places
    }


def use_at(rule: Rule, entries: Sequence[Entry], at_ms: int, zones: Zones, *, dispatch: int = 0) -> Use:
    """The fullest of the windows that would hold a touch at an instant, that touch not counted.

    A place may be held for later, so a rolling window may also end at a touch still to come.
    `dispatch` is the touch's own: others of it are the same one to the rule.
    """
    if isinstance(rule.window, Calendar):
        low, high = bounds(rule.window, at_ms, zones.of(rule.window))
        return Use(_once([entry for entry in entries if low <= entry.at_ms < high], dispatch), high)
    span_ms = rule.window.span_ms
    near = [entry for entry in entries if at_ms - span_ms < entry.at_ms < at_ms + span_ms]
    fullest = _ending(near, at_ms, span_ms, dispatch)
    for entry in near:
        if entry.at_ms > at_ms:
            use = _ending(near, entry.at_ms, span_ms, dispatch)
            fullest = use if use.used > fullest.used else fullest
    return fullest


def has_room(rule: Rule, entries: Sequence[Entry], at_ms: int, zones: Zones, *, dispatch: int = 0) -> bool:
    """Whether one more touch at an instant keeps the cap in every window that would hold it."""
    if len(entries) < rule.cap:
        return True
    return use_at(rule, entries, at_ms, zones, dispatch=dispatch).used < rule.cap


def next_free(
    rule: Rule, entries: Sequence[Entry], from_ms: int, zones: Zones, *, dispatch: int = 0
) -> int | None:
    """The first instant from one on at which a touch would keep the cap; None for never."""
    if rule.cap == 0:
        return None
    if isinstance(rule.window, Rolling):
        span_ms = rule.window.span_ms
        ends = sorted({entry.at_ms + span_ms for entry in entries if entry.at_ms + span_ms > from_ms})
        tries = (from_ms, *ends)
        return next(
            (at for at in tries if has_room(rule, entries, at, zones, dispatch=dispatch)),
            None,
        )
    at_ms = from_ms
    for _ in range(ROUNDS_MAX):
        use = use_at(rule, entries, at_ms, zones, dispatch=dispatch)
        if use.used < rule.cap:
            return at_ms
        at_ms = use.until_ms
    return None


def all_free(
    policy: Policy, words: Words, entries: Sequence[Entry], from_ms: int, zones: Zones, *, dispatch: int = 0
) -> int | None:
    """The first instant at which every rule that applies has room: the fixed point of asking each."""
    at_ms = from_ms
    seen_by = counted(policy, policy.applying(words), entries)
    sights = [(policy.rules[place], seen) for place, seen in seen_by.items()]
    for _ in range(ROUNDS_MAX):
        latest = at_ms
        for rule, seen in sights:
            free_ms = next_free(rule, seen, latest, zones, dispatch=dispatch)
            if free_ms is None:
                return None
            latest = free_ms
        if latest == at_ms:
            return at_ms
        at_ms = latest
    return None


def _ending(entries: Sequence[Entry], end_ms: int, span_ms: int, dispatch: int) -> Use:
    inside = [entry for entry in entries if end_ms - span_ms < entry.at_ms <= end_ms]
    return Use(_once(inside, dispatch), end_ms)


def _once(entries: Sequence[Entry], own: int) -> list[Entry]:
    seen = {own} if own else set()
    found: list[Entry] = []
    for entry in entries:
        if not entry.dispatch:
            found.append(entry)
        elif entry.dispatch not in seen:
            seen.add(entry.dispatch)
            found.append(entry)
    return found
