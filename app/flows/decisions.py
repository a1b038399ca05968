"""A platform asks whether touches may go: each is decided about, and its place held, in one step."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.events import Event, EventType
from app.domain.frequency.classes import FAILS_OPEN
from app.domain.frequency.decision import Candidate, Decision, Verdict, decide, unavailable
from app.domain.frequency.ledger import (
    Entries,
    Entry,
    Words,
    dispatch_mark,
    kept,
    reserved,
    touch_mark,
)
from app.domain.frequency.standing import Failure, Standing
from app.domain.frequency.windows import to_instant, to_ms
from app.domain.problems import Conflict, Refused
from app.domain.tokens import Keyring, Kind, Ticket
from app.flows.policies import Terms
from app.flows.standing import standing_of, touch_event, words_told
from app.stores.absence import Unavailable
from app.stores.hot.codec import decode, encode
from app.stores.hot.ledger import AT_ONCE, Change, Held, Task, carry_out
from app.stores.hot.packing import digest_of
from app.stores.hot.server import HotStore
from app.stores.hot.spool import Spool, SpoolFull

TTL = timedelta(minutes=15)
PLANNED_TTL = timedelta(hours=2)  # from the planned time on
PAUSE = timedelta(seconds=300)  # until a platform asks again while Redis is away

NewId = Callable[[], str]
Answer = Mapping[str, Any]


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


def decide_many(office: Office, askings: Sequence[Asking]) -> list[Answer | Refused]:
    """Decide about each, those of one customer in the order given; answers in order.

    Never raises Unavailable: with Redis away marketing is put off and transactional messages go out.
    """
    by_customer: dict[str, list[int]] = {}
    for place, asking in enumerate(askings):
        by_customer.setdefault(asking.customer_id, []).append(place)
    outcomes: dict[int, Answer | Refused] = {}
    customers = list(by_customer.items())
    for start in range(0, len(customers), AT_ONCE):
        portion = customers[start : start + AT_ONCE]
        groups = [[askings[place] for place in places] for _, places in portion]
        for (_, places), found in zip(portion, _decide_groups(office, groups), strict=True):
            outcomes |= zip(places, found, strict=True)
    return [outcomes[place] for place in range(len(askings))]


def _decide_groups(office: Office, groups: Sequence[Sequence[Asking]]) -> list[list[Answer | Refused]]:
    try:
        return carry_out(office.hot, [_task(office, group) for group in groups])
    except Unavailable:
        # Nothing can be counted: answer at once, and keep on this machine's disk what was answered.
        return [[_unavailable(office, asking) for asking in group] for group in groups]


def _task(office: Office, askings: Sequence[Asking]) -> Task[list[Answer | Refused]]:
    keys = [one.idempotency_key for one in askings if one.idempotency_key and not one.is_dry_run]
    return Task(
        askings[0].customer_id,
        lambda held: _decide_all(office, askings, held),
        list(dict.fromkeys(keys)),
    )


def _decide_all(office: Office, askings: Sequence[Asking], held: Held) -> Change[list[Answer | Refused]]:
    standing = standing_of(held, office.terms)
    entries = before = kept(held.entries, to_ms(office.now))
    outcomes: list[Answer | Refused] = []
    events: list[Event] = []
    answers: dict[str, bytes] = {}
    for asking in askings:
        key = None if asking.is_dry_run else asking.idempotency_key
        earlier = (answers.get(key) or held.answers.get(key)) if key else None
        if earlier is not None:
            outcomes.append(_repeated(earlier, asking))
            continue
        decided = _decide(office, asking, entries, standing)
        outcomes.append(decided.answer)
        entries = decided.entries
        events += decided.events
        if key:
            answers[key] = asking.digest.encode() + b"|" + encode(decided.answer)
    return Change(outcomes, entries if entries is not before else None, events, answers)


@dataclass(frozen=True, slots=True)
class _Decided:
    answer: Answer
    entries: Entries
    events: Sequence[Event]


def _decide(office: Office, asking: Asking, entries: Entries, standing: Standing) -> _Decided:
    now, policy = office.now, office.terms.policy
    at = max(now, asking.send_at or now)
    candidate = Candidate(
        touch_mark(asking.touch_id),
        asking.words,
        to_ms(at),
        dispatch_mark(asking.dispatch_id),
        to_ms(asking.expires_at) if asking.expires_at else None,
    )
    decision = decide(candidate, entries, policy, standing, now_ms=to_ms(now))
    answer = _answer(asking, decision, office.terms)
    answer |= {"timezone": standing.zones.customer.key, "timezone_source": standing.zones.source}
    if asking.is_dry_run:
        return _Decided(answer, entries, ())
    events = [_decision_event(office, asking, answer)]
    if decision.verdict is Verdict.SEND and asking.is_reserving:
        expires_at = at + (asking.ttl or (PLANNED_TTL if at > now else TTL))
        entry = Entry(
            candidate.at_ms, 0, to_ms(expires_at), candidate.touch, candidate.dispatch, asking.words
        )
        entries = reserved(entries, entry)
        answer["reservation"] = {
            "id": reservation_id(office.keyring, asking, expires_at),
            "expires_at": expires_at,
        }
        events.append(_reserved(office, asking, at, expires_at))
    return _Decided(answer, entries, events)


def reservation_id(keyring: Keyring, asking: Asking, expires_at: datetime) -> str:
    """A token that holds all that confirming or releasing needs, the words by their number."""
    subject = f"{digest_of(asking.words).hex()}{dispatch_mark(asking.dispatch_id):08x}"
    message_id = asking.words.message_id or ""
    return keyring.sign(
        Ticket(Kind.RESERVATION, message_id, subject, asking.customer_id, asking.touch_id, expires_at)
    )


def _answer(asking: Asking, decision: Decision, terms: Terms) -> dict[str, Any]:
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


def _told(failure: Failure) -> dict[str, object]:
    return {"reason": failure.reason.value, **failure.told}


def _decision_event(office: Office, asking: Asking, answer: Answer) -> Event:
    details = {name: value for name, value in answer.items() if name not in ("customer_id", "touch_id")}
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


def _reserved(office: Office, asking: Asking, at: datetime, expires_at: datetime) -> Event:
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


def _repeated(stored: bytes, asking: Asking) -> Answer | Refused:
    digest, _, answer = stored.partition(b"|")
    if digest != asking.digest.encode():
        return Conflict(
            "This idempotency_key was used for another question within the last day: take a new key."
        )
    repeated: Answer = decode(answer)
    return repeated


def _unavailable(office: Office, asking: Asking) -> Answer:
    decision = unavailable(asking.words, now_ms=to_ms(office.now), pause=PAUSE, fails_open=FAILS_OPEN)
    answer = _answer(asking, decision, office.terms)
    if not asking.is_dry_run:
        event = _decision_event(office, asking, answer)
        # Nowhere left to keep it: the platform is answered, the spool has counted the loss.
        with suppress(SpoolFull):
            office.spool.append(asking.customer_id, encode(event))
    return answer
