"""The addresses of touches, asked for before they are sent."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.problems import Invalid, Problem, Refused
from app.flows import messages
from app.flows.addressing import Addresses, Reader, addresses
from app.flows.visiting import Front
from app.stores.absence import Unavailable

Found = Mapping[str, Any] | Refused


@dataclass(frozen=True, slots=True)
class Asked:
    """One touch whose addresses are wanted; `blocks` None for the message's own."""

    touch_id: str
    customer_id: str
    message_id: str
    sent_at: datetime | None = None
    blocks: Sequence[str] | None = None


def addresses_of(asked: Sequence[Asked], front: Front, base_url: str) -> list[dict[str, object] | Refused]:
    """The addresses of each touch, in order, or why there are none. Nothing is recorded.

    Raises Unavailable when a message is not known here and Redis, which may know it, is away.
    """
    with suppress(Unavailable):
        # A message that was wrapped a moment ago has its blocks already; with Redis away it has those known.
        front.snapshot.refresh()
    made = addresses(front, base_url)
    known = {message_id: _message(front, message_id) for message_id in {one.message_id for one in asked}}
    return [_of_one(one, known[one.message_id], front, made) for one in asked]


def _message(front: Front, message_id: str) -> Found:
    try:
        return messages.known(front.snapshot, message_id)
    except Refused as unknown:
        return unknown


def _of_one(one: Asked, message: Found, front: Front, made: Addresses) -> dict[str, object] | Refused:
    if isinstance(message, Refused):
        return message
    problems = unknown_blocks(one.blocks or (), front)
    if problems:
        return Invalid(problems=problems)
    block_ids = one.blocks if one.blocks is not None else message.get("blocks", ())
    reader = Reader(one.message_id, one.customer_id, one.touch_id, one.sent_at)
    return made.of_touch(reader, block_ids)


def unknown_blocks(block_ids: Sequence[str], front: Front) -> list[Problem]:
    """A fault for every block nobody published; newer ones are looked for once. Raises Unavailable."""
    if all(front.snapshot.block(block_id) for block_id in block_ids):
        return []
    front.snapshot.refresh()
    return [
        Problem(f"/blocks/{place}", f"there is no published block {block_id}: publish it first")
        for place, block_id in enumerate(block_ids)
        if front.snapshot.block(block_id) is None
    ]
