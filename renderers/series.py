"""Lists of numbers out of one text, and the round numbers that an axis is marked with."""

import math
from collections.abc import Sequence

from renderers.numbers import read_number

MOST = 24
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_LEAST_SPAN = 1e-300  # numbers nearer to each other are one: a part of their distance could be zero


def read_numbers(text: str) -> list[float]:
    """`12, 5, 8` to numbers: parted by commas, or by semicolons where there are any; brackets are left out.

    Raises ValueError.
    """
    return [read_number(part) for part in parts_of(text)]


def parts_of(text: str) -> list[str]:
    """The items of a list, without the blanks around them; an empty one at the end is none."""
    text = text.strip().removeprefix("[").removesuffix("]")
    parts = [part.strip().strip('"') for part in text.split(";" if ";" in text else ",")]
    return parts[:-1] if parts[-1] == "" else parts


def marks(low: float, high: float, *, most: int = 4) -> list[float]:
    """Round numbers at one distance, from at most the lowest to at least the highest; two or more."""
    if high - low < _LEAST_SPAN:
        spread = abs(high) / 2 if abs(high) > _LEAST_SPAN else 1.0
        low, high = low - spread, high + spread
    rough = (high - low) / most
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * part for part in _STEPS if size * part >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * at for at in range(first, max(last, first + 1) + 1)]


def shares(values: Sequence[float]) -> list[int]:
    """Whole percentages that add up to 100: what rounding leaves goes to the largest remainders."""
    total = math.fsum(values)
    exact = [value / total * 100 for value in values]
    whole = [math.floor(part) for part in exact]
    order = sorted(range(len(exact)), key=lambda at: (whole[at] - exact[at], at))
    for at in order[: 100 - sum(whole)]:
        whole[at] += 1
    return whole
