"""Numbers as templates write them: read by one plain rule, refused in one sentence."""

import re
import unicodedata

MOST = 10**12

_SPACES = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'\u2019_](?=\d{3}(?:\D|$))")
_GROUPS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
_SIGNS = str.maketrans({"\u2212": "-", "\u066b": ".", "\u066c": ","})


def read_number(text: str) -> float:
    """`420`, `1,250.50`, `1 250,5`, `-3` and `٤٢٠` to a number of at most a million million.

    Spaces, apostrophes and commas that part groups of three digits are passed over; another comma is a
    decimal point. Raises ValueError.
    """
    plain = "".join(_plain(char) for char in text[:60].strip()).translate(_SIGNS)
    plain = _GROUPS.sub("", _SPACES.sub("", plain))
    if "." not in plain:
        plain = plain.replace(",", ".", 1)
    if not _NUMBER.fullmatch(plain) or abs(number := float(plain)) > MOST:
        raise ValueError(f"must be a number such as 420 or 1,250.50, at most {MOST}")
    return number


def _plain(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)
