"""The exchanges of an open or a click with the hot store: one round trip each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import hiredis

from app.domain.events import Event
from app.stores.absence import Unavailable
from app.stores.hot import caps, keys
from app.stores.hot.caps import Tally, View
from app.stores.hot.codec import encode
from app.stores.hot.line import Command
from app.stores.hot.scripting import digest, source
from app.stores.hot.server import HotStore, is_away
from app.stores.hot.shelves import Shelf, read_shelf, shelf_command
from app.stores.hot.votes import counts


@dataclass(frozen=True, slots=True)
class Load:
    """Ask for fields of a customer's state and history, and for the choice stored for a touch's block.

    With `is_by_customer` it is the choice stored for the customer, whatever the touch.

    `opening_of` names a touch of which it is asked when a person first opened it, `polls` those whose
    votes are.
    """

    customer_id: str
    state: Sequence[str] = ()
    history: Sequence[str] = ()
    touch_id: str | None = None
    block_id: str | None = None
    is_by_customer: bool = False
    opening_of: str | None = None
    shelves: Sequence[Shelf] = ()
    """Lists of items, each as the asker knows it."""
    polls: Sequence[str] = ()
    tallies: Sequence[Tally] = ()
    """Counts among all customers."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The answer, field by field in the order asked."""

    state: Sequence[bytes | None]
    history: Sequence[bytes | None]
    choice: bytes | None = None
    opened_at: datetime | None = None
    shelves: Sequence[Shelf] = field(default=(), kw_only=True)
    """The lists asked for, each as it is by now."""
    votes: Sequence[Mapping[str, int]] = ()
    tallies: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """Keep an event and what was shown; with `is_first_kept`, a choice other than `seen` stands instead.

    With `is_by_customer` that one is the customer's, and this one becomes it.

    `opened_at`: what was taken for the touch's first open by a person; it stands from then on.
    """

    event: Event | None
    customer_id: str | None = None
    touch_id: str | None = None
    block_id: str | None = None
    choice: bytes | None = None
    is_first_kept: bool = False
    seen: bytes | None = None
    is_by_customer: bool = False
    at: datetime | None = None
    opened_at: datetime | None = None
    view: View | None = None
    """A person's view of a capped variant, to be counted in the same step."""


@dataclass(frozen=True, slots=True)
class Note:
    """Keep a fact that nothing was loaded for: one of three events, by the customer's tracking level."""

    full: Event
    below: Event
    anonymous: Event


@dataclass(frozen=True, slots=True)
class Follow:
    """Keep a click on what a touch's block showed last: one of three events, told where the choice leads."""

    full: Event
    below: Event
    anonymous: Event
    customer_id: str
    touch_id: str
    block_id: str


@dataclass(frozen=True, slots=True)
class Followed:
    """The choice that was followed; None, and nothing was written, where none with a link is stored."""

    choice: bytes | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """Done; or nothing was written: another choice was pinned first (that one), or the cap is reached."""

    standing: bytes | None = None
    is_capped: bool = False


def load(store: HotStore, asked: Load) -> Loaded:
    """Read in one round trip. Raises Unavailable."""
    commands: list[Command] = []
    if asked.state:
        commands.append(("HMGET", store.keys.state(asked.customer_id), *asked.state))
    wanted = [*asked.history]
    if asked.touch_id and asked.block_id:
        wanted.append(_pin_field(asked.touch_id, asked.block_id, asked.is_by_customer))
    if asked.opening_of:
        wanted += [f"s.{asked.opening_of}", f"o.{asked.opening_of}"]
    if wanted:
        commands.append(("HMGET", store.keys.history(asked.customer_id), *wanted))
    commands += [("HGETALL", keys.poll(poll)) for poll in asked.polls]
    if not commands:
        return Loaded((), ())
    commands_of_all = [*commands, *map(caps.tally_command, asked.tallies)]
    both = store.line.send([*commands_of_all, *map(shelf_command, asked.shelves)])
    answers, lists = both[: len(commands)], both[len(commands_of_all) :]
    tallies = [caps.read_tally(one) for one in both[len(commands) : len(commands_of_all)]]
    for answer in both[: len(commands_of_all)]:
        _refuse_error(answer)
    state = answers[0] if asked.state else []
    sums = answers[len(answers) - len(asked.polls) :]
    history = list(answers[-1 - len(sums)]) if wanted else []  # type: ignore[call-overload]
    opened_at = _opened_at(history.pop(), history.pop()) if asked.opening_of else None
    shelves = [read_shelf(store, held, answer) for held, answer in zip(asked.shelves, lists, strict=True)]
    choice = history.pop() if len(history) > len(asked.history) else None
    votes = [counts(dict(zip(one[0::2], one[1::2], strict=True))) for one in sums]  # type: ignore[index]
    return Loaded(state, history, _without_time(choice), opened_at, votes, tallies, shelves=shelves)  # type: ignore[arg-type]


