"""A file of somebody else's server: https, hosts that are allowed, and within bounds of time and bytes."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from app.domain.addresses import BadAddress, destination
from app.domain.freshness import fresh_for_s
from app.flows.dialling import Dial, Unreachable, dial_public

FILE_BYTES = 5 * 2**20
WITHIN_S = 5.0
REDIRECTS_MAX = 3
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
VALIDATOR_MAX = 200

_REDIRECTS = (301, 302, 303, 307, 308)
_PART = 64 * 2**10


class Refused(Exception):
    """An address that is not fetched, or an answer that is not taken; the text says why."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server called the file it gave: sent back, it answers that nothing changed, where that is so."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> Mapping[str, str]:
        """The header fields to send."""
        told = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class File:
    """What an address has: its bytes, or None where they are those known; and how long it is fresh."""

    content: bytes | None
    validators: Validators
    fresh_s: float


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches files of the allowed hosts: names such as `img.shop.example`, or `*.shop.example`."""

    hosts: Sequence[str]
    dial: Dial = dial_public
    context: ssl.SSLContext | None = None
    within_s: float = WITHIN_S
    types: Sequence[str] = PICTURES
    file_bytes: int = FILE_BYTES

    def fetch(self, url: str, known: Validators | None = None) -> File:
        """The file at an address, or that it is still the one known. Raises Refused."""
        ends_s = time.monotonic() + self.within_s
        for _ in range(REDIRECTS_MAX + 1):
            try:
                host, path = destination(url, self.hosts)
            except BadAddress as wrong:
                raise Refused(str(wrong)) from wrong
            found = self._answer(host, path, known or Validators(), ends_s)
            if isinstance(found, File):
                return found
            # A redirect is an address like any other: looked at from the start.
            url = urljoin(url, found)
        raise Refused(f"it was redirected more than {REDIRECTS_MAX} times")

    def _answer(self, host: str, path: str, known: Validators, ends_s: float) -> File | str:
        """The file, or where the answer sends us."""
        try:
            with self._secure(host, ends_s) as secure:
                # A server that sends a byte now and then would outlast every timeout of a read.
                hanging_up = threading.Timer(max(0.0, ends_s - time.monotonic()), _hang_up, (secure,))
                hanging_up.daemon = True
                hanging_up.start()
                try:
                    found = self._exchange(secure, host, path, known)
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

    def _exchange(self, secure: ssl.SSLSocket, host: str, path: str, known: Validators) -> File | str:
        secure.do_handshake()
        connection = http.client.HTTPConnection(host)
        connection.sock = secure
        headers = {"Accept": ", ".join(self.types), "Accept-Encoding": "identity", "User-Agent": "Mailtide"}
        connection.request("GET", path, headers={**headers, **known.headers()})
        with connection.getresponse() as response:
            location = response.headers.get("Location")
            if response.status in _REDIRECTS and location:
                return location
            is_as_known = response.status == 304 and known != Validators()
            content = None if is_as_known else self._content(response)
            told = _validators(response)
            return File(
                content, told if told != Validators() or not is_as_known else known, _fresh_s(response)
            )

    def _content(self, response: http.client.HTTPResponse) -> bytes:
        if response.status != 200:
            raise Refused(f"it answered {response.status}")
        if response.headers.get_content_type() not in self.types:
            wanted = "no picture" if self.types == PICTURES else f"not {self.types[0]}"
            raise Refused(f"it is {response.headers.get_content_type()[:40]}, and {wanted}")
        if int(response.headers.get("Content-Length") or 0) > self.file_bytes:
            raise Refused(f"it has more than {self.file_bytes // 2**20} MB")
        content = bytearray()
        while part := response.read1(_PART):
            content += part
            if len(content) > self.file_bytes:
                raise Refused(f"it has more than {self.file_bytes // 2**20} MB")
        if response.length:
            raise Refused("it ended early")
        return bytes(content)


def _validators(response: http.client.HTTPResponse) -> Validators:
    told = [(response.headers.get(name) or "").strip() for name in ("ETag", "Last-Modified")]
    # What cannot be sent back as it is, is not kept.
    return Validators(
        *(one if len(one) <= VALIDATOR_MAX and one.isascii() and one.isprintable() else "" for one in told)
    )


def _fresh_s(response: http.client.HTTPResponse) -> float:
    return fresh_for_s(response.headers.get("Cache-Control") or "", response.headers.get("Age") or "")


def _hang_up(secure: ssl.SSLSocket) -> None:
    try:
        # Not its own, which would take the connection's state from under the reader.
        socket.socket.shutdown(secure, socket.SHUT_RDWR)
    except OSError:
        return  # closed already
