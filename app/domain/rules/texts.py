"""Texts: how one begins and ends, what is in it, and patterns by RE2, which no text can make slow."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from app.domain.rules.bounds import LIST_MAX, TEXT_MAX, Test, never

PATTERN_BYTES_MAX = 2**18  # of memory, for each pattern: what RE2 may take for its states


def starts_with(expected: object) -> Test:
    """A text that begins so."""
    return (
        (lambda value, _: isinstance(value, str) and value.startswith(expected))
        if isinstance(expected, str)
        else never
    )


def ends_with(expected: object) -> Test:
    """A text that ends so."""
    return (
        (lambda value, _: isinstance(value, str) and value.endswith(expected))
        if isinstance(expected, str)
        else never
    )


def contains(expected: object) -> Test:
    """A text with this in it, or a list with this as an entry."""
    if not isinstance(expected, str):
        return never
    return lambda value, _: (
        expected in value
        if isinstance(value, str)
        else isinstance(value, list) and expected in value[:LIST_MAX]
    )


def matches(*, is_case_ignored: bool) -> Callable[[object], Test]:
    """A text in which the pattern is found."""

    def build(expected: object) -> Test:
        search = _pattern(str(expected), is_case_ignored).search
        # A text of half a surrogate pair has no UTF-8; RE2 reads bytes.
        return lambda value, _: isinstance(value, str) and search(value.encode(errors="replace")) is not None

    return build


def text_fault(value: object) -> str | None:
    """What is wrong with a text that is looked for."""
    if not isinstance(value, str):
        return "takes a text"
    return f"texts in rules have at most {TEXT_MAX} characters" if len(value) > TEXT_MAX else None


def pattern_fault(value: object) -> str | None:
    """What is wrong with a pattern."""
    fault = text_fault(value)
    if fault is not None:
        return fault
    try:
        _pattern(str(value), False)
    except UnicodeEncodeError:
        return "holds half a surrogate pair"
    except _re2().error as wrong:
        reason = wrong.args[0].decode(errors="replace") if wrong.args else "it cannot be read"
        return f"RE2 does not take this pattern: {reason}"
    return None


@lru_cache(maxsize=256)
def _pattern(source: str, is_case_ignored: bool) -> Any:
    options = _re2().Options()
    options.max_mem = PATTERN_BYTES_MAX
    options.log_errors = False
    options.case_sensitive = not is_case_ignored
    return _re2().compile(source.encode(), options=options)


def _re2() -> Any:
    # Few rules have patterns, and a web process without one need not hold 1.5 MB for them.
    import re2

    return re2
