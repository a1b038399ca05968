"""The tree to closures: every fault is told with its pointer, and what comes out never raises."""

import difflib
from collections.abc import Mapping, Sequence

from app.domain.ids import is_id
from app.domain.paths import PATH, escaped
from app.domain.problems import Invalid, Problem
from app.domain.rules.bounds import (
    DEPTH_MAX,
    EXPANDED_MAX,
    LIST_MAX,
    REACH_MAX,
    TERMS_MAX,
    Rule,
    Test,
    always,
    never,
)
from app.domain.rules.closures import all_of, any_of, negated, reading, seen_at
from app.domain.rules.listing import sized, some
from app.domain.rules.moments import NOW
from app.domain.rules.operators import ATTR, CONDITIONS, GROUPS, JOINING, NESTED, OPERATORS, Operator

PROBLEMS_MAX = 20


def compile_rule(document: object, *, pointer: str = "", segments: Mapping[str, Rule] | None = None) -> Rule:
    """Check and compile a condition. Raises Invalid with a pointer to each fault (20 at most).

    A missing attribute makes a comparison false and `$ne`, `$nin`, `$not` true; a number is never
    compared with a text, and true is not 1. All of it deviates on purpose from JavaScript's coercion.
    """
    build = _Build({} if segments is None else segments)
    try:
        test = build.condition(document, pointer, 0)
        build.check_reach(pointer)
    except _Enough:
        test = never
    if build.problems:
        raise Invalid(problems=build.problems)
    return Rule(
        frozenset(build.paths).union(*(one.paths for one in build.named.values())),
        lambda context: test(context, context),
        document,
        build.expanded(),
        build.reach(),
        build.named,
    )


class _Enough(Exception):
    """There is no use in going on."""


