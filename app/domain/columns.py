"""Columns of a table that somebody else wrote: what type they are, what value a cell says, fit names."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from app.domain.customers import ATTRIBUTE_NAME, NUMBER_MAX

NAME_MAX = 64
CELL_TOLD = 40  # characters of a cell that a message repeats

# No leading zeros and no plus: those are postcodes and telephone numbers, which are texts.
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,15})\Z")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,15})?(\.[0-9]{1,15})?([eE][+-]?[0-9]{1,2})?\Z")
_DIGIT = re.compile(r"[0-9]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"([Zz]|[+-][0-9]{2}:?[0-9]{2})?\Z"
)
_WORDS = {"true": True, "yes": True, "false": False, "no": False}
_SWITCHES = {
    **_WORDS,
    "t": True,
    "y": True,
    "1": True,
    "on": True,
    "f": False,
    "n": False,
    "0": False,
    "off": False,
}


class Kind(StrEnum):
    """The type of a column."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATETIME = "datetime"


class BadCell(ValueError):
    """A cell is not of its column's type; the message says what it is not."""


class Cells:
    """Reads cells as values. Times without an offset are of `zone`."""

    def __init__(self, zone: tzinfo = UTC, *, has_decimal_comma: bool = False) -> None:
        self._zone = zone
        self._has_decimal_comma = has_decimal_comma
        self._readers: Mapping[Kind, Callable[[str], object]] = {
            Kind.STRING: str,
            Kind.INTEGER: self._integer,
            Kind.NUMBER: self._number,
            Kind.BOOLEAN: switch,
            Kind.DATETIME: self._moment,
        }

    def reader(self, kind: Kind) -> Callable[[str], object]:
        """The function that makes a value of a cell, or raises BadCell."""
        return self._readers[kind]

    def infer(self, cells: Iterable[str]) -> Kind:
        """The narrowest type that all of these are of, empty ones aside; text where all are empty."""
        possible = list(_NARROWEST_FIRST)
        is_any = False
        for cell in cells:
            text = cell.strip()
            if text:
                is_any = True
                possible = [kind for kind in possible if self._is(kind, text)]
        return possible[0] if is_any and possible else Kind.STRING

    def _is(self, kind: Kind, text: str) -> bool:
        if kind is Kind.BOOLEAN:
            return text.lower() in _WORDS  # a column of 0 and 1 is one of numbers
        try:
            self._readers[kind](text)
        except BadCell:
            return False
        return True

    def _integer(self, text: str) -> int:
        if _INTEGER.match(text) and abs(int(text)) <= NUMBER_MAX:
            return int(text)
        raise BadCell(f"{_told(text)} is not a whole number up to 2**53, without leading zeros")

    def _number(self, text: str) -> int | float:
        plain = text.replace(",", ".", 1) if self._has_decimal_comma else text
        if _NUMBER.match(plain) and _DIGIT.search(plain.lower().partition("e")[0]):
            value = float(plain)
            if abs(value) <= NUMBER_MAX:
                return int(plain) if _INTEGER.match(plain) else value
        raise BadCell(f"{_told(text)} is not a number, such as 12.5")

    def _moment(self, text: str) -> str:
        try:
            if _DAY.match(text):
                return datetime.strptime(text, "%Y-%m-%d").date().isoformat()  # noqa: DTZ007 - a day has no zone
            if _MOMENT.match(text):
                at = datetime.fromisoformat(text.upper())
                return (at if at.tzinfo else at.replace(tzinfo=self._zone)).astimezone(UTC).isoformat()
        except (ValueError, OverflowError):
            pass
        raise BadCell(f"{_told(text)} is not a date or time, such as 2026-11-20 or 2026-11-20T09:00:00+01:00")


_NARROWEST_FIRST = (Kind.BOOLEAN, Kind.INTEGER, Kind.NUMBER, Kind.DATETIME)


def switch(text: str) -> bool:
    """Yes or no, in the words that exports use; raises BadCell."""
    try:
        return _SWITCHES[text.lower()]
    except KeyError:
        raise BadCell(f"{_told(text)} is neither yes nor no") from None


def attribute_names(titles: Sequence[str], *, taken: Iterable[str] = ()) -> list[str]:
    """A fit attribute name for every column title, each once; fit ones stay as they are."""
    used = set(taken)
    names = []
    for place, title in enumerate(titles, 1):
        name = _fit(title.strip()) or f"column_{place}"
        number, first = 2, name
        while name in used:
            name = f"{first[: NAME_MAX - 4]}_{number}"
            number += 1
        used.add(name)
        names.append(name)
    return names


def _fit(title: str) -> str:
    if ATTRIBUTE_NAME.match(title):
        return title
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return (f"_{name}" if name[:1].isdigit() else name)[:NAME_MAX]


def _told(text: str) -> str:
    return repr(text[:CELL_TOLD])
