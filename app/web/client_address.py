"""The address a request came from, behind as many trusted proxies as the operator says there are."""

import ipaddress
from collections.abc import Mapping
from typing import Any

FORWARDED_MAX = 2_000


def client_ip(environ: Mapping[str, Any], trusted_proxies: int) -> str:
    """The peer's address, or the one the outermost trusted proxy saw; never one a client may invent.

    Each trusted proxy appends the address it saw to X-Forwarded-For, so with n of them the client's
    is the n-th from the right. What is not an address there is not believed.
    """
    peer: str = environ.get("REMOTE_ADDR", "")
    if trusted_proxies < 1:
        return peer
    seen = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "")[-FORWARDED_MAX:].split(",")]
    if len(seen) < trusted_proxies:
        return peer
    try:
        return str(ipaddress.ip_address(seen[-trusted_proxies]))
    except ValueError:
        return peer
