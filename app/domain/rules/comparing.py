"""Equality and order: of numbers, of texts, of moments; and what kind of value it is."""

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from app.domain.rules.bounds import DEPTH_MAX, LIST_MAX, TEXT_MAX, Test, never
from app.domain.rules.moments import instant, moment

TYPES = ("string", "number", "boolean", "array", "object", "null")

_Order = Callable[[Any, Any], bool]


def is_number(value: object) -> bool:
    """Whether a value is a number; in Python a truth value is one too."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def same(one: object, other: object) -> bool:
    """Equality as JSON has it: true is not 1, at any depth. `other` bounds the depth."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(other, list):
        return (
            isinstance(one, list)
            and len(one) == len(other)
            and all(same(mine, theirs) for mine, theirs in zip(one, other, strict=True))
        )
    if isinstance(other, dict):
        return (
            isinstance(one, dict)
            and one.keys() == other.keys()
            and all(same(one[name], theirs) for name, theirs in other.items())
        )
    return not isinstance(one, list | dict) and one == other


def equals(expected: object) -> Test:
    """Is that value; null is also what is missing."""
    if isinstance(expected, str):
        return lambda value, _: value == expected
    if expected is None or isinstance(expected, bool):
        return lambda value, _: value is expected
    if isinstance(expected, int | float):
        return lambda value, _: value == expected and value is not True and value is not False
    return lambda value, _: same(value, expected)


def ordered(order: _Order) -> Callable[[object], Test]:
    """A number against a number, a text against a text, and what tells a moment against moments."""

    def build(expected: object) -> Test:
        if isinstance(expected, str):
            at = moment(expected)
            if at is not None:
                return lambda value, _: (seen := instant(value)) is not None and order(seen, at)
            return lambda value, _: isinstance(value, str) and order(value, expected)
        if not is_number(expected):
            return never
        return lambda value, _: (
            isinstance(value, int | float)
            and value is not True
            and value is not False
            and order(value, expected)
        )

    return build


greater, at_least = ordered(operator.gt), ordered(operator.ge)
less, at_most = ordered(operator.lt), ordered(operator.le)


def between(expected: object) -> Test:
    """From the first to the second, both included."""
    if not isinstance(expected, list) or len(expected) != 2:
        return never
    low, high = at_least(expected[0]), at_most(expected[1])
    return lambda value, root: low(value, root) and high(value, root)


def exists(expected: object) -> Test:
    """Is there and not null, or is not."""
    return lambda value, _: (value is not None) is expected


def kind_of(value: object) -> str:
    """The JSON type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, int | float):
        return "number"
    return "array" if isinstance(value, list) else "object"


def typed(expected: object) -> Test:
    """Is of that JSON type."""
    return lambda value, _: kind_of(value) == expected


def scalar_fault(value: object) -> str | None:
    """What is wrong with one plain value, or None."""
    if isinstance(value, str):
        return f"texts in rules have at most {TEXT_MAX} characters" if len(value) > TEXT_MAX else None
    if isinstance(value, float) and not math.isfinite(value):
        return "numbers must be finite"
    if isinstance(value, int) and abs(value) > 2**63:
        return "numbers are at most 2**63"
    return "is a text, a number, true, false or null" if isinstance(value, list | Mapping) else None


def value_fault(value: object) -> str | None:
    """What is wrong with a value of any kind, or None: lists and objects are bounded as a whole."""
    level, count = [value], 0
    for _ in range(DEPTH_MAX + 1):
        inner: list[object] = []
        for one in level:
            count += 1
            if isinstance(one, list | Mapping):
                if len(one) > LIST_MAX:
                    return f"lists and objects in rules have at most {LIST_MAX} entries"
                inner += one if isinstance(one, list) else one.values()
            elif fault := scalar_fault(one):
                return fault
        if count + len(inner) > LIST_MAX:
            return f"a value in a rule has at most {LIST_MAX} parts"
        if not inner:
            return None
        level = inner
    return f"values in rules may be nested {DEPTH_MAX} deep at most"


def order_fault(value: object) -> str | None:
    """What is wrong with a value that others are put in order with."""
    if isinstance(value, str) or is_number(value):
        return scalar_fault(value)
    return "takes a number or a text"


def between_fault(value: object) -> str | None:
    """What is wrong with two bounds."""
    if not isinstance(value, list) or len(value) != 2:
        return "takes a list of two, the lowest and the highest, such as [10, 20]"
    low, high = value
    fault = order_fault(low) or order_fault(high)
    if fault:
        return fault
    if isinstance(low, str) != isinstance(high, str) or (moment(low) is None) != (moment(high) is None):
        return "takes two numbers, two texts or two moments"
    return "the first of the two must not be above the second" if not at_most(high)(low, None) else None


def exists_fault(value: object) -> str | None:
    """What is wrong with what $exists is given."""
    return None if isinstance(value, bool) else "takes true or false"


def type_fault(value: object) -> str | None:
    """What is wrong with the name of a type."""
    return None if value in TYPES else f"takes one of {', '.join(TYPES)}"
