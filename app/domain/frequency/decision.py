"""May this touch go? Every check is made, the first that fails binds, and the rest is told too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.domain.frequency.classes import switches_of
from app.domain.frequency.counting import all_free, counted, live, next_free, use_at
from app.domain.frequency.explaining import cap_sentence, moment
from app.domain.frequency.ledger import Entry, Words, find
from app.domain.frequency.policy import Policy, Rule
from app.domain.frequency.standing import Failure, Reason, Standing, failures
from app.domain.frequency.windows import Rolling, to_instant

DEFER_DEFAULT = timedelta(hours=24)
DEFERRED_CLASS = "lifecycle"  # a late welcome is still a welcome; a stale offer is worse than none


class Verdict(StrEnum):
    """What to do with the touch."""

    SEND = "send"
    SUPPRESS = "suppress"
    DEFER = "defer"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A touch that wants to go at an instant (now, or the time it is planned for)."""

    touch: bytes
    words: Words
    at_ms: int
    dispatch: int = 0
    expires_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer. `at_ms` is when the touch may go: as asked, or when it is worth asking again."""

    verdict: Verdict
    reason: Reason
    at_ms: int
    explain: str
    binding: Failure | None = None
    also: Sequence[Failure] = ()


def decide(
    candidate: Candidate, entries: Sequence[Entry], policy: Policy | None, standing: Standing, *, now_ms: int
) -> Decision:
    """Decide about one touch of a customer whose ledger is `entries`."""
    others = live(entries, now_ms, besides=candidate.touch)
    failing = [
        *_refused_at_once(candidate, entries, standing),
        *failures(standing, candidate.words, candidate.at_ms),
    ]
    if policy is not None:
        failing += sorted(
            _capped(candidate, others, policy, standing, now_ms),
            key=lambda one: (one.may_wait, one.free_ms is not None, -(one.free_ms or 0)),
        )
    if not failing:
        return Decision(Verdict.SEND, Reason.OK, candidate.at_ms, _allowed(candidate, policy))
    binding = next((one for one in failing if not one.may_wait), None)
    if binding is None:
        return _put_off(candidate, others, policy, standing, failing, now_ms)
    return Decision(
        Verdict.SUPPRESS,
        binding.reason,
        candidate.at_ms,
        binding.sentence,
        binding,
        [one for one in failing if one is not binding],
    )


def unavailable(words: Words, *, now_ms: int, pause: timedelta, fails_open: str) -> Decision:
    """What is answered while nothing can be counted."""
    if words.touch_class == fails_open:
        told = f"Redis does not answer: {fails_open} messages go out uncounted, without a reservation."
        return Decision(Verdict.SEND, Reason.ENGINE_UNAVAILABLE, now_ms, told)
    until_ms = now_ms + pause // timedelta(milliseconds=1)
    told = f"Redis does not answer, so nothing can be counted: ask again in {int(pause.total_seconds())} s."
    return Decision(Verdict.DEFER, Reason.ENGINE_UNAVAILABLE, until_ms, told)


def _refused_at_once(candidate: Candidate, entries: Sequence[Entry], standing: Standing) -> Iterator[Failure]:
    earlier = find(entries, candidate.touch)
    if earlier is not None and earlier.is_sent:
        at = to_instant(earlier.at_ms)
        told = f"This touch was sent already ({moment(at, standing.zones.customer)})."
        yield Failure(Reason.DUPLICATE, told, {"sent_at": at})
    if candidate.expires_ms is not None and candidate.expires_ms <= candidate.at_ms:
        told = "It would go out after it expires."
        yield Failure(Reason.DEFER_EXCEEDS_EXPIRY, told, {"expires_at": to_instant(candidate.expires_ms)})


def _capped(
    candidate: Candidate, others: Sequence[Entry], policy: Policy, standing: Standing, now_ms: int
) -> Iterator[Failure]:
    zones, dispatch = standing.zones, candidate.dispatch
    for place, seen in counted(policy, sorted(policy.applying(candidate.words)), others).items():
        rule = policy.rules[place]
        if len(seen) < rule.cap:
            continue
        use = use_at(rule, seen, candidate.at_ms, zones, dispatch=dispatch)
        if use.used < rule.cap:
            continue
        free_ms = next_free(rule, seen, candidate.at_ms, zones, dispatch=dispatch)
        told = {
            "rule_id": rule.id,
            "version": policy.version,
            "window": rule.window_document,
            "used": use.used,
            "cap": rule.cap,
        }
        if free_ms is not None:
            told["next_free_at"] = to_instant(free_ms)
        is_gap = isinstance(rule.window, Rolling) and rule.window.is_gap
        yield Failure(
            Reason.MIN_GAP if is_gap else Reason.CAP_REACHED,
            cap_sentence(rule, use, at_ms=candidate.at_ms, now_ms=now_ms, zones=zones),
            told,
            free_ms,
            _wait_ms(rule, candidate.words),
        )


def _wait_ms(rule: Rule, words: Words) -> int | None:
    is_deferred = words.touch_class == DEFERRED_CLASS if rule.on_cap is None else rule.on_cap == "defer"
    return (rule.max_defer or DEFER_DEFAULT) // timedelta(milliseconds=1) if is_deferred else None


def _put_off(
    candidate: Candidate,
    others: Sequence[Entry],
    policy: Policy | None,
    standing: Standing,
    failing: Sequence[Failure],
    now_ms: int,
) -> Decision:
    """Defer to the first instant at which everything passes, if the touch may wait that long."""
    first = failing[0]
    at_ms: int | None = max(candidate.at_ms, *(one.free_ms or 0 for one in failing))
    if policy is not None and at_ms is not None:
        at_ms = all_free(policy, candidate.words, others, at_ms, standing.zones, dispatch=candidate.dispatch)
    limit_ms = now_ms + min(one.wait_ms or 0 for one in failing)
    if candidate.expires_ms is not None:
        limit_ms = min(limit_ms, candidate.expires_ms - 1)
    if at_ms is None or at_ms > limit_ms:
        told = f"{first.sentence} It would be free too late for this message."
        return Decision(
            Verdict.SUPPRESS, Reason.DEFER_EXCEEDS_EXPIRY, candidate.at_ms, told, first, failing[1:]
        )
    return Decision(Verdict.DEFER, first.reason, at_ms, first.sentence, first, failing[1:])


def _allowed(candidate: Candidate, policy: Policy | None) -> str:
    if policy is None:
        return "No policy is published, so nothing is capped."
    if not switches_of(candidate.words.touch_class).obeys_caps:
        return f"Messages of the class {candidate.words.touch_class} pass the caps."
    if not policy.applying(candidate.words):
        return "No rule of the policy is about this message."
    return "Every rule of the policy has room."
