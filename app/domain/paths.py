"""Dotted paths into plain data, read without ever raising."""

import re
from collections.abc import Callable
from typing import Final

PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}(\.[A-Za-z0-9_-]{1,64}){0,7}\Z")


class _Missing:
    """What stands where nothing stands."""

    def __repr__(self) -> str:
        return "missing"


MISSING: Final = _Missing()


def reader(path: str) -> Callable[[object], object]:
    """A function that reads the path from a context, or MISSING."""
    steps = tuple(path.split("."))
    if len(steps) == 2:
        first, second = steps

        def read_two(context: object) -> object:
            inner = context.get(first) if type(context) is dict else None
            return inner.get(second, MISSING) if type(inner) is dict else read(context, steps)

        return read_two
    return lambda context: read(context, steps)


def read(context: object, steps: tuple[str, ...]) -> object:
    """Follow the steps through objects by name and through lists by number."""
    value = context
    for step in steps:
        if isinstance(value, dict):
            value = value.get(step, MISSING)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return MISSING
    return value


def escaped(name: str) -> str:
    """One step of a JSON Pointer (RFC 6901), cut at 80 characters."""
    return name[:80].replace("~", "~0").replace("/", "~1")
