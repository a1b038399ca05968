"""Customers come in from a table: rows become sayings, and go into the hot store batch by batch."""

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.columns import BadCell, Cells, Kind, switch
from app.domain.ids import is_id
from app.domain.state import Tracking
from app.flows import customers
from app.flows.customers import Saying
from app.stores.hot import heartbeats, streams
from app.stores.hot.server import HotStore

BATCH = 500
BACKLOG_MAX = 50_000  # entries that wait for SQL; each holds a customer's state in Redis' memory
PAUSE_S = 0.05

Clock = Callable[[], datetime]


class Role(StrEnum):
    """What a column is for."""

    ID = "id"
    ATTRIBUTE = "attribute"
    TIMEZONE = "timezone"
    LOCALE = "locale"
    TRACKING = "tracking"
    CONSENT = "consent"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place from 0, its title, and what becomes of it.

    `name` is the attribute's, or the consent's channel; `kind` tells how an attribute is read.
    """

    place: int
    title: str
    role: Role
    name: str = ""
    kind: Kind = Kind.STRING


class BadRow(Exception):
    """A row cannot be taken; the message says why."""


class Rows:
    """Makes sayings of rows. Without an ID column the id is `prefix` and the row's number."""

    def __init__(self, columns: Sequence[Column], cells: Cells, *, prefix: str = "") -> None:
        self._prefix = prefix
        self._id_place = next((one.place for one in columns if one.role is Role.ID), None)
        self._attributes = [
            (one.place, one.name, one.title, cells.reader(one.kind))
            for one in columns
            if one.role is Role.ATTRIBUTE
        ]
        self._settings = [one for one in columns if one.role in _SETTINGS]

    def saying(self, fields: Sequence[str], number: int) -> Saying:
        """What a row says. An empty cell says nothing, so what is known stays. Raises BadRow."""
        saying = Saying(self._id(fields, number), self._read_attributes(fields), self._read_settings(fields))
        problems = customers.faults_of(saying)
        if problems:
            named = ((one.pointer.removeprefix("/attributes").strip("/"), one.detail) for one in problems[:3])
            raise BadRow("; ".join(f"{name}: {detail}" for name, detail in named))
        return saying

    def _id(self, fields: Sequence[str], number: int) -> str:
        text = f"{self._prefix}{number}" if self._id_place is None else fields[self._id_place].strip()
        if not is_id(text):
            raise BadRow(
                f"{text[:40]!r} cannot be a customer's id: 1 to 128 of the characters A-Z a-z 0-9 . _ : @ -"
            )
        return text

    def _read_attributes(self, fields: Sequence[str]) -> dict[str, object]:
        found: dict[str, object] = {}
        for place, name, title, read in self._attributes:
            text = fields[place].strip()
            if text:
                try:
                    found[name] = read(text)
                except BadCell as wrong:
                    raise BadRow(f"{title}: {wrong}") from wrong
        return found

    def _read_settings(self, fields: Sequence[str]) -> dict[str, object]:
        found: dict[str, Any] = {}
        for column in self._settings:
            text = fields[column.place].strip()
            if text:
                try:
                    _SETTINGS[column.role](found, column.name, text)
                except BadCell as wrong:
                    raise BadRow(f"{column.title}: {wrong}") from wrong
        return found


def _set_timezone(found: dict[str, Any], _: str, text: str) -> None:
    found["timezone"] = text


def _set_locale(found: dict[str, Any], _: str, text: str) -> None:
    found["locale"] = text.replace("_", "-")


def _set_tracking(found: dict[str, Any], _: str, text: str) -> None:
    if text.lower() not in list(Tracking):
        raise BadCell(f"{text[:40]!r} is not one of {', '.join(Tracking)}")
    found["tracking"] = text.lower()


def _set_consent(found: dict[str, Any], channel: str, text: str) -> None:
    found.setdefault("channels", {})[channel] = {"consent": switch(text)}


_SETTINGS: Mapping[Role, Callable[[dict[str, Any], str, str], None]] = {
    Role.TIMEZONE: _set_timezone,
    Role.LOCALE: _set_locale,
    Role.TRACKING: _set_tracking,
    Role.CONSENT: _set_consent,
}


class Carrier:
    """Carries batches in order, one under way while the caller makes the next.

    `put` raises what became of an earlier batch: Unavailable when Redis went away. What had been
    carried before may be carried again without harm.
    """

    def __init__(self, hot: HotStore, clock: Clock) -> None:
        self._hot = hot
        self._clock = clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import")
        self._under_way: Future[None] | None = None

    def __enter__(self) -> "Carrier":
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(wait=True)

    def put(self, sayings: Sequence[Saying], then: Callable[[], None]) -> None:
        """Hand over a batch; `then` is called in the carrier's thread once Redis has it."""
        self.settle()
        self._under_way = self._thread.submit(self._carry, sayings, then)

    def settle(self) -> None:
        """Wait for the batch under way. Raises Unavailable."""
        if self._under_way is not None:
            waited, self._under_way = self._under_way, None
            waited.result()

    def _carry(self, sayings: Sequence[Saying], then: Callable[[], None]) -> None:
        while _backlog(self._hot, self._clock()) > BACKLOG_MAX and is_recording(self._hot, self._clock()):
            time.sleep(PAUSE_S)  # Redis' memory is for states, not for a queue of them
        customers.merge_many(self._hot, sayings, now=self._clock(), new_id=lambda: secrets.token_hex(16))
        then()


def is_recording(hot: HotStore, now: datetime) -> bool:
    """Whether a recorder lives, so that SQL will have what Redis has. Raises Unavailable."""
    return bool(heartbeats.beats(hot, now=now))


def wait_until_recorded(hot: HotStore, clock: Clock, tell: Callable[[], None]) -> bool:
    """Wait until SQL has all that Redis has now; False when no recorder lives. Raises Unavailable."""
    until = streams.newest(hot)
    while not streams.are_recorded(hot, until):
        if not is_recording(hot, clock()):
            return False
        tell()
        time.sleep(PAUSE_S)
    return True


def _backlog(hot: HotStore, now: datetime) -> int:
    waiting = streams.lag(hot, now_ms=int(now.timestamp() * 1000))
    return waiting.undelivered + waiting.pending
