"""Addresses of other servers' files: https, a public name, and only hosts that the settings allow."""

import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

URL_MAX = 2_000
PORT = 443

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")


class BadAddress(Exception):
    """An address that nothing is fetched from; the text says why."""


def destination(url: str, hosts: Sequence[str]) -> tuple[str, str]:
    """The host of an address, and the path and query to ask it for. Raises BadAddress.

    `hosts` are names such as `img.shop.example`, `*.shop.example` for all below, or `*` for every one.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as wrong:
        raise BadAddress("it is no address") from wrong
    if len(url) > URL_MAX or parts.scheme != "https" or not _HOST.fullmatch(host):
        raise BadAddress(f"it must be an https address of at most {URL_MAX} characters")
    if parts.username is not None or port not in (None, PORT):
        raise BadAddress("it may name no user and no port")
    if not is_allowed(host, hosts):
        raise BadAddress(f"IMAGE_HOSTS does not name {host}")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    return host, f"{path}?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else path


def is_allowed(host: str, hosts: Sequence[str]) -> bool:
    """Whether one of the names is this host's, or of all below a part of it."""
    return any(host.endswith(name[1:]) if name.startswith("*.") else name in (host, "*") for name in hosts)
