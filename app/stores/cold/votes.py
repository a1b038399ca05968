"""Votes: of each customer and poll the one that stands, and their sums, always in step."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, tuple_

from app.domain.votes import Tally, Vote
from app.stores.cold.upserts import insert
from app.stores.cold.vote_tables import vote_counts, votes

_KEY = (votes.c.customer_id, votes.c.poll)


def cast(connection: Connection, told: Sequence[Vote]) -> set[str]:
    """Let these votes stand, at most one a customer and poll; answers the polls they are of.

    Told again, or later than a newer one, a vote changes nothing.
    """
    if not told:
        return set()
    held = _held(connection, told)
    newer = [vote for vote in told if _stands(vote, held.get((vote.customer_id, vote.poll)))]
    _save(connection, newer)
    changes: Counter[tuple[str, str]] = Counter()
    for vote in newer:
        before = held.get((vote.customer_id, vote.poll))
        if before is not None:
            changes[vote.poll, before.answer] -= 1
        changes[vote.poll, vote.answer] += 1
    _count(connection, changes)
    return {vote.poll for vote in told}


def withdraw(connection: Connection, customer_id: str, *, until: datetime) -> set[str]:
    """Take back what an erased customer voted until then; answers the polls that has changed."""
    theirs = (votes.c.customer_id == customer_id, votes.c.at <= until)
    rows = connection.execute(select(votes.c.poll, votes.c.answer).where(*theirs)).all()
    if rows:
        connection.execute(delete(votes).where(*theirs))
        _count(connection, Counter({(row.poll, row.answer): -1 for row in rows}))
    return {row.poll for row in rows}


def tallies(connection: Connection, polls: Collection[str] | None = None) -> list[Tally]:
    """The sums of these polls, or of all."""
    wanted = select(vote_counts)
    if polls is not None:
        if not polls:
            return []
        wanted = wanted.where(vote_counts.c.poll.in_(polls))
    by_poll: dict[str, dict[str, int]] = {}
    revisions: Counter[str] = Counter()
    for row in connection.execute(wanted.order_by(vote_counts.c.poll, vote_counts.c.answer)):
        by_poll.setdefault(row.poll, {})[row.answer] = row.votes
        revisions[row.poll] += row.changes
    return [Tally(poll, revisions[poll], found) for poll, found in by_poll.items()]


def last_at(connection: Connection, poll: str) -> datetime | None:
    """When somebody last voted in a poll."""
    latest: datetime | None = connection.scalar(select(func.max(votes.c.at)).where(votes.c.poll == poll))
    return latest


def everyone(connection: Connection, *, since: datetime, at_once: int = 1_000) -> Iterator[list[Vote]]:
    """All votes from then on, in lists of at most `at_once`."""
    after = ("", "")
    wanted = select(votes).where(votes.c.at >= since).order_by(*_KEY).limit(at_once)
    while rows := connection.execute(wanted.where(tuple_(*_KEY) > after)).all():
        yield [Vote(row.customer_id, row.poll, row.answer, row.at, row.event_id) for row in rows]
        after = (rows[-1].customer_id, rows[-1].poll)


def _held(connection: Connection, told: Sequence[Vote]) -> dict[tuple[str, str], Vote]:
    wanted = select(votes).where(
        votes.c.customer_id.in_({vote.customer_id for vote in told}),
        votes.c.poll.in_({vote.poll for vote in told}),
    )
    return {
        (row.customer_id, row.poll): Vote(row.customer_id, row.poll, row.answer, row.at, row.event_id)
        for row in connection.execute(wanted)
    }


def _stands(vote: Vote, held: Vote | None) -> bool:
    return held is None or held.order < vote.order


def _save(connection: Connection, newer: Sequence[Vote]) -> None:
    if not newer:
        return
    new = insert(connection, votes)
    names = ("answer", "at", "event_id")
    upsert = new.on_conflict_do_update(
        index_elements=[votes.c.customer_id, votes.c.poll], set_={name: new.excluded[name] for name in names}
    )
    rows = [{name: getattr(vote, name) for name in ("customer_id", "poll", *names)} for vote in newer]
    connection.execute(upsert, rows)


def _count(connection: Connection, changes: Counter[tuple[str, str]]) -> None:
    rows = [
        {"poll": poll, "answer": answer, "votes": number, "changes": 1}
        for (poll, answer), number in changes.items()
        if number
    ]
    if not rows:
        return
    new = insert(connection, vote_counts)
    upsert = new.on_conflict_do_update(
        index_elements=[vote_counts.c.poll, vote_counts.c.answer],
        set_={
            "votes": vote_counts.c.votes + new.excluded.votes,
            "changes": vote_counts.c.changes + 1,
        },
    )
    connection.execute(upsert, rows)
