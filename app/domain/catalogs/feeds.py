"""Feeds: where a catalogue's items come from by themselves, as somebody says it, checked and read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from app.domain.addresses import BadAddress, destination
from app.domain.catalogs.items import FIELDS, NAME
from app.domain.checks import Check
from app.domain.frequency.windows import duration

FORMATS = ("csv", "json", "rss", "xml")
FEED_FIELDS = ("url", "format", "mapping", "every", "path")
EVERY = timedelta(hours=1)
EVERY_LEAST, EVERY_MOST = timedelta(minutes=5), timedelta(days=7)
ANY_HOST = ("*",)
SOURCE_MAX = 200
_PATH = re.compile(r"[^\x00-\x1f/]{1,100}(/[^\x00-\x1f/]{1,100}){0,5}\Z")


@dataclass(frozen=True, slots=True)
class Feed:
    """An address, the form of what is there, how often to look, and which of its fields say what.

    `path` leads to the list of items in JSON, and names the element of an item in XML.
    Items whose `url` leads to none of the `link_hosts` are refused.
    """

    url: str
    format: str
    every: timedelta = EVERY
    mapping: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    link_hosts: tuple[str, ...] = ()


def compile_feed(document: object) -> Feed:
    """Check what somebody says of a feed. Raises Invalid with a pointer to each fault."""
    check = Check()
    fields = check.known(document, FEED_FIELDS, "")
    url = check.text(fields, "url", "", longest=2_000, default="")
    try:
        destination(url, ANY_HOST)
    except BadAddress as wrong:
        check.fault("/url", str(wrong))
    told = fields.get("format")
    if told not in FORMATS:
        check.fault("/format", f"format is one of {', '.join(FORMATS)}")
    path = check.text(fields, "path", "", longest=600, default="")
    if path and not _PATH.match(path):
        check.fault("/path", "path is names joined by slashes, such as catalog/products")
    every = _every(check, fields.get("every"))
    mapping = _mapping(check, fields.get("mapping", {}))
    check.done()
    return Feed(url, str(told), every, mapping, path)


def _every(check: Check, told: object) -> timedelta:
    every = duration(told) if told is not None else EVERY
    if every is None or not EVERY_LEAST <= every <= EVERY_MOST:
        check.fault("/every", "every is an ISO 8601 duration from PT5M to P7D, such as PT1H")
        return EVERY
    return every


def _mapping(check: Check, told: object) -> Mapping[str, str]:
    if not isinstance(told, Mapping) or len(told) > 100:
        check.fault(
            "/mapping", 'mapping is an object, such as {"item_id": "sku", "attributes.colour": "farbe"}'
        )
        return {}
    for name, source in told.items():
        attribute = str(name).removeprefix("attributes.")
        is_attribute = attribute != name and NAME.match(attribute)
        if not is_attribute and (name not in FIELDS or name == "attributes"):
            known = ", ".join(one for one in FIELDS if one != "attributes")
            check.fault(
                f"/mapping/{str(name)[:80]}", f"is no field of an item; known are {known}, attributes.…"
            )
        if not isinstance(source, str) or not 0 < len(source) <= SOURCE_MAX:
            check.fault(f"/mapping/{str(name)[:80]}", "names a field of the feed")
    return {str(name): str(source) for name, source in told.items()}
