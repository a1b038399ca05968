"""Items: what one may say, checked whole; and what a change of it means (back in stock, cheaper)."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from app.domain.ids import is_id
from app.domain.link_hosts import host_fault
from app.domain.links import check_link
from app.domain.paths import escaped
from app.domain.problems import Problem

TITLE_MAX = 300
TEXT_MAX = 1_000
TAGS_MAX = 30
TAG_MAX = 100
ATTRIBUTES_MAX = 50
LIST_MAX = 50
NUMBER_MAX = 1e12
STOCK_MAX = 10**9
RATING_MAX = 5

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

Document = Mapping[str, object]
Fault = Callable[[object], str | None]


def item_problems(document: Document, *, pointer: str = "", link_hosts: Sequence[str] = ()) -> list[Problem]:
    """Everything wrong with an item's document; 20 problems at most. `item_id` and `title` are needed."""
    needed = ("item_id", "title")
    problems = [Problem(f"{pointer}/{name}", "is needed") for name in needed if document.get(name) is None]
    for name, value in document.items():
        fault = FIELDS.get(name, _unknown)(value) if value is not None else None
        if fault:
            problems.append(Problem(f"{pointer}/{escaped(str(name))}", fault))
        elif name == "attributes" and isinstance(value, Mapping):
            problems += _attribute_problems(value, f"{pointer}/attributes")
    url = document.get("url")
    if isinstance(url, str) and (fault := host_fault(url, link_hosts)):
        problems.append(Problem(f"{pointer}/url", fault))
    starts, ends = read_instant(document.get("available_from")), read_instant(document.get("available_until"))
    if starts and ends and starts >= ends:
        problems.append(Problem(f"{pointer}/available_until", "must be later than available_from"))
    return problems[:20]


def plain(document: Document) -> dict[str, object]:
    """The document without what says nothing; 24.0 is 24, and times are in UTC, so they sort as texts."""
    told = {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in document.items()
        if value is not None
    }
    for name in ("available_from", "available_until"):
        at = read_instant(told.get(name))
        if at is not None:
            told[name] = as_text(at)
    return told


def as_text(at: datetime) -> str:
    """A moment as items hold it: UTC, whole seconds."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def merged(old: Document, change: Document) -> dict[str, object]:
    """The document with what is named changed; null removes, and attributes are merged by name."""
    whole = {**old, **change}
    attributes = change.get("attributes")
    held = old.get("attributes")
    if isinstance(attributes, Mapping) and isinstance(held, Mapping):
        together = {**held, **attributes}
        whole["attributes"] = {name: value for name, value in together.items() if value is not None}
    return plain(whole)


def signals_of(old: Document | None, before: Document, new: Document, *, now: datetime) -> dict[str, object]:
    """What an item's past tells of it: when it came back in stock, when it became cheaper and from what.

    `before` are the signals of the old document. What is not true any more is forgotten.
    """
    told = dict(before)
    if old is None:
        return told
    if old.get("stock") == 0 and (number(new.get("stock")) or 0) > 0:
        told["restocked_at"] = as_text(now)
    if new.get("stock") == 0:
        told.pop("restocked_at", None)
    was, price = number(old.get("price")), number(new.get("price"))
    is_same_money = old.get("currency") == new.get("currency")
    if was is not None and price is not None and is_same_money and price < was:
        told |= {"cheaper_at": as_text(now), "earlier_price": was}
    elif price is None or not is_same_money or price >= (number(told.get("earlier_price")) or 0.0):
        told.pop("cheaper_at", None)
        told.pop("earlier_price", None)
    return told


def number(value: object) -> float | int | None:
    """A finite number, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def read_instant(value: object) -> datetime | None:
    """A moment with its offset; None for anything else."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def _unknown(_: object) -> str:
    return f"unknown field; known are {', '.join(FIELDS)}, and anything else goes into attributes"


def _id(value: object) -> str | None:
    is_good = isinstance(value, str) and is_id(value)
    return None if is_good else "an id has 1 to 128 of the characters A-Z a-z 0-9 . _ : @ -"


def _text(longest: int) -> Fault:
    def fault(value: object) -> str | None:
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            return f"is a text of 1 to {longest} characters"
        return "holds control characters" if _CONTROL.search(value) else None

    return fault


def _address(value: object) -> str | None:
    return check_link(value) if isinstance(value, str) else "is a web address, such as https://shop.example/a"


def _amount(value: object) -> str | None:
    told = number(value)
    return None if told is not None and 0 <= told <= NUMBER_MAX else "is a number from 0 to 10**12"


def _stock(value: object) -> str | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    is_good = is_whole and 0 <= value <= STOCK_MAX  # type: ignore[operator]
    return None if is_good else f"is a whole number from 0 to {STOCK_MAX}; leave it out where it is unknown"


def _rating(value: object) -> str | None:
    told = number(value)
    return None if told is not None and 0 <= told <= RATING_MAX else f"is a number from 0 to {RATING_MAX}"


def _money(value: object) -> str | None:
    is_good = isinstance(value, str) and _CURRENCY.match(value)
    return None if is_good else "is a currency of ISO 4217, such as EUR"


def _moment(value: object) -> str | None:
    return None if read_instant(value) else "is a time with its offset, such as 2026-11-01T09:00:00+01:00"


def _tags(value: object) -> str | None:
    if not isinstance(value, list) or len(value) > TAGS_MAX:
        return f"is a list of at most {TAGS_MAX} texts"
    return next((fault for one in value if (fault := _text(TAG_MAX)(one))), None)


def _attributes(value: object) -> str | None:
    if not isinstance(value, Mapping) or len(value) > ATTRIBUTES_MAX:
        return f"is an object of at most {ATTRIBUTES_MAX} fields"
    return None


def _attribute_problems(attributes: Mapping[str, object], at: str) -> list[Problem]:
    problems = []
    for name, value in attributes.items():
        fault = "a name starts with a letter or _, then letters, digits, _ or -; 64 at most"
        if NAME.match(str(name)):
            fault = _value_fault(value) or ""
        if fault:
            problems.append(Problem(f"{at}/{escaped(str(name))}", fault))
    return problems


def _value_fault(value: object) -> str | None:
    if isinstance(value, list):
        if len(value) > LIST_MAX:
            return f"lists have at most {LIST_MAX} entries"
        return next((fault for one in value if (fault := _scalar_fault(one))), None)
    return _scalar_fault(value)


def _scalar_fault(value: object) -> str | None:
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        is_good = len(value) <= TEXT_MAX and not _CONTROL.search(value)
        return None if is_good else f"texts have at most {TEXT_MAX} characters, and no control characters"
    told = number(value)
    is_good = told is not None and abs(told) <= 2.0**53
    return None if is_good else "is a text, a finite number, true, false, or a list of those"


FIELDS: Mapping[str, Fault] = {
    "item_id": _id,
    "title": _text(TITLE_MAX),
    "description": _text(TEXT_MAX),
    "image_url": _address,
    "url": _address,
    "price": _amount,
    "original_price": _amount,
    "currency": _money,
    "stock": _stock,
    "category": _text(TITLE_MAX),
    "brand": _text(TAG_MAX),
    "tags": _tags,
    "rating": _rating,
    "available_from": _moment,
    "available_until": _moment,
    "attributes": _attributes,
}
