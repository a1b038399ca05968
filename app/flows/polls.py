"""A poll is reported: every answer's votes, and which published blocks take them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.problems import NotFound
from app.domain.votes import mean
from app.stores.cold import votes
from app.stores.cold.engine import Cold
from app.stores.hot.published import Snapshot


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """One answer; `percent` of all votes, with one decimal."""

    answer: str
    votes: int
    percent: float
    is_offered: bool


@dataclass(frozen=True, slots=True)
class PollReport:
    """A poll's votes. Answers in the order blocks offer them, then those nobody offers any more."""

    poll: str
    votes: int
    mean: float | None
    answers: Sequence[AnswerReport]
    blocks: Sequence[str]
    last_at: datetime | None


def report(cold: Cold, snapshot: Snapshot, poll: str) -> PollReport:
    """The numbers of one poll. Raises NotFound for one that no block and no vote names, Unavailable."""
    ballots = {
        block.block_id: block.vote.answers
        for block in sorted(snapshot.blocks(), key=lambda block: block.block_id)
        if block.vote and block.vote.poll == poll and not block.is_recalled
    }
    with cold.reading() as connection:
        tallies = votes.tallies(connection, [poll])
        last_at = votes.last_at(connection, poll)
    counted = tallies[0].votes if tallies else {}
    offered = dict.fromkeys(answer for answers in ballots.values() for answer in answers)
    if not offered and not counted:
        raise NotFound(f"There is no poll {poll:.64}: no published block names it, and nobody voted in it.")
    total = sum(counted.values())
    gone = [answer for answer, number in counted.items() if answer not in offered and number]
    return PollReport(
        poll=poll,
        votes=total,
        mean=mean(counted),
        answers=[
            AnswerReport(answer, number, round(100 * number / total, 1) if total else 0.0, answer in offered)
            for answer in (*offered, *gone)
            for number in (counted.get(answer, 0),)
        ],
        blocks=list(ballots),
        last_at=last_at,
    )
