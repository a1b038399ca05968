"""Closures: a path that is read, tests that must all hold, any of them, or none."""

from collections.abc import Sequence

from app.domain.paths import MISSING, read
from app.domain.rules.bounds import Test, always


def reading(path: str, test: Test) -> Test:
    """The test of what stands at a path."""
    steps = tuple(path.split("."))
    if len(steps) == 1:
        return lambda scope, root: test(scope.get(path) if type(scope) is dict else None, root)
    if len(steps) != 2:
        return lambda scope, root: test(seen_at(scope, steps), root)
    first, second = steps

    def hold(scope: object, root: object) -> bool:
        inner = scope.get(first) if type(scope) is dict else None
        return test(inner.get(second) if type(inner) is dict else seen_at(scope, steps), root)

    return hold


def seen_at(scope: object, steps: tuple[str, ...]) -> object:
    """What stands at a path; None where nothing does."""
    value = read(scope, steps)
    return None if value is MISSING else value


def negated(test: Test) -> Test:
    """Holds where the test does not."""
    return lambda value, root: not test(value, root)


def all_of(tests: Sequence[Test]) -> Test:
    """Holds where all of them do."""
    if not tests:
        return always
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda value, root: first(value, root) and second(value, root)
    together = tuple(tests)

    def hold(value: object, root: object) -> bool:
        for test in together:  # noqa: SIM110 - a loop costs half of all() with a generator
            if not test(value, root):
                return False
        return True

    return hold


def any_of(tests: Sequence[Test]) -> Test:
    """Holds where one of them does; none of no tests."""
    together = tuple(tests)

    def hold(value: object, root: object) -> bool:
        for test in together:  # noqa: SIM110 - the same
            if test(value, root):
                return True
        return False

    return hold
