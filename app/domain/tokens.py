"""Signed, compact, versioned tokens: what a public URL may say, and no more.

    byte 0      layout version << 4 | kind
    byte 1      number of the signing key
    bytes 2-5   the touch's send time, seconds since 1970, 0 when unknown
    then        message, subject, customer, touch: one length byte and UTF-8 each
    last 10     keyed BLAKE2b over all before

The whole is base64url without padding. Keys rotate: the first signs, every one verifies.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

LAYOUT = 1
MAC_BYTES = 10
TOKEN_MAX = 800  # four ids of 128 bytes and the frame, in base64
_HEAD = struct.Struct(">BBI")


class Kind(IntEnum):
    """What a token opens; a token of one kind is worth nothing at another endpoint."""

    PIXEL = 1
    IMAGE = 2
    BLOCK_LINK = 3
    LINK = 4
    UNSUBSCRIBE = 5
    CUSTOMER = 6
    RESERVATION = 7
    CURSOR = 8


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a token says. `subject` is the block of an image, the number of a link."""

    kind: Kind
    message_id: str = ""
    subject: str = ""
    customer_id: str = ""
    touch_id: str = ""
    sent_at: datetime | None = None


class BadToken(Exception):
    """Forged, damaged, or made for another endpoint; deliberately no more precise than that."""


class Keyring:
    """The signing keys, newest first. A key's number is derived from its secret, so order may change."""

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets:
            raise ValueError("SIGNING_KEYS is empty: set at least one secret")
        self._keys = {_number(secret): _derive(secret) for secret in reversed(secrets)}
        if len(self._keys) < len(secrets):
            # One byte names the key in a token, so one pair of secrets in 256 shares a number.
            raise ValueError("SIGNING_KEYS holds two secrets with the same number: replace the older one")
        self._signing = _number(secrets[0])

    def sign(self, ticket: Ticket) -> str:
        """Make the token of a ticket; its ids must each fit 255 bytes."""
        seconds = int(ticket.sent_at.timestamp()) if ticket.sent_at else 0
        head = _HEAD.pack(LAYOUT << 4 | ticket.kind, self._signing, min(max(seconds, 0), 0xFFFFFFFF))
        words = (ticket.message_id, ticket.subject, ticket.customer_id, ticket.touch_id)
        body = head + b"".join(_framed(word) for word in words)
        return base64.urlsafe_b64encode(body + _mac(self._keys[self._signing], body)).rstrip(b"=").decode()

    def verify(self, token: str, *kinds: Kind) -> Ticket:
        """Read a token made for one of these kinds, or raise BadToken."""
        raw = _decoded(token)
        body, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        if len(body) < _HEAD.size:
            raise BadToken
        mark, number, seconds = _HEAD.unpack_from(body)
        key = self._keys.get(number)
        if key is None or not hmac.compare_digest(_mac(key, body), mac):
            raise BadToken
        if mark >> 4 != LAYOUT or mark & 15 not in kinds:
            raise BadToken
        message_id, subject, customer_id, touch_id = _words(body)
        sent_at = datetime.fromtimestamp(seconds, UTC) if seconds else None
        return Ticket(Kind(mark & 15), message_id, subject, customer_id, touch_id, sent_at)

    def customer_key(self, customer_id: str) -> str:
        """The value a platform keeps as a merge field: it names the customer and proves it."""
        return self.sign(Ticket(Kind.CUSTOMER, customer_id=customer_id))

    def verify_customer(self, key: str) -> str:
        """The customer a merge field names, or BadToken."""
        return self.verify(key, Kind.CUSTOMER).customer_id


def _derive(secret: str) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=32, person=b"mailtide-token").digest()


def _number(secret: str) -> int:
    return hashlib.blake2b(secret.encode(), digest_size=1, person=b"mailtide-key-no").digest()[0]


def _mac(key: bytes, body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=MAC_BYTES, key=key).digest()


def _framed(word: str) -> bytes:
    data = word.encode()
    if len(data) > 255:
        raise ValueError("an id in a token may have 255 bytes at most")
    return bytes((len(data),)) + data


def _decoded(token: str) -> bytes:
    if len(token) > TOKEN_MAX:
        raise BadToken
    try:
        data = token.encode("ascii")
        raw = base64.b64decode(data + b"=" * (-len(data) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as wrong:
        raise BadToken from wrong
    # Base64 has several spellings of the same bytes; only the one we write is ours.
    if base64.urlsafe_b64encode(raw).rstrip(b"=") != data:
        raise BadToken
    return raw


def _words(body: bytes) -> list[str]:
    words, at = [], _HEAD.size
    try:
        for _ in range(4):
            end = at + 1 + body[at]
            words.append(body[at + 1 : end].decode())
            at = end
    except (IndexError, UnicodeDecodeError) as wrong:
        raise BadToken from wrong
    if at != len(body):
        raise BadToken
    return words
