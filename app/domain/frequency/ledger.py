"""The touches of one customer as plain data, and what reserving, sending and releasing make of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag
from typing import NamedTuple

from app.domain.frequency.windows import DAY_MS, SPAN_MAX_MS

KEEP_MS = SPAN_MAX_MS + 7 * DAY_MS  # a late fact still finds its neighbours
ENTRIES_MAX = 2_000  # of one customer: 20 a day for the widest window


class Mark(IntFlag):
    """What is known of an entry. Without SENT it is a reservation."""

    SENT = 1
    UNRESERVED = 2
    LATE = 4
    CHANGED = 8  # it went out as something else than its place was held for


_SENT = int(Mark.SENT)  # an `&` of flags takes twenty times one of numbers, and a decision takes dozens


class Words(NamedTuple):
    """What rules filter by, as the message was when the touch was reserved or sent."""

    channel: str | None = None
    category: str | None = None
    touch_class: str | None = None
    tags: tuple[str, ...] = ()
    topic: str | None = None
    campaign: str | None = None
    message_id: str | None = None
    lost: bytes = b""  # the digest under which words were kept that nobody has any more

    @property
    def filtered(self) -> tuple[object, ...]:
        """Those that rules look at."""
        return self[:4]


class Entry(NamedTuple):
    """One touch, or the place held for one. `expires_ms` is meaningless once it is sent."""

    at_ms: int
    mark: int
    expires_ms: int
    touch: bytes  # 6 bytes that stand for the touch id
    dispatch: int  # stands for the dispatch id; 0 without one
    words: Words

    @property
    def is_sent(self) -> bool:
        """Whether the touch went out."""
        return bool(self.mark & _SENT)

    def is_live(self, now_ms: int) -> bool:
        """Whether it counts: sent, or a reservation that has not expired."""
        return bool(self.mark & _SENT) or now_ms < self.expires_ms


Entries = tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a report or a confirmation made of the ledger. `entry` is None for a repeat."""

    entries: Entries
    entry: Entry | None = None

    @property
    def is_unreserved(self) -> bool:
        """Whether no place was held for it."""
        return self.entry is not None and bool(self.entry.mark & Mark.UNRESERVED)

    @property
    def has_held_its_place(self) -> bool:
        """Whether a place was held for just this touch, so that it was counted before it went."""
        return self.entry is not None and self.entry.mark == Mark.SENT

    @property
    def is_late(self) -> bool:
        """Whether its place had expired."""
        return self.entry is not None and bool(self.entry.mark & Mark.LATE)


def touch_mark(touch_id: str) -> bytes:
    """What stands for a touch in its customer's ledger; two of 2,000 are alike once in 10**8 ledgers."""
    return hashlib.blake2b(touch_id.encode(), digest_size=6).digest()


def dispatch_mark(dispatch_id: str | None) -> int:
    """What stands for a dispatch; 0 for none."""
    if not dispatch_id:
        return 0
    return int.from_bytes(hashlib.blake2b(dispatch_id.encode(), digest_size=4).digest()) or 1


def find(entries: Sequence[Entry], touch: bytes) -> Entry | None:
    """The entry of a touch, live or not."""
    return next((entry for entry in entries if entry.touch == touch), None)


def without(entries: Sequence[Entry], touch: bytes) -> Entries:
    """The ledger as it is without a touch."""
    return tuple(entry for entry in entries if entry.touch != touch)


def kept(entries: Sequence[Entry], now_ms: int) -> Entries:
    """What is worth keeping, oldest first: no expired reservation, nothing older than any window."""
    oldest = now_ms - KEEP_MS
    found = sorted([entry for entry in entries if entry.at_ms > oldest and entry.is_live(now_ms)])
    return tuple(found[-ENTRIES_MAX:])


def reserved(entries: Sequence[Entry], entry: Entry) -> Entries:
    """Hold a place; one that the touch held already is replaced."""
    return (*without(entries, entry.touch), entry)


def sent(
    entries: Sequence[Entry], entry: Entry, now_ms: int, *, place: bytes | None = None, expired: bool = False
) -> Sent:
    """The touch went out: its reservation becomes a sent touch, or one appears that was never reserved.

    `place` is the reserved touch when it went out under another id; `expired` says that there was
    a reservation which may have been swept away since. A touch that went out already stays as it is.
    """
    standing = find(entries, entry.touch)
    if standing is not None and standing.is_sent:
        return Sent(tuple(entries))
    held = standing or (find(entries, place) if place else None)
    made = entry._replace(mark=int(Mark.SENT | _mark(entry, held, now_ms, expired)), expires_ms=entry.at_ms)
    others = [one for one in entries if one.touch not in (entry.touch, place) or one.is_sent]
    return Sent((*others, made), made)


def _mark(entry: Entry, held: Entry | None, now_ms: int, expired: bool) -> Mark:
    if held is None or held.is_sent:
        return Mark.LATE if expired else Mark.UNRESERVED
    if not held.is_live(now_ms):
        return Mark.LATE
    return Mark(0) if held.words.filtered == entry.words.filtered else Mark.CHANGED
