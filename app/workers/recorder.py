"""The recorder: carries stream entries into SQL, again and again until it has them."""

import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from app.flows.draining import drain
from app.flows.feedback import feed_back
from app.flows.fetching import Fetcher
from app.flows.rebuilding import catch_up, rebuild
from app.flows.recording import record
from app.stores.absence import Unavailable
from app.stores.cold.engine import Cold
from app.stores.hot import heartbeats, streams
from app.stores.hot.heartbeats import Beat
from app.stores.hot.restoring import is_lost
from app.stores.hot.server import HotStore, claim
from app.stores.hot.spool import Spool
from app.stores.hot.streams import Entry, GroupsLost
from app.wiring import House
from app.workers.images import ImageFetcher
from app.workers.jobs import LEAVE_S, Runner
from app.workers.naming import named
from app.workers.schedule import jobs_of

BATCH = 1_000  # entries a transaction: larger ones gain little and hold their locks longer
READS = 4 * BATCH  # entries a read may bring: all streams together, each the same share
COUNT_MIN = 10
BLOCK_MS = 500  # how long a read waits for news, and SIGTERM at most for a read
DEAD_MS = 30_000  # what a recorder was given and does not finish goes to another after this
FORGOTTEN_MS = 86_400_000
CLAIM_EVERY_S = 10.0
GATHER_S = 0.2  # what an event may be later in SQL for the sake of its batch
TIDY_EVERY_S = 1.0
PAUSES_S = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)  # between tries while a store is away

log = structlog.get_logger("recorder")


class Recorder:
    """One recorder; `name` is its own while it lives, and again after a restart."""

    def __init__(
        self,
        hot: HotStore,
        cold: Cold,
        spool: Spool,
        *,
        name: str,
        stop: threading.Event,
        dead_ms: int = DEAD_MS,
        block_ms: int = BLOCK_MS,
    ) -> None:
        self.hot = hot
        self.cold = cold
        self.spool = spool
        self.name = name
        self.stop = stop
        self.dead_ms = dead_ms
        self.block_ms = block_ms
        self._beat = Beat(_now(), _now())
        self._is_resuming = True
        self._claim_at = 0.0
        self._tidy_at = 0.0
        self._count = max(READS // hot.keys.partitions, COUNT_MIN)

    def run(self) -> None:
        """Record until told to stop; a store that is away is waited for."""
        away = 0
        while not self.stop.is_set():
            try:
                self._turn()
                away = 0
            except (Unavailable, GroupsLost) as absence:
                # Nothing is lost: entries stay with this name until they are finished.
                log.warning("waiting", reason=str(absence), tries=away + 1)
                self._is_resuming = True
                self.stop.wait(PAUSES_S[min(away, len(PAUSES_S) - 1)])
                away += 1
        self._leave()

    def _turn(self) -> None:
        if self._is_resuming:
            self._resume()
        if time.monotonic() >= self._claim_at:
            self._claim_at = time.monotonic() + min(CLAIM_EVERY_S, self.dead_ms / 2000)
            self._take(streams.claim_idle(self.hot, self.name, idle_ms=self.dead_ms, count=self._count))
            streams.forget_idle_consumers(self.hot, idle_ms=FORGOTTEN_MS)
        if time.monotonic() >= self._tidy_at:
            self._tidy_at = time.monotonic() + TIDY_EVERY_S
            self._drain()
            heartbeats.beat(self.hot, self.name, replace(self._beat, at=_now()))
        entries = streams.read_new(self.hot, self.name, count=self._count, block_ms=self.block_ms)
        # An answer may get lost on the way and the client ask again: what was in it is ours already.
        self._take(entries or streams.read_own(self.hot, self.name, count=self._count))
        if entries and not self._is_behind(entries):
            # The first event after a quiet moment is recorded at once, those behind it together: a
            # transaction for each would take the cores that answer opens.
            self.stop.wait(GATHER_S)

    def _is_behind(self, entries: Sequence[Entry]) -> bool:
        return max(Counter(entry.stream for entry in entries).values()) >= self._count

    def _resume(self) -> None:
        claim(self.hot)
        streams.ensure_groups(self.hot)
        if is_lost(self.hot):
            back = rebuild(self.hot, self.cold, now=_now())
            log.info("rebuilt", documents=back.documents, customers=back.customers)
        else:
            self._catch_up()
        while not self.stop.is_set():
            entries = streams.read_own(self.hot, self.name, count=self._count)
            if not entries:
                self._is_resuming = False
                return
            self._take(entries)

    def _catch_up(self) -> None:
        documents = catch_up(self.hot, self.cold)
        if documents:
            log.info("caught_up", documents=documents)

    def _take(self, entries: Sequence[Entry]) -> None:
        for batch in _batches(entries):
            if self.stop.is_set():
                return  # the rest stays with this name
            now = _now()
            outcome = record(self.cold, batch, now=now)
            feed_back(self.hot, outcome.told, now=now, gone=outcome.gone, tallies=outcome.tallies)
            streams.finish(self.hot, batch)
            self._beat = replace(
                self._beat,
                recorded=self._beat.recorded + outcome.recorded,
                set_aside=self._beat.set_aside + outcome.set_aside,
                last_batch_at=now,
            )
            log.debug("recorded", events=outcome.recorded, entries=len(batch))
            if outcome.set_aside:
                log.error("set_aside", entries=outcome.set_aside)

    def _drain(self) -> None:
        moved = drain(self.spool, self.hot)
        if moved.events or moved.torn:
            self._beat = replace(self._beat, drained=self._beat.drained + moved.events)
            log.info("drained", events=moved.events, torn=moved.torn)

    def _leave(self) -> None:
        with suppress(Unavailable):  # then the report grows old by itself
            heartbeats.end(self.hot, self.name)
        log.info("stopped", recorded=self._beat.recorded, set_aside=self._beat.set_aside)


def work(house: House) -> None:
    """Run a recorder on the house's stores, and beside it the jobs that are due, until SIGTERM or SIGINT."""
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    with named(house.settings.var_dir) as name:
        log.info("started", name=name)
        with _beside(house, name, stop):
            Recorder(house.hot, house.cold, house.spool, name=name, stop=stop).run()


@contextmanager
def _beside(house: House, name: str, stop: threading.Event) -> Iterator[None]:
    """What a worker does beside recording, in threads: its jobs, and pictures of other servers."""
    runner = threading.Thread(target=Runner(house.hot, jobs_of(house), name=name, stop=stop).run, name="jobs")
    fetcher = Fetcher(house.settings.image_hosts)
    images = ImageFetcher(
        house.hot, fetcher.fetch, name=name, stop=stop, moving_bytes=house.settings.image_max_bytes
    )
    runner.start()
    if fetcher.hosts:
        images.start()
    try:
        yield
    finally:
        stop.set()
        runner.join()
        if fetcher.hosts:
            images.join(LEAVE_S)


def _batches(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    return (entries[start : start + BATCH] for start in range(0, len(entries), BATCH))


def _now() -> datetime:
    return datetime.now(UTC)
