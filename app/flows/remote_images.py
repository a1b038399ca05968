"""Pictures of other servers, as a web process sees them: workers fetch them, opens wait a moment at most."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from app.domain.addresses import BadAddress, destination
from app.domain.blocks import Creative
from app.flows.slow_work import Late, SlowWork
from app.stores.absence import Unavailable
from app.stores.hot import images
from app.stores.hot.images import Shared
from app.stores.hot.server import HotStore
from renderers import CannotRender

WAIT_S = 0.3
POLL_S = 0.015  # between looks for what a worker is fetching
ASK_EVERY_S = 2.0  # what is stale is asked after no more often
HELD_BYTES = 8 * 2**20
WAITING_MAX = 64


@dataclass(slots=True)
class Fetched:
    """What an address had; empty where it had no picture, and why. Moments of the process's clock."""

    content: bytes
    digest: str
    reason: str = ""
    fresh_until_s: float = 0.0
    shown_until_s: float = 0.0
    ask_at_s: float = 0.0

    def is_shown(self, now_s: float) -> bool:
        """Whether it may be shown, or told as missing, without waiting for anything newer."""
        return now_s < (self.shown_until_s if self.content else self.fresh_until_s)


class RemoteImages:
    """One process's pictures of other servers; `hosts` are those the settings allow."""

    def __init__(
        self,
        hot: HotStore,
        hosts: Sequence[str],
        *,
        wait_s: float = WAIT_S,
        clock: Callable[[], float] = time.monotonic,
        max_bytes: int = HELD_BYTES,
    ) -> None:
        self._hot = hot
        self._hosts = hosts
        self._wait_s = wait_s
        self._clock = clock
        self._max_bytes = max_bytes
        self._beside = SlowWork(threads=1, waiting_max=WAITING_MAX)
        self._held: OrderedDict[str, Fetched] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        # How pictures were found: held and fresh, held and stale, waited for, not in time, not to be had.
        self.found = {"fresh": 0, "stale": 0, "waited": 0, "late": 0, "missing": 0}

    def picture(self, url: str, *, within_s: float) -> Fetched:
        """The picture at an address, waiting for it no longer than so, nor than the setting allows.

        Raises Late while it is being fetched, CannotRender when it is not to be had.
        """
        now_s = self._clock()
        held = self._known(url)
        if held is None or not held.is_shown(now_s):
            held = self._awaited(url, min(within_s, self._wait_s))
            self._count("waited" if held.content else "missing")
        elif now_s < held.fresh_until_s:
            self._count("fresh" if held.content else "missing")
        else:
            self._count("stale")
            self._ask_beside(url, held, now_s)
        if not held.content:
            raise CannotRender(f"/source: {held.reason}")
        return held

    def close(self) -> None:
        """Ask for nothing any more."""
        self._beside.close()

    def _awaited(self, url: str, within_s: float) -> Fetched:
        """What workers fetched or are fetching now: it is wanted from the first look on."""
        try:
            destination(url, self._hosts)
        except BadAddress as wrong:
            if url:
                self._count("missing")
            raise CannotRender(f"/source: {wrong}") from wrong
        ends_s = time.perf_counter() + within_s
        while True:
            try:
                shared = images.read(self._hot, url)
            except Unavailable as away:
                raise CannotRender(f"/source: {away}") from away
            # What is stale is better than nothing; that there is nothing must be fresh to be believed.
            if shared is not None and (shared.content or shared.fresh_s > 0):
                return self._keep(url, shared)
            if time.perf_counter() + POLL_S > ends_s:
                self._count("late")
                raise Late
            time.sleep(POLL_S)

    def _ask_beside(self, url: str, held: Fetched, now_s: float) -> None:
        if now_s < held.ask_at_s:
            return
        held.ask_at_s = now_s + ASK_EVERY_S
        with suppress(Late):  # as is meant: the old one is shown
            self._beside.done(url, partial(self._ask, url, held), within_s=0.0)

    def _ask(self, url: str, held: Fetched) -> None:
        with suppress(Unavailable):  # the old one is shown on
            shared = images.read(self._hot, url, known=held.digest)
            if shared is None:
                return
            if shared.digest == held.digest:
                held.fresh_until_s = self._clock() + shared.fresh_s
                held.shown_until_s = self._clock() + shared.shown_s
            elif shared.content:
                self._keep(url, shared)

    def _known(self, url: str) -> Fetched | None:
        with self._lock:
            held = self._held.get(url)
            if held is not None:
                self._held.move_to_end(url)
            return held

    def _keep(self, url: str, shared: Shared) -> Fetched:
        now_s = self._clock()
        fetched = Fetched(
            shared.content, shared.digest, shared.reason, now_s + shared.fresh_s, now_s + shared.shown_s
        )
        with self._lock:
            old = self._held.pop(url, None)
            self._held[url] = fetched
            self._bytes += _weight(url, fetched) - (_weight(url, old) if old else 0)
            while self._bytes > self._max_bytes:
                self._bytes -= _weight(*self._held.popitem(last=False))
        return fetched

    def _count(self, how: str) -> None:
        with self._lock:
            self.found[how] += 1


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
