"""The customer's own day: hour, weekday and date where they are, holidays there, and days since a date."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.domain.state import read_mapping

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
COUNTRY = "country"  # the attribute that names the customer's, as ISO 3166-1 has it


def read_local(now: datetime, zone: tzinfo) -> dict[str, object]:
    """What `local.` has but holidays: the date and the time as texts that sort rightly, and their parts."""
    here = now.astimezone(zone)
    return {
        "date": here.date().isoformat(),
        "time": here.strftime("%H:%M"),
        "hour": here.hour,
        "minute": here.minute,
        "weekday": WEEKDAYS[here.weekday()],
        "day": here.day,
        "month": here.month,
    }


@lru_cache(maxsize=1_024)
def zone_of(system: bytes | None, otherwise: str = "UTC") -> tzinfo:
    """The zone in a customer's system field, else the deployment's."""
    for name in (read_mapping(system).get("timezone"), otherwise):
        if isinstance(name, str):
            try:
                return ZoneInfo(name)
            except (OSError, ValueError, LookupError):
                continue
    return UTC


def country_of(
    told: object, system: bytes | None, zone: tzinfo, zones: Mapping[str, str] | None = None
) -> str | None:
    """The customer's country: their own attribute, else their locale's region, else their zone's country."""
    if isinstance(told, str) and _is_country(told):
        return told.upper()
    locale = read_mapping(system).get("locale")
    if isinstance(locale, str):
        for part in locale.replace("_", "-").split("-")[1:]:
            if _is_country(part):
                return part.upper()
    return (zones or {}).get(str(zone))


def is_holiday(calendar: Mapping[str, object], country: str | None, day: str) -> bool | None:
    """Whether a day, as `2026-12-25`, is a public holiday; None where nobody can say.

    The calendar has `from` and `until` (the years it covers) and `countries`: days joined by commas.
    """
    countries = calendar.get("countries")
    known = countries.get(country) if isinstance(countries, Mapping) else None
    if not isinstance(known, str) or not str(calendar.get("from")) <= day[:4] <= str(calendar.get("until")):
        return None
    return day in known


def days_since(value: object, now: datetime, zone: tzinfo) -> int | None:
    """Whole days from a date or a moment to today, in the customer's zone; below zero before it."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        day = date.fromisoformat(value) if len(value) == 10 else _day(datetime.fromisoformat(value), zone)
        return (now.astimezone(zone).date() - day).days
    except (ValueError, OverflowError):
        return None


def _day(at: datetime, zone: tzinfo) -> date:
    return (at if at.tzinfo is None else at.astimezone(zone)).date()


def _is_country(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isalpha()
