"""Column types that mean the same on SQLite and PostgreSQL: instants and JSON."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# SQLite numbers rows by itself only in a column it calls INTEGER; there it has 64 bits too.
Number = BigInteger().with_variant(Integer(), "sqlite")


def to_micros(at: datetime) -> int:
    """Microseconds since 1970; refuses a time without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone: instants are aware")
    return (at - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The same instant back, in UTC."""
    return EPOCH + timedelta(microseconds=micros)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime as microseconds since 1970 in a BIGINT.

    SQLite has no type for instants and would keep texts that sort wrongly across offsets; a number
    sorts, compares and copies in bulk alike on both databases. On PostgreSQL
    `to_timestamp(at / 1e6)` shows it.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> int | None:
        """Instants become numbers."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, _: Dialect) -> datetime | None:
        """Numbers become instants."""
        return None if value is None else from_micros(value)


class Json(TypeDecorator[Any]):
    """Plain data as JSON text: kept as written, never searched inside."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _: Dialect) -> str | None:
        """Data becomes text."""
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, _: Dialect) -> Any:
        """Text becomes data."""
        return None if value is None else msgspec.json.decode(value)
