"""Touch ledgers: read with all that a decision needs, decided about, and written if nothing changed.

Python counts and a script commits: it compares the ledger, the suppressions and the consent with what
the decision saw, and writes ledger, answers and events together, or nothing. Who lost a race reads
again. So no two callers take one place, and every decision explains the very bytes it was made of.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import hiredis

from app.domain.events import Event
from app.domain.frequency.ledger import Entries, Entry, Words
from app.domain.state import SUPPRESSIONS, SYSTEM
from app.stores.absence import Unavailable
from app.stores.hot.codec import encode
from app.stores.hot.keys import IDEMPOTENCY_TTL_S, LEDGER_TTL_S, WORDS
from app.stores.hot.line import Command
from app.stores.hot.packing import digest_of, digests, dump_words, load_words, pack, unpack
from app.stores.hot.scripting import digest, source
from app.stores.hot.server import HotStore, is_away

AT_ONCE = 250  # customers in one round trip: what waits in buffers stays small
RACES_MAX = 500  # every lost race means that somebody else won one
WORDS_MAX = 50_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of one customer. `answers` are those asked for, by key, as they were stored."""

    entries: Entries = ()
    system: bytes | None = None
    suppressions: bytes | None = None
    answers: Mapping[str, bytes] = field(default_factory=dict)
    packed: bytes = b""


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """What came of looking at a customer. `entries` None leaves the ledger as it is."""

    outcome: T
    entries: Sequence[Entry] | None = None
    events: Sequence[Event] = ()
    answers: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """One customer to look at. `work` may run several times, and does nothing but answer."""

    customer_id: str
    work: Callable[[Held], Change[T]]
    answer_keys: Sequence[str] = ()


def read(store: HotStore, customer_id: str) -> Held:
    """What is held of one customer. Raises Unavailable."""
    return _read(store, [Task(customer_id, lambda held: Change(held))])[0]


def recall_words(store: HotStore, number: bytes) -> Words:
    """The words of a number; without their text where nobody has it any more. Raises Unavailable."""
    return _words(store, [number]).get(number) or Words(lost=number)


def carry_out(store: HotStore, tasks: Sequence[Task[T]]) -> list[T]:
    """Do the work of every task, one a customer, and write its changes; answers in order.

    Two round trips for 250 customers, more where somebody else was quicker. Raises Unavailable: then
    part of the tasks may be done, each of them wholly or not at all.
    """
    outcomes: list[T] = []
    for start in range(0, len(tasks), AT_ONCE):
        outcomes += _carry_out(store, tasks[start : start + AT_ONCE])
    return outcomes


def _carry_out(store: HotStore, tasks: Sequence[Task[T]]) -> list[T]:
    outcomes: dict[int, T] = {}
    left = list(range(len(tasks)))
    for _ in range(RACES_MAX):
        held = _read(store, [tasks[place] for place in left])
        changes = [tasks[place].work(seen) for place, seen in zip(left, held, strict=True)]
        commits = [
            _commit(store, tasks[place].customer_id, seen, change)
            for place, seen, change in zip(left, held, changes, strict=True)
        ]
        done = _committed(store, commits, _new_words(held, changes))
        outcomes |= {
            place: change.outcome
            for place, change, is_done in zip(left, changes, done, strict=True)
            if is_done
        }
        left = [place for place, is_done in zip(left, done, strict=True) if not is_done]
        if not left:
            return [outcomes[place] for place in range(len(tasks))]
    raise Unavailable("a customer's touches are being changed by too many at once")


def _read(store: HotStore, tasks: Sequence[Task[Any]]) -> list[Held]:
    commands: list[Command] = []
    for task in tasks:
        touches, state, _ = store.keys.of_decision(task.customer_id)
        commands += [("GET", touches), ("HMGET", state, SYSTEM, SUPPRESSIONS)]
        commands += [("GET", store.keys.answer(task.customer_id, key)) for key in task.answer_keys]
    replies = iter(_sent(store, commands))
    found = []
    for task in tasks:
        packed, (system, suppressions) = next(replies) or b"", next(replies)
        answers = {key: next(replies) for key in task.answer_keys}
        stored = {key: answer for key, answer in answers.items() if answer is not None}
        found.append((packed, system, suppressions, stored))
    words = _words(store, {one for packed, *_ in found for one in digests(packed)})
    return [
        Held(unpack(packed, words), system, suppressions, stored, packed)
        for packed, system, suppressions, stored in found
    ]


