"""A bounded load on loopback: some connections, each asking again as soon as it is answered.

The paths come on standard input, one a line, and are asked for in turn.
"""

import itertools
import selectors
import socket
import sys
import time
from collections.abc import Iterator, Sequence


def run(
    port: int, paths: Sequence[str], *, connections: int, seconds: float, user_agent: str
) -> tuple[int, int]:
    """Ask for a while; answers how many were answered, and how many of those badly."""
    tail = f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: {user_agent}\r\n\r\n"
    requests = itertools.cycle([f"GET {path}{tail}".encode() for path in paths])
    selector = selectors.DefaultSelector()
    buffers: dict[socket.socket, bytes] = {}
    for _ in range(connections):
        _connect(selector, buffers, port, requests)
    answered = bad = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for key, _ in selector.select(timeout=0.2):
            sock: socket.socket = key.fileobj  # type: ignore[assignment]
            data = sock.recv(262_144)
            if not data:
                # The server ends a kept-alive connection when it likes.
                selector.unregister(sock)
                del buffers[sock]
                sock.close()
                _connect(selector, buffers, port, requests)
                continue
            whole = buffers[sock] + data
            size = _answer_size(whole)
            if size is None or len(whole) < size:
                buffers[sock] = whole
                continue
            answered += 1
            bad += whole[9:10] not in (b"2", b"3")
            buffers[sock] = b""
            sock.sendall(next(requests))
    for sock in list(buffers):
        sock.close()
    return answered, bad


def _connect(
    selector: selectors.BaseSelector,
    buffers: dict[socket.socket, bytes],
    port: int,
    requests: Iterator[bytes],
) -> None:
    sock = socket.create_connection(("127.0.0.1", port), timeout=5)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    buffers[sock] = b""
    selector.register(sock, selectors.EVENT_READ)
    sock.sendall(next(requests))


def _answer_size(data: bytes) -> int | None:
    head = data.find(b"\r\n\r\n")
    if head < 0:
        return None
    lowered = data[:head].lower()
    at = lowered.find(b"content-length:")
    length = int(lowered[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    return head + 4 + length


if __name__ == "__main__":
    _, port_text, connections_text, seconds_text, agent = sys.argv
    print(
        *run(
            int(port_text),
            sys.stdin.read().split(),
            connections=int(connections_text),
            seconds=float(seconds_text),
            user_agent=agent,
        )
    )
