"""Suppressions and consent: what stands against a touch whatever was sent before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.frequency.classes import switches_of
from app.domain.frequency.explaining import suppression_sentence
from app.domain.frequency.ledger import Words
from app.domain.frequency.windows import Zones, to_instant, to_ms
from app.domain.state import Suppression

WAIT_MAX_MS = 7 * 86_400_000  # a pause or a defer never holds a message longer


class Reason(StrEnum):
    """Why, for programs; these words never change."""

    OK = "OK"
    DUPLICATE = "DUPLICATE"
    COMPLAINT = "HARD_SUPPRESSED_COMPLAINT"
    STOP = "HARD_SUPPRESSED_STOP"
    BOUNCE = "HARD_SUPPRESSED_BOUNCE"
    UNSUB = "HARD_SUPPRESSED_UNSUB"
    DELETED = "HARD_SUPPRESSED_DELETED"
    NO_CONSENT = "NO_CONSENT"
    TOPIC_OFF = "TOPIC_OFF"
    PAUSED = "PAUSED"
    CAP_REACHED = "CAP_REACHED"
    MIN_GAP = "MIN_GAP"
    DEFER_EXCEEDS_EXPIRY = "DEFER_EXCEEDS_EXPIRY"
    ENGINE_UNAVAILABLE = "ENGINE_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Failure:
    """One check that fails: what the answer tells of it, and whether waiting helps.

    `free_ms` is when this check alone would pass (None: never, as far as anybody knows);
    `wait_ms` is how long the touch may be put off for its sake (None: it is suppressed).
    """

    reason: Reason
    sentence: str
    told: Mapping[str, object] = field(default_factory=dict)
    free_ms: int | None = None
    wait_ms: int | None = None

    @property
    def may_wait(self) -> bool:
        """Whether the touch is put off rather than suppressed."""
        return self.wait_ms is not None and self.free_ms is not None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a customer besides the ledger; all of it may be missing."""

    zones: Zones
    suppressions: Sequence[Suppression] = ()
    channels: Mapping[str, object] = field(default_factory=dict)


# The words suppressions are made with, by platforms, providers and this house.
_HARD: Mapping[str, Reason] = {
    "complained": Reason.COMPLAINT,
    "complaint": Reason.COMPLAINT,
    "stop": Reason.STOP,
    "stopped": Reason.STOP,
    "bounced": Reason.BOUNCE,
    "bounce": Reason.BOUNCE,
    "hard_bounce": Reason.BOUNCE,
    "deleted": Reason.DELETED,
    "paused": Reason.PAUSED,
    "pause": Reason.PAUSED,
}
# Nobody is reached at a dead address, and carriers deliver nothing after STOP.
_BINDS_EVERY_CLASS = frozenset({Reason.BOUNCE, Reason.STOP, Reason.DELETED})
_ORDER = (*(reason for reason in Reason if reason.startswith("HARD")),)


def failures(standing: Standing, words: Words, at_ms: int) -> list[Failure]:
    """Everything that stands against a touch at an instant, in the order of evaluation."""
    found = list(_suppressed(standing, words, to_instant(at_ms))) if standing.suppressions else []
    hard = [one for one in found if one.reason in _ORDER]
    rest = [one for one in found if one.reason not in _ORDER]
    consent = [_no_consent(words)] if _is_refused(standing, words) else []
    topics = [one for one in rest if one.reason is Reason.TOPIC_OFF]
    return [*hard, *consent, *topics, *(one for one in rest if one.reason is Reason.PAUSED)]


def _suppressed(standing: Standing, words: Words, at: datetime) -> Iterator[Failure]:
    switches = switches_of(words.touch_class)
    for one in standing.suppressions:
        if not _covers(one.scope, words) or (one.until is not None and one.until <= at):
            continue
        reason = _HARD.get(one.reason.lower(), Reason.UNSUB)
        if reason is Reason.PAUSED:
            is_bound = switches.obeys_pause
        else:
            is_bound = reason in _BINDS_EVERY_CLASS or switches.obeys_unsubscribe
        if is_bound:
            yield _failure(one, reason, standing)


def _failure(one: Suppression, reason: Reason, standing: Standing) -> Failure:
    if one.scope.startswith("topic:") and reason is Reason.UNSUB:
        reason = Reason.TOPIC_OFF
    told = {"suppression_id": one.suppression_id, "scope": one.scope, "since": one.since}
    free_ms = None
    if one.until is not None:
        told |= {"until": one.until}
        free_ms = to_ms(one.until)
    wait_ms = WAIT_MAX_MS if reason is Reason.PAUSED else None
    sentence = suppression_sentence(one, standing.zones)
    return Failure(reason, sentence, told, free_ms, wait_ms)


def _covers(scope: str, words: Words) -> bool:
    kind, _, name = scope.partition(":")
    if kind == "channel":
        return name == words.channel
    if kind == "topic":
        # Who asks without naming the message still says its category, and topics are often called so.
        return name in (words.topic, words.category)
    return True


def _is_refused(standing: Standing, words: Words) -> bool:
    if not switches_of(words.touch_class).needs_consent:
        return False
    wish = standing.channels.get(words.channel or "")
    # Consent that was never told is the platform's to know; only a no is a no.
    return isinstance(wish, Mapping) and wish.get("consent") is False


def _no_consent(words: Words) -> Failure:
    sentence = f"The customer gave no consent for {words.channel}."
    return Failure(Reason.NO_CONSENT, sentence, {"channel": words.channel})
