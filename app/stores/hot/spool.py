"""The spool: where events wait on disk while Redis is away, each one synced before it is answered.

One file a process, lines of `crc32 JSON`. The owner holds a lock on the file it writes; a file
without a lock is anybody's to drain, so a killed process's events are not left behind.
"""

import fcntl
import os
import threading
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

MAX_FILE_BYTES = 8 * 2**20
MAX_TOTAL_BYTES = 512 * 2**20
DRAIN_LINES = 500
SUFFIX = ".spool"

Deliver = Callable[[Sequence[tuple[str | None, bytes]]], None]


class SpoolFull(Exception):
    """The disk is full or the spool has reached its bound; the event could not be kept."""


@dataclass(frozen=True, slots=True)
class Drained:
    """What a drain moved, and how many torn lines it had to leave out."""

    events: int = 0
    torn: int = 0


class Spool:
    """Append-only files in one folder; `append` returns once the event is on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._file: int | None = None
        self._written = 0
        self._is_idle = True
        self.lost = 0  # events that could be kept nowhere
        folder.mkdir(parents=True, exist_ok=True)

    def append(self, customer_id: str | None, event: bytes) -> None:
        """Keep one event's JSON. Raises SpoolFull when the disk or the bound says no."""
        line = (customer_id or "").encode() + b" " + event
        record = b"%08x %b\n" % (zlib.crc32(line), line)
        with self._lock:
            try:
                self._append(record)
            except OSError as full:
                self.lost += 1
                self._close()
                raise SpoolFull(f"the spool cannot be written: {full.strerror}") from full

    def release_idle(self) -> None:
        """Let go of the file when nothing came since the last call, so that it can be drained."""
        with self._lock:
            if self._is_idle:
                self._close()
            self._is_idle = True

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._close()

    def size(self) -> int:
        """Bytes waiting, over all files in the folder."""
        return sum(_size(path) for path in self._folder.glob(f"*{SUFFIX}"))

    def drain(self, deliver: Deliver) -> Drained:
        """Hand over every event of every file nobody writes, then remove the file.

        `deliver` takes (customer id, event JSON) pairs and may raise Unavailable: the file then
        stays and is handed over whole another time; events are recognised by their ids.
        """
        events = torn = 0
        for path in sorted(self._folder.glob(f"*{SUFFIX}"), key=_changed_ns):
            moved = _drain_file(path, deliver)
            events, torn = events + moved.events, torn + moved.torn
        return Drained(events, torn)

    def _append(self, record: bytes) -> None:
        if self._file is None or self._written + len(record) > MAX_FILE_BYTES:
            self._close()
            self._open()
        assert self._file is not None  # noqa: S101 - _open sets it
        start = self._written
        try:
            if os.write(self._file, record) < len(record):
                raise OSError(28, "no space left on device")
            os.fdatasync(self._file)
        except OSError:
            # Half a record is cut off, so that what follows is readable.
            os.ftruncate(self._file, start)
            raise
        self._written += len(record)
        self._is_idle = False

    def _open(self) -> None:
        if self.size() > MAX_TOTAL_BYTES:
            raise OSError(28, f"more than {MAX_TOTAL_BYTES} bytes wait already")
        path = self._folder / f"{os.getpid()}-{os.urandom(6).hex()}{SUFFIX}"
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _sync_folder(self._folder)
        self._file, self._written = file, 0

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _drain_file(path: Path, deliver: Deliver) -> Drained:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return Drained()
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return Drained()  # its owner still writes, or somebody else drains it
        if not path.exists():
            return Drained()  # drained between the listing and the lock
        events = torn = 0
        batch: list[tuple[str | None, bytes]] = []
        for line in file:
            pair = _parsed(line)
            if pair is None:
                torn += 1
                continue
            batch.append(pair)
            events += 1
            if len(batch) == DRAIN_LINES:
                deliver(batch)
                batch = []
        if batch:
            deliver(batch)
        path.unlink()
        return Drained(events, torn)


def _parsed(line: bytes) -> tuple[str | None, bytes] | None:
    checksum, _, rest = line.rstrip(b"\n").partition(b" ")
    customer_id, _, event = rest.partition(b" ")
    try:
        is_whole = line.endswith(b"\n") and int(checksum, 16) == zlib.crc32(rest)
    except ValueError:
        return None
    return (customer_id.decode() or None, event) if is_whole else None


def _changed_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
