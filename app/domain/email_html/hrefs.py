"""What an `href` says: a web address to wrap, or why it is left alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from html.entities import html5

from app.domain.link_hosts import host_fault
from app.domain.links import check_link

UNSUBSCRIBE = "mailtide:unsubscribe"
VOTE = "mailtide:vote/"  # then the block, a slash and the answer

_ENTITY = re.compile(r"&(?:#(?:([0-9]{1,7})|[xX]([0-9a-fA-F]{1,6}));?|([A-Za-z][A-Za-z0-9]*+)(;?))")
_EDGES = "".join(map(chr, range(33)))
_BREAKS = re.compile(r"[\t\n\r]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*+):")
# {{ }}  {% %}  ${ }  *| |*  %%name%%  [[ ]]  [% %]  <% %>  %recipient.name%
_PLATFORM_TAG = re.compile(
    r"\{\{|\{%|\$\{|\*\||%%[^%]|\[\[|\[%|<%|%(?![0-9A-Fa-f]{2})[A-Za-z_][A-Za-z0-9_.]*+%"
)


class Left(StrEnum):
    """Why an href is left as it is."""

    EMPTY = "empty"
    ANCHOR = "anchor"
    PLATFORM_TAG = "platform_tag"
    OTHER_SCHEME = "other_scheme"
    RELATIVE = "relative"
    BAD_ADDRESS = "bad_address"
    OTHER_HOST = "other_host"
    SWITCHED_OFF = "switched_off"
    OTHER_MESSAGE = "other_message"


@dataclass(frozen=True, slots=True)
class Href:
    """An href with entities and blanks at its ends resolved; `left` is None for an address to wrap."""

    url: str
    left: Left | None = None
    fault: str = ""


def decoded(written: str) -> str:
    """An attribute's value as a browser takes it: entities resolved, blanks around and line ends dropped."""
    return _BREAKS.sub("", _ENTITY.sub(_character, written).strip(_EDGES))


def judge(url: str, hosts: Sequence[str] = ()) -> Href:
    """Whether a decoded href is a web address that can be wrapped, at one of the hosts."""
    if not url:
        return Href(url, Left.EMPTY)
    if _PLATFORM_TAG.search(url):
        return Href(url, Left.PLATFORM_TAG)
    if url.startswith("#"):
        return Href(url, Left.ANCHOR)
    scheme = _SCHEME.match(url)
    if scheme is None:
        return Href(url, Left.RELATIVE)
    if scheme[1].lower() not in ("http", "https"):
        return Href(url, Left.OTHER_SCHEME)
    fault = check_link(url)
    if fault:
        return Href(url, Left.BAD_ADDRESS, fault)
    fault = host_fault(url, hosts)
    return Href(url, Left.OTHER_HOST, fault) if fault else Href(url)


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name, semicolon = match.groups()
    if name is None:
        number = int(decimal) if decimal else int(hexadecimal, 16)
        return chr(number) if 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else "\ufffd"
    if semicolon:
        return html5.get(f"{name};", match[0])
    # In an attribute `&copy=1` is the parameter `copy`, and no sign: the standard says so (13.2.5.73).
    is_parameter = match.string.startswith("=", match.end())
    return match[0] if is_parameter else html5.get(name, match[0])
