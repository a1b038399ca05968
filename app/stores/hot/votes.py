"""Votes where opens read them: the sums of each poll, and each customer's own answers in the history."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.domain.votes import Tally, Vote, answer_field
from app.stores.hot import keys
from app.stores.hot.scripting import Argument
from app.stores.hot.server import HotStore, answering

REVISION = "#"  # of the sums; no answer is called so


def tell(store: HotStore, tallies: Sequence[Tally]) -> None:
    """Let opens read these sums; older ones than are there change nothing. Raises Unavailable."""
    calls: list[tuple[list[str], list[Argument]]] = []
    for tally in tallies:
        counts: list[Argument] = [part for pair in tally.votes.items() for part in pair]
        calls.append(([keys.poll(tally.poll)], [tally.revision, *counts]))
    _run(store, "tell_tally", calls)


def note(store: HotStore, votes: Sequence[Vote]) -> None:
    """Keep what each customer answered, unless a later vote of theirs is there. Raises Unavailable."""
    _run(
        store,
        "note_vote",
        [
            (
                [store.keys.history(vote.customer_id)],
                [answer_field(vote.poll), int(vote.at.timestamp() * 1000), vote.answer, keys.HISTORY_TTL_S],
            )
            for vote in votes
        ],
    )


def read(store: HotStore, polls: Iterable[str]) -> list[dict[str, int]]:
    """The votes of each poll by answer. Raises Unavailable."""
    with answering():
        return [counts(store.hash(keys.poll(poll))) for poll in polls]


def counts(held: Mapping[bytes, bytes]) -> dict[str, int]:
    """A poll's hash as numbers."""
    return {
        name.decode(errors="replace"): int(number)
        for name, number in held.items()
        if number.isdigit() and name != REVISION.encode()
    }


def _run(store: HotStore, name: str, calls: Sequence[tuple[Sequence[str], Sequence[Argument]]]) -> None:
    with answering():
        answers: list[Any] = store.scripts.call_many(name, calls)
        for one in answers:
            if isinstance(one, Exception):
                raise one
