"""A variant is shown at the hours its author wrote, whatever the clocks do."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.checks import Check
from app.domain.hours import are_open, is_by_customer, read_hours

PARIS = ZoneInfo("Europe/Paris")
WORK = [{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "17:30"}]
NIGHT = [{"days": ["fri"], "start": "22:00", "end": "02:00"}]


def opened(document: object, at: str, zone: ZoneInfo = PARIS) -> bool:
    check = Check()
    windows = read_hours(check, document, "/hours")
    assert not check.problems
    return are_open(windows, datetime.fromisoformat(at), zone)


@pytest.mark.parametrize(
    ("document", "at", "is_open"),
    [
        (WORK, "2026-11-23T09:00:00+01:00", True),
        (WORK, "2026-11-23T08:59:59+01:00", False),
        (WORK, "2026-11-23T17:29:59+01:00", True),
        (WORK, "2026-11-23T17:30:00+01:00", False),
        (WORK, "2026-11-22T12:00:00+01:00", False),
        (WORK, "2026-11-23T08:30:00+00:00", True),
        (NIGHT, "2026-11-27T21:59:00+01:00", False),
        (NIGHT, "2026-11-27T22:00:00+01:00", True),
        (NIGHT, "2026-11-28T01:59:00+01:00", True),
        (NIGHT, "2026-11-28T02:00:00+01:00", False),
        (NIGHT, "2026-11-28T23:00:00+01:00", False),
        (NIGHT, "2026-11-27T01:00:00+01:00", False),
        ([{"days": ["sun"]}], "2026-11-22T23:59:59+01:00", True),
        ([{"days": ["sun"]}], "2026-11-23T00:00:00+01:00", False),
        ([{"start": "12:00", "end": "13:00"}, *NIGHT], "2026-11-24T12:30:00+01:00", True),
    ],
)
def test_the_local_clock_decides(document: object, at: str, is_open: bool) -> None:
    assert opened(document, at) is is_open


def test_a_fixed_zone_is_the_same_moment_for_everybody() -> None:
    tokyo = [{"start": "09:00", "end": "10:00", "zone": "Asia/Tokyo"}]
    for zone in (PARIS, ZoneInfo("America/New_York")):
        assert opened(tokyo, "2026-11-24T00:30:00+00:00", zone)
        assert not opened(tokyo, "2026-11-24T08:30:00+00:00", zone)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-10-25T00:30:00+00:00", True),  # 02:30 the first time
        ("2026-10-25T01:30:00+00:00", True),  # 02:30 once more
        ("2026-10-25T02:30:00+00:00", False),
    ],
)
def test_an_hour_that_comes_twice_is_inside_both_times(at: str, is_open: bool) -> None:
    assert opened([{"start": "02:00", "end": "03:00"}], at) is is_open


def test_an_hour_that_is_left_out_is_never() -> None:
    window = [{"start": "02:00", "end": "03:00"}]
    minutes = [datetime(2026, 3, 29, 0, minute, tzinfo=UTC) for minute in range(60)]
    later = [datetime(2026, 3, 29, 1, minute, tzinfo=UTC) for minute in range(60)]
    assert not any(opened(window, at.isoformat()) for at in minutes + later)


def test_it_is_known_who_is_asked_for_the_time() -> None:
    assert is_by_customer(read_hours(Check(), WORK, ""))
    assert not is_by_customer(read_hours(Check(), [{"zone": "Asia/Tokyo", "end": "12:00"}], ""))


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({}, "/hours"),
        ([], "/hours"),
        ([{}] * 21, "/hours"),
        (["mon"], "/hours/0"),
        ([{"days": []}], "/hours/0/days"),
        ([{"days": ["monday"]}], "/hours/0/days"),
        ([{"days": [["mon"]]}], "/hours/0/days"),
        ([{"start": "9:00"}], "/hours/0/start"),
        ([{"start": "24:00", "end": "01:00"}], "/hours/0/start"),
        ([{"end": "24:01"}], "/hours/0/end"),
        ([{"end": "00:00"}], "/hours/0/end"),
        ([{"start": 9}], "/hours/0/start"),
        ([{"zone": "Mars"}], "/hours/0/zone"),
        ([{"zone": "../etc/passwd"}], "/hours/0/zone"),
        ([{"form": "09:00"}], "/hours/0/form"),
    ],
)
def test_a_fault_is_told_with_its_place(document: object, pointer: str) -> None:
    check = Check()
    read_hours(check, document, "/hours")
    assert [problem.pointer for problem in check.problems] == [pointer]
