"""Counts of capped variants: of one customer in their history, of all together under keys of their own.

Fields of a history: `d.<block>|<variant>` views and `x.<block>|<variant>` clicks, each
`number|message|moment,moment,…`, the last message and the newest moments; `w.<touch>|<block>`, the view
that a touch was counted for.
"""

import hashlib
from dataclasses import dataclass
from enum import IntEnum

from app.domain.blocks.caps import CUSTOMER_MAX, Counted
from app.stores.hot import keys
from app.stores.hot.line import Command
from app.stores.hot.scripting import Argument
from app.stores.hot.server import HotStore, answering

FOLD_MS = 30 * 60_000  # views and clicks of one message within it count once
NUMBER = "n"  # the field of how many there ever were


@dataclass(frozen=True, slots=True)
class Tally:
    """What a cap counts among all customers, from `since_ms` on; without it, ever."""

    name: str
    counted: Counted
    since_ms: int | None = None
    is_rolling: bool = False

    @property
    def field(self) -> str:
        """Where its number stands; nowhere, where its moments are counted."""
        if self.is_rolling:
            return ""
        return NUMBER if self.since_ms is None else f"b{self.since_ms}"


@dataclass(frozen=True, slots=True)
class View:
    """A person's view of a capped variant; with `most`, refused where the customer has seen it that often."""

    variant: str
    message_id: str
    at_ms: int
    is_staying: bool
    name: str = ""
    most: int = 0
    since_ms: int | None = None

    def words(self, touch_id: str, block_id: str) -> Command:
        """What the record script reads of it."""
        since = "" if self.since_ms is None else self.since_ms
        own: Command = ("", 0, "", 0)
        if self.name:
            own = (view_field(self.name), self.most, since, CUSTOMER_MAX)
        return (
            touch_field(touch_id, block_id),
            self.variant,
            "stays" if self.is_staying else "anew",
            self.at_ms,
            FOLD_MS,
            self.message_id,
            *own,
        )


class Spent(IntEnum):
    """What became of a count."""

    REFUSED = 0
    COUNTED = 1
    COUNTED_BEFORE = 2


@dataclass(frozen=True, slots=True)
class Spend:
    """Count a view or click of this customer's touch among all, unless the cap is reached."""

    tally: Tally
    customer_id: str
    message_id: str
    at_ms: int
    most: int | None = None


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Take back what was counted: it was not shown."""

    spend: Spend


@dataclass(frozen=True, slots=True)
class CountClick:
    """Count a person's click on a capped variant in their own history."""

    name: str
    customer_id: str
    message_id: str
    at_ms: int


def view_field(name: str) -> str:
    """Where a customer's views of a variant are counted."""
    return f"d.{name}"


def click_field(name: str) -> str:
    """Where a customer's clicks on a variant are counted."""
    return f"x.{name}"


def touch_field(touch_id: str, block_id: str) -> str:
    """Which view a touch was counted for: `ms|variant`."""
    return f"w.{touch_id}|{block_id}"


def tally_command(tally: Tally) -> Command:
    """The command that reads a tally."""
    _, numbers, moments = keys.cap(tally.name, tally.counted)
    if tally.is_rolling:
        return "ZCOUNT", moments, tally.since_ms or 0, "+inf"
    return "HGET", numbers, tally.field


def read_tally(answer: object) -> int:
    """A tally as the server answers it."""
    return int(answer) if isinstance(answer, int | bytes) and str(answer) else 0


def perform(store: HotStore, step: Spend | GiveBack | CountClick) -> Spent | None:
    """Do one of the three. Raises Unavailable."""
    with answering():
        if isinstance(step, CountClick):
            args: list[Argument] = [click_field(step.name), step.message_id, step.at_ms]
            history = store.keys.history(step.customer_id)
            store.scripts.call("count_click", [history], [*args, FOLD_MS, CUSTOMER_MAX, keys.HISTORY_TTL_S])
            return None
        if isinstance(step, GiveBack):
            spend = step.spend
            args = [_who(spend), spend.at_ms, spend.tally.field]
            store.scripts.call("return_cap", keys.cap(spend.tally.name, spend.tally.counted), args)
            return None
        since = step.tally.since_ms if step.tally.since_ms is not None else ""
        most = step.most if step.most is not None else ""
        args = [_who(step), step.at_ms, most, step.tally.field, since, FOLD_MS, keys.HISTORY_TTL_S]
        told = store.scripts.call("spend_cap", keys.cap(step.tally.name, step.tally.counted), args)
    return Spent(int(told))


def _who(spend: Spend) -> str:
    # Nobody is to be found again in what is counted of everybody.
    named = f"{spend.customer_id}\0{spend.message_id}".encode()
    return hashlib.blake2b(named, digest_size=9).hexdigest()
