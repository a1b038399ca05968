"""Events and documents as bytes: JSON by msgspec, the same in streams, spool and SQL."""

from typing import Any

import msgspec

from app.domain.events import Event

_encoder = msgspec.json.Encoder()
_event_decoder = msgspec.json.Decoder(Event)
_plain_decoder = msgspec.json.Decoder()


class Undecodable(Exception):
    """Bytes that are not what the house writes."""


def encode(value: object) -> bytes:
    """An event, or any plain data, as JSON."""
    return _encoder.encode(value)


def decode_event(data: bytes) -> Event:
    """Read an event back, or raise Undecodable with the reason."""
    try:
        return _event_decoder.decode(data)
    except (msgspec.MsgspecError, ValueError) as wrong:
        raise Undecodable(str(wrong)) from wrong


def decode(data: bytes) -> Any:
    """Read plain data back, or raise Undecodable."""
    try:
        return _plain_decoder.decode(data)
    except (msgspec.MsgspecError, ValueError) as wrong:
        raise Undecodable(str(wrong)) from wrong
