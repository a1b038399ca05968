"""Whether an operator and what it is given can ever hold for an attribute of some type, values and range."""

from collections.abc import Callable, Mapping

from app.domain.attributes import Attribute, AttributeType, near
from app.domain.rules.comparing import is_number
from app.domain.rules.moments import instant
from app.domain.rules.operators import ATTR

ORDER = ("$gt", "$gte", "$lt", "$lte")
TEXTUAL = (
    "$startsWith", "$endsWith", "$regex", "$regexi", "$notRegex", "$notRegexi",
    "$veq", "$vne", "$vgt", "$vgte", "$vlt", "$vlte",
)  # fmt: skip
TIMED = ("$within", "$olderThan")
OF_LISTS = ("$all", "$alli", "$size", "$elemMatch")
ANYHOW = ("$exists", "$type")

_A = {
    AttributeType.STRING: "a text",
    AttributeType.NUMBER: "a number",
    AttributeType.BOOLEAN: "true or false",
    AttributeType.DATETIME: "a moment",
    AttributeType.LIST: "a list",
    AttributeType.OBJECT: "an object",
}


def misfit(held: Attribute, operator: str, expected: object, other: Attribute | None = None) -> str | None:
    """Why this can never hold (or always does, where it is a negation), or None.

    `other` is the attribute that `$attr` names.
    """
    if held.type is None or operator in ANYHOW:
        return None
    told = _wrong_operator(held, operator)
    if told is not None:
        return told
    if isinstance(expected, Mapping) and ATTR in expected:
        return _unlike(held, operator, other)
    return _CHECKS[held.type](held, operator, expected)


def _wrong_operator(held: Attribute, operator: str) -> str | None:
    kind = held.type
    if operator in OF_LISTS and kind is not AttributeType.LIST:
        return f"{held.path} is {_called(held)}, and {operator} is for lists"
    if operator in TEXTUAL and kind not in (AttributeType.STRING, AttributeType.DATETIME):
        return f"{held.path} is {_called(held)}, and {operator} is for texts"
    if operator == "$contains" and kind not in (AttributeType.STRING, AttributeType.LIST):
        return f"{held.path} is {_called(held)}, and $contains is for texts and lists"
    if operator in TIMED and kind not in (AttributeType.STRING, AttributeType.DATETIME):
        return f"{held.path} is {_called(held)}, and {operator} is for moments"
    if operator in (*ORDER, "$between") and kind in (
        AttributeType.BOOLEAN,
        AttributeType.LIST,
        AttributeType.OBJECT,
    ):
        return f"{held.path} is {_called(held)}, and {operator} is for numbers, texts and moments"
    return None


def _unlike(held: Attribute, operator: str, other: Attribute | None) -> str | None:
    if other is None or other.type is None or operator in ("$in", "$nin", "$ini", "$nini", "$all", "$alli"):
        return None
    moments = {AttributeType.STRING, AttributeType.DATETIME}
    if other.type is held.type or {other.type, held.type} <= moments or operator == "$contains":
        return None
    return f"{held.path} is {_called(held)} and {other.path} {_called(other)}: the two are never compared"


def _of_text(held: Attribute, operator: str, expected: object) -> str | None:
    for value in _values(operator, expected):
        if not isinstance(value, str):
            return f"{held.path} is a text; {_shown(value)} can never match"
        if operator not in (*ORDER, "$between") and (told := _outside_values(held, operator, value)):
            return told
    return None


def _outside_values(held: Attribute, operator: str, value: str) -> str | None:
    if not held.values or operator not in ("$eq", "$ne", "$in", "$nin", "$ini", "$nini"):
        return None
    known = [one.casefold() for one in held.values] if operator in ("$ini", "$nini") else list(held.values)
    if (value.casefold() if operator in ("$ini", "$nini") else value) in known:
        return None
    hint = near(value, held.values) or f"; it is one of {', '.join(held.values)}"
    return f"{held.path} is never {_shown(value)}{hint}"


