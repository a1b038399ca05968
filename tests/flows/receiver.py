"""Somebody else's https server, on loopback: answers as it is told, and counts what it is asked."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

CERTIFICATES = (
    Path(__file__).parent / "certificates"
)  # of img. and cdn.shop.example and other.example, till 2126


class Receiver:
    """Serves `answers` by path: whole HTTP answers as bytes, or callables that write to the connection."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | Callable[[ssl.SSLSocket], None]] = {}
        self.asked: list[str] = []
        self.requests: list[dict[str, str]] = []  # the header fields of each
        self.dialled: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(CERTIFICATES / "receiver.pem", CERTIFICATES / "receiver.key")
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def trusting(self) -> ssl.SSLContext:
        """A client's context that trusts this server's certificate and no other."""
        return ssl.create_default_context(cafile=str(CERTIFICATES / "receiver.pem"))

    def dial(self, host: str, timeout_s: float) -> socket.socket:
        """Every host is this one."""
        self.dialled.append(host)
        return socket.create_connection(self._listening.getsockname(), timeout=timeout_s)

    def close(self) -> None:
        # A blocked accept is not woken by close.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(plain,), daemon=True).start()

    def _answer(self, plain: socket.socket) -> None:
        try:
            with self._context.wrap_socket(plain, server_side=True) as secure:
                head = secure.recv(8_192).decode()
                path = head.split(" ")[1]
                fields = (line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                self.requests.append({name.lower(): value for name, value in fields})
                self.asked.append(path)
                answer = self.answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                if callable(answer):
                    answer(secure)
                else:
                    secure.sendall(answer)
        except (OSError, IndexError):
            return  # the client went away, or never spoke
        finally:
            plain.close()


def ok(content: bytes, mimetype: str = "image/png") -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {mimetype}\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


def moved(location: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


def dribbling(start: bytes) -> Callable[[ssl.SSLSocket], None]:
    """A server that sends a byte every now and then, and never ends."""

    def answer(secure: ssl.SSLSocket) -> None:
        secure.sendall(start)
        for _ in range(200):
            secure.sendall(b"x")
            time.sleep(0.05)

    return answer
