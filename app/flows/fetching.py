"""A file of somebody else's server: https, hosts that are allowed, and within bounds of time and bytes."""

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from app.flows.dialling import PORT, Dial, Unreachable, dial_public

URL_MAX = 2_000
FILE_BYTES = 5 * 2**20
WITHIN_S = 5.0
REDIRECTS_MAX = 3
TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")

_REDIRECTS = (301, 302, 303, 307, 308)
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_PART = 64 * 2**10


class Refused(Exception):
    """An address that is not fetched, or an answer that is not taken; the text says why."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches pictures of the allowed hosts: names such as `img.shop.example`, or `*.shop.example`."""

    hosts: Sequence[str]
    dial: Dial = dial_public
    context: ssl.SSLContext | None = None
    within_s: float = WITHIN_S

    def fetch(self, url: str) -> bytes:
        """The bytes at an address. Raises Refused."""
        ends_s = time.monotonic() + self.within_s
        for _ in range(REDIRECTS_MAX + 1):
            host, path = self._checked(url)
            found = self._answer(host, path, ends_s)
            if isinstance(found, bytes):
                return found
            # A redirect is an address like any other: looked at from the start.
            url = urljoin(url, found)
        raise Refused(f"it was redirected more than {REDIRECTS_MAX} times")

    def is_allowed(self, host: str) -> bool:
        """Whether the settings name this host."""
        return any(
            host.endswith(allowed[1:]) if allowed.startswith("*.") else host == allowed
            for allowed in self.hosts
        )

    def _checked(self, url: str) -> tuple[str, str]:
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError as wrong:
            raise Refused("it is no address") from wrong
        if len(url) > URL_MAX or parts.scheme != "https" or not _HOST.fullmatch(host):
            raise Refused(f"it must be an https address of at most {URL_MAX} characters")
        if parts.username is not None or port not in (None, PORT):
            raise Refused("it may name no user and no port")
        if not self.is_allowed(host):
            raise Refused(f"IMAGE_HOSTS does not name {host}")
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
        return host, f"{path}?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else path

    def _answer(self, host: str, path: str, ends_s: float) -> bytes | str:
        """The bytes, or where the answer sends us."""
        try:
            with self._secure(host, ends_s) as secure:
                # A server that sends a byte now and then would outlast every timeout of a read.
                hanging_up = threading.Timer(max(0.0, ends_s - time.monotonic()), _hang_up, (secure,))
                hanging_up.daemon = True
                hanging_up.start()
                try:
                    found = _exchange(secure, host, path)
                finally:
                    hanging_up.cancel()
        except Unreachable as away:
            raise Refused(str(away)) from away
        except (OSError, http.client.HTTPException, ValueError) as broken:
            raise Refused(f"{host} did not answer well: {broken!r}"[:200]) from broken
        if time.monotonic() >= ends_s:
            raise Refused(f"{host} took longer than {self.within_s:.0f} s")
        return found

    def _secure(self, host: str, ends_s: float) -> ssl.SSLSocket:
        context = self.context or ssl.create_default_context()
        plain = self.dial(host, max(0.1, ends_s - time.monotonic()))
        return context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


def _exchange(secure: ssl.SSLSocket, host: str, path: str) -> bytes | str:
    secure.do_handshake()
    connection = http.client.HTTPConnection(host)
    connection.sock = secure
    headers = {"Accept": ", ".join(TYPES), "Accept-Encoding": "identity", "User-Agent": "Mailtide"}
    connection.request("GET", path, headers=headers)
    with connection.getresponse() as response:
        return _taken(response)


def _taken(response: http.client.HTTPResponse) -> bytes | str:
    location = response.headers.get("Location")
    if response.status in _REDIRECTS and location:
        return location
    if response.status != 200:
        raise Refused(f"it answered {response.status}")
    if response.headers.get_content_type() not in TYPES:
        raise Refused(f"it is {response.headers.get_content_type()[:40]}, and no picture")
    if int(response.headers.get("Content-Length") or 0) > FILE_BYTES:
        raise Refused(f"it has more than {FILE_BYTES // 2**20} MB")
    content = bytearray()
    while part := response.read1(_PART):
        content += part
        if len(content) > FILE_BYTES:
            raise Refused(f"it has more than {FILE_BYTES // 2**20} MB")
    if response.length:
        raise Refused("it ended early")
    return bytes(content)


def _hang_up(secure: ssl.SSLSocket) -> None:
    try:
        # Not its own, which would take the connection's state from under the reader.
        socket.socket.shutdown(secure, socket.SHUT_RDWR)
    except OSError:
        return  # closed already
