"""A whole deployment on loopback: real Valkey, a real database, recorder and web server as processes.

Each part can be killed and started again by itself.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli.syncing import Syncing
from tests import make
from tests.servers import ValkeyServer

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, redirects not followed."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow nothing: the redirect itself is the answer."""


_opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))


class Deployment:
    """Starts and stops the parts; speaks to the server as a platform and as a mail client."""

    def __init__(self, folder: Path, *, processes: int = 1) -> None:
        self.folder = folder
        self.port = free_port()
        (folder / "valkey").mkdir()
        self.valkey = ValkeyServer(folder / "valkey")
        self._syncing = Syncing(folder / "valkey" / "appendonlydir")
        self.database = folder / "cold.db"
        self.key = ""
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._log = (folder / "log.txt").open("wb")
        self.env = {
            **os.environ,
            "SIGNING_KEYS": make.SECRET,
            "REDIS_URL": self.valkey.url,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "VAR_DIR": str(folder / "var"),
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(processes),
        }

    def start(self) -> "Deployment":
        """Everything, as `mailtide run` does it but each part in our hands."""
        self.valkey.start()
        self._syncing.start()
        self.cli("migrate")
        self.key = self.cli("keys", "create", "tests", "--scope", "admin").split()[-1]
        self.start_recorder()
        self.start_web()
        return self

    def cli(self, *words: str) -> str:
        """Run a `mailtide` command and give back what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *words],
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start_recorder(self) -> None:
        """A recorder process."""
        self._spawn("recorder", [sys.executable, "-m", "app.cli", "worker"])

    def start_web(self) -> None:
        """The web server; returns once it answers."""
        self._spawn("web", [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"])
        make.wait_until(lambda: self._is_up(), timeout_s=20)

    def pid(self, part: str) -> int:
        """The process id of a running part."""
        return self._children[part].pid

    def kill(self, part: str) -> None:
        """SIGKILL a part and all its processes: no goodbye."""
        child = self._children.pop(part)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def stop(self) -> None:
        """End every process that this deployment started."""
        for part in list(self._children):
            self.kill(part)
        self._syncing.stop()
        self.valkey.stop()
        self._log.close()

    def log(self) -> str:
        """What the processes printed so far."""
        return (self.folder / "log.txt").read_text(errors="replace")

    def api(self, method: str, path: str, body: object = None, *, ok: bool = True) -> Any:
        """Call the API with the admin key; the decoded body of a good answer."""
        answer = self.call(method, path, body)
        if ok:
            assert answer.status < 300, (
                f"{method} {path}: {answer.status} {answer.body.decode()[:500]}\n{self.log()[-3000:]}"
            )
        return answer.json if answer.body else None

    def call(self, method: str, path: str, body: object = None) -> Answer:
        """The same, giving the whole answer."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        return self._http(method, f"http://127.0.0.1:{self.port}{path}", headers, data)

    def fetch(
        self, url: str, user_agent: str = make.CHROME, *, method: str = "GET", data: bytes | None = None
    ) -> Answer:
        """Fetch a URL as a mail client does."""
        return self._http(method, url, {"User-Agent": user_agent}, data)

    def recorded(self, **wanted: str) -> list[dict[str, Any]]:
        """All events SQL has, by the API's pages."""
        events: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = self.api("GET", f"/v1/events?limit=1000&after={cursor}")
            events += page["events"]
            cursor = page["next_cursor"] or ""
            if not page["events"]:
                return [
                    event
                    for event in events
                    if all(event.get(name) == value for name, value in wanted.items())
                ]

    def _http(self, method: str, url: str, headers: dict[str, str], data: bytes | None) -> Answer:
        request = urllib.request.Request(url, data=data, method=method, headers=headers)
        try:
            with _opener.open(request, timeout=10) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, dict(refused.headers), refused.read())

    def _is_up(self) -> bool:
        try:
            return self.fetch(f"http://127.0.0.1:{self.port}/healthz").status == 200
        except OSError:
            return False

    def _spawn(self, part: str, command: list[str]) -> None:
        self._children[part] = subprocess.Popen(
            command, env=self.env, cwd=ROOT, stdout=self._log, stderr=self._log, start_new_session=True
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