def record(store: HotStore, told: Record) -> Recorded:
    """Write in one round trip. Raises Unavailable."""
    data = encode(told.event) if told.event else b""
    if told.choice is None or not (told.customer_id and told.touch_id and told.block_id and told.at):
        if data:
            _refuse_error(store.line.send([("XADD", store.keys.stream(told.customer_id), "*", "e", data)])[0])
        return Recorded()
    shown_ms = int(told.at.timestamp() * 1000)
    tail: Command = (
        2,
        store.keys.history(told.customer_id),
        store.keys.stream(told.customer_id),
        data,
        _choice_field(told.touch_id, told.block_id),
        b"%d|%b" % (shown_ms, told.choice),
        "first" if told.is_first_kept else "last",
        keys.HISTORY_TTL_S,
        keys.CHOICES_MANY,
        shown_ms - keys.CHOICE_KEEP_MS,
        int(told.opened_at.timestamp() * 1000) if told.opened_at else "",
        _pin_field(told.touch_id, told.block_id, told.is_by_customer),
        told.seen or b"",
        *(told.view.words(told.touch_id, told.block_id) if told.view is not None else ()),
    )
    answer = _run(store, "record", tail)
    return Recorded(_without_time(answer if isinstance(answer, bytes) else None), is_capped=answer == 1)


def note(store: HotStore, told: Note) -> Recorded:
    """Write in one round trip. Raises Unavailable."""
    customer_id = told.full.customer_id or ""
    events = (encode(told.full), encode(told.below), encode(told.anonymous))
    _run(store, "note", (2, store.keys.state(customer_id), store.keys.stream(customer_id), *events))
    return Recorded()


def follow(store: HotStore, told: Follow) -> Followed:
    """Read and write in one round trip. Raises Unavailable."""
    tail: Command = (
        3,
        store.keys.state(told.customer_id),
        store.keys.history(told.customer_id),
        store.keys.stream(told.customer_id),
        _choice_field(told.touch_id, told.block_id),
        encode(told.full),
        encode(told.below),
        encode(told.anonymous),
    )
    answer = _run(store, "follow", tail)
    return Followed(_without_time(answer if isinstance(answer, bytes) else None))


def _run(store: HotStore, name: str, tail: Command) -> object:
    answer = store.line.send([("EVALSHA", digest(name), *tail)])[0]
    if isinstance(answer, hiredis.ReplyError) and str(answer).startswith("NOSCRIPT"):
        answer = store.line.send([("EVAL", source(name), *tail)])[0]
    _refuse_error(answer)
    return answer


def _choice_field(touch_id: str, block_id: str) -> str:
    return f"c.{touch_id}|{block_id}"


def _pin_field(touch_id: str, block_id: str, is_by_customer: bool) -> str:
    return f"p.{block_id}" if is_by_customer else _choice_field(touch_id, block_id)


def _opened_at(first: bytes | None, pinned: bytes | None) -> datetime | None:
    """What a timer was shown to start from; else the earliest open by a person that is known of."""
    told = pinned or first
    return datetime.fromtimestamp(int(told) / 1000, UTC) if told and told.isdigit() else None


def _without_time(stored: bytes | None) -> bytes | None:
    # The script drops old choices by the milliseconds in front; readers want the rest.
    return stored.partition(b"|")[2] if stored else None


def _refuse_error(answer: object) -> None:
    if isinstance(answer, hiredis.ReplyError):
        if is_away(str(answer)):
            raise Unavailable(f"Redis cannot answer now: {str(answer).split(' ', 1)[0]}")
        raise answer
