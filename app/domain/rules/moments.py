"""Moments: RFC 3339 texts as instants, ISO 8601 durations, and how long ago something was."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.rules.bounds import Test, never

NOW = "open.at"  # the path that tells this moment

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)\Z")
_TEXT = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?)?\Z")
_DURATION = re.compile(
    r"(-)?P(?=.)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?"
    r"(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?\Z"
)


@dataclass(frozen=True, slots=True)
class Duration:
    """Months by the calendar and a span of seconds; of what is to come when it is ahead."""

    months: int
    span: timedelta
    is_ahead: bool = False

    def before(self, now: datetime) -> datetime:
        """That long before a moment. Raises ValueError and OverflowError at the ends of the calendar."""
        return shifted(now, -self.months) - self.span

    def after(self, now: datetime) -> datetime:
        """That long after a moment. Raises the same."""
        return shifted(now, self.months) + self.span


def moment(text: object) -> datetime | None:
    """A text that tells date, time and offset, as an instant; None for any other."""
    return _read(text) if isinstance(text, str) and _MOMENT.match(text) else None


def instant(value: object) -> datetime | None:
    """The same, lenient: without an offset it is UTC, without a time it is midnight."""
    return _read(value) if isinstance(value, str) and _TEXT.match(value) else None


def duration(text: object) -> Duration | None:
    """An ISO 8601 duration, with `-` before it for what is to come; None for anything else."""
    shape = _DURATION.match(text) if isinstance(text, str) else None
    if shape is None:
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(one or 0) for one in shape.groups()[1:])
    span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return Duration(12 * years + months, span, is_ahead=bool(shape[1]))


def shifted(at: datetime, months: int) -> datetime:
    """The same day and time so many months later, or the month's last day. Raises ValueError."""
    if not months:
        return at
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1] if 1 <= year <= 9999 else 1
    return at.replace(year=year, month=month + 1, day=min(at.day, last))


def within(expected: object) -> Test:
    """A moment of the last while, or of the next one."""
    span = duration(expected)
    if span is None:
        return never

    def hold(value: object, root: object) -> bool:
        at, now = instant(value), now_of(root)
        if at is None or now is None:
            return False
        try:
            return now <= at <= span.after(now) if span.is_ahead else span.before(now) <= at <= now
        except (ValueError, OverflowError):
            return False

    return hold


def older_than(expected: object) -> Test:
    """A moment longer ago than that."""
    span = duration(expected)
    if span is None:
        return never

    def hold(value: object, root: object) -> bool:
        at, now = instant(value), now_of(root)
        if at is None or now is None:
            return False
        try:
            return at < span.before(now)
        except (ValueError, OverflowError):
            return False

    return hold


def now_of(root: object) -> datetime | None:
    """This moment, where the context tells it."""
    opened = root.get("open") if isinstance(root, dict) else None
    return instant(opened.get("at")) if isinstance(opened, dict) else None


def within_fault(value: object) -> str | None:
    """What is wrong with a duration that may be of the past or of the future."""
    if duration(value) is None:
        return (
            "takes an ISO 8601 duration, such as P30D for the last 30 days, PT2H for the last two hours "
            "or -P7D for the next 7 days"
        )
    return None


def older_fault(value: object) -> str | None:
    """What is wrong with a duration of the past."""
    span = duration(value)
    if span is None or span.is_ahead:
        return "takes an ISO 8601 duration, such as P30D for more than 30 days ago or PT2H for two hours"
    return None


def _read(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
