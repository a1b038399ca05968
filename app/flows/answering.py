"""What is asked before a touch is sent, and how it is answered: on the wire, as events, and once more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.events import Event, EventType
from app.domain.frequency.decision import Decision, Verdict
from app.domain.frequency.ledger import Words, dispatch_mark
from app.domain.frequency.standing import Failure
from app.domain.frequency.windows import to_instant
from app.domain.problems import Conflict, Refused
from app.domain.tokens import Keyring, Kind, Ticket
from app.flows.policies import Terms
from app.flows.standing import touch_event, words_told
from app.stores.hot.codec import decode, encode
from app.stores.hot.packing import digest_of
from app.stores.hot.server import HotStore
from app.stores.hot.spool import Spool

NewId = Callable[[], str]
Answer = Mapping[str, Any]

_NOT_TOLD = ("customer_id", "touch_id", "reservation")  # of an answer, in its event


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One touch that wants to go. `digest` tells two questions with one idempotency key apart."""

    customer_id: str
    touch_id: str
    words: Words
    dispatch_id: str | None = None
    send_at: datetime | None = None
    expires_at: datetime | None = None
    ttl: timedelta | None = None
    priority: int = 50
    is_reserving: bool = True
    is_dry_run: bool = False
    idempotency_key: str | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """What decisions are made with and by."""

    hot: HotStore
    spool: Spool
    keyring: Keyring
    terms: Terms
    now: datetime
    new_id: NewId


def answer_of(asking: Asking, decision: Decision, terms: Terms) -> dict[str, Any]:
    """The answer as the API tells it, without a reservation."""
    answer: dict[str, Any] = {
        "customer_id": asking.customer_id,
        "touch_id": asking.touch_id,
        "decision": decision.verdict.value,
        "reason": decision.reason.value,
        "explain": decision.explain,
        "also": [_told(one) for one in decision.also],
    }
    if decision.verdict is Verdict.DEFER:
        answer["defer_until"] = to_instant(decision.at_ms)
    if decision.binding is not None:
        answer["binding"] = _told(decision.binding)
    if terms.policy is not None:
        answer["policy"] = {"id": terms.policy.policy_id, "version": terms.policy.version}
    return answer


def reservation_id(keyring: Keyring, asking: Asking, expires_at: datetime) -> str:
    """A token that holds all that confirming or releasing needs, the words by their number."""
    subject = f"{digest_of(asking.words).hex()}{dispatch_mark(asking.dispatch_id):08x}"
    message_id = asking.words.message_id or ""
    return keyring.sign(
        Ticket(Kind.RESERVATION, message_id, subject, asking.customer_id, asking.touch_id, expires_at)
    )


def decision_event(office: Office, asking: Asking, answer: Answer) -> Event:
    """The fact that it was decided, with the whole answer; a reservation's id is the asker's alone."""
    details = {name: value for name, value in answer.items() if name not in _NOT_TOLD}
    details |= {**words_told(asking.words), "priority": asking.priority}
    return Event(
        event_id=office.new_id(),
        type=EventType.DECISION,
        at=office.now,
        received_at=office.now,
        customer_id=asking.customer_id,
        touch_id=asking.touch_id,
        message_id=asking.words.message_id,
        why=str(answer["reason"]),
        details=details,
    )


def reserved_event(office: Office, asking: Asking, at: datetime, expires_at: datetime) -> Event:
    """The fact that a place is held at a time, until another."""
    return touch_event(
        "reserved",
        asking.words,
        event_id=office.new_id(),
        customer_id=asking.customer_id,
        touch_id=asking.touch_id,
        at=at,
        now=office.now,
        dispatch_id=asking.dispatch_id,
        expires_at=expires_at,
    )


def stored(asking: Asking, answer: Answer) -> bytes:
    """An answer as it is kept under its idempotency key."""
    return asking.digest.encode() + b"|" + encode(answer)


def repeated(kept: bytes, asking: Asking) -> Answer | Refused:
    """What was answered to the same question, or the refusal of another one."""
    digest, _, answer = kept.partition(b"|")
    if digest != asking.digest.encode():
        return Conflict(
            "This idempotency_key was used for another question within the last day: take a new key."
        )
    again: Answer = decode(answer)
    return again


def _told(failure: Failure) -> dict[str, object]:
    return {"reason": failure.reason.value, **failure.told}
