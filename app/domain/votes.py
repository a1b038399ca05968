"""Votes: what a click on a block says in a poll, and what rules and templates read of the results."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.checks import Check
from app.domain.events import Event, EventType

ANSWERS_MIN, ANSWERS_MAX = 2, 20
MINE = "mine"  # the customer's own answer
SUMS = ("total", "mean")  # of all answers
VOTE = "vote"  # in an event's details

_ANSWER = "v."
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?\Z")
_SAYS = "has 1 to 64 small letters, digits, - or _"


@dataclass(frozen=True, slots=True)
class Ballot:
    """The poll a block belongs to, and the answers its links may give; a single one needs no telling."""

    poll: str
    answers: tuple[str, ...]

    def given(self, told: str) -> str | None:
        """The answer that a click with `a=told` gives; None for none of this ballot's."""
        if len(self.answers) == 1:
            return self.answers[0]
        return told if told in self.answers else None


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person answered; the latest of a customer in a poll counts, by time and then by event."""

    customer_id: str
    poll: str
    answer: str
    at: datetime
    event_id: str

    @property
    def order(self) -> tuple[datetime, str]:
        """Of two votes, the greater stands."""
        return self.at, self.event_id


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes of a poll, by answer. Of two tallies the one of the higher revision is newer."""

    poll: str
    revision: int
    votes: Mapping[str, int]


def is_name(text: object) -> bool:
    """Whether a poll or an answer may be called so."""
    return isinstance(text, str) and _NAME.match(text) is not None


def read_ballot(check: Check, document: object) -> Ballot | None:
    """A block's `vote`, its faults noted."""
    if document is None:
        return None
    fields = check.known(document, ("poll", "answers", "answer"), "/vote")
    poll = fields.get("poll")
    if not is_name(poll):
        check.fault("/vote/poll", f"the name of a poll {_SAYS}")
    if ("answers" in fields) == ("answer" in fields):
        check.fault("/vote", "has either answers, told apart by their links, or the one answer of this block")
        return None
    if "answer" in fields:
        answers: Sequence[object] = [fields["answer"]]
    elif isinstance(listed := fields["answers"], list) and ANSWERS_MIN <= len(listed) <= ANSWERS_MAX:
        answers = listed
    else:
        check.fault("/vote/answers", f"lists {ANSWERS_MIN} to {ANSWERS_MAX} answers")
        return None
    _check_answers(check, answers, is_single="answer" in fields)
    return Ballot(str(poll), tuple(map(str, answers)))


def _check_answers(check: Check, listed: Sequence[object], *, is_single: bool) -> None:
    for place, answer in enumerate(listed):
        at = "/vote/answer" if is_single else f"/vote/answers/{place}"
        if not is_name(answer):
            check.fault(at, f"the name of an answer {_SAYS}")
        elif answer in (MINE, *SUMS):
            check.fault(at, f"{answer!r} is what results are read by: take another name")
        elif answer in listed[:place]:
            check.fault(at, f"{answer!r} is there already")


def told(ballot: Ballot | None, answer: str) -> dict[str, object]:
    """What the details of a click say of its vote; empty where it is none."""
    given = ballot.given(answer) if ballot else None
    return {VOTE: {"poll": ballot.poll, "answer": given}} if ballot and given else {}


def kept(details: Mapping[str, object]) -> dict[str, object]:
    """Of an event's details, what the customer said: it stays where device and address may not."""
    return {VOTE: details[VOTE]} if VOTE in details else {}


def vote_of(event: Event) -> Vote | None:
    """The vote that a click casts: of a person, whose name is known."""
    if event.type is not EventType.CLICK or event.opener is None or not event.opener.is_person:
        return None
    said = event.details.get(VOTE)
    if not event.customer_id or not isinstance(said, Mapping):
        return None
    poll, answer = said.get("poll"), said.get("answer")
    if not is_name(poll) or not is_name(answer):
        return None
    return Vote(event.customer_id, str(poll), str(answer), event.at, event.event_id)


def latest(votes: Sequence[Vote]) -> list[Vote]:
    """The vote of each customer and poll that stands."""
    found: dict[tuple[str, str], Vote] = {}
    for vote in votes:
        held = found.get((vote.customer_id, vote.poll))
        if held is None or held.order < vote.order:
            found[vote.customer_id, vote.poll] = vote
    return list(found.values())


def mean(votes: Mapping[str, int]) -> float | None:
    """The mean of the answers given, to two decimals, where all of them are numbers."""
    given = {answer: number for answer, number in votes.items() if number}
    if not given or not all(answer.isdecimal() for answer in given):
        return None
    return round(sum(int(answer) * number for answer, number in given.items()) / sum(given.values()), 2)


def answer_field(poll: str) -> str:
    """The field of a customer's history that has their own answer: `<ms>|<answer>`."""
    return f"{_ANSWER}{poll}"


def read_results(
    polls: Mapping[str, Mapping[str, int]], history: Mapping[str, bytes | None]
) -> dict[str, dict[str, object]]:
    """What `votes.<poll>.…` reads: each answer's votes, `total`, `mean` where all are numbers, and `mine`."""
    read = {poll: _summed(votes) for poll, votes in polls.items()}
    for name, raw in history.items():
        if name.startswith(_ANSWER) and raw:
            answer = raw.partition(b"|")[2].decode(errors="replace")
            read.setdefault(name.removeprefix(_ANSWER), {})[MINE] = answer
    return read


def _summed(votes: Mapping[str, int]) -> dict[str, object]:
    read: dict[str, object] = {**votes, "total": sum(votes.values())}
    middle = mean(votes)
    return read if middle is None else {**read, "mean": middle}