def _of_number(held: Attribute, operator: str, expected: object) -> str | None:
    for value in _values(operator, expected):
        if not is_number(value):
            return f"{held.path} is a number; {_shown(value)} can never match"
    low = float("-inf") if held.low is None else held.low
    high = float("inf") if held.high is None else held.high
    impossible = _OUTSIDE.get(operator)
    if impossible is None:
        return None
    wrong = next((one for one in _values(operator, expected) if impossible(one, low, high)), None)
    if operator == "$between" and isinstance(expected, list) and (expected[0] > high or expected[1] < low):
        wrong = f"from {expected[0]} to {expected[1]}"
    return f"{_range(held)}; {wrong} can never match" if wrong is not None else None


def _of_flag(held: Attribute, operator: str, expected: object) -> str | None:
    wrong = [one for one in _values(operator, expected) if not isinstance(one, bool)]
    return f"{held.path} is true or false; {_shown(wrong[0])} can never match" if wrong else None


def _of_moment(held: Attribute, operator: str, expected: object) -> str | None:
    if operator in TIMED or operator in TEXTUAL:
        return None
    wrong = [one for one in _values(operator, expected) if instant(one) is None]
    if not wrong:
        return None
    return (
        f"{held.path} is a moment; {_shown(wrong[0])} can never match: "
        "write one as 2026-12-01 or 2026-12-01T09:00:00+01:00"
    )


def _of_list(held: Attribute, operator: str, expected: object) -> str | None:
    if operator not in ("$eq", "$ne") or expected is None or isinstance(expected, list):
        return None
    return f"{held.path} is a list; ask for an entry with $in, for several with $all, or with $elemMatch"


def _of_object(held: Attribute, operator: str, expected: object) -> str | None:
    wrong = [one for one in _values(operator, expected) if not isinstance(one, Mapping)]
    return f"{held.path} is an object; name one of its fields" if wrong else None


_CHECKS: Mapping[AttributeType, Callable[[Attribute, str, object], str | None]] = {
    AttributeType.STRING: _of_text,
    AttributeType.NUMBER: _of_number,
    AttributeType.BOOLEAN: _of_flag,
    AttributeType.DATETIME: _of_moment,
    AttributeType.LIST: _of_list,
    AttributeType.OBJECT: _of_object,
}

_OUTSIDE: Mapping[str, Callable[[object, float, float], bool]] = {
    "$eq": lambda value, low, high: not low <= value <= high,  # type: ignore[operator]
    "$ne": lambda value, low, high: not low <= value <= high,  # type: ignore[operator]
    "$in": lambda value, low, high: not low <= value <= high,  # type: ignore[operator]
    "$nin": lambda value, low, high: not low <= value <= high,  # type: ignore[operator]
    "$gt": lambda value, _, high: value >= high,  # type: ignore[operator]
    "$gte": lambda value, _, high: value > high,  # type: ignore[operator]
    "$lt": lambda value, low, _: value <= low,  # type: ignore[operator]
    "$lte": lambda value, low, _: value < low,  # type: ignore[operator]
    "$between": lambda *_: False,
}


def _values(operator: str, expected: object) -> list[object]:
    """The plain values an operator is given; null asks whether anything is there and fits every type."""
    is_several = operator in ("$in", "$nin", "$ini", "$nini", "$between") and isinstance(expected, list)
    return [one for one in (expected if is_several else [expected]) if one is not None]  # type: ignore[attr-defined]


def _range(held: Attribute) -> str:
    if held.low is None:
        return f"{held.path} is never above {_number(held.high)}"
    if held.high is None:
        return f"{held.path} is never below {_number(held.low)}"
    return f"{held.path} is always between {_number(held.low)} and {_number(held.high)}"


def _number(value: float | None) -> str:
    return f"{value:g}"


def _called(held: Attribute) -> str:
    return _A[held.type] if held.type is not None else "of any type"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | Mapping):
        return "a list" if isinstance(value, list) else "an object"
    return repr(value[:40]) if isinstance(value, str) else str(value)
