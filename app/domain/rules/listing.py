"""Lists: whether a value is among some, whether some are among a list's entries."""

from collections.abc import Callable

from app.domain.rules.bounds import LIST_MAX, Test, never
from app.domain.rules.comparing import scalar_fault

Key = tuple[bool, object]


def key_of(value: object) -> Key | None:
    """What makes two plain values the same in a set: in Python 1 and true are equal. None for others."""
    if value is None or isinstance(value, str | int | float):
        return isinstance(value, bool), value
    return None


def folded_key_of(value: object) -> Key | None:
    """The same, texts without regard to case."""
    return (False, value.casefold()) if isinstance(value, str) else key_of(value)


def among(key: Callable[[object], Key | None]) -> Callable[[object], Test]:
    """Is one of them; of a list, one of its entries is."""

    def build(expected: object) -> Test:
        if not isinstance(expected, list):
            return never
        wanted = frozenset(key(one) for one in expected[:LIST_MAX]) - {None}

        def hold(value: object, _: object) -> bool:
            if isinstance(value, list):
                return any(key(one) in wanted for one in value[:LIST_MAX])
            return key(value) in wanted

        return hold

    return build


def every(key: Callable[[object], Key | None]) -> Callable[[object], Test]:
    """Is a list that has all of them."""

    def build(expected: object) -> Test:
        if not isinstance(expected, list):
            return never
        wanted = frozenset(key(one) for one in expected[:LIST_MAX])
        return lambda value, _: isinstance(value, list) and wanted <= {key(one) for one in value[:LIST_MAX]}

    return build


def sized(test: Test) -> Test:
    """Is a list whose length passes the test."""
    return lambda value, root: isinstance(value, list) and test(len(value), root)


def some(test: Test) -> Test:
    """Is a list with an entry that passes the test."""

    def hold(value: object, root: object) -> bool:
        if not isinstance(value, list):
            return False
        for one in value[:LIST_MAX]:  # noqa: SIM110 - a loop costs half of any() with a generator
            if test(one, root):
                return True
        return False

    return hold


def list_fault(value: object) -> str | None:
    """What is wrong with a list of plain values."""
    if not isinstance(value, list) or len(value) > LIST_MAX:
        return f"takes a list of at most {LIST_MAX} values"
    fault = next((fault for one in value if (fault := scalar_fault(one))), None)
    return f"each {fault}" if fault and fault.startswith("is ") else fault