# Digest -> words: the same in every store there is, so one memory serves them all.
_known: dict[bytes, Words] = {}


def _words(store: HotStore, wanted: Iterable[bytes]) -> Mapping[bytes, Words]:
    found = {number: _known.get(number) for number in wanted}
    missing = [number for number, words in found.items() if words is None]
    if missing:
        if len(_known) + len(missing) > WORDS_MAX:
            _known.clear()
        [texts] = _sent(store, [("HMGET", WORDS, *missing)])
        found |= {number: load_words(text) for number, text in zip(missing, texts, strict=True)}
        _known.update((number, words) for number in missing if (words := found[number]) is not None)
    return {number: words for number, words in found.items() if words is not None}


def _commit(store: HotStore, customer_id: str, seen: Held, change: Change[Any]) -> Command | None:
    if change.entries is None and not change.events and not change.answers:
        return None
    held = (
        *store.keys.of_decision(customer_id),
        *(store.keys.answer(customer_id, key) for key in change.answers),
    )
    return (
        len(held),
        *held,
        seen.packed,
        seen.system or b"",
        seen.suppressions or b"",
        pack(sorted(change.entries)) if change.entries is not None else b"",
        "leave" if change.entries is None else "write",
        LEDGER_TTL_S,
        IDEMPOTENCY_TTL_S,
        *change.answers.values(),
        *(encode(event) for event in change.events),
    )


def _new_words(held: Sequence[Held], changes: Sequence[Change[Any]]) -> set[Words]:
    """What entries need that were not in their ledgers before: with a ledger its words are lost too."""
    new: set[Words] = set()
    for seen, change in zip(held, changes, strict=True):
        if change.entries is not None:
            new |= {entry.words for entry in change.entries} - {entry.words for entry in seen.entries}
    return {words for words in new if not words.lost}


def _committed(store: HotStore, commits: Sequence[Command | None], words: Iterable[Words]) -> list[bool]:
    """Run the script for each; True where it wrote, or where there was nothing to write."""
    wanted = [commit for commit in commits if commit is not None]
    if not wanted:
        return [True] * len(commits)
    kept: list[Command] = [("HSETNX", WORDS, digest_of(one), dump_words(one)) for one in words]
    calls: list[Command] = [("EVALSHA", digest("commit_ledger"), *commit) for commit in wanted]
    replies = _sent(store, kept + calls, may_be_forgotten=True)[len(kept) :]
    if any(isinstance(reply, hiredis.ReplyError) for reply in replies):
        replies = _again(store, wanted, replies)
    answered = iter(replies)
    return [commit is None or bool(next(answered)) for commit in commits]


def _again(store: HotStore, wanted: Sequence[Command], replies: Sequence[Any]) -> list[Any]:
    """Send the script along where the server did not know it."""
    _sent(store, [("SCRIPT", "LOAD", source("commit_ledger"))])
    forgotten = [place for place, reply in enumerate(replies) if isinstance(reply, hiredis.ReplyError)]
    calls: list[Command] = [("EVALSHA", digest("commit_ledger"), *wanted[place]) for place in forgotten]
    again = dict(zip(forgotten, _sent(store, calls), strict=True))
    return [again.get(place, reply) for place, reply in enumerate(replies)]


def _sent(store: HotStore, commands: Sequence[Command], *, may_be_forgotten: bool = False) -> list[Any]:
    replies = store.ledger_line.send(commands)
    for reply in replies:
        if isinstance(reply, hiredis.ReplyError):
            if is_away(str(reply)):
                raise Unavailable(f"Redis cannot answer now: {str(reply).split(' ', 1)[0]}")
            if not (may_be_forgotten and str(reply).startswith("NOSCRIPT")):
                raise reply
    return replies
