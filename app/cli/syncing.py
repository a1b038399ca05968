"""What Valkey wrote goes to the disk once a second, from here.

Valkey's own `appendfsync everysec` holds writes back while such a sync is under way, and answers all
the same: killed in that moment, it loses what it answered. With `no` every write is handed to the
system before it is answered, so a killed Valkey loses nothing; the sync is ours.
"""

import os
import threading
from contextlib import suppress
from pathlib import Path

EVERY_S = 1.0


class Syncing(threading.Thread):
    """Syncs the append-only files of one folder until stopped; a machine without power loses a second."""

    def __init__(self, folder: Path) -> None:
        super().__init__(name="syncing", daemon=True)
        self._folder = folder
        self._stopping = threading.Event()

    def run(self) -> None:
        """Sync, wait, and again."""
        while not self._stopping.wait(EVERY_S):
            sync(self._folder)

    def stop(self) -> None:
        """Stop after the sync under way."""
        self._stopping.set()


def sync(folder: Path) -> None:
    """Have the disk take every append-only file as it is now; one that just went is passed over."""
    for path in folder.glob("*.aof"):
        with suppress(FileNotFoundError):
            file = os.open(path, os.O_RDONLY)
            try:
                os.fsync(file)
            finally:
                os.close(file)
