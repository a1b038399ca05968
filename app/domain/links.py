"""Links: where a click may lead, and templates that cannot lead anywhere else."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from app.domain.link_hosts import host_fault
from app.domain.problems import Invalid
from app.domain.templates import BadTemplate, Template, compile_template, is_template

LINK_MAX = 2_048
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\<>\"`{}|^\u0080-\uffff]|[^\x00-\uffff]")
_INTERPOLATION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
# An item's own address was looked at when the item was saved.
_ITEM_FRONT = re.compile(r"\{\{-?\s*(?:item|items\[\d{1,2}\])\.url\s*-?\}\}(?=[/?&#]|\Z)")
_FIXED_FRONT = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?([/?#]|\Z)")


class BadLink(Exception):
    """A rendered link is no address a reader may be sent to."""


def check_link(url: str) -> str | None:
    """What is wrong with a web address, or None."""
    if len(url) > LINK_MAX:
        return f"an address has at most {LINK_MAX} characters"
    if _FORBIDDEN.search(url):
        return "an address is ASCII without spaces, quotes or backslashes; write them percent-encoded"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "this is not a web address"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "an address begins with https:// or http:// and a host"
    return "an address holds no user name or password" if "@" in parts.netloc else None


def compile_link(source: str, *, pointer: str = "") -> Template:
    """Check a link template: scheme and host are written out, values only after them. Raises Invalid.

    Only an item's own address may stand in their place: `{{ item.url }}`.
    """
    if not is_template(source):
        fault = check_link(source)
        if fault:
            raise Invalid.at(pointer, fault)
        return compile_template(source, pointer=pointer)
    item = _ITEM_FRONT.match(source)
    front = item[0] if item else ""
    if not item and not _FIXED_FRONT.match(source):
        raise Invalid.at(
            pointer, "a link begins with https:// and its host in full; values come after the host"
        )
    rest = source[len(front) :]
    fault = check_link(("https://x.example/" if front else "") + _INTERPOLATION.sub("x", rest))
    if fault:
        raise Invalid.at(pointer, fault)
    return compile_template(front + _encoded(rest), pointer=pointer)


def render_link(template: Template, context: Mapping[str, object], *, hosts: Sequence[str] = ()) -> str:
    """The address for these values, every value percent-encoded, at one of the hosts. Raises BadLink."""
    try:
        url = template.render(context)
    except BadTemplate as wrong:
        raise BadLink(str(wrong)) from wrong
    fault = check_link(url) or host_fault(url, hosts)
    if fault:
        raise BadLink(fault)
    return url


def _encoded(source: str) -> str:
    # Each `{{ … }}` ends in our own filter, after whatever the author filtered with.
    return re.sub(r"\{\{(-?)(.*?)(-?)\}\}", r"{{\1\2 | link_value \3}}", source, flags=re.DOTALL)
