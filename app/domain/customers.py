"""What a customer's attributes may be: names, types, sizes."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from app.domain.problems import Problem

ATTRIBUTES_MAX = 200
ATTRIBUTE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}\Z")
TEXT_MAX = 4_000
LIST_MAX = 1_000
DEPTH_MAX = 5
VALUES_MAX = 2_000  # scalars in all attributes together
NUMBER_MAX = 2.0**53  # beyond it JSON readers disagree

LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}\Z")


def attribute_problems(attributes: Mapping[str, object], pointer: str) -> list[Problem]:
    """Everything wrong with a customer's attributes; at most 20 problems are told."""
    if len(attributes) > ATTRIBUTES_MAX:
        return [
            Problem(pointer, f"at most {ATTRIBUTES_MAX} attributes a customer; this has {len(attributes)}")
        ]
    problems: list[Problem] = []
    values = 0
    for name, value in attributes.items():
        at = f"{pointer}/{_escaped(name)}"
        if not ATTRIBUTE_NAME.match(name):
            problems.append(
                Problem(at, "a name starts with a letter or _, then letters, digits, _ or -; 64 at most")
            )
            continue
        problems.extend(_value_problems(value, at, DEPTH_MAX))
        values += _count(value)
        if len(problems) >= 20:
            break
    if values > VALUES_MAX:
        problems.append(Problem(pointer, f"at most {VALUES_MAX} values in all attributes together"))
    return problems[:20]


def zone_problem(name: str, pointer: str) -> Problem | None:
    """Whether a time zone is one of IANA's."""
    if name in _zones() and ZoneInfo(name):
        return None
    return Problem(pointer, f"{name[:64]!r} is not an IANA time zone, such as Europe/Paris")


def locale_problem(name: str, pointer: str) -> Problem | None:
    """Whether a locale looks like a BCP 47 tag."""
    if LOCALE.match(name):
        return None
    return Problem(pointer, f"{name[:32]!r} is not a language tag, such as fr-FR")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # looks through a folder each time: milliseconds


def _value_problems(value: object, at: str, depth: int) -> Iterator[Problem]:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        if len(value) > TEXT_MAX:
            yield Problem(at, f"texts have at most {TEXT_MAX} characters; this has {len(value)}")
        elif "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            yield Problem(at, "a text may hold neither NUL nor half a surrogate pair")
    elif isinstance(value, int | float):
        if not math.isfinite(value) or abs(value) > NUMBER_MAX:
            yield Problem(at, "numbers are finite and at most 2**53; send larger ones as text")
    elif isinstance(value, Mapping | Sequence):
        yield from _nested_problems(value, at, depth)
    else:
        yield Problem(at, f"{type(value).__name__} is not a JSON type")


def _nested_problems(
    value: Mapping[object, object] | Sequence[object], at: str, depth: int
) -> Iterator[Problem]:
    if depth == 0:
        yield Problem(at, f"values may be nested {DEPTH_MAX} deep at most")
        return
    if len(value) > LIST_MAX:
        yield Problem(at, f"lists and objects have at most {LIST_MAX} entries; this has {len(value)}")
        return
    pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
    for name, inner in pairs:
        if isinstance(name, str) and len(name) > 64:
            yield Problem(at, "names inside an object have at most 64 characters")
        yield from _value_problems(inner, f"{at}/{_escaped(str(name))}", depth - 1)


def _count(value: object) -> int:
    if isinstance(value, Mapping):
        return 1 + sum(_count(inner) for inner in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return 1 + sum(_count(inner) for inner in value)
    return 1


def _escaped(name: str) -> str:
    return name[:64].replace("~", "~0").replace("/", "~1")
