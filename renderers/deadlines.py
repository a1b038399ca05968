"""Deadlines: reading an instant, and the time left as digits of days, hours, minutes and seconds."""

import re
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

MOST = 999
"""Most of the largest unit shown; three digits keep their size."""

_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?P<offset>[Zz]|[+-]\d{2}:\d{2})?", re.ASCII
)


class Unit(StrEnum):
    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    SECONDS = "seconds"


SECONDS_OF = {Unit.DAYS: 86_400, Unit.HOURS: 3_600, Unit.MINUTES: 60, Unit.SECONDS: 1}


def read_zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name. Raises ValueError."""
    try:
        if re.fullmatch(r"[A-Za-z0-9_+/-]{1,64}", name):
            return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        pass  # ZoneInfo looks for files: a folder's name and a missing one are both no zone
    raise ValueError("must be a time zone like Europe/Paris")


def read_instant(text: str, zone: ZoneInfo) -> datetime:
    """RFC 3339, or the same without an offset in the zone. Raises ValueError."""
    found = _INSTANT.fullmatch(text.strip())
    if not found:
        raise ValueError("must be a date and time like 2026-11-30T20:00:00+01:00")
    try:
        moment = datetime.fromisoformat(found.group().upper().replace(" ", "T"))
    except ValueError as wrong:
        raise ValueError("must be a date and time that exists") from wrong
    return moment if found["offset"] else moment.replace(tzinfo=zone)


def split(seconds: int, units: tuple[Unit, ...]) -> tuple[int, ...]:
    """How many of each unit; the first takes what the hidden larger ones would have held."""
    counts = []
    for unit in units:
        count, seconds = divmod(seconds, SECONDS_OF[unit])
        counts.append(count)
    return tuple(counts)
