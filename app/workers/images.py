"""Workers fetch the pictures of other servers that opens want: several at once, and no server too often."""

import threading
from collections import Counter
from urllib.parse import urlsplit

import structlog

from app.flows.cleaning.cleaned import MOVING_BYTES
from app.flows.image_fetching import Fetch, renew
from app.stores.absence import Unavailable
from app.stores.hot import images
from app.stores.hot.server import HotStore

THREADS = 8  # they wait for others, most of the time
AT_ONCE = 4  # of one server: a slow one must leave threads for the others
WAIT_S = 0.5  # for something wanted, and SIGTERM at most for that
PAUSE_S = 2.0  # while Redis is away
ELSEWHERE_S = 0.1  # before a server that is asked for much is looked at again

log = structlog.get_logger("images")


class ImageFetcher:
    """One worker's threads that fetch; any number of workers share what is wanted."""

    def __init__(
        self,
        hot: HotStore,
        fetch: Fetch,
        *,
        name: str,
        stop: threading.Event,
        threads: int = THREADS,
        moving_bytes: int = MOVING_BYTES,
    ) -> None:
        self.hot = hot
        self.name = name
        self.stop = stop
        self._fetch = fetch
        self._moving_bytes = moving_bytes
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._run, name=f"images-{number}", daemon=True)
            for number in range(threads)
        ]

    def start(self) -> None:
        """Begin; they end when `stop` is set."""
        for thread in self._threads:
            thread.start()

    def join(self, timeout_s: float) -> None:
        """Wait for the end of fetches under way; one that takes longer is another worker's later on."""
        for thread in self._threads:
            thread.join(timeout_s / len(self._threads))

    def _run(self) -> None:
        while not self.stop.is_set():
            url = None
            try:
                url = images.next_wanted(self.hot, wait_s=WAIT_S)
                if url is not None:
                    self._renew(url)
            except Unavailable as away:
                log.warning("waiting", reason=str(away))
                self.stop.wait(PAUSE_S)
            except Exception:
                # What one address brought must not end the fetching of all others.
                log.exception("image_broken", host=urlsplit(url or "").hostname)

    def _renew(self, url: str) -> None:
        host = urlsplit(url).hostname or ""
        if not self._begin(host):
            # Back to the end of those that wait: meanwhile others are fetched.
            images.want(self.hot, url)
            self.stop.wait(ELSEWHERE_S)
            return
        try:
            renew(
                self.hot,
                self._fetch,
                url,
                worker=self.name,
                log=_refused,
                moving_bytes=self._moving_bytes,
            )
        finally:
            with self._lock:
                self._asked[host] -= 1

    def _begin(self, host: str) -> bool:
        with self._lock:
            if self._asked[host] >= AT_ONCE:
                return False
            self._asked[host] += 1
            return True


def _refused(host: str, reason: str) -> None:
    log.warning("image_refused", host=host, reason=reason)
