"""Where the web server listens: whether the port is free, whether it answers."""

import errno
import socket
import time

from app.cli.failing import Failed
from app.settings import Settings


def await_port(wanted: Settings, wait_s: float) -> None:
    """See to it that the port is free, or becomes so within some seconds. Raises Failed."""
    end = time.monotonic() + wait_s
    while True:
        try:
            _listen(wanted)
        except PermissionError as refused:
            raise Failed(
                f"port {wanted.port} is for root: choose one from 1024, PORT=8001 make run"
            ) from refused
        except OSError as refused:
            if refused.errno != errno.EADDRINUSE:
                raise Failed(
                    f"HOST {wanted.host[:80]} is no address of this machine: 127.0.0.1 is for itself alone, "
                    "0.0.0.0 for its network"
                ) from refused
            if time.monotonic() < end:
                time.sleep(0.1)
                continue
            raise Failed(
                f"{wanted.host} port {wanted.port} is taken: stop what listens there, or choose another: "
                "PORT=8001 make run"
            ) from refused
        return


def answers(wanted: Settings) -> bool:
    """Whether the web server answers there."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(wanted.host, wanted.host)  # noqa: S104
    try:
        with socket.create_connection((host, wanted.port), timeout=1) as line:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return b" 200 " in line.recv(64)
    except OSError:
        return False


def _listen(wanted: Settings) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(
        wanted.host, wanted.port, type=socket.SOCK_STREAM
    )[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
