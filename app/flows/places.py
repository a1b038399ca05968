"""The operator's file of places by network address, a MaxMind DB, and a newer one in its place."""

import ipaddress
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.domain.surroundings.places import read_place


class NoPlaces(Exception):
    """The file cannot be used; the text says why."""


class Places:
    """One process's view of the file, which lies in the memory all processes share.

    Raises NoPlaces where there is none to begin with; afterwards the last good one stays.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._reader, self._stamp = self._opened()

    def place(self, address: str) -> Mapping[str, object]:
        """What `place.` has for an address; empty where nothing is known of it. Never raises."""
        try:
            record = self._reader.get(ipaddress.ip_address(address))
        except (ValueError, RuntimeError, OSError):
            return {}  # no address, or a file that broke under our hands
        return read_place(record)

    def refresh(self) -> bool:
        """Take a newer file where there is one; whether there was. Raises NoPlaces."""
        with self._lock:
            if self._stamped() == self._stamp:
                return False
            # The old one is not closed: a lookup may be under way in it.
            self._reader, self._stamp = self._opened()
            return True

    @property
    def about(self) -> str:
        """What kind of file it is, and the day it was made."""
        told = self._reader.metadata()
        made_on = datetime.fromtimestamp(told.build_epoch, UTC).date()
        return f"{self._path.name}, {told.database_type[:60]} of {made_on.isoformat()}"

    def _opened(self) -> tuple[Any, tuple[int, int]]:
        # Seven MB that only deployments with such a file take.
        import maxminddb

        stamp = self._stamped()
        try:
            return maxminddb.open_database(self._path), stamp
        except (OSError, ValueError, maxminddb.InvalidDatabaseError) as wrong:
            raise NoPlaces(f"PLACE_FILE {self._path} is no MaxMind DB that can be read: {wrong}") from wrong

    def _stamped(self) -> tuple[int, int]:
        try:
            told = self._path.stat()
        except OSError as wrong:
            raise NoPlaces(f"PLACE_FILE {self._path} cannot be read: {wrong.strerror}") from wrong
        return told.st_mtime_ns, told.st_size
