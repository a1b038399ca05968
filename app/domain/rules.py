"""Rules: a JSON condition tree, checked at save and compiled to closures that never raise."""

import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.paths import MISSING, PATH, escaped, reader
from app.domain.problems import Invalid, Problem

TERMS_MAX = 200
DEPTH_MAX = 8
LIST_MAX = 1_000
TEXT_MAX = 1_000

Holds = Callable[[object], bool]
_Order = Callable[[object, object], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled condition: the paths it reads, and whether it holds for a context."""

    paths: frozenset[str]
    holds: Holds


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison as it went: where it stands, what it asked for, what it saw, whether it held."""

    pointer: str
    path: str
    operator: str
    expected: object
    seen: object
    held: bool


def compile_rule(document: object, *, pointer: str = "") -> Rule:
    """Check and compile a condition. Raises Invalid with a pointer to each fault (20 at most).

    A missing attribute makes a comparison false and `$ne`, `$nin`, `$not` true; a number is never
    compared with a text, and true is not 1. Both deviate on purpose from JavaScript's coercion.
    """
    build = _Build()
    holds = build.condition(document, pointer, 0)
    if build.problems:
        raise Invalid(problems=build.problems[:20])
    return Rule(frozenset(build.paths), holds)


def trace(document: object, context: object) -> list[Term]:
    """Evaluate again term by term, every term of the tree, in the order written."""
    build = _Build()
    build.condition(document, "", 0)
    return [
        Term(at, path, operator, expected, None if (seen := read(context)) is MISSING else seen, test(seen))
        for at, path, operator, expected, read, test in build.terms
    ]


class _Build:
    """One compilation: collects paths, terms and problems on the way down."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.problems: list[Problem] = []
        self.terms: list[tuple[str, str, str, object, Callable[[object], object], Holds]] = []
        self._count = 0
        self._inside_elements = 0

    def condition(self, document: object, at: str, depth: int) -> Holds:
        """A condition object: all its fields hold."""
        if depth > DEPTH_MAX:
            return self._fault(at, f"conditions may be nested {DEPTH_MAX} deep at most")
        if not isinstance(document, Mapping):
            return self._fault(at, 'a condition is an object, such as {"customer.tier": "gold"}')
        tests = [
            self._field(str(name), value, f"{at}/{escaped(str(name))}", depth)
            for name, value in document.items()
        ]
        return _all(tests)

    def _field(self, name: str, value: object, at: str, depth: int) -> Holds:
        self._count += 1
        if self._count > TERMS_MAX:
            return (
                self._fault(at, f"a rule has at most {TERMS_MAX} terms")
                if self._count == TERMS_MAX + 1
                else _never
            )
        if name in ("$and", "$or", "$nor"):
            return self._several(name, value, at, depth)
        if name == "$not":
            inner = self.condition(value, at, depth + 1)
            return lambda context: not inner(context)
        if name.startswith("$"):
            return self._fault(at, unknown_operator(name, (*_JOINING, "$not")))
        if not PATH.match(name):
            return self._fault(at, "a path is names joined by dots, such as customer.tier")
        if not self._inside_elements:
            self.paths.add(name)
        read = reader(name)
        test = self._test(name, read, value, at, depth)
        return lambda context: test(read(context))

    def _several(self, name: str, value: object, at: str, depth: int) -> Holds:
        if not isinstance(value, list) or len(value) > LIST_MAX:
            return self._fault(at, f"{name} takes a list of conditions")
        tests = [self.condition(one, f"{at}/{place}", depth + 1) for place, one in enumerate(value)]
        if name == "$and":
            return _all(tests)
        if name == "$or":
            return _any(tests) if tests else _always
        return lambda context: not any(test(context) for test in tests)

    def _test(self, path: str, read: Callable[[object], object], value: object, at: str, depth: int) -> Holds:
        if isinstance(value, Mapping) and any(str(name).startswith("$") for name in value):
            tests = [
                self._operator(path, read, str(name), one, f"{at}/{escaped(str(name))}", depth)
                for name, one in value.items()
            ]
            return _all(tests)
        return self._operator(path, read, "$eq", value, at, depth)

    def _operator(
        self, path: str, read: Callable[[object], object], name: str, expected: object, at: str, depth: int
    ) -> Holds:
        test = self._value_test(name, expected, at, depth)
        if not self._inside_elements:
            self.terms.append((at, path, name, expected, read, test))
        return test

    def _value_test(self, name: str, expected: object, at: str, depth: int) -> Holds:
        if name == "$not":
            inner = self._values(expected, at, depth + 1)
            return lambda value: not inner(value)
        if name == "$elemMatch":
            return self._elements(expected, at, depth)
        build = _OPERATORS.get(name)
        if build is None:
            return self._fault(at, unknown_operator(name, (*_OPERATORS, "$elemMatch", "$not")))
        fault = _expected_fault(name, expected)
        return self._fault(at, fault) if fault else build(expected)

    def _values(self, expected: object, at: str, depth: int) -> Holds:
        if depth > DEPTH_MAX or not isinstance(expected, Mapping):
            return self._fault(at, 'takes operators, such as {"$gt": 3}')
        return _all(
            [
                self._value_test(str(name), one, f"{at}/{escaped(str(name))}", depth)
                for name, one in expected.items()
            ]
        )

    def _elements(self, expected: object, at: str, depth: int) -> Holds:
        if not isinstance(expected, Mapping) or not expected:
            return self._fault(at, "$elemMatch takes a condition on one element")
        self._inside_elements += 1
        if any(str(name).startswith("$") and name not in _JOINING for name in expected):
            test = self._values(expected, at, depth + 1)
        else:
            test = self.condition(expected, at, depth + 1)
        self._inside_elements -= 1
        return lambda value: isinstance(value, list) and any(test(one) for one in value[:LIST_MAX])

    def _fault(self, at: str, detail: str) -> Holds:
        self.problems.append(Problem(at, detail))
        return _never


def unknown_operator(name: str, known: Sequence[str]) -> str:
    """What to say of an operator that is not one."""
    near = difflib.get_close_matches(name[:40], known, n=1)
    return f"unknown operator {name[:40]!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def _never(_: object) -> bool:
    return False


def _always(_: object) -> bool:
    return True


def _all(tests: Sequence[Holds]) -> Holds:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda value: first(value) and second(value)
    together = tuple(tests)

    def hold(value: object) -> bool:
        for test in together:  # noqa: SIM110 - a loop costs half of all() with a generator
            if not test(value):
                return False
        return True

    return hold


def _any(tests: Sequence[Holds]) -> Holds:
    together = tuple(tests)

    def hold(value: object) -> bool:
        for test in together:  # noqa: SIM110 - the same
            if test(value):
                return True
        return False

    return hold


def _same(one: object, other: object) -> bool:
    # In Python True == 1; in JSON they are different things.
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _equals(expected: object) -> Holds:
    if isinstance(expected, str):
        return lambda value: value == expected
    return lambda value: value is not MISSING and _same(value, expected)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _ordered(order: _Order) -> Callable[[object], Holds]:
    def build(expected: object) -> Holds:
        if isinstance(expected, str):
            return lambda value: isinstance(value, str) and order(value, expected)
        return lambda value: _is_number(value) and order(value, expected)

    return build


def _among(expected: object) -> Holds:
    listed = list(expected) if isinstance(expected, list) else []

    def hold(value: object) -> bool:
        if value is MISSING:
            return False
        if isinstance(value, list):
            return any(_same(mine, one) for mine in value[:LIST_MAX] for one in listed)
        return any(_same(value, one) for one in listed)

    return hold


def _not(build: Callable[[object], Holds]) -> Callable[[object], Holds]:
    def negated(expected: object) -> Holds:
        test = build(expected)
        return lambda value: not test(value)

    return negated


def _exists(expected: object) -> Holds:
    is_wanted = bool(expected)
    return lambda value: (value is not MISSING and value is not None) is is_wanted


_OPERATORS: Mapping[str, Callable[[object], Holds]] = {
    "$eq": _equals,
    "$ne": _not(_equals),
    "$gt": _ordered(lambda one, other: one > other),  # type: ignore[operator]
    "$gte": _ordered(lambda one, other: one >= other),  # type: ignore[operator]
    "$lt": _ordered(lambda one, other: one < other),  # type: ignore[operator]
    "$lte": _ordered(lambda one, other: one <= other),  # type: ignore[operator]
    "$in": _among,
    "$nin": _not(_among),
    "$exists": _exists,
}
_JOINING = ("$and", "$or", "$nor")


def _expected_fault(name: str, expected: object) -> str | None:
    if name in ("$in", "$nin"):
        if not isinstance(expected, list) or len(expected) > LIST_MAX:
            return f"{name} takes a list of at most {LIST_MAX} values"
        return next((fault for one in expected if (fault := _scalar_fault(one))), None)
    if name == "$exists":
        return None if isinstance(expected, bool) else "$exists takes true or false"
    if name in ("$gt", "$gte", "$lt", "$lte"):
        is_comparable = isinstance(expected, str) or _is_number(expected)
        return _scalar_fault(expected) if is_comparable else f"{name} takes a number or a text"
    return _scalar_fault(expected) if not isinstance(expected, list | Mapping) else None


def _scalar_fault(value: object) -> str | None:
    if isinstance(value, str):
        return f"texts in rules have at most {TEXT_MAX} characters" if len(value) > TEXT_MAX else None
    if isinstance(value, float) and not math.isfinite(value):
        return "numbers must be finite"
    return None
