"""What a choice was made from: the version, and what its rules read, as an impression keeps it."""

import json
from collections.abc import Collection, Mapping
from functools import lru_cache

from app.domain.blocks import Block
from app.domain.context.needs import is_personal
from app.domain.paths import MISSING, read

CHOSEN = "chosen"  # its name in an event's details
CHARACTERS_MAX = 2_000
VALUE_MAX = 300  # characters of one value as JSON

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def evidence(
    block: Block,
    context: Mapping[str, object],
    *,
    is_everything_kept: bool,
    is_proven: bool = True,
    barred: Collection[str] = (),
) -> dict[str, object]:
    """The block's version and the values at the paths that its rules read; at most 2,000 characters of them.

    Not `is_everything_kept`: of what tells something of the customer only the path is kept, in `withheld`,
    as of values that are too long. What is in neither was missing. `barred` are variants whose cap was
    reached, and not `is_proven` says that nothing personal could be shown.
    """
    values: dict[str, object] = {}
    withheld: list[str] = []
    room = CHARACTERS_MAX
    for path in block.rule_paths:
        value = read(context, _steps(path))
        if value is MISSING or value is None:
            continue
        is_kept = is_everything_kept or not is_personal((path,))
        length = len(path) + (_length(value) if is_kept else CHARACTERS_MAX)
        if length > min(room, VALUE_MAX + len(path)):
            withheld.append(path)
            continue
        room -= length
        values[path] = value
    told: dict[str, object] = {"version": block.version}
    if values:
        told["read"] = values
    if withheld:
        told["withheld"] = withheld
    if barred:
        told["barred"] = sorted(barred)
    if not is_proven:
        told["unproven"] = True
    return told


@lru_cache(maxsize=4_096)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def _length(value: object) -> int:
    """Characters of a value as JSON; of letters and digits those and two quotes."""
    return len(value) + 2 if type(value) is str and value.isalnum() else len(_encode(value))


def context_of(read_then: Mapping[str, object]) -> dict[str, object]:
    """A context that has these values at these paths, and nothing else."""
    context: dict[str, object] = {}
    for path, value in sorted(read_then.items()):
        *above, last = path.split(".")
        inner = context
        for step in above:
            under = inner.setdefault(step, {})
            if not isinstance(under, dict):
                break  # it stands in a value that is here already
            inner = under
        else:
            inner[last] = value
    return context
