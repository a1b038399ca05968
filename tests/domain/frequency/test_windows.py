"""Buckets of the calendar: days of 23, 24 and 25 hours, missing midnights, weeks and quarters."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.frequency.windows import (
    Calendar,
    bounds,
    bucket,
    duration,
    first_instant,
    to_instant,
    to_ms,
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "begin", "hours"),
    [
        ("UTC", "2026-11-20", "2026-11-20T00:00", 24),
        ("Europe/Paris", "2026-11-20", "2026-11-19T23:00", 24),
        ("America/New_York", "2026-03-08", "2026-03-08T05:00", 23),
        ("America/New_York", "2026-11-01", "2026-11-01T04:00", 25),
        ("Asia/Kolkata", "2026-11-20", "2026-11-19T18:30", 24),
        # Midnight does not exist: the clocks go from 00:00 to 01:00.
        ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00", 23),
        ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00", 23),
        # Half an hour is left out, from 02:00 to 02:30.
        ("Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30", 23.5),
        # 30 December 2011 did not happen in Samoa; the 31st began where the 29th ended.
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00", 0),
    ],
)
def test_a_day_begins_with_its_first_instant_and_is_as_long_as_it_is(
    zone: str, day: str, begin: str, hours: float
) -> None:
    local = date.fromisoformat(day)

    first = first_instant(local, ZoneInfo(zone))
    after = first_instant(local + timedelta(days=1), ZoneInfo(zone))

    assert first == utc(begin)
    assert (after - first).total_seconds() == hours * 3600


def test_every_instant_is_in_its_own_bucket_all_year() -> None:
    zone = ZoneInfo("America/New_York")
    for hour in range(0, 366 * 24, 5):
        at_ms = to_ms(utc("2026-01-01") + timedelta(hours=hour))
        low, high = bounds(Calendar("day"), at_ms, zone)
        assert low <= at_ms < high
        assert to_instant(low).astimezone(zone).date() == to_instant(at_ms).astimezone(zone).date()
        assert bounds(Calendar("day"), high, zone)[0] == high


@pytest.mark.parametrize(
    ("window", "day", "begin", "end"),
    [
        (Calendar("day"), "2026-11-20", "2026-11-20", "2026-11-21"),
        (Calendar("day", 2), "1970-01-01", "1970-01-01", "1970-01-03"),
        (Calendar("day", 2), "1970-01-03", "1970-01-03", "1970-01-05"),
        (Calendar("day", 2), "1969-12-31", "1969-12-30", "1970-01-01"),
        (Calendar("week"), "2026-11-20", "2026-11-16", "2026-11-23"),
        (Calendar("week", week_start=6), "2026-11-20", "2026-11-15", "2026-11-22"),
        # The first Monday on or before 1970-01-01 is 29 December 1969.
        (Calendar("week", 2), "1970-01-01", "1969-12-29", "1970-01-12"),
        (Calendar("month"), "2026-12-31", "2026-12-01", "2027-01-01"),
        (Calendar("month", 3), "2026-11-20", "2026-10-01", "2027-01-01"),
        (Calendar("month", 2), "2026-02-28", "2026-01-01", "2026-03-01"),
    ],
)
def test_buckets_of_several_units_are_counted_from_1970(
    window: Calendar, day: str, begin: str, end: str
) -> None:
    found = bucket(window, date.fromisoformat(day))

    assert found == (date.fromisoformat(begin), date.fromisoformat(end))


def test_a_zone_that_changes_moves_the_bounds_at_once() -> None:
    at_ms = to_ms(utc("2026-11-20T02:00"))

    here = bounds(Calendar("day"), at_ms, ZoneInfo("Europe/Paris"))
    there = bounds(Calendar("day"), at_ms, ZoneInfo("America/Los_Angeles"))

    assert (to_instant(here[0]), to_instant(there[0])) == (utc("2026-11-19T23:00"), utc("2026-11-19T08:00"))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("P7D", timedelta(days=7)),
        ("P1W", timedelta(weeks=1)),
        ("PT24H", timedelta(days=1)),
        ("P1DT12H", timedelta(hours=36)),
        ("PT90M", timedelta(minutes=90)),
        ("PT1S", timedelta(seconds=1)),
        ("P", None),
        ("PT", None),
        ("P1DT", None),
        ("P1M", None),
        ("P1Y", None),
        ("7D", None),
        ("P-1D", None),
        ("P1.5D", None),
        ("P7D\n", None),
        ("p7d", None),
        (7, None),
        (None, None),
    ],
)
def test_durations_of_fixed_length_are_read(text: object, span: timedelta | None) -> None:
    assert duration(text) == span
