"""The weather as one web process knows it: looked up in Redis now and then, never fetched by an open."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.stores.hot.weather import Seen

LOOK_EVERY_S = 60.0
LOOK_MISSING_S = 5.0  # a worker fetches what is missing within some seconds
STALE_S = 7_200.0  # what is older is no weather any more
CELLS_MAX = 2_000


@dataclass(frozen=True, slots=True)
class _Look:
    seen: Seen | None
    at_s: float


class Skies:
    """The cells this process asked for last."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._looks: OrderedDict[str, _Look] = OrderedDict()
        self._lock = threading.Lock()

    def is_due(self, cell: str) -> bool:
        """Whether a cell is to be looked up anew."""
        look = self._looks.get(cell)
        if look is None:
            return True
        return self._clock() - look.at_s > (LOOK_MISSING_S if look.seen is None else LOOK_EVERY_S)

    def take(self, cell: str, seen: Seen | None) -> None:
        """Keep what a look found."""
        with self._lock:
            self._looks[cell] = _Look(seen, self._clock())
            self._looks.move_to_end(cell)
            while len(self._looks) > CELLS_MAX:
                self._looks.popitem(last=False)

    def values(self, cell: str) -> Mapping[str, float]:
        """A cell's weather by its provider's names, two hours old at most; empty where it is not known."""
        look = self._looks.get(cell)
        if look is None or look.seen is None:
            return {}
        age_s = look.seen.age_s + self._clock() - look.at_s
        return look.seen.values if age_s < STALE_S else {}
