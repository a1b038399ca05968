"""What each operator means, written down plainly for the trace: no closures, nothing prepared."""

from collections.abc import Callable, Mapping
from datetime import datetime

from app.domain.rules.bounds import LIST_MAX
from app.domain.rules.comparing import is_number, kind_of, same
from app.domain.rules.moments import duration, instant, moment, now_of
from app.domain.rules.texts import matches
from app.domain.rules.versions import padded

_NEGATED = {
    "$ne": "$eq",
    "$nin": "$in",
    "$nini": "$ini",
    "$vne": "$veq",
    "$notRegex": "$regex",
    "$notRegexi": "$regexi",
}


def holds_of(
    operator: str, expected: object, seen: object, root: object, *, is_other_missing: bool = False
) -> bool:
    """Whether a value holds. `is_other_missing`: it is compared with an attribute that is not there."""
    positive = _NEGATED.get(operator, operator)
    held = not is_other_missing and _JUDGES[positive](expected, seen, root)
    return held if positive == operator else not held


def _order(one: object, other: object) -> int | None:
    """-1, 0 or 1; None where the two cannot be put in order."""
    first: object = one
    second: object = other
    at = moment(other)
    if at is not None:
        first, second = instant(one), at
    if isinstance(first, str) and isinstance(second, str):
        return (first > second) - (first < second)
    if isinstance(first, datetime) and isinstance(second, datetime):
        return (first > second) - (first < second)
    if is_number(first) and is_number(second):
        is_above, is_below = first > second, first < second  # type: ignore[operator]
        return None if not (is_above or is_below or first == second) else is_above - is_below
    return None


def _fold(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


def _entries(value: object) -> list[object]:
    return value[:LIST_MAX] if isinstance(value, list) else [value]


def _is_in(expected: object, seen: object, *, is_folded: bool) -> bool:
    fold = _fold if is_folded else lambda value: value
    wanted = [fold(one) for one in expected[:LIST_MAX]] if isinstance(expected, list) else []
    return any(
        not isinstance(mine, list | dict) and not isinstance(one, list | dict) and same(fold(mine), one)
        for mine in _entries(seen)
        for one in wanted
    )


def _has_all(expected: object, seen: object, *, is_folded: bool) -> bool:
    if not isinstance(expected, list) or not isinstance(seen, list):
        return False
    return all(_is_in([one], seen, is_folded=is_folded) for one in expected[:LIST_MAX])


def _between(expected: object, seen: object) -> bool:
    low, high = expected if isinstance(expected, list) else (None, None)
    above, below = _order(seen, low), _order(seen, high)
    return above in (0, 1) and below in (0, -1)


def _contains(expected: object, seen: object) -> bool:
    if not isinstance(expected, str):
        return False
    return (
        expected in seen if isinstance(seen, str) else isinstance(seen, list) and expected in seen[:LIST_MAX]
    )


def _version_order(expected: object, seen: object) -> int | None:
    mine, other = padded(seen), padded(expected)
    return None if mine is None or other is None else (mine > other) - (mine < other)


def _ago(expected: object, seen: object, root: object, *, is_within: bool) -> bool:
    span, at, now = duration(expected), instant(seen), now_of(root)
    if span is None or at is None or now is None:
        return False
    try:
        if not is_within:
            return at < span.before(now)
        first, last = (now, span.after(now)) if span.is_ahead else (span.before(now), now)
        return first <= at <= last
    except (ValueError, OverflowError):
        return False


def _found(pattern: object, seen: object, *, is_case_ignored: bool) -> bool:
    return matches(is_case_ignored=is_case_ignored)(pattern)(seen, None)


_JUDGES: Mapping[str, Callable[[object, object, object], bool]] = {
    "$eq": lambda expected, seen, _: same(seen, expected),
    "$gt": lambda expected, seen, _: _order(seen, expected) == 1,
    "$gte": lambda expected, seen, _: _order(seen, expected) in (0, 1),
    "$lt": lambda expected, seen, _: _order(seen, expected) == -1,
    "$lte": lambda expected, seen, _: _order(seen, expected) in (0, -1),
    "$between": lambda expected, seen, _: _between(expected, seen),
    "$in": lambda expected, seen, _: _is_in(expected, seen, is_folded=False),
    "$ini": lambda expected, seen, _: _is_in(expected, seen, is_folded=True),
    "$all": lambda expected, seen, _: _has_all(expected, seen, is_folded=False),
    "$alli": lambda expected, seen, _: _has_all(expected, seen, is_folded=True),
    "$startsWith": lambda expected, seen, _: isinstance(seen, str) and _is_start(expected, seen),
    "$endsWith": lambda expected, seen, _: isinstance(seen, str) and _is_start(_turned(expected), seen[::-1]),
    "$contains": lambda expected, seen, _: _contains(expected, seen),
    "$regex": lambda expected, seen, _: _found(expected, seen, is_case_ignored=False),
    "$regexi": lambda expected, seen, _: _found(expected, seen, is_case_ignored=True),
    "$within": lambda expected, seen, root: _ago(expected, seen, root, is_within=True),
    "$olderThan": lambda expected, seen, root: _ago(expected, seen, root, is_within=False),
    "$veq": lambda expected, seen, _: _version_order(expected, seen) == 0,
    "$vgt": lambda expected, seen, _: _version_order(expected, seen) == 1,
    "$vgte": lambda expected, seen, _: _version_order(expected, seen) in (0, 1),
    "$vlt": lambda expected, seen, _: _version_order(expected, seen) == -1,
    "$vlte": lambda expected, seen, _: _version_order(expected, seen) in (0, -1),
    "$exists": lambda expected, seen, _: (seen is None) is (expected is False),
    "$type": lambda expected, seen, _: kind_of(seen) == expected,
}


def _is_start(start: object, text: str) -> bool:
    return isinstance(start, str) and text[: len(start)] == start


def _turned(text: object) -> object:
    return text[::-1] if isinstance(text, str) else text
