"""EAN-13, EAN-8 and UPC-A: check digits, and bars with the guards that reach below the others.

ISO/IEC 15420. A digit is seven modules wide; which of its three patterns is taken says, in an EAN-13, the
first digit that has no bars of its own.
"""

import re
from dataclasses import dataclass

_SIGNS = re.compile(r"[\s.\-]+")
_L = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111",
      "0001011")  # fmt: skip
_R = tuple("".join("10"[int(bit)] for bit in pattern) for pattern in _L)
_G = tuple(pattern[::-1] for pattern in _R)
_PARITIES = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL",
             "LGGLGL")  # fmt: skip
_EDGE, _CENTRE = "101", "01010"


@dataclass(frozen=True, slots=True)
class Bars:
    """A code in one line: a character for each module, 1 for dark, without the quiet zones.

    `long` has the modules that reach below the others; `groups` are texts to stand under the bars, each with
    the modules it stands between, which may lie in a quiet zone.
    """

    modules: str
    quiet: tuple[int, int]
    long: tuple[tuple[int, int], ...] = ()
    groups: tuple[tuple[str, int, int], ...] = ()


def digits_of(text: str, length: int) -> str:
    """So many digits, of which the last is the check digit: computed where it is missing.

    Blanks, dots and dashes between digits are left out. Raises ValueError with what to type.
    """
    digits = _SIGNS.sub("", text)
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in (length - 1, length):
        raise ValueError(f"must have {length - 1} digits, or {length} with the check digit")
    right = check_digit(digits[: length - 1])
    if len(digits) == length and digits[-1] != right:
        raise ValueError(f"has the check digit {digits[-1]}, and {right} is right: look for a mistyped digit")
    return digits[: length - 1] + right


def check_digit(digits: str) -> str:
    """Weights of 3 and 1 from the right, up to the next ten."""
    weighed = sum(int(digit) * (3, 1)[at % 2] for at, digit in enumerate(reversed(digits)))
    return str(-weighed % 10)


def ean13(text: str) -> Bars:
    digits = digits_of(text, 13)
    left = "".join(
        (_L if parity == "L" else _G)[int(digit)]
        for parity, digit in zip(_PARITIES[int(digits[0])], digits[1:7], strict=True)
    )
    groups = ((digits[0], -11, -2), (digits[1:7], 3, 45), (digits[7:], 50, 92))
    return Bars(_halves(left, digits[7:]), (11, 7), ((0, 3), (45, 50), (92, 95)), groups)


def ean8(text: str) -> Bars:
    digits = digits_of(text, 8)
    left = "".join(_L[int(digit)] for digit in digits[:4])
    groups = ((digits[:4], 3, 31), (digits[4:], 36, 64))
    return Bars(_halves(left, digits[4:]), (7, 7), ((0, 3), (31, 36), (64, 67)), groups)


def upca(text: str) -> Bars:
    """The first and the last digit stand outside, and their bars are long like the guards."""
    digits = digits_of(text, 12)
    left = "".join(_L[int(digit)] for digit in digits[:6])
    groups = ((digits[0], -9, -2), (digits[1:6], 10, 45), (digits[6:11], 50, 85), (digits[11], 97, 104))
    return Bars(_halves(left, digits[6:]), (9, 9), ((0, 10), (45, 50), (85, 95)), groups)


def _halves(left: str, right: str) -> str:
    return f"{_EDGE}{left}{_CENTRE}{''.join(_R[int(digit)] for digit in right)}{_EDGE}"
