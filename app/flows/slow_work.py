"""What an open does not wait for any longer is finished here, for the next open: pictures, fetched files."""

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

THREADS = 2  # drawing holds the interpreter: more of them would only take from the opens
WAITING_MAX = 32


Result = TypeVar("Result")


class Late(Exception):
    """It takes longer than the open may wait; it is being finished."""


@dataclass(frozen=True, slots=True)
class _Job:
    result: "Future[Any]"
    started_s: float


class SlowWork:
    """Works in threads of its own, at each thing once however many ask for it, and not at too many."""

    def __init__(self, *, threads: int = THREADS, waiting_max: int = WAITING_MAX) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="slow-work")
        self._jobs: dict[Hashable, _Job] = {}
        self._waiting_max = waiting_max
        self._lock = threading.Lock()

    def done(self, key: Hashable, work: Callable[[], Result], *, within_s: float) -> Result:
        """What the work gives, if that is there so long after the first one asked for it.

        Raises Late, and what the work raises.
        """
        job = self._job(key, work)
        rest_s = job.started_s + within_s - time.perf_counter()
        try:
            result: Result = job.result.result(timeout=max(0.0, rest_s))
            return result
        except TimeoutError as slow:
            raise Late from slow

    def close(self) -> None:
        """Begin nothing any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _job(self, key: Hashable, work: Callable[[], Any]) -> _Job:
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                if len(self._jobs) >= self._waiting_max:
                    raise Late
                # It takes the lock to end, so it cannot end before it stands in the table.
                job = _Job(self._pool.submit(self._run, key, work), time.perf_counter())
                self._jobs[key] = job
            return job

    def _run(self, key: Hashable, work: Callable[[], Result]) -> Result:
        try:
            return work()
        finally:
            with self._lock:
                del self._jobs[key]
