"""Hours: the weekdays and times of day a variant may be shown at, by the customer's clock or a fixed zone."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from app.domain.checks import Check

WINDOWS_MAX = 20
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CUSTOMER = "customer"

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\Z|24:00\Z")
_DAY_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class Hours:
    """One window: `days` from 0, Monday; minutes of the local day, the end not in it.

    A window that ends at or before its start goes on into the next day and belongs to the day it began.
    """

    days: frozenset[int]
    start_min: int
    end_min: int
    zone: ZoneInfo | None  # None: the customer's

    def hold(self, local: datetime) -> bool:
        """Whether a local wall clock is inside. An hour that comes twice in a night is inside both times."""
        minute = local.hour * 60 + local.minute
        if self.start_min < self.end_min:
            return local.weekday() in self.days and self.start_min <= minute < self.end_min
        if minute >= self.start_min:
            return local.weekday() in self.days
        return minute < self.end_min and (local - timedelta(days=1)).weekday() in self.days


def are_open(windows: tuple[Hours, ...], now: datetime, customer_zone: tzinfo) -> bool:
    """Whether a moment is in any of the windows; always, where there are none."""
    return not windows or any(one.hold(now.astimezone(one.zone or customer_zone)) for one in windows)


def is_by_customer(windows: tuple[Hours, ...]) -> bool:
    """Whether any of the windows asks for the customer's zone."""
    return any(one.zone is None for one in windows)


def read_hours(check: Check, document: object, at: str) -> tuple[Hours, ...]:
    """The windows of a list such as `[{"days": ["sat", "sun"], "start": "09:00", "end": "18:00"}]`."""
    if not isinstance(document, list) or not 1 <= len(document) <= WINDOWS_MAX:
        check.fault(at, f"hours is a list of 1 to {WINDOWS_MAX} windows")
        return ()
    return tuple(_window(check, one, f"{at}/{place}") for place, one in enumerate(document))


def _window(check: Check, document: object, at: str) -> Hours:
    fields = check.known(document, ("days", "start", "end", "zone"), at)
    days = fields.get("days", list(DAYS))
    if not isinstance(days, list) or not days or any(day not in DAYS for day in days):
        check.fault(f"{at}/days", f"days is a list of {', '.join(DAYS)}")
        days = []
    start = _minute(check, fields.get("start", "00:00"), f"{at}/start")
    end = _minute(check, fields.get("end", "24:00"), f"{at}/end")
    zone = _zone(check, fields.get("zone", CUSTOMER), f"{at}/zone")
    if start == _DAY_MIN:
        check.fault(f"{at}/start", "a window begins at 00:00 to 23:59")
    elif start is not None and start == end:
        check.fault(f"{at}/end", "end is the first minute outside, so it is another than start")
    return Hours(frozenset(map(DAYS.index, days)), start or 0, end or 0, zone)


def _minute(check: Check, text: object, at: str) -> int | None:
    found = _TIME.match(text) if isinstance(text, str) else None
    if found is None:
        check.fault(at, 'a time of day is written as "18:30"; "24:00" is the end of the day')
        return None
    return int(found[1]) * 60 + int(found[2]) if found[1] else _DAY_MIN


def _zone(check: Check, name: object, at: str) -> ZoneInfo | None:
    if name == CUSTOMER:
        return None
    if not isinstance(name, str) or name not in available_timezones():
        check.fault(at, 'zone is "customer" or a zone such as Europe/Paris')
        return None
    return ZoneInfo(name)
