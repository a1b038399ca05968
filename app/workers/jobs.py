"""Jobs: what workers do now and then. One of them does each, in time, and again when it failed or died."""

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from app.flows.fetching import Refused
from app.stores.absence import Unavailable
from app.stores.hot import jobs, leases
from app.stores.hot.jobs import Report
from app.stores.hot.server import HotStore

LOOK_EVERY_S = 1.0
LEASE_MS = 30_000  # after this a killed worker's job is another's
WITHIN_S = 900.0
JITTER = 0.1  # of the interval, so that jobs do not all run in the same second
RETRY_S = 10.0  # after the first failure; doubled after each one more, to the interval at most
REASON_MAX = 300
LEAVE_S = 2.0  # what a job has to end in when its worker is told to stop

log = structlog.get_logger("jobs")


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of a job: it looks at `is_over` between portions, and stops when it is."""

    stop: threading.Event
    now: datetime

    def is_over(self) -> bool:
        """Whether the worker ends, the job is another's by now, or its time is up."""
        return self.stop.is_set()

    def wait(self, seconds: float) -> bool:
        """Pause; True when the turn is over."""
        return self.stop.wait(seconds)


@dataclass(frozen=True, slots=True)
class Job:
    """A name for keys, logs and metrics; how often, in seconds; and what is done, told in a few words.

    `run` may be killed at any place and is begun anew then: what it writes must stay right. It raises
    Unavailable while a store is away, Refused where another server does not give what is wanted, and
    anything else for a bug; the text is kept for operators.
    """

    name: str
    every_s: float
    run: Callable[[Turn], str]
    within_s: float = WITHIN_S


@dataclass(slots=True)
class _Running:
    job: Job
    thread: threading.Thread
    until_s: float
    over: threading.Event = field(default_factory=threading.Event)


class Runner:
    """Runs the jobs that are due and that no other worker holds, each in a thread."""

    def __init__(
        self,
        hot: HotStore,
        jobs: Sequence[Job],
        *,
        name: str,
        stop: threading.Event,
        lease_ms: int = LEASE_MS,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self.hot = hot
        self.jobs = jobs
        self.name = name
        self.stop = stop
        self._lease_ms = lease_ms
        self._look_every_s = look_every_s
        self._running: dict[str, _Running] = {}
        self._renew_at_s = 0.0

    def run(self) -> None:
        """Look for due jobs until told to stop; while Redis is away nothing new is begun."""
        while not self.stop.is_set():
            try:
                self._hold()
                self._begin_due()
            except Unavailable as away:
                log.warning("waiting", reason=str(away))
            self.stop.wait(self._look_every_s)
        for running in list(self._running.values()):
            running.over.set()
        ends_s = time.monotonic() + LEAVE_S
        for running in list(self._running.values()):
            running.thread.join(max(0.0, ends_s - time.monotonic()))

    def _begin_due(self) -> None:
        told, asked, now = jobs.reports(self.hot), jobs.asked(self.hot), _now()
        for job in self.jobs:
            if job.name in self._running or not (job.name in asked or is_due(job, told.get(job.name), now)):
                continue
            if leases.take(self.hot, job.name, self.name, ms=self._lease_ms):
                self._begin(job, told.get(job.name))

    def _begin(self, job: Job, before: Report | None) -> None:
        latest = jobs.report(self.hot, job.name)
        if latest != before:
            # Another worker did it between our look and our lease.
            leases.leave(self.hot, job.name, self.name)
            return
        jobs.begin(self.hot, job.name)
        thread = threading.Thread(target=self._do, args=(job, before), name=f"job-{job.name}", daemon=True)
        self._running[job.name] = _Running(job, thread, time.monotonic() + job.within_s)
        thread.start()

    def _hold(self) -> None:
        """Keep the leases of what runs here, except where it takes longer than it may."""
        if time.monotonic() < self._renew_at_s:
            return
        self._renew_at_s = time.monotonic() + self._lease_ms / 4000
        for name, running in list(self._running.items()):
            if running.over.is_set():
                continue
            is_late = time.monotonic() > running.until_s
            if is_late or not leases.keep(self.hot, name, self.name, ms=self._lease_ms):
                running.over.set()
                log.error("overlong" if is_late else "lease_lost", job=name)

    def _do(self, job: Job, before: Report | None) -> None:
        started_at, reason, did = _now(), "", ""
        try:
            did = job.run(Turn(self._running[job.name].over, started_at))
        except (Unavailable, Refused) as wrong:
            reason = str(wrong)
        except Exception as broken:
            # One job's bug must not keep the others, nor this one's next try, from running.
            log.exception("job_broken", job=job.name)
            reason = f"{type(broken).__name__}: {broken}"
        made = _report(job, self.name, before, started_at, did[:REASON_MAX], reason[:REASON_MAX])
        try:
            jobs.tell(self.hot, job.name, made)
            leases.leave(self.hot, job.name, self.name)
        except Unavailable:
            log.warning("report_lost", job=job.name)  # the job is found due again, and done again
        finally:
            del self._running[job.name]
        log.log(30 if reason else 20, "job", job=job.name, did=did, reason=reason, failures=made.failures)


def is_due(job: Job, told: Report | None, now: datetime) -> bool:
    """Whether a job's time has come; also where its interval is shorter by now than when it last ran."""
    if told is None:
        return True
    return now >= min(told.next_at, told.ended_at + timedelta(seconds=job.every_s * (1 + JITTER)))


def _report(
    job: Job, worker: str, before: Report | None, started_at: datetime, did: str, reason: str
) -> Report:
    ended_at = _now()
    runs = before.runs + 1 if before else 1
    failures = (before.failures if before else 0) + 1 if reason else 0
    pause_s = job.every_s * (1 + JITTER * _swing(f"{job.name} {runs}"))
    if reason:
        pause_s = min(pause_s, RETRY_S * 2.0 ** min(failures - 1, 20))
    return Report(
        started_at=started_at,
        ended_at=ended_at,
        next_at=(ended_at if reason else started_at) + timedelta(seconds=pause_s),
        worker=worker,
        runs=runs,
        failures=failures,
        did=did,
        reason=reason,
        good_at=(before.good_at if before else None) if reason else ended_at,
    )


def _swing(text: str) -> float:
    """A number between -1 and 1 that looks like chance."""
    return hashlib.blake2b(text.encode(), digest_size=1).digest()[0] / 127.5 - 1


def _now() -> datetime:
    return datetime.now(UTC)
