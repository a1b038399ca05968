"""Bucketing: GrowthBook's hash, so that its SDKs put the same id into the same arm.

Version 2 of its specification: the 32-bit FNV-1a of the seed and the id, hashed once more as decimal
digits, modulo 10,000. Texts are read as UTF-16 code units, as JavaScript does. Namespaces keep version 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_OFFSET, _PRIME, _MASK = 0x811C9DC5, 0x01000193, 0xFFFFFFFF
_BUCKETS = 10_000
_NAMESPACE_BUCKETS = 1_000

Range = tuple[float, float]  # from and up to, the second one outside


@dataclass(frozen=True, slots=True)
class Namespace:
    """A part of all customers that only some experiments share: `start <= place < end`, from 0 to 1."""

    id: str
    start: float
    end: float


def seeded(seed: str) -> int:
    """The hash after the seed: made once for an experiment, so that an open hashes the id alone."""
    return _fnv1a32(_units(seed), _OFFSET)


def bucket(seed_state: int, value: str) -> float:
    """The place of an id among all, from 0 to 0.9999; `seed_state` is what `seeded` made."""
    digits = str(_fnv1a32(_units(value), seed_state)).encode()
    return _fnv1a32(digits, _OFFSET) % _BUCKETS / _BUCKETS


def is_in_namespace(value: str, namespace: Namespace) -> bool:
    """Whether an id is in the part of a namespace that the experiment took."""
    place = _fnv1a32(_units(value + "__" + namespace.id), _OFFSET) % _NAMESPACE_BUCKETS / _NAMESPACE_BUCKETS
    return namespace.start <= place < namespace.end


def ranges(weights: Sequence[float], *, coverage: float = 1.0) -> tuple[Range, ...]:
    """The range of each arm. Weights are shares of their sum; below a coverage of 1 each range is cut short.

    Raising the coverage later widens the ranges where they end: nobody changes the arm.
    """
    total = sum(weights)
    made: list[Range] = []
    passed = 0.0
    for weight in weights:
        # One division each: at full coverage one range ends at the very number where the next begins.
        made.append((passed / total, (passed + coverage * weight) / total))
        passed += weight
    return tuple(made)


def arm_at(place: float, arms: Sequence[Range]) -> int | None:
    """The number of the arm whose range holds the place, or None between them."""
    for number, (start, end) in enumerate(arms):
        if start <= place < end:
            return number
    return None


def _units(text: str) -> Sequence[int]:
    if text.isascii():
        return text.encode()
    return memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")


def _fnv1a32(units: Sequence[int], state: int) -> int:
    for unit in units:
        state = (state ^ unit) * _PRIME & _MASK
    return state
