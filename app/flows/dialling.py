"""A connection to a host of the public internet: to an address that was looked at, and no other."""

import ipaddress
import socket
from collections.abc import Callable

from app.domain.addresses import PORT

_TUNNELS = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))

Resolve = Callable[[str], list[str]]
Dial = Callable[[str, float], socket.socket]


class Unreachable(Exception):
    """No connection, or none that may be made; the text says why."""


def dial_public(host: str, timeout_s: float, *, resolve: Resolve | None = None) -> socket.socket:
    """Connect to port 443 of a host, all of whose addresses are public. Raises Unreachable.

    The address that was checked is the one connected to: a second question to DNS could get another answer.
    """
    try:
        addresses = (resolve or resolved)(host)
    except (OSError, UnicodeError) as unknown:
        raise Unreachable(f"{host} is not known to DNS") from unknown
    inner = [address for address in addresses if not is_public(address)]
    if inner or not addresses:
        raise Unreachable(
            f"{host} is not on the public internet: it has the address {', '.join(inner) or '-'}"
        )
    try:
        return socket.create_connection((addresses[0], PORT), timeout=timeout_s)
    except OSError as closed:
        raise Unreachable(f"{host} cannot be connected to: {closed}") from closed


def resolved(host: str) -> list[str]:
    """Every address DNS has for a host, the preferred one first. Raises OSError."""
    found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet: no private, local, shared or tunnelled one."""
    try:
        told = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(told, ipaddress.IPv6Address):
        leads_elsewhere = told.ipv4_mapped or told.sixtofour or told.teredo
        if leads_elsewhere or any(told in network for network in _TUNNELS):
            return False
    return told.is_global and not told.is_multicast and not told.is_reserved
