"""Attributes that platforms send and nobody declared are proposed, with the type a value lets suppose."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.declarations import seen_type
from app.domain.state import ATTRIBUTE
from app.stores.cold import attributes
from app.stores.cold.customers import Snapshot
from app.stores.cold.engine import Connection

SEEN_MAX = 500  # new names of one batch


def propose(connection: Connection, snapshots: Sequence[Snapshot]) -> int:
    """Propose the attributes of these customers that nobody declared or saw before; answers how many."""
    states = [one.state for one in snapshots]
    fields = frozenset[str]().union(*(state[0::2] for state in states))
    names = {field for field in fields if field.startswith(ATTRIBUTE)}
    new = attributes.unknown(connection, {_path(one) for one in sorted(names)[:SEEN_MAX]})
    if not new:
        return 0
    found: dict[str, Mapping[str, Any]] = {}
    for state in states:
        if len(found) == len(new):
            break
        for field, raw in zip(state[0::2], state[1::2], strict=True):
            path = _path(field) if field in names else ""
            if path in new and path not in found and (kind := seen_type(raw.encode())) is not None:
                found[path] = {"type": kind.value}
    return attributes.propose(connection, found, now=max(one.saved_at for one in snapshots))


def _path(field: str) -> str:
    return f"customer.{field.removeprefix(ATTRIBUTE)}"
