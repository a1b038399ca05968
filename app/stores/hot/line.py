"""One lean connection a thread, packed and parsed by hiredis, for the open's fixed exchanges.

redis-py's command layer costs 105 us for three commands, hiredis on an own socket 22. The URL is
read and the first connection made by redis-py, so TLS, passwords and sockets work as they do there.
"""

import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import hiredis
import redis
from redis.exceptions import RedisError

from app.stores.absence import Unavailable

Argument = bytes | str | int
Command = tuple[Argument, ...]

PAUSE_S = (
    0.5  # after a failure, how long requests do not try again: a stalled server must not stall each of them
)


class Line:
    """Sends a few commands in one write and reads their answers; errors come back as values."""

    def __init__(self, url: str, *, timeout_s: float) -> None:
        self._pool = redis.ConnectionPool.from_url(
            url,
            socket_timeout=timeout_s,
            socket_connect_timeout=timeout_s,
            protocol=2,
            health_check_interval=0,
            # The pool counts what it ever made, not what is open: at its 100 a line would stay cut off
            # after an absence of some length, or with that many threads.
            max_connections=sys.maxsize,
        )
        self._timeout_s = timeout_s
        self._local = threading.local()
        self._closed_until = 0.0

    def send(self, commands: Sequence[Command]) -> list[object]:
        """One round trip. Raises Unavailable when the server is away, slow, or was a moment ago."""
        if time.monotonic() < self._closed_until:
            raise Unavailable("Redis was away a moment ago")
        packed = b"".join(map(_packed, commands))
        sock, reader, is_fresh = self._connected()
        try:
            return _exchange(sock, reader, packed, len(commands))
        except OSError as away:
            self._drop()
            if is_fresh or isinstance(away, TimeoutError | BlockingIOError):
                raise self._away(away) from away
        # The connection had gone stale while idle: the server may be well, so once more on a new one.
        # The commands are idempotent (event ids, pins), so a doubled arrival does no harm.
        sock, reader, _ = self._connected()
        try:
            return _exchange(sock, reader, packed, len(commands))
        except OSError as away:
            self._drop()
            raise self._away(away) from away

    def close(self) -> None:
        """Close this thread's connection and the pool's."""
        self._drop()
        self._pool.disconnect()

    def _connected(self) -> tuple[socket.socket, hiredis.Reader, bool]:
        held = getattr(self._local, "held", None)
        if held is not None:
            return held[0], held[1], False
        try:
            connection: Any = self._pool.make_connection()
            connection.connect()
        except (RedisError, OSError) as away:
            raise self._away(away) from away
        sock = connection._sock  # noqa: SLF001 - redis-py has no public way to the socket it opened
        _leave_waiting_to_the_kernel(sock, self._timeout_s)
        reader = hiredis.Reader(notEnoughData=_MORE)
        self._local.held = (sock, reader, connection)
        return sock, reader, True

    def _drop(self) -> None:
        held = getattr(self._local, "held", None)
        if held is not None:
            self._local.held = None
            held[2].disconnect()

    def _away(self, error: Exception) -> Unavailable:
        self._closed_until = time.monotonic() + PAUSE_S
        return Unavailable(f"Redis does not answer: {type(error).__name__}")


def _leave_waiting_to_the_kernel(sock: socket.socket, timeout_s: float) -> None:
    # With a timeout of its own, Python polls before every send and receive and lets go of the interpreter
    # each time: twice the system calls, and twice as many moments at which threads get in each other's way.
    if type(sock) is socket.socket:  # TLS keeps Python's timeouts: it has to know why a read came back
        span = struct.pack("@ll", int(timeout_s), int(timeout_s % 1 * 1e6))
        sock.settimeout(None)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, span)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, span)


_MORE = object()
# hiredis' own types want a tuple of one argument, and take any.
_packed: Callable[[Command], bytes] = hiredis.pack_command  # type: ignore[assignment]


def _exchange(sock: socket.socket, reader: hiredis.Reader, packed: bytes, count: int) -> list[object]:
    sock.sendall(packed)
    answers: list[object] = []
    while len(answers) < count:
        answer = reader.gets()
        if answer is _MORE:
            data = sock.recv(65_536)
            if not data:
                raise ConnectionResetError("closed by the server")
            reader.feed(data)
        else:
            answers.append(answer)
    return answers