class _Build:
    """One compilation: collects paths, segments and problems on the way down."""

    def __init__(self, segments: Mapping[str, Rule]) -> None:
        self.paths: set[str] = set()
        self.problems: list[Problem] = []
        self.named: dict[str, Rule] = {}
        self._segments = segments
        self._count = 0
        self._inside_elements = 0

    def expanded(self) -> int:
        """The terms of this rule and of the segments it names."""
        return self._count + sum(one.terms for one in self.named.values())

    def reach(self) -> int:
        """How many segments lie inside each other below this rule."""
        return max((one.reach + 1 for one in self.named.values()), default=0)

    def check_reach(self, at: str) -> None:
        """Refuse what segments make too large."""
        if self.expanded() > EXPANDED_MAX:
            self._fault(at, f"with its segments a rule has at most {EXPANDED_MAX} terms")
        if self.reach() > REACH_MAX:
            self._fault(at, f"segments may be inside each other {REACH_MAX} deep at most")

    def condition(self, document: object, at: str, depth: int) -> Test:
        """A condition object: all its fields hold."""
        if depth > DEPTH_MAX:
            return self._fault(at, f"conditions may be nested {DEPTH_MAX} deep at most")
        if not isinstance(document, Mapping):
            return self._fault(at, 'a condition is an object, such as {"customer.tier": "gold"}')
        return all_of(
            [
                self._field(str(name), value, f"{at}/{escaped(str(name))}", depth)
                for name, value in document.items()
            ]
        )

    def _field(self, name: str, value: object, at: str, depth: int) -> Test:
        if name.startswith("$"):
            return self._joined(name, value, at, depth)
        if not PATH.match(name):
            return self._fault(at, "a path is names joined by dots, such as customer.tier")
        if not self._inside_elements:
            self.paths.add(name)
        return reading(name, self._test(value, at, depth))

    def _joined(self, name: str, value: object, at: str, depth: int) -> Test:
        self._counted(at)
        if name in JOINING:
            return self._several(name, value, at, depth)
        if name == "$not":
            return negated(self.condition(value, at, depth + 1))
        if name in GROUPS:
            return self._segment(name, value, at)
        return self._fault(at, unknown_operator(name, CONDITIONS))

    def _several(self, name: str, value: object, at: str, depth: int) -> Test:
        if not isinstance(value, list) or len(value) > LIST_MAX:
            return self._fault(at, f"{name} takes a list of conditions")
        tests = [self.condition(one, f"{at}/{place}", depth + 1) for place, one in enumerate(value)]
        if name == "$and":
            return all_of(tests)
        if name == "$or":
            return any_of(tests) if tests else always
        return negated(any_of(tests))

    def _segment(self, name: str, value: object, at: str) -> Test:
        if not isinstance(value, str) or not is_id(value):
            return self._fault(at, f"{name} names a segment")
        rule = self._segments.get(value)
        if rule is None:
            near = difflib.get_close_matches(value, self._segments, n=1)
            return self._fault(
                at, f"there is no segment {value!r}" + (f"; did you mean {near[0]!r}?" if near else "")
            )
        self.named[value] = rule
        holds = rule.holds
        if name == "$notInGroup":
            return lambda _, root: not holds(root)
        return lambda _, root: holds(root)

    def _test(self, value: object, at: str, depth: int) -> Test:
        if isinstance(value, Mapping) and ATTR in value:
            return self._operator("$eq", value, at, depth)
        if isinstance(value, Mapping) and any(str(name).startswith("$") for name in value):
            return self._operators(value, at, depth)
        return self._operator("$eq", value, at, depth)

    def _operators(self, value: object, at: str, depth: int) -> Test:
        if depth > DEPTH_MAX or not isinstance(value, Mapping):
            return self._fault(at, 'takes operators, such as {"$gt": 3}')
        return all_of(
            [
                self._operator(str(name), one, f"{at}/{escaped(str(name))}", depth)
                for name, one in value.items()
            ]
        )

    def _operator(self, name: str, expected: object, at: str, depth: int) -> Test:
        self._counted(at)
        if name in NESTED:
            return self._nested(name, expected, at, depth)
        operator = OPERATORS.get(name)
        if operator is None:
            return self._fault(at, unknown_operator(name, (*OPERATORS, *NESTED)))
        if operator.is_timed:
            self.paths.add(NOW)
        if isinstance(expected, Mapping) and ATTR in expected:
            return self._paired(name, operator, expected, at)
        fault = operator.fault(expected)
        if fault is not None:
            return self._fault(at, f"{name} {fault}" if fault.startswith("takes ") else fault)
        test = operator.build(expected)
        return negated(test) if operator.is_negative else test

    def _nested(self, name: str, expected: object, at: str, depth: int) -> Test:
        if name == "$not":
            return negated(self._operators(expected, at, depth + 1))
        if name == "$size":
            return sized(self._size(expected, at, depth))
        if not isinstance(expected, Mapping) or not expected:
            return self._fault(at, "$elemMatch takes a condition on one element")
        self._inside_elements += 1
        if any(str(one).startswith("$") and one not in (*JOINING, *GROUPS) for one in expected):
            test = self._operators(expected, at, depth + 1)
        else:
            test = self.condition(expected, at, depth + 1)
        self._inside_elements -= 1
        return some(test)

    def _size(self, expected: object, at: str, depth: int) -> Test:
        if isinstance(expected, Mapping) and expected:
            return self._operators(expected, at, depth + 1)
        if isinstance(expected, bool) or not isinstance(expected, int) or not 0 <= expected < 2**31:
            return self._fault(at, '$size takes a whole number, or operators on it such as {"$gte": 2}')
        return lambda value, _: value == expected

    def _paired(self, name: str, operator: Operator, expected: Mapping[object, object], at: str) -> Test:
        path = expected.get(ATTR)
        if not operator.is_paired:
            return self._fault(at, f"{name} is not given another attribute")
        if len(expected) != 1 or not isinstance(path, str) or not PATH.match(path):
            return self._fault(at, 'another attribute is {"$attr": "customer.goal"}, and nothing beside it')
        self.paths.add(path)
        steps, build = tuple(path.split(".")), operator.build

        def hold(value: object, root: object) -> bool:
            other = seen_at(root, steps)
            return other is not None and build(other)(value, root)

        return negated(hold) if operator.is_negative else hold

    def _counted(self, at: str) -> None:
        self._count += 1
        if self._count > TERMS_MAX:
            self._fault(at, f"a rule has at most {TERMS_MAX} terms")
            raise _Enough

    def _fault(self, at: str, detail: str) -> Test:
        self.problems.append(Problem(at, detail))
        if len(self.problems) >= PROBLEMS_MAX:
            raise _Enough
        return never


def unknown_operator(name: str, known: Sequence[str]) -> str:
    """What to say of an operator that is not one."""
    near = difflib.get_close_matches(name[:40], known, n=1)
    return f"unknown operator {name[:40]!r}" + (f"; did you mean {near[0]!r}?" if near else "")
