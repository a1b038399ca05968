"""The next message to a demo customer: what the policy says to each, and sending one as a platform does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.demo import contents
from app.demo.contents import Letter, Person
from app.domain.frequency.ledger import Words
from app.domain.problems import Refused
from app.flows.answering import Answer, Asking, Office
from app.flows.decisions import decide_many
from app.flows.frequency import RuleUse, frequency_of
from app.flows.policies import in_force
from app.flows.touches import Report, read_place, report_many
from app.wiring import House

NewId = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said to one message that might go next: send, suppress or defer, and why."""

    letter: Letter
    decision: str
    reason: str
    sentence: str
    free_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """How much of each cap is used, and the verdict on each message that might go next."""

    usage: Sequence[RuleUse]
    verdicts: Sequence[Verdict]


def outlook(house: House, person: Person, *, now: datetime) -> Outlook:
    """Ask without holding a place: nothing is recorded. Raises Unavailable."""
    letters = [contents.letters()[message_id] for message_id in contents.NEXT]
    # A dry run makes no events, so it needs no ids.
    office = _office(house, now, lambda: "")
    askings = [_asking(person, letter, "demo-next", is_dry_run=True) for letter in letters]
    usage = frequency_of(house.hot, office.terms, person.customer_id, now=now)
    answers = decide_many(office, askings)
    told = zip(letters, answers, strict=True)
    return Outlook(
        usage.rules, [_verdict(letter, answer) for letter, answer in told if not isinstance(answer, Refused)]
    )


def send(house: House, person: Person, letter: Letter, *, now: datetime, new_id: NewId) -> None:
    """Ask for a place and, if the message may go, report that it went. Raises Unavailable."""
    office = _office(house, now, new_id)
    asking = _asking(person, letter, new_id())
    answer = decide_many(office, [asking])[0]
    if isinstance(answer, Refused):
        raise answer
    if answer["decision"] != "send":
        return
    held = answer.get("reservation")
    place = read_place(house.keyring, held["id"]) if held else None
    # A platform reports what its mail server has taken: after it was told that it may.
    later = now + timedelta(milliseconds=1)
    report = Report(
        customer_id=person.customer_id,
        touch_id=asking.touch_id,
        words=asking.words,
        sent_at=later,
        place=place,
    )
    report_many(_office(house, later, new_id), [report])


def report_earlier(house: House, person: Person, *, now: datetime, new_id: NewId) -> None:
    """Report the messages the person was sent before the demo began. Raises Unavailable."""
    reports = [
        Report(
            customer_id=person.customer_id,
            touch_id=new_id(),
            words=_words(contents.letters()[told["message"]]),
            sent_at=now - timedelta(hours=told["hours_ago"]),
        )
        for told in person.touches
    ]
    report_many(_office(house, now, new_id), reports)


def _office(house: House, now: datetime, new_id: NewId) -> Office:
    terms = in_force(house.snapshot, house.settings.policy_id, house.settings.deployment_zone)
    return Office(house.hot, house.spool, house.keyring, terms, now, new_id)


def _asking(person: Person, letter: Letter, touch_id: str, *, is_dry_run: bool = False) -> Asking:
    return Asking(
        customer_id=person.customer_id, touch_id=touch_id, words=_words(letter), is_dry_run=is_dry_run
    )


def _words(letter: Letter) -> Words:
    message = letter.message
    return Words(
        channel=message["channel"],
        category=message["category"],
        touch_class=message["class"],
        tags=tuple(message["tags"]),
        topic=message.get("topic"),
        campaign=message["campaign"],
        message_id=letter.message_id,
    )


def _verdict(letter: Letter, answer: Answer) -> Verdict:
    binding = answer.get("binding") or {}
    free_at = answer.get("defer_until") or binding.get("next_free_at")
    return Verdict(letter, answer["decision"], answer["reason"], answer["explain"], free_at)
