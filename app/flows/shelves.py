"""Shared lists of items that one process keeps until their catalogue changes, within a bound of bytes."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

from app.domain.catalogs.selectors import Selector
from app.stores.hot.shelves import Shelf

# Read items take about four times their text, and a web process has little room.
BYTES_MAX = 600_000


class Shelves:
    """The lists used last, each as it was when its catalogue had a certain number."""

    def __init__(self, *, max_bytes: int = BYTES_MAX) -> None:
        self._max_bytes = max_bytes
        self._held: OrderedDict[tuple[str, str], Shelf] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def known(self, selectors: Sequence[Selector]) -> tuple[Shelf, ...]:
        """The lists that these selectors take from, each once, as far as they are known."""
        named = {(one.catalog, name): None for one in selectors for name, _ in one.shelves}
        with self._lock:
            return tuple(self._held.get(key) or Shelf(*key) for key in named)

    def keep(self, shelves: Sequence[Shelf]) -> None:
        """Remember lists as they were read; those used longest ago make room."""
        with self._lock:
            for shelf in shelves:
                key = (shelf.catalog, shelf.name)
                old = self._held.pop(key, None)
                self._held[key] = shelf
                self._bytes += shelf.weight - (old.weight if old else 0)
            while self._bytes > self._max_bytes and len(self._held) > 1:
                _, dropped = self._held.popitem(last=False)
                self._bytes -= dropped.weight
