"""Dates by a pattern such as `%d %B %Y`, with the names that a locale has for days and months."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from babel import Locale

PATTERN_MAX = 100

_CODE = re.compile(r"%([-^]?)(.)?", re.DOTALL)
_Write = Callable[[datetime, Locale], str]


def dated(moment: datetime, pattern: str, locale: Locale) -> str:
    """The moment by the pattern. Raises ValueError for a code that is not known, and a pattern too long.

    `%-d` leaves out the zero in front, `%^a` writes capitals, as everywhere in Liquid.
    """
    if len(pattern) > PATTERN_MAX:
        raise ValueError(f"a date's pattern has at most {PATTERN_MAX} characters")

    def write(found: re.Match[str]) -> str:
        flag, code = found[1], found[2] or ""
        if code not in _CODES:
            known = " ".join(f"%{one}" for one in _CODES)
            raise ValueError(f"{found[0]!r} is not known in a date's pattern; known are {known}")
        text = _CODES[code](moment, locale)
        if flag == "-":
            return text.lstrip("0 ") or "0"
        return text.upper() if flag == "^" else text

    return _CODE.sub(write, pattern)


def _number(form: str) -> _Write:
    return lambda moment, _: format(moment, form)


def _padded(read: Callable[[datetime], int]) -> _Write:
    return lambda moment, _: f"{read(moment):2d}"


def _hour_of_12(moment: datetime) -> int:
    return moment.hour % 12 or 12


def _weekday(width: str) -> _Write:
    return lambda moment, locale: str(locale.days["format"][width][moment.weekday()])


def _month(width: str) -> _Write:
    return lambda moment, locale: str(locale.months["format"][width][moment.month])


def _half(moment: datetime, locale: Locale) -> str:
    return str(locale.day_periods["format"]["abbreviated"]["am" if moment.hour < 12 else "pm"])


def _joined(pattern: str) -> _Write:
    return lambda moment, locale: dated(moment, pattern, locale)


_CODES: Mapping[str, _Write] = {
    "Y": lambda moment, _: f"{moment.year:04d}",
    "y": lambda moment, _: f"{moment.year % 100:02d}",
    "m": _number("%m"),
    "d": _number("%d"),
    "e": _padded(lambda moment: moment.day),
    "j": _number("%j"),
    "H": _number("%H"),
    "k": _padded(lambda moment: moment.hour),
    "I": lambda moment, _: f"{_hour_of_12(moment):02d}",
    "l": _padded(_hour_of_12),
    "M": _number("%M"),
    "S": _number("%S"),
    "p": _half,
    "A": _weekday("wide"),
    "a": _weekday("abbreviated"),
    "B": _month("wide"),
    "b": _month("abbreviated"),
    "u": lambda moment, _: str(moment.isoweekday()),
    "w": lambda moment, _: str(moment.isoweekday() % 7),
    "V": _number("%V"),
    "s": lambda moment, _: str(int(moment.timestamp())),
    "z": _number("%z"),
    "Z": _number("%Z"),
    "F": _joined("%Y-%m-%d"),
    "D": _joined("%m/%d/%y"),
    "T": _joined("%H:%M:%S"),
    "R": _joined("%H:%M"),
    "%": lambda *_: "%",
}
