"""The packed form of a ledger: one layout byte, then 27 bytes a touch, oldest first.

    6  time, ms since 1970         6  touch
    1  mark: sent, unreserved ...  4  dispatch, 0 for none
    4  ms from time to expiry      6  words: digest of what rules filter by

The words themselves lie once in the hash `words`. Their number is a digest of their text, so that
every process gives the same words the same number without asking, also after data were lost.
"""

import hashlib
import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from app.domain.frequency.ledger import Entries, Entry, Words

LAYOUT = b"\x01"
WORDS_MAX = 50_000  # remembered by one process
_ENTRY = struct.Struct(">HIBI6sI6s")
_EXPIRY_MAX_MS = 2**32 - 1
_new = tuple.__new__


class Unreadable(Exception):
    """The bytes are of another layout."""


def pack(entries: Iterable[Entry]) -> bytes:
    """A ledger as bytes; an empty one is empty."""
    numbers: dict[int, bytes] = {}
    rows = [
        _ENTRY.pack(
            at_ms >> 32,
            at_ms & 0xFFFFFFFF,
            mark,
            min(max(expires_ms - at_ms, 0), _EXPIRY_MAX_MS),
            touch,
            dispatch,
            # Most touches of a customer share their words, and a look by identity costs nothing.
            numbers.get(id(words)) or numbers.setdefault(id(words), digest_of(words)),
        )
        for at_ms, mark, expires_ms, touch, dispatch, words in entries
    ]
    return LAYOUT + b"".join(rows) if rows else b""


def unpack(data: bytes, words: Mapping[bytes, Words]) -> Entries:
    """Bytes as a ledger; words that nobody has any more match only rules without filters."""
    return tuple(
        [
            # Half the time of calling Entry, for the object that decisions make most of.
            _new(
                Entry,
                (
                    at_ms := high << 32 | low,
                    mark,
                    at_ms + expiry,
                    touch,
                    dispatch,
                    words.get(digest) or Words(lost=digest),
                ),
            )
            for high, low, mark, expiry, touch, dispatch, digest in _ENTRY.iter_unpack(_rows(data))
        ]
    )


def digests(data: bytes) -> set[bytes]:
    """The digests of all words in a packed ledger."""
    rows = _rows(data)
    return {rows[end - 6 : end] for end in range(_ENTRY.size, len(rows) + 1, _ENTRY.size)}


@lru_cache(maxsize=WORDS_MAX)
def digest_of(words: Words) -> bytes:
    """The number of some words, 6 bytes."""
    return words.lost or hashlib.blake2b(dump_words(words), digest_size=6).digest()


@lru_cache(maxsize=WORDS_MAX)
def dump_words(words: Words) -> bytes:
    """Words as text."""
    return json.dumps(list(words[:-1]), separators=(",", ":")).encode()


def load_words(data: bytes | None) -> Words | None:
    """The same back; None when it is not what this house writes."""
    try:
        told = json.loads(data) if data is not None else None
    except ValueError:
        return None
    if not isinstance(told, list) or len(told) != len(Words._fields) - 1:
        return None
    return Words._make([*told[:3], tuple(told[3]), *told[4:], b""])


def ordered(tags: Sequence[str]) -> tuple[str, ...]:
    """Tags so that the same ones are the same words."""
    return tuple(sorted(set(tags)))


def _rows(data: bytes) -> bytes:
    if not data:
        return b""
    if data[:1] != LAYOUT or (len(data) - 1) % _ENTRY.size:
        raise Unreadable(f"a touch ledger has layout {data[:1]!r} and {len(data)} bytes")
    return data[1:]
