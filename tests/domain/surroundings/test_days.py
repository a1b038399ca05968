"""The customer's own day."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.surroundings.days import country_of, days_since, is_holiday, read_local, zone_of

NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
CALENDAR = {"from": 2026, "until": 2027, "countries": {"FR": "2026-12-25,2027-01-01"}}


def test_the_day_is_that_of_the_customers_zone() -> None:
    assert read_local(NEW_YEAR, ZoneInfo("Europe/Paris")) == {
        "date": "2027-01-01",
        "time": "00:30",
        "hour": 0,
        "minute": 30,
        "weekday": "friday",
        "day": 1,
        "month": 1,
    }
    assert read_local(NEW_YEAR, ZoneInfo("America/New_York"))["weekday"] == "thursday"


def test_the_hour_that_comes_twice_in_autumn_is_the_same_twice() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))

    assert {read_local(at, ZoneInfo("Europe/Paris"))["time"] for at in (first, second)} == {"02:30"}


@pytest.mark.parametrize(
    ("system", "zone"),
    [
        (b'{"timezone":"Asia/Tokyo"}', "Asia/Tokyo"),
        (b'{"timezone":null}', "Europe/Paris"),
        (b"{}", "Europe/Paris"),
        (None, "Europe/Paris"),
        (b'{"timezone":"Mars/Olympus"}', "Europe/Paris"),
        (b'{"timezone":"../etc/passwd"}', "Europe/Paris"),
        (b'{"timezone":7}', "Europe/Paris"),
        (b"not json", "Europe/Paris"),
    ],
)
def test_the_zone_is_the_customers_else_the_deployments(system: bytes | None, zone: str) -> None:
    assert str(zone_of(system, "Europe/Paris")) == zone


def test_without_any_zone_it_is_utc() -> None:
    assert zone_of(None, "nowhere") is UTC


@pytest.mark.parametrize(
    ("told", "system", "zone", "country"),
    [
        ("fr", b'{"locale":"de-AT"}', "Europe/Paris", "FR"),
        (None, b'{"locale":"de-AT"}', "Europe/Paris", "AT"),
        (None, b'{"locale":"zh-Hant-TW"}', "Europe/Paris", "TW"),
        (None, b'{"locale":"fr_CA"}', "Europe/Paris", "CA"),
        (None, b'{"locale":"fr"}', "Europe/Paris", "FR"),
        ("France", b"{}", "Europe/Paris", "FR"),
        (33, b"{}", "Etc/UTC", None),
    ],
)
def test_the_country_is_told_by_attribute_locale_and_zone_in_turn(
    told: object, system: bytes, zone: str, country: str | None
) -> None:
    assert country_of(told, system, ZoneInfo(zone), {"Europe/Paris": "FR"}) == country


def test_a_holiday_is_one_in_its_country_and_unknown_outside_the_calendar() -> None:
    assert is_holiday(CALENDAR, "FR", "2026-12-25") is True
    assert is_holiday(CALENDAR, "FR", "2026-12-26") is False
    assert is_holiday(CALENDAR, "FR", "2028-01-01") is None
    assert is_holiday(CALENDAR, "XX", "2026-12-25") is None
    assert is_holiday(CALENDAR, None, "2026-12-25") is None
    assert is_holiday({}, "FR", "2026-12-25") is None


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("2026-12-31", 1),
        ("2027-01-01", 0),
        ("2027-01-05", -4),
        ("2026-12-31T22:59:00Z", 1),
        ("2026-12-31T23:01:00Z", 0),
        ("2026-12-31T22:59:00", 1),
        ("0001-01-01T00:00:00+00:00", 739_981),
        ("tomorrow", None),
        ("2026-13-01", None),
        ("9" * 50, None),
        (20261231, None),
        (None, None),
        ({}, None),
    ],
)
def test_days_are_counted_by_the_customers_calendar(value: object, days: int | None) -> None:
    assert days_since(value, NEW_YEAR, ZoneInfo("Europe/Paris")) == days


@given(st.text(max_size=50) | st.none() | st.integers() | st.lists(st.integers()))
def test_days_since_anything_are_a_number_or_unknown(value: object) -> None:
    assert isinstance(days_since(value, NEW_YEAR, ZoneInfo("Asia/Tokyo")), int | None)
