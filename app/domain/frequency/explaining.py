"""Decisions in plain words: what was counted, where, and when."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.frequency.classes import CHANNELS, CLASSES
from app.domain.frequency.counting import Use
from app.domain.frequency.ledger import Entry
from app.domain.frequency.policy import Rule
from app.domain.frequency.windows import Calendar, Rolling, Zones, bucket, duration, to_instant
from app.domain.state import Suppression

LISTED_MAX = 5
SOON_MS = 60_000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NOUNS = {
    "email": ("e-mail", "e-mails"),
    "sms": ("text message", "text messages"),
    "push": ("push notification", "push notifications"),
    "call": ("call", "calls"),
    "visit": ("visit", "visits"),
}


def cap_sentence(rule: Rule, use: Use, *, at_ms: int, now_ms: int, zones: Zones) -> str:
    """What fills a rule: "2 of 2 promotional e-mails in the last 7 days (12 Nov 09:02, 14 Nov 17:40)"."""
    if rule.cap == 0:
        return f"The rule {rule.id} allows no {things(rule, many=True)}."
    times = _listed(use.entries, zones.customer)
    if isinstance(rule.window, Rolling) and rule.window.is_gap:
        span = _span(duration(rule.window_document.get("gap")) or timedelta())
        return f"{span} must lie between two {things(rule, many=True)} ({times})."
    what = things(rule, many=rule.cap > 1)
    return f"{use.used} of {rule.cap} {what} {_window(rule, use, at_ms, now_ms, zones)} ({times})."


def things(rule: Rule, *, many: bool) -> str:
    """What a rule counts: "promotional e-mails tagged sale"."""
    names = [_NOUNS[channel][many] for channel in CHANNELS if channel in rule.channels]
    adjectives = " or ".join(name for name in CLASSES if name in rule.classes)
    words = [adjectives] if adjectives else []
    words.append(" and ".join(names) if names else ("messages" if many else "message"))
    if rule.categories:
        words.append("of category " + " or ".join(sorted(rule.categories)))
    if rule.tags:
        words.append("tagged " + " or ".join(sorted(rule.tags)))
    return " ".join(words)


def suppression_sentence(one: Suppression, zones: Zones) -> str:
    """What stands, since when and until when."""
    kind, _, name = one.scope.partition(":")
    where = {"channel": f"the channel {name}", "topic": f"the topic {name}"}.get(kind, "every channel")
    until = f" until {_day(one.until, zones.customer)}" if one.until else ""
    return f"Suppressed on {where} since {_day(one.since, zones.customer)}{until}: {one.reason}."


def moment(at: datetime, zone: ZoneInfo) -> str:
    """An instant by the zone's clock: "12 Nov 09:02"."""
    local = at.astimezone(zone)
    return f"{local.day} {MONTHS[local.month - 1]} {local:%H:%M}"


def _day(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{_date(local.date())} {local.year}"


def _date(local: date) -> str:
    return f"{local.day} {MONTHS[local.month - 1]}"


def _listed(entries: Sequence[Entry], zone: ZoneInfo) -> str:
    shown = [
        moment(to_instant(entry.at_ms), zone) + ("" if entry.is_sent else " reserved")
        for entry in entries[-LISTED_MAX:]
    ]
    left_out = len(entries) - len(shown)
    return (f"{left_out} earlier, " if left_out > 0 else "") + ", ".join(shown)


def _window(rule: Rule, use: Use, at_ms: int, now_ms: int, zones: Zones) -> str:
    if isinstance(rule.window, Calendar):
        return _calendar(rule.window, at_ms, zones)
    span = _span(duration(rule.window_document.get("rolling")) or timedelta(milliseconds=rule.window.span_ms))
    if use.until_ms <= now_ms + SOON_MS:
        return f"in the last {span}"
    return f"in the {span} up to {moment(to_instant(use.until_ms), zones.customer)}"


def _calendar(window: Calendar, at_ms: int, zones: Zones) -> str:
    begin, end = bucket(window, to_instant(at_ms).astimezone(zones.of(window)).date())
    if window.count == 1 and window.unit != "month":
        return f"on {_date(begin)}" if window.unit == "day" else f"in the week of {_date(begin)}"
    return f"from {_date(begin)} to {_date(end - timedelta(days=1))}"


def _span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for unit, length, least in (("day", 86_400, 2), ("hour", 3_600, 1), ("minute", 60, 1)):
        if seconds % length == 0 and seconds >= length * least:
            count = seconds // length
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{seconds} seconds"
