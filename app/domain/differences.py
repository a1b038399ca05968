"""What is different between two documents: where, and from what to what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.domain.paths import escaped


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that differs.

    The pointer of what was removed leads into the earlier document, every other one into the later.
    `moved` tells of a list whose members are in another order: `before` and `after` are their ids.
    """

    kind: Literal["added", "removed", "changed", "moved"]
    pointer: str
    before: object = None
    after: object = None


def differences(before: object, after: object) -> list[Difference]:
    """Everything that differs between two JSON documents; 1, 1.0 and true are three different values.

    Objects in a list that all have an `id` are compared with the one of the same id, wherever it stands.
    """
    return list(_compared(before, after, "", ""))


def _compared(before: object, after: object, was_at: str, at: str) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _objects(before, after, was_at, at)
    elif isinstance(before, list) and isinstance(after, list):
        earlier, later = _by_id(before), _by_id(after)
        if earlier is not None and later is not None:
            yield from _members(earlier, later, was_at, at)
        else:
            yield from _rows(before, after, was_at, at)
    elif type(before) is not type(after) or before != after:
        yield Difference("changed", at, before, after)


def _objects(
    before: Mapping[str, object], after: Mapping[str, object], was_at: str, at: str
) -> Iterator[Difference]:
    for name in (*before, *(one for one in after if one not in before)):
        was_here, here = f"{was_at}/{escaped(name)}", f"{at}/{escaped(name)}"
        if name not in after:
            yield Difference("removed", was_here, before=before[name])
        elif name not in before:
            yield Difference("added", here, after=after[name])
        else:
            yield from _compared(before[name], after[name], was_here, here)


def _members(
    before: Mapping[str, object], after: Mapping[str, object], was_at: str, at: str
) -> Iterator[Difference]:
    places = {name: place for place, name in enumerate(after)}
    for place, (name, member) in enumerate(before.items()):
        if name not in after:
            yield Difference("removed", f"{was_at}/{place}", before=member)
        else:
            yield from _compared(member, after[name], f"{was_at}/{place}", f"{at}/{places[name]}")
    for name, member in after.items():
        if name not in before:
            yield Difference("added", f"{at}/{places[name]}", after=member)
    stayed, stay = [one for one in before if one in after], [one for one in after if one in before]
    if stayed != stay:
        yield Difference("moved", at, stayed, stay)


def _rows(before: Sequence[object], after: Sequence[object], was_at: str, at: str) -> Iterator[Difference]:
    for place, (was, now) in enumerate(zip(before, after, strict=False)):
        yield from _compared(was, now, f"{was_at}/{place}", f"{at}/{place}")
    for place, row in enumerate(before[len(after) :], len(after)):
        yield Difference("removed", f"{was_at}/{place}", before=row)
    for place, row in enumerate(after[len(before) :], len(before)):
        yield Difference("added", f"{at}/{place}", after=row)


def _by_id(listed: Sequence[object]) -> dict[str, object] | None:
    members: dict[str, object] = {
        one["id"]: one for one in listed if isinstance(one, Mapping) and isinstance(one.get("id"), str)
    }
    return members if len(members) == len(listed) else None
