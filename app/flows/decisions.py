"""A platform asks whether touches may go: each is decided about, and its place held, in one step."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from app.domain.events import Event
from app.domain.frequency.classes import FAILS_OPEN
from app.domain.frequency.decision import Candidate, Verdict, decide, unavailable
from app.domain.frequency.ledger import Entries, Entry, dispatch_mark, kept, reserved, touch_mark
from app.domain.frequency.standing import Standing
from app.domain.frequency.windows import to_ms
from app.domain.problems import Refused
from app.flows.answering import (
    Answer,
    Asking,
    Office,
    answer_of,
    decision_event,
    repeated,
    reservation_id,
    reserved_event,
    stored,
)
from app.flows.standing import standing_of
from app.stores.absence import Unavailable
from app.stores.hot.codec import encode
from app.stores.hot.ledger import AT_ONCE, Change, Held, Task, carry_out
from app.stores.hot.spool import SpoolFull

TTL = timedelta(minutes=15)
PLANNED_TTL = timedelta(hours=2)  # from the planned time on
PAUSE = timedelta(seconds=300)  # until a platform asks again while Redis is away


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
            outcomes.append(repeated(earlier, asking))
            continue
        decided = _decide(office, asking, entries, standing)
        outcomes.append(decided.answer)
        entries = decided.entries
        events += decided.events
        if key:
            answers[key] = stored(asking, decided.answer)
    return Change(outcomes, entries if entries is not before else None, events, answers)


@dataclass(frozen=True, slots=True)
class _Decided:
    answer: Answer
    entries: Entries
    events: Sequence[Event]


def _decide(office: Office, asking: Asking, entries: Entries, standing: Standing) -> _Decided:
    now = office.now
    at = max(now, asking.send_at or now)
    candidate = Candidate(
        touch_mark(asking.touch_id),
        asking.words,
        to_ms(at),
        dispatch_mark(asking.dispatch_id),
        to_ms(asking.expires_at) if asking.expires_at else None,
    )
    decision = decide(candidate, entries, office.terms.policy, standing, now_ms=to_ms(now))
    answer = answer_of(asking, decision, office.terms)
    answer |= {"timezone": standing.zones.customer.key, "timezone_source": standing.zones.source}
    if asking.is_dry_run:
        return _Decided(answer, entries, ())
    events = [decision_event(office, asking, answer)]
    if decision.verdict is not Verdict.SEND or not asking.is_reserving:
        return _Decided(answer, entries, events)
    expires_at = at + (asking.ttl or (PLANNED_TTL if at > now else TTL))
    place = Entry(candidate.at_ms, 0, to_ms(expires_at), candidate.touch, candidate.dispatch, asking.words)
    answer["reservation"] = {
        "id": reservation_id(office.keyring, asking, expires_at),
        "expires_at": expires_at,
    }
    return _Decided(
        answer, reserved(entries, place), [*events, reserved_event(office, asking, at, expires_at)]
    )


def _unavailable(office: Office, asking: Asking) -> Answer:
    decision = unavailable(asking.words, now_ms=to_ms(office.now), pause=PAUSE, fails_open=FAILS_OPEN)
    answer = answer_of(asking, decision, office.terms)
    if not asking.is_dry_run:
        event = decision_event(office, asking, answer)
        # Nowhere left to keep it: the platform is answered, the spool has counted the loss.
        with suppress(SpoolFull):
            office.spool.append(asking.customer_id, encode(event))
    return answer
