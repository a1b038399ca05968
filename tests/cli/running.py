"""`mailtide run` as a process of its own, in a folder of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import make
from tests.journeys.deployment import free_port

ROOT = Path(__file__).parents[2]
# Whatever the machine that tests says of its own deployments stays outside.
OWN = ("SIGNING_KEYS", "REDIS_URL", "DATABASE_URL", "BASE_URL", "VAR_DIR", "HOST", "PORT", "MAILTIDE_DEMO")


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a command on `folder`/var, without the demo."""
    outside = {name: value for name, value in os.environ.items() if name not in OWN}
    own = {"VAR_DIR": str(folder / "var"), "MAILTIDE_DEMO": "0", "WEB_CONCURRENCY": "1"}
    return {**outside, **own, **more}


def mailtide(
    environ: dict[str, str], *words: str, said: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        env=environ,
        cwd=ROOT,
        input=said,
        stdin=subprocess.DEVNULL if said is None else None,
        capture_output=True,
        text=True,
        timeout=60,
    )


class Running:
    """One `mailtide run`; what it prints goes to `folder`/out.txt."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.folder = folder
        self.port = int(more.pop("PORT", free_port()))
        self.env = environment(folder, PORT=str(self.port), **more)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The supervisor."""
        assert self._process is not None
        return self._process

    @property
    def key(self) -> str:
        """The admin key it left."""
        return (self.folder / "var" / "demo.key").read_text().strip()

    def begin(self) -> "Running":
        """Start it, and come back at once."""
        command = [sys.executable, "-m", "app.cli", "run"]
        (self.folder / "out.txt").unlink(missing_ok=True)
        with (self.folder / "out.txt").open("ab") as out:
            self._process = subprocess.Popen(
                command, env=self.env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )
        return self

    def start(self) -> "Running":
        """Start it, and come back once it says that everything runs."""
        self.begin()
        make.wait_until(
            lambda: "Ctrl-C stops" in self.said() or self.process.poll() is not None, timeout_s=40
        )
        assert self.process.poll() is None, self.said()
        return self

    def said(self) -> str:
        """What it printed so far."""
        return (self.folder / "out.txt").read_text()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to stop; the seconds it took. Its exit code is 0."""
        began = time.monotonic()
        self.process.send_signal(how)
        assert self.process.wait(timeout=20) == 0, self.said()
        return time.monotonic() - began

    def kill(self) -> None:
        """SIGKILL for the supervisor alone."""
        self.process.kill()
        self.process.wait()

    def cli(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Another command on the same folder."""
        return mailtide(self.env, *words)

    def spawn(self, *words: str) -> subprocess.Popen[bytes]:
        """Start another command on the same folder; what it prints joins the rest."""
        command = [sys.executable, "-m", "app.cli", *words]
        with (self.folder / "out.txt").open("ab") as out:
            return subprocess.Popen(
                command, env=self.env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )

    def ask(self, path: str, *, method: str = "GET", body: bytes | None = None) -> tuple[int, bytes]:
        """Call the server with its admin key."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data=body, method=method, headers=headers
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read()

    def children(self, word: str = "") -> list[int]:
        """The processes that this start brought up; `word` stands in their command line.

        They are known by their environment, and Valkey, which writes over it, by its folder.
        """
        mark = f"VAR_DIR={self.env['VAR_DIR']}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if not entry.name.isdigit():
                    continue
                is_ours = mark in (entry / "environ").read_bytes().split(b"\0")
                if not is_ours and (entry / "cwd").readlink() != Path(self.env["VAR_DIR"]) / "valkey":
                    continue
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue  # gone while we looked
            if int(entry.name) != self.process.pid and word in command:
                found.append(int(entry.name))
        return sorted(found)


@contextmanager
def running(folder: Path, **more: str) -> Iterator[Running]:
    """A started one; nothing of it is left at the end."""
    one = Running(folder, **more)
    try:
        yield one.start()
    finally:
        end(one)


def end(one: Running) -> None:
    """See to it that nothing is left."""
    if one.process.poll() is None:
        one.kill()
    for child in one.children():
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue
