"""Pictures that an open does not wait for any longer are finished here, for the next open."""

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from renderers import Image

THREADS = 2  # drawing holds the interpreter: more of them would only take from the opens
WAITING_MAX = 32


class Late(Exception):
    """The picture takes longer than the open may wait; it is being finished."""


@dataclass(frozen=True, slots=True)
class _Job:
    picture: "Future[Image]"
    started_s: float


class SlowPictures:
    """Draws in threads of its own, each picture once however many ask for it, and not too many at a time."""

    def __init__(self, *, waiting_max: int = WAITING_MAX) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="slow-pictures")
        self._jobs: dict[Hashable, _Job] = {}
        self._waiting_max = waiting_max
        self._lock = threading.Lock()

    def drawn(self, key: Hashable, draw: Callable[[], Image], *, within_s: float) -> Image:
        """The picture, if it is there so long after the first one asked for it.

        Raises Late, and what `draw` raises.
        """
        job = self._job(key, draw)
        rest_s = job.started_s + within_s - time.perf_counter()
        try:
            return job.picture.result(timeout=max(0.0, rest_s))
        except TimeoutError as slow:
            raise Late from slow

    def close(self) -> None:
        """Begin nothing any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _job(self, key: Hashable, draw: Callable[[], Image]) -> _Job:
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                if len(self._jobs) >= self._waiting_max:
                    raise Late
                # It takes the lock to end, so it cannot end before it stands in the table.
                job = _Job(self._pool.submit(self._run, key, draw), time.perf_counter())
                self._jobs[key] = job
            return job

    def _run(self, key: Hashable, draw: Callable[[], Image]) -> Image:
        try:
            return draw()
        finally:
            with self._lock:
                del self._jobs[key]
