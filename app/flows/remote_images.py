"""Pictures of other servers: fetched beside the opens, kept for a day, shown while a newer one is fetched."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlsplit

from app.domain.blocks import Creative
from app.flows.fetching import Fetcher, Refused
from app.flows.normalising import Unusable, normalise
from app.flows.slow_work import Late, SlowWork
from renderers import CannotRender

FRESH_S = 3_600.0
STALE_S = 86_400.0
FAILED_S = 60.0  # so long a picture that was not to be had is not asked for again
WAIT_S = 0.3
HELD_BYTES = 8 * 2**20
THREADS = 4  # they wait for others, most of the time
WAITING_MAX = 64

Log = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address had, at a moment of the process's clock; empty where it had no picture, and why."""

    content: bytes
    digest: str
    at_s: float
    reason: str = ""


class RemoteImages:
    """One process's pictures of other servers."""

    def __init__(
        self,
        fetch: Callable[[str], bytes],
        *,
        log: Log,
        clock: Callable[[], float] = time.monotonic,
        max_bytes: int = HELD_BYTES,
    ) -> None:
        self._fetch = fetch
        self._log = log
        self._clock = clock
        self._max_bytes = max_bytes
        self._work = SlowWork(threads=THREADS, waiting_max=WAITING_MAX)
        self._held: OrderedDict[str, Fetched] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self.fetched = 0
        self.refused = 0

    def picture(self, url: str, *, within_s: float) -> Fetched:
        """The picture at an address, waiting for it no longer than so, and never over 0.3 s.

        Raises Late while it is being fetched, CannotRender when it is not to be had.
        """
        held = self._known(url)
        age_s = self._clock() - held.at_s if held else 0.0
        if held is None or age_s > (STALE_S if held.content else FAILED_S):
            held = self._work.done(url, partial(self._renew, url), within_s=min(within_s, WAIT_S))
        elif held.content and age_s > FRESH_S:
            self._renew_beside(url)
        if not held.content:
            raise CannotRender(f"/source: {held.reason}")
        return held

    def close(self) -> None:
        """Fetch nothing any more."""
        self._work.close()

    def _known(self, url: str) -> Fetched | None:
        with self._lock:
            held = self._held.get(url)
            if held is not None:
                self._held.move_to_end(url)
            return held

    def _renew_beside(self, url: str) -> None:
        try:
            self._work.done(url, partial(self._renew, url), within_s=0.0)
        except Late:
            return  # as is meant: the old one is shown

    def _renew(self, url: str) -> Fetched:
        now_s = self._clock()
        try:
            content = self._fetch(url)
            fetched = Fetched(content, hashlib.sha256(content).hexdigest(), now_s)
            self.fetched += 1
        except Refused as wrong:
            self.refused += 1
            self._log((urlsplit(url).hostname or "")[:100] if url.isprintable() else "", str(wrong))
            old = self._known(url)
            if old is not None and old.content and now_s - old.at_s < STALE_S:
                # Shown on, and tried again as soon as a picture that never was there.
                fetched = replace(old, at_s=max(old.at_s, now_s - FRESH_S + FAILED_S))
            else:
                fetched = Fetched(b"", "", now_s, str(wrong))
        self._keep(url, fetched)
        return fetched

    def _keep(self, url: str, fetched: Fetched) -> None:
        with self._lock:
            old = self._held.pop(url, None)
            self._held[url] = fetched
            self._bytes += _weight(url, fetched) - (_weight(url, old) if old else 0)
            while self._bytes > self._max_bytes:
                self._bytes -= _weight(*self._held.popitem(last=False))


def fetch_with(fetcher: Fetcher) -> Callable[[str], bytes]:
    """A function that fetches a picture and makes it a plain one. It raises Refused."""

    def fetch(url: str) -> bytes:
        try:
            return normalise(fetcher.fetch(url)).content
        except Unusable as wrong:
            raise Refused(f"the picture {wrong}") from wrong

    return fetch


def remote_source(creative: Creative, values: Mapping[str, str]) -> str | None:
    """The address that an image's source names, its template filled in; None for an uploaded picture."""
    if creative.kind != "image":
        return None
    filled = values.get("/source")
    if filled is not None:
        return filled.strip()
    source = creative.params.get("source")
    return source if isinstance(source, str) and not source.startswith("asset:") else None


def _weight(url: str, fetched: Fetched) -> int:
    return len(fetched.content) + len(url) + 500
