"""Mapping: a record of somebody's feed as an item, its texts read as numbers, money, stock and times."""

import hashlib
import html
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from app.domain.catalogs.items import LIST_MAX, RATING_MAX, TAG_MAX, TAGS_MAX, TEXT_MAX, TITLE_MAX, as_text
from app.domain.ids import is_id

# What shops and papers call these things; of several that are there the first counts.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "item_id": ("item_id", "id", "g:id", "sku", "guid"),
    "title": ("title", "g:title", "name"),
    "description": ("description", "g:description", "summary"),
    "image_url": (
        "image_url", "image_link", "g:image_link", "image", "media:content@url", "media:thumbnail@url",
        "enclosure@url",
    ),
    "url": ("url", "link", "g:link", "link@href", "product_url"),
    "price": ("sale_price", "g:sale_price", "price", "g:price"),
    "original_price": ("original_price", "price", "g:price"),
    "currency": ("currency", "g:currency"),
    "stock": ("stock", "quantity", "inventory", "availability", "g:availability"),
    "category": ("category", "product_type", "g:product_type", "g:google_product_category"),
    "brand": ("brand", "g:brand"),
    "tags": ("tags", "keywords"),
    "rating": ("rating", "average_rating"),
    "available_from": ("available_from", "availability_date", "g:availability_date", "pubDate", "published"),
    "available_until": ("available_until", "expiration_date", "g:expiration_date"),
}  # fmt: skip

_MARKUP = re.compile(r"<[^<>]{0,500}>")
_SPACES = re.compile(r"\s+")
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_NUMBER = re.compile(r"[-+]?\d[\d.,'\u00a0 ]*")
_CURRENCY = re.compile(r"\b[A-Z]{3}\b")
_GONE = ("out of stock", "out_of_stock", "sold out", "soldout", "discontinued", "unavailable", "no", "false")

Record = Mapping[str, object]


def item_of(record: Record, mapping: Mapping[str, str]) -> dict[str, object]:
    """The item that a record tells of. What cannot be read as it should stays as it is, to be refused."""
    item: dict[str, object] = {}
    attributes: dict[str, object] = {}
    for name, sources in _sources(mapping).items():
        value = next((record[one] for one in sources if record.get(one) not in (None, "", [])), None)
        if value is None:
            continue
        if name.startswith("attributes."):
            attributes[name.removeprefix("attributes.")] = _attribute(value)
        else:
            item[name] = _READERS[name](value)
    _put_money(item, record, mapping)
    if attributes:
        item["attributes"] = attributes
    return {name: value for name, value in item.items() if value is not None}


def _sources(mapping: Mapping[str, str]) -> dict[str, Sequence[str]]:
    return {**ALIASES, **{name: (source,) for name, source in mapping.items()}}


def _put_money(item: dict[str, object], record: Record, mapping: Mapping[str, str]) -> None:
    """Prices often bear their currency: `24.00 EUR`. A price that is not lower than before is no sale."""
    if "currency" not in item:
        for source in _sources(mapping)["price"]:
            found = _CURRENCY.search(str(record.get(source) or ""))
            if found:
                item["currency"] = found[0]
                break
    if item.get("original_price") == item.get("price"):
        item.pop("original_price", None)


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _line(longest: int) -> Callable[[object], object]:
    def read(value: object) -> object:
        text = html.unescape(_MARKUP.sub(" ", str(_first(value))))
        return _SPACES.sub(" ", _CONTROL.sub(" ", text)).strip()[:longest] or None

    return read


def _id(value: object) -> object:
    """An id as it is; what may be none, such as the address that a paper gives, by its digest."""
    text = str(_first(value)).strip()
    if is_id(text):
        return text
    return "x-" + hashlib.blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()


def _address(value: object) -> object:
    return html.unescape(str(_first(value)).strip()) or None


def _number(value: object) -> object:
    """`1,234.50`, `1.234,50`, `24,5`, `24.00 EUR`; what is none stays a text."""
    value = _first(value)
    if isinstance(value, int | float):
        return value
    found = _NUMBER.search(str(value))
    if found is None:
        return str(value)
    text = re.sub(r"[\u00a0 ']", "", found[0]).rstrip(".,")
    comma, point = text.rfind(","), text.rfind(".")
    if comma > point and not (point < 0 and re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+", text)):
        text = text.replace(".", "").replace(",", ".")
    text = text.replace(",", "")
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return str(value)


def _stock(value: object) -> object:
    """A number of pieces; 0 for what says it is out of stock, nothing for what says it is there."""
    value = _first(value)
    if isinstance(value, bool):
        return None if value else 0
    text = str(value).strip().lower()
    if re.fullmatch(r"[-+]?\d+(\.0+)?", text):
        return max(0, int(float(text)))
    return 0 if text in _GONE else None


def _rating(value: object) -> object:
    read = _number(value)
    return read if not isinstance(read, int | float) or 0 <= read <= RATING_MAX else None


def _tags(value: object) -> object:
    listed = value if isinstance(value, list) else re.split(r"[,;|]", str(value))
    tags = [_line(TAG_MAX)(one) for one in listed]
    return list(dict.fromkeys(one for one in tags if one))[:TAGS_MAX] or None


def _moment(value: object) -> object:
    """RFC 3339, RFC 2822 or a date; without an offset it is UTC."""
    text = str(_first(value)).strip()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return text
    try:
        return as_text(at if at.tzinfo else at.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return text


def _attribute(value: object) -> object:
    if isinstance(value, list):
        return [_attribute(one) for one in value[:LIST_MAX]]
    return value if isinstance(value, bool | int | float) else _line(TEXT_MAX)(value) or ""


_READERS: Mapping[str, Callable[[object], object]] = {
    "item_id": _id,
    "title": _line(TITLE_MAX),
    "description": _line(TEXT_MAX),
    "image_url": _address,
    "url": _address,
    "price": _number,
    "original_price": _number,
    "currency": lambda value: str(_first(value)).strip().upper(),
    "stock": _stock,
    "category": _line(TITLE_MAX),
    "brand": _line(TAG_MAX),
    "tags": _tags,
    "rating": _rating,
    "available_from": _moment,
    "available_until": _moment,
}
