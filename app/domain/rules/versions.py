"""Versions of software, compared by their parts: 1.9 is before 1.10, and 2.0.0-beta before 2.0.0."""

import operator
import re
from collections.abc import Callable

from app.domain.rules.bounds import TEXT_MAX, Test, never

_NOISE = re.compile(r"^v|\+.*$", re.DOTALL)
_PARTS = re.compile(r"[-.]")
_DIGITS = re.compile(r"[0-9]+\Z")


def padded(value: object) -> str | None:
    """A version as a text that sorts rightly (the padding GrowthBook describes); None for what is none."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53:
        value = f"{value:.10g}"
    if not isinstance(value, str) or not value or len(value) > TEXT_MAX:
        return None
    parts = _PARTS.split(_NOISE.sub("", value))
    if len(parts) == 3:
        parts.append("~")  # comes after letters: a release is later than what led to it
    return "-".join(part.rjust(5) if _DIGITS.match(part) else part for part in parts)


def versioned(order: Callable[[str, str], bool]) -> Callable[[object], Test]:
    """A version in this order with the expected one."""

    def build(expected: object) -> Test:
        wanted = padded(expected)
        if wanted is None:
            return never
        return lambda value, _: (seen := padded(value)) is not None and order(seen, wanted)

    return build


same_version = versioned(operator.eq)
later, not_before = versioned(operator.gt), versioned(operator.ge)
earlier, not_after = versioned(operator.lt), versioned(operator.le)


def version_fault(value: object) -> str | None:
    """What is wrong with a version."""
    return None if isinstance(value, str) and padded(value) else 'takes a version as a text, such as "2.10.0"'
