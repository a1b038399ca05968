"""`mailtide run`: Valkey, SQLite, the recorder and the web server on this machine, until Ctrl-C."""

import fcntl
import os
import shutil
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import app
from app import settings
from app.cli import embedded, listening, valkey
from app.cli.embedded import Rooms
from app.cli.failing import Failed
from app.cli.supervising import LOOK_EVERY_S, Child, Stopping, end_all, ending_of
from app.cli.syncing import Syncing
from app.settings import Settings

CODE = Path(app.__file__).parents[1]
START_S = 30.0
LEFTOVERS_S = 8.0  # what a killed supervisor's web server takes to let go of the port
# Together under five seconds: the web server's connections, then the hot store's last write.
WEB_STOP_S = 3.8
VALKEY_STOP_S = 1.0

MAILTIDE = [sys.executable, "-m", "app.cli"]
GUNICORN = [
    sys.executable,
    "-m",
    "gunicorn",
    "--config",
    str(CODE / "gunicorn.conf.py"),
    "--chdir",
    str(CODE),
]


class Stopped(Exception):
    """A stop was asked for while everything was starting."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The processes, in the order they start; the hot store only where it is the embedded one."""

    hot: Child | None
    recorder: Child
    web: Child

    def all(self) -> list[Child]:
        """Each of them."""
        return [one for one in (self.hot, self.recorder, self.web) if one is not None]


def declare(_: ArgumentParser) -> None:
    """No arguments: the environment says what is to be different."""


def carry_out(_: Namespace) -> int:
    """Run until SIGTERM or Ctrl-C. Raises Failed and WrongSettings when it cannot start."""
    stopping = Stopping()
    stopping.listen()
    found = embedded.rooms(os.environ)
    found.var.mkdir(mode=0o700, parents=True, exist_ok=True)  # customers are in it
    with _alone(found) as was_killed:
        told, parts = _prepared(found, was_killed)
        syncing = Syncing(valkey.journal(found))
        syncing.start()
        try:
            _start(parts, told, stopping)
            _welcome(settings.read(told), found)
            while not stopping.wait(LOOK_EVERY_S):
                for part in parts.all():
                    part.keep_alive()
            _tell("stopping")
        except Stopped:
            pass
        finally:
            _stop(parts, stopping)
            syncing.stop()
    return 0


@contextmanager
def _alone(found: Rooms) -> Iterator[bool]:
    """Hold the folder for ourselves; answers whether the last one to hold it was killed."""
    with found.lock.open("a+") as file:
        file.seek(0)
        holder = file.read().strip()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as held:
            raise Failed(
                f"Mailtide runs on {found.var} already, as process {holder}. Stop it with Ctrl-C or "
                f"`kill {holder}`, or start another: VAR_DIR=var2 PORT=8001 make run"
            ) from held
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield bool(holder)
        finally:
            file.truncate(0)


def _prepared(found: Rooms, was_killed: bool) -> tuple[dict[str, str], Parts]:
    """What the processes are to be, with everything checked that can be before any starts."""
    if not os.environ.get("SIGNING_KEYS"):
        embedded.make_signing_key(found)
    is_embedded = not os.environ.get("REDIS_URL")
    if is_embedded and found.valkey_url.exists():
        valkey.await_gone(found.valkey_url.read_text().strip())
    redis_url = valkey.settle(found) if is_embedded else os.environ["REDIS_URL"]
    told = embedded.environment(os.environ, redis_url=redis_url)
    listening.await_port(settings.read(told), LEFTOVERS_S if was_killed else 0.0)
    shutil.rmtree(found.metrics, ignore_errors=True)
    found.metrics.mkdir()
    parts = Parts(
        hot=Child("valkey", valkey.command(found), told, tell=_tell) if is_embedded else None,
        recorder=Child("recorder", [*MAILTIDE, "worker"], told, tell=_tell),
        web=Child("web", [*GUNICORN, "wsgi:app"], told, tell=_tell),
    )
    return told, parts


def _start(parts: Parts, told: Mapping[str, str], stopping: Stopping) -> None:
    found = embedded.rooms(told)
    if parts.hot is not None:
        parts.hot.start()
        _await(
            parts.hot, lambda: valkey.answers(told["REDIS_URL"]), stopping, lambda: valkey.last_words(found)
        )
    preparing = Child("prepare", [*MAILTIDE, "prepare"], told, tell=_tell)
    preparing.start()
    try:
        while preparing.is_alive:
            if stopping.wait(0.02):
                raise Stopped
    finally:
        preparing.kill()
    if preparing.code:
        raise Failed("it could not be prepared for the reason above; nothing was started")
    parts.recorder.start()
    parts.web.start()
    wanted = settings.read(told)
    _await(parts.web, lambda: listening.answers(wanted), stopping, lambda: "its reason is above")


def _await(child: Child, is_ready: Callable[[], bool], stopping: Stopping, why: Callable[[], str]) -> None:
    end = time.monotonic() + START_S
    while not is_ready():
        if stopping.wait(0.02):
            raise Stopped
        if not child.is_alive:
            raise Failed(f"{child.name} did not start ({ending_of(child.code)}): {why()}")
        if time.monotonic() > end:
            raise Failed(f"{child.name} did not answer within {START_S:.0f} s: {why()}")


def _stop(parts: Parts, stopping: Stopping) -> None:
    # The hot store goes last: the others have something to write to it until their end.
    late = end_all([parts.web, parts.recorder], stopping, within_s=WEB_STOP_S)
    if parts.hot is not None:
        late += end_all([parts.hot], Stopping(), within_s=VALKEY_STOP_S)
    if late:
        _tell(f"{' and '.join(late)} did not end in time and had to be killed; what was answered is kept")


def _welcome(running: Settings, found: Rooms) -> None:
    inbox = f"\n  Demo inbox  {running.base_url}/demo/" if running.is_demo else ""
    print(
        f"Mailtide runs.{inbox}\n"
        f"  API         {running.base_url}/docs\n"
        f"  Admin key   {found.demo_key}\n"
        f"  Data        {found.var}\n"
        "Ctrl-C stops everything; the data stay.",
        flush=True,
    )


def _tell(text: str) -> None:
    print(f"mailtide: {text}", file=sys.stderr, flush=True)
