"""What each operator says of a value, as a verb phrase: that it holds, and that it does not."""

from collections.abc import Callable, Mapping

from app.domain.rules.moments import moment
from app.domain.rules.operators import ATTR, NEGATED
from app.domain.rules.wording import called, is_ahead, lasting, listed, written

_CASE = ", whatever the case of its letters"
_KINDS = {
    "string": "a text",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "missing",
}


def phrase(operator: str, expected: object, *, is_held: bool) -> str:
    """A verb phrase, its verb in braces: `{is} at least 50`, `{is} not gold`."""
    positive = NEGATED.get(operator, operator)
    told = is_held if positive == operator else not is_held
    if isinstance(expected, Mapping) and ATTR in expected:
        return _paired(positive, called(str(expected[ATTR])), is_held=told)
    holds, fails = _PHRASES[positive](expected)
    return holds if told else fails


def _is(what: str) -> tuple[str, str]:
    return f"{{is}} {what}", f"{{is}} not {what}"


def _does(verb: str, plain: str, what: str) -> tuple[str, str]:
    return f"{{{verb}}} {what}", f"{{does}} not {plain} {what}"


def _equal(expected: object) -> tuple[str, str]:
    return ("{is} missing", "{is} there") if expected is None else _is(written(expected))


def _ordered(number: str, later: str, word: str) -> Callable[[object], tuple[str, str]]:
    def told(expected: object) -> tuple[str, str]:
        if not isinstance(expected, str):
            return _is(f"{number} {written(expected)}")
        return _is(f"{later if moment(expected) else word} {written(expected)}")

    return told


def _among(expected: object, more: str = "") -> tuple[str, str]:
    values = expected if isinstance(expected, list) else []
    if not values:
        return "{is} one of none", "{is} anything"
    if len(values) == 1 and not more:
        return _equal(values[0])
    return f"{{is}} {listed(values, 'or')}{more}", f"{{is}} neither {listed(values, 'nor')}{more}"


def _all(expected: object, more: str = "") -> tuple[str, str]:
    values = listed(expected if isinstance(expected, list) else [], "and")
    return f"{{has}} all of {values}{more}", f"{{does}} not have all of {values}{more}"


def _between(expected: object) -> tuple[str, str]:
    low, high = expected if isinstance(expected, list) else (None, None)
    return _is(f"from {written(low)} to {written(high)}")


def _exists(expected: object) -> tuple[str, str]:
    return ("{is} there", "{is} missing") if expected is True else ("{is} missing", "{is} there")


def _sized(expected: object) -> tuple[str, str]:
    entries = "1 entry" if expected == 1 else f"{written(expected)} entries"
    return _does("has", "have", entries)


def _pattern(expected: object, more: str = "") -> tuple[str, str]:
    return _does("matches", "match", f"the pattern “{str(expected)[:60]}”{more}")


def _within(expected: object) -> tuple[str, str]:
    while_ = f"in the {'next' if is_ahead(expected) else 'last'} {lasting(expected)}"
    return _does("lies", "lie", while_)


_PHRASES: Mapping[str, Callable[[object], tuple[str, str]]] = {
    "$eq": _equal,
    "$gt": _ordered("more than", "after", "after"),
    "$gte": _ordered("at least", "at or after", "the same as or after"),
    "$lt": _ordered("less than", "before", "before"),
    "$lte": _ordered("at most", "at or before", "the same as or before"),
    "$between": _between,
    "$in": _among,
    "$ini": lambda expected: _among(expected, _CASE),
    "$all": _all,
    "$alli": lambda expected: _all(expected, _CASE),
    "$size": _sized,
    "$startsWith": lambda expected: _does("begins", "begin", f"with {written(expected)}"),
    "$endsWith": lambda expected: _does("ends", "end", f"with {written(expected)}"),
    "$contains": lambda expected: _does("contains", "contain", written(expected)),
    "$regex": _pattern,
    "$regexi": lambda expected: _pattern(expected, _CASE),
    "$within": _within,
    "$olderThan": lambda expected: _does("lies", "lie", f"more than {lasting(expected)} back"),
    "$veq": lambda expected: _is(f"version {expected}"),
    "$vgt": lambda expected: _is(f"a version after {expected}"),
    "$vgte": lambda expected: _is(f"version {expected} or later"),
    "$vlt": lambda expected: _is(f"a version before {expected}"),
    "$vlte": lambda expected: _is(f"version {expected} or earlier"),
    "$exists": _exists,
    "$type": lambda expected: _is(_KINDS.get(str(expected), "of another type")),
}

_PAIRED: Mapping[str, str] = {
    "$eq": "the same as",
    "$gt": "more than",
    "$gte": "at least",
    "$lt": "less than",
    "$lte": "at most",
    "$in": "among",
    "$ini": "among",
    "$veq": "the same version as",
    "$vgt": "a later version than",
    "$vgte": "the version or a later one than",
    "$vlt": "an earlier version than",
    "$vlte": "the version or an earlier one than",
}


def _paired(operator: str, other: str, *, is_held: bool) -> str:
    if operator in _PAIRED:
        return _is(f"{_PAIRED[operator]} {other}")[0 if is_held else 1]
    verb, plain, what = {
        "$startsWith": ("begins", "begin", f"with {other}"),
        "$endsWith": ("ends", "end", f"with {other}"),
        "$contains": ("contains", "contain", other),
    }.get(operator, ("has", "have", f"all of {other}"))
    return _does(verb, plain, what)[0 if is_held else 1]
