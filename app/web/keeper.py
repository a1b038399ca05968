"""A web process's housekeeping, once a second: the newest publications, the spool's way back, figures."""

import threading
import time
from datetime import UTC, datetime

import structlog

from app.flows.draining import drain
from app.flows.pictures import Gallery
from app.flows.places import NoPlaces, Places
from app.stores.absence import Unavailable
from app.stores.hot.published import Snapshot
from app.stores.hot.server import HotStore
from app.stores.hot.spool import Spool
from app.web.picture_metrics import PictureMeter

TICK_S = 1.0
WARMING_S = 0.2  # of every second: opens go on meanwhile

log = structlog.get_logger("keeper")


class Keeper(threading.Thread):
    """Runs beside the request threads of one process until it is stopped."""

    def __init__(
        self,
        snapshot: Snapshot,
        hot: HotStore,
        spool: Spool,
        gallery: Gallery,
        places: Places | None = None,
    ) -> None:
        super().__init__(name="keeper", daemon=True)
        self._snapshot = snapshot
        self._hot = hot
        self._spool = spool
        self._gallery = gallery
        self._places = places
        self._places_fault = ""
        self._meter = PictureMeter(gallery)
        self._warmed: set[tuple[str, int]] = set()
        self._stopping = threading.Event()

    def run(self) -> None:
        """Tick until stopped; a tick that fails is logged and the next one comes."""
        is_over = False
        while not is_over:
            try:
                self.tick()
            except Unavailable:
                pass  # nothing is lost, the next round tries again
            except Exception:  # housekeeping must outlive its bugs
                log.exception("keeper_failed")
            is_over = self._stopping.wait(TICK_S)

    def tick(self) -> None:
        """One round. Raises Unavailable when Redis is away: nothing is lost, the next round tries again."""
        self._meter.read()
        self._spool.release_idle()
        self._snapshot.refresh()
        self._warm()
        self._look_for_places()
        drained = drain(self._spool, self._hot)
        if drained.events or drained.torn:
            log.info("spool_drained", events=drained.events, torn=drained.torn)

    def _look_for_places(self) -> None:
        """Take a newer PLACE_FILE; one that cannot be used is told once, and the last good one stays."""
        fault = ""
        try:
            if self._places is not None and self._places.refresh():
                log.info("places_read")
        except NoPlaces as wrong:
            fault = str(wrong)
        if fault and fault != self._places_fault:
            log.error("no_places", reason=fault)
        self._places_fault = fault

    def _warm(self) -> None:
        """Draw what is newly published before its first open; where that is much, the rest a second later."""
        started = time.perf_counter()
        for block in self._snapshot.blocks():
            if (block.block_id, block.version) in self._warmed:
                continue
            self._gallery.warm(block, datetime.now(UTC))
            self._warmed.add((block.block_id, block.version))
            if time.perf_counter() - started > WARMING_S:
                return

    def stop(self) -> None:
        """Stop after the tick under way."""
        self._stopping.set()
