"""Flows that talk to the hot store without doing any I/O, and the driver that does it for them.

A flow is a generator: it yields an exchange and gets the answer, or Unavailable thrown at the very
line that asked. Another server interface drives the same flows with another ten lines.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

from app.domain.events import Event
from app.stores.absence import Unavailable
from app.stores.hot import caps, exchanges, shelves, weather
from app.stores.hot.caps import CountClick, GiveBack, Spend, Spent
from app.stores.hot.codec import encode
from app.stores.hot.exchanges import Follow, Followed, Load, Loaded, Note, Record, Recorded
from app.stores.hot.published import Snapshot
from app.stores.hot.server import HotStore
from app.stores.hot.shelves import Reach, Reached
from app.stores.hot.spool import Spool, SpoolFull
from app.stores.hot.weather import Seen


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep an event on this machine's disk until Redis is back."""

    event: Event


@dataclass(frozen=True, slots=True)
class Refresh:
    """Look for what was published since this process last did."""

    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class LookUp:
    """Look up the weather of a cell, which is wanted from then on."""

    cell: str


Step = Load | LookUp | Record | Note | Follow | Reach | Spend | GiveBack | CountClick | Keep | Refresh
Reply = Loaded | Seen | Recorded | Followed | Reached | Spent | None
Answer = TypeVar("Answer")
Flow = Generator[Step, Reply, Answer]


def drive(flow: Flow[Answer], hot: HotStore, spool: Spool) -> Answer:
    """Run a flow to its answer, doing each exchange as it asks for it."""
    try:
        step = next(flow)
        while True:
            try:
                reply = _perform(step, hot, spool)
            except (Unavailable, SpoolFull) as away:
                step = flow.throw(away)
            else:
                step = flow.send(reply)
    except StopIteration as done:
        answer: Answer = done.value
        return answer


def _perform(step: Step, hot: HotStore, spool: Spool) -> Reply:
    if isinstance(step, Load):
        return exchanges.load(hot, step)
    if isinstance(step, Record):
        return exchanges.record(hot, step)
    if isinstance(step, Note):
        return exchanges.note(hot, step)
    if isinstance(step, Follow):
        return exchanges.follow(hot, step)
    if isinstance(step, LookUp):
        return weather.read(hot, step.cell)
    if isinstance(step, Reach):
        return shelves.reach(hot, step)
    if isinstance(step, Spend | GiveBack | CountClick):
        return caps.perform(hot, step)
    if isinstance(step, Refresh):
        step.snapshot.refresh()
        return None
    spool.append(step.event.customer_id, encode(step.event))
    return None
