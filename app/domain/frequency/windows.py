"""Windows: rolling spans of time and calendar buckets of a zone, both as bounds in UTC milliseconds."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY_MS = 86_400_000
SPAN_MAX_MS = 92 * DAY_MS
UNITS = ("day", "week", "month")
COUNT_MAX = {"day": 92, "week": 13, "month": 3}  # each within 92 days
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ANCHOR = date(1970, 1, 1)  # a Thursday; buckets of several units are counted from here

_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?\Z"
)


@dataclass(frozen=True, slots=True)
class Rolling:
    """The span that ends now: a touch at s counts at t when t - span < s <= t. A day is 24 hours."""

    span_ms: int
    is_gap: bool = False  # written as the least time between two touches


@dataclass(frozen=True, slots=True)
class Calendar:
    """The day, week or month (or several) of the moment, by the calendar of a zone."""

    unit: str
    count: int = 1
    zone: str = "customer"  # or "deployment", or an IANA zone
    week_start: int = 0  # 0 is Monday


Window = Rolling | Calendar


@dataclass(frozen=True, slots=True)
class Zones:
    """The customer's zone, the deployment's, and where the customer's came from."""

    customer: ZoneInfo
    deployment: ZoneInfo
    source: str = "customer"

    def of(self, window: Calendar) -> ZoneInfo:
        """The zone whose calendar a window follows."""
        if window.zone == "customer":
            return self.customer
        return self.deployment if window.zone == "deployment" else ZoneInfo(window.zone)


def duration(text: object) -> timedelta | None:
    """An ISO 8601 duration of weeks, days, hours, minutes and seconds; None for anything else."""
    shape = _DURATION.match(text) if isinstance(text, str) else None
    if shape is None:
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in shape.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def to_ms(at: datetime) -> int:
    """An aware instant as milliseconds since 1970."""
    return round(at.timestamp() * 1000)


def to_instant(at_ms: int) -> datetime:
    """Milliseconds since 1970 as an instant."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def bounds(window: Calendar, at_ms: int, zone: ZoneInfo) -> tuple[int, int]:
    """The bucket that holds an instant: its first millisecond, and the first one after it."""
    local = to_instant(at_ms).astimezone(zone).date()
    return _bounds(window.unit, window.count, window.week_start, local, zone)


def bucket(window: Calendar, local: date) -> tuple[date, date]:
    """The first local date of the bucket that holds a date, and the first one after it."""
    if window.unit == "month":
        months = (local.year - 1970) * 12 + local.month - 1
        first = months - months % window.count
        return _first_of_month(first), _first_of_month(first + window.count)
    days, anchor = window.count, ANCHOR
    if window.unit == "week":
        days *= 7
        anchor -= timedelta(days=(ANCHOR.weekday() - window.week_start) % 7)
    begin = local - timedelta(days=(local - anchor).days % days)
    return begin, begin + timedelta(days=days)


def first_instant(local: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local date, in UTC; where its midnight does not exist, the next that does."""
    midnight = datetime.combine(local, time())
    before = midnight.replace(tzinfo=zone).astimezone(UTC)
    after = midnight.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if before <= after:  # an ordinary midnight, or one that comes twice: the day starts with the first
        return before
    # The clocks jump over midnight somewhere between the two readings of it.
    low, high = int(after.timestamp()), int(before.timestamp())
    while low < high:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).replace(tzinfo=None) >= midnight:
            high = middle
        else:
            low = middle + 1
    return datetime.fromtimestamp(low, UTC)


@lru_cache(maxsize=4_096)
def _bounds(unit: str, count: int, week_start: int, local: date, zone: ZoneInfo) -> tuple[int, int]:
    begin, end = bucket(Calendar(unit, count, week_start=week_start), local)
    return to_ms(first_instant(begin, zone)), to_ms(first_instant(end, zone))


def _first_of_month(months: int) -> date:
    return date(1970 + months // 12, months % 12 + 1, 1)
