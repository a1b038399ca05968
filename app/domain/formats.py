"""Liquid filters that write for the customer: numbers, money, plurals and dates in their locale and zone."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError, dates, numbers
from liquid import RenderContext, is_undefined
from liquid.exceptions import FilterArgumentError
from liquid.filter import with_context

from app.domain.date_patterns import dated

_LOCALE, _ZONE = frozenset({"customer.locale"}), frozenset({"customer.locale", "customer.timezone"})

_MOST = Decimal(10) ** 15
_WIDTHS = ("short", "medium", "long", "full")
_PLAIN = Locale("en")
_ANY_DAY = date(2000, 1, 1)
_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})


@with_context
def number(value: object, places: object = None, *, context: RenderContext) -> str:
    """`1.234,5`: as many places as the number has, at most three, or exactly so many."""
    read = _number(value)
    if read is None:
        return ""
    if places is None:
        return numbers.format_decimal(read, locale=_locale(context))
    locale, wanted = _locale(context), _places(places)
    # The locale's own groups (12,34,567 in India) with places of the author's.
    whole = locale.decimal_formats[None].pattern.partition(".")[0]
    pattern = whole + ("." + "0" * wanted if wanted else "")
    return numbers.format_decimal(read, format=pattern, locale=locale)


@with_context
def money(value: object, currency: object = None, *, context: RenderContext) -> str:
    """`24,50 €`: an amount of a currency by its ISO 4217 code, with the currency's own places."""
    read = _number(value)
    if read is None and is_undefined(currency):
        return ""  # an amount that is missing, and its currency with it: `item.price | money: item.currency`
    if not isinstance(currency, str) or not numbers.is_currency(currency):
        raise FilterArgumentError('money needs a currency such as "EUR"', token=None)
    return "" if read is None else numbers.format_currency(read, currency, locale=_locale(context))


@with_context
def local_date(value: object, width: object = "long", *, context: RenderContext) -> str:
    """`24. Dezember 2026`: the day it is where the customer is."""
    read = _moment(value, _zone(context))
    return "" if read is None else dates.format_date(read, format=_width(width), locale=_locale(context))


@with_context
def local_time(value: object, width: object = "short", *, context: RenderContext) -> str:
    """`20:00`: the time it is where the customer is."""
    read = _moment(value, _zone(context))
    if not isinstance(read, datetime):
        return ""
    # The moment is in the customer's zone already; Babel would move a time without one.
    bare = read.replace(tzinfo=None).time()
    return dates.format_time(bare, format=_width(width), locale=_locale(context))


@with_context
def by_pattern(value: object, pattern: object = None, zone: object = None, *, context: RenderContext) -> str:
    """`24. Dezember, 20:00`: by a pattern such as "%d. %B, %H:%M", where the customer is or in a named zone.

    `now` and `today` are the moment of the open.
    """
    if value in ("now", "today"):
        value = context.get(["open", "at"], token=None, default=None)
    if is_undefined(pattern) or pattern is None:
        return "" if value is None or is_undefined(value) else str(value)
    read = _moment(value, _named_zone(zone) or _zone(context))
    moment = read if isinstance(read, datetime) else datetime.combine(read or _ANY_DAY, time())
    try:
        text = dated(moment, str(pattern), _locale(context))
    except ValueError as bad:
        raise FilterArgumentError(str(bad), token=None) from bad
    # Written for nothing too: a pattern that is wrong shows when the template is saved.
    return text if read is not None else ""


@with_context
def plural(value: object, *, context: RenderContext, **forms: object) -> str:
    """`points`: the form that a number takes in the customer's language, by Unicode's plural rules.

    Forms are `zero`, `one`, `two`, `few`, `many` and `other`; `other` stands for those not given.
    """
    if "other" not in forms or not forms.keys() <= _FORMS:
        raise FilterArgumentError('plural takes forms such as one: "point", other: "points"', token=None)
    read = _number(value)
    if read is None:
        return ""
    form = _locale(context).plural_form(abs(read))
    return str(forms.get(form, forms["other"]))


FILTERS: Mapping[str, Callable[..., str]] = {
    "number": number,
    "money": money,
    "plural": plural,
    "local_date": local_date,
    "local_time": local_time,
    "date": by_pattern,
}
READS: Mapping[str, frozenset[str]] = {
    "number": _LOCALE,
    "money": _LOCALE,
    "plural": _LOCALE,
    "local_date": _ZONE,
    "local_time": _ZONE,
    "date": _ZONE | {"open.at"},
}
"""What a template reads besides what it names, by the filter that it uses."""


def _number(value: object) -> Decimal | None:
    """None for what is missing. Raises FilterArgumentError for what is no number."""
    if value is None or is_undefined(value) or value == "":
        return None
    try:
        read = Decimal(str(value).strip()) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        read = Decimal("NaN")
    if not read.is_finite() or abs(read) > _MOST:
        raise FilterArgumentError(f"{str(value)[:40]!r} is not a number such as 1234.5", token=None)
    return read


def _places(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10:
        raise FilterArgumentError("number takes 0 to 10 places", token=None)
    return value


def _width(value: object) -> Any:
    if value not in _WIDTHS:
        raise FilterArgumentError(f"must be one of {', '.join(_WIDTHS)}", token=None)
    return value


def _moment(value: object, zone: tzinfo) -> datetime | date | None:
    """A day as it is, a moment in the zone. None for what is missing."""
    if value is None or is_undefined(value) or value == "":
        return None
    text = str(value).strip()
    try:
        if len(text) == len("2026-12-24"):
            return date.fromisoformat(text)
        read = datetime.fromisoformat(text)
        return read.astimezone(zone) if read.tzinfo else read
    except (ValueError, OverflowError) as bad:
        told = f"{text[:40]!r} is not a date such as 2026-12-24T20:00:00Z"
        raise FilterArgumentError(told, token=None) from bad


def _locale(context: RenderContext) -> Locale:
    """The customer's; English where there is none, or none that is known."""
    told = context.get(["customer", "locale"], token=None, default=None)
    return _read_locale(told) if isinstance(told, str) else _PLAIN


@lru_cache(maxsize=256)
def _read_locale(tag: str) -> Locale:
    try:
        return Locale.parse(tag[:40], sep="-" if "-" in tag else "_")
    except (ValueError, UnknownLocaleError, TypeError):
        return _PLAIN


def _zone(context: RenderContext) -> tzinfo:
    told = context.get(["customer", "timezone"], token=None, default=None)
    return _read_zone(told) if isinstance(told, str) else UTC


def _named_zone(name: object) -> tzinfo | None:
    if name is None or is_undefined(name):
        return None
    zone = _read_zone(str(name))
    if zone is UTC and name not in ("UTC", "Etc/UTC"):
        raise FilterArgumentError(f"{str(name)[:64]!r} is not a zone such as Europe/Paris", token=None)
    return zone


@lru_cache(maxsize=256)
def _read_zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name[:64])
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return UTC
