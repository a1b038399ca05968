"""A worker's name: its own among the living, and the same again after a restart."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WORKERS_MAX = 100  # on one machine


@contextmanager
def named(folder: Path) -> Iterator[str]:
    """Take the first free name of this machine, such as `web7-0`, and hold it by a locked file.

    A process that is killed lets go of its lock with its life, so the next one resumes its work.
    Where machines have a new name at every start, their work goes to others after a while.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(WORKERS_MAX):
        file = os.open(folder / f"recorder-{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            continue
        try:
            yield f"{socket.gethostname()}-{number}"
        finally:
            os.close(file)
        return
    raise RuntimeError(f"{WORKERS_MAX} workers hold their names in {folder} already")
