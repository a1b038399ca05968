"""Child processes: started, watched, started again after growing pauses, stopped in order.

A child is the first of a session of its own, so that Ctrl-C at the terminal reaches the supervisor
alone; and it ends with the supervisor, however that ends (Linux; elsewhere when it is asked to).
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # between restarts
STEADY_S = 60.0  # having lived this long, a child starts with the first pause again
LOOK_EVERY_S = 0.1
_PR_SET_PDEATHSIG = 1

Tell = Callable[[str], None]


class Stopping:
    """What SIGTERM, SIGINT and SIGHUP ask for: the first a stop, the second a hurried one."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self.is_hurried = False

    def listen(self) -> None:
        """Take the signals from here on."""
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, self._take)

    def wait(self, seconds: float) -> bool:
        """Sleep, but no longer than until a stop is asked for; answers whether it is."""
        return self._asked.wait(seconds)

    def _take(self, *_: object) -> None:
        self.is_hurried = self._asked.is_set()
        self._asked.set()


class Child:
    """One process and, after it died, its next one."""

    def __init__(self, name: str, command: Sequence[str], environ: Mapping[str, str], *, tell: Tell) -> None:
        self.name = name
        self._command = list(command)
        self._environ = dict(environ)
        self._tell = tell
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._next_at = 0.0
        self._deaths = 0

    @property
    def is_alive(self) -> bool:
        """Whether its process runs now."""
        return self._process is not None and self._process.poll() is None

    @property
    def code(self) -> int | None:
        """How its last process ended: 0 is well, a negative number the signal; None while it runs."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start the process. Only from the main thread: a child ends with the thread that made it."""
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - our own programs
            self._command,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_ending_with(os.getpid()),
        )

    def keep_alive(self) -> None:
        """Look after it: told and started again, after a pause, when it died."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._next_at:
                self.start()
        elif self._process.poll() is not None:
            self._deaths = 1 if now - self._started_at > STEADY_S else self._deaths + 1
            pause = PAUSES_S[min(self._deaths, len(PAUSES_S)) - 1]
            self._tell(f"{self.name} ended ({ending_of(self.code)}); it is started again in {pause} s")
            self.kill()
            self._process, self._next_at = None, now + pause

    def ask_to_end(self) -> None:
        """SIGTERM: it finishes what it is at."""
        if self.is_alive and self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL, for it and whatever it started."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def end_all(children: Sequence[Child], stopping: Stopping, *, within_s: float) -> list[str]:
    """Ask all to end, and kill who has not after so many seconds or once it hurries. Answers these."""
    end = time.monotonic() + within_s
    for child in children:
        child.ask_to_end()
    while any(child.is_alive for child in children):
        if time.monotonic() > end or stopping.is_hurried:
            break
        time.sleep(0.02)
    late = [child.name for child in children if child.is_alive]
    for child in children:
        child.kill()
    return late


def ending_of(code: int | None) -> str:
    """How a process ended, in words."""
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


def _ending_with(parent: int) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)  # it died in between

    return bind
