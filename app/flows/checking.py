"""Whether everything the house needs is there, with reasons and figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.stores.absence import Unavailable
from app.stores.cold import dead_letters
from app.stores.cold.engine import Cold
from app.stores.cold.revision import is_current
from app.stores.hot import heartbeats, jobs, published, streams
from app.stores.hot.published import Snapshot
from app.stores.hot.server import HotStore
from app.stores.hot.spool import Spool

LAG_WARN_S = 60.0
JOB_FAILURES_WARN = 3  # one failure is a server's bad moment
SPOOL_WARN_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Check:
    """One part: `ok`, `warn` (it works, look at it) or `fail`; figures by metric name."""

    name: str
    status: Literal["ok", "warn", "fail"]
    detail: str
    figures: Mapping[str, float] = field(default_factory=dict)


def check_everything(
    hot: HotStore, cold: Cold, spool: Spool, snapshot: Snapshot, *, now: datetime
) -> list[Check]:
    """Every part, in the order an operator would look. Raises nothing for a part that is away."""
    return [
        _guarded("redis", lambda: _redis(hot, snapshot)),
        _guarded("sql", lambda: _sql(cold)),
        _guarded("recorder", lambda: _recorder(hot, now)),
        _guarded("jobs", lambda: _jobs(hot)),
        _guarded("dead_letters", lambda: _dead_letters(cold)),
        _spool(spool),
    ]


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except Unavailable as away:
        return Check(name, "fail", str(away))


def _redis(hot: HotStore, snapshot: Snapshot) -> Check:
    current = published.revision(hot)
    figures = {"snapshot_revision": snapshot.revision, "published_revision": current or 0}
    if current is None and snapshot.revision >= 0:
        return Check(
            "redis", "warn", "it lost its data: the recorder rebuilds it, or `mailtide rebuild`", figures
        )
    return Check("redis", "ok", f"answers; the snapshot is at revision {snapshot.revision}", figures)


def _sql(cold: Cold) -> Check:
    if not is_current(cold.engine):
        return Check("sql", "fail", "its tables are of another version: run `mailtide migrate`")
    return Check("sql", "ok", "answers, with the tables of this version")


def _recorder(hot: HotStore, now: datetime) -> Check:
    waiting = streams.lag(hot, now_ms=int(now.timestamp() * 1000))
    alive = heartbeats.beats(hot, now=now)
    events = waiting.undelivered + waiting.pending
    figures = {
        "recorder_lag_events": events,
        "recorder_lag_seconds": waiting.oldest_s,
        "recorders_alive": len(alive),
    }
    told = f"{events} events wait, the oldest for {waiting.oldest_s:.0f} s; {len(alive)} recorders report"
    if not alive:
        return Check("recorder", "warn", f"none runs: start `mailtide worker`; {told}", figures)
    return Check("recorder", "warn" if waiting.oldest_s > LAG_WARN_S else "ok", told, figures)


def _jobs(hot: HotStore) -> Check:
    told = jobs.reports(hot)
    failing = {name: one for name, one in told.items() if one.failures >= JOB_FAILURES_WARN}
    figures = {"jobs_failing": len(failing)}
    if failing:
        name, one = min(failing.items())
        others = f", and {len(failing) - 1} more jobs fail" if len(failing) > 1 else ""
        detail = f"{name} failed {one.failures} times: {one.reason}{others}"
        return Check("jobs", "warn", detail, figures)
    return Check("jobs", "ok", f"{len(told)} jobs ran, none fails again and again", figures)


def _dead_letters(cold: Cold) -> Check:
    with cold.reading() as connection:
        count = dead_letters.count(connection)
    figures = {"dead_letters": count}
    if count:
        return Check(
            "dead_letters", "warn", f"{count} events could not be recorded and are kept aside", figures
        )
    return Check("dead_letters", "ok", "no event was set aside", figures)


def _spool(spool: Spool) -> Check:
    size = spool.size()
    figures = {"spool_bytes": size, "spool_lost_events": spool.lost}
    if spool.lost:
        return Check("spool", "fail", f"{spool.lost} events could be kept nowhere: free disk space", figures)
    status: Literal["ok", "warn"] = "warn" if size > SPOOL_WARN_BYTES else "ok"
    return Check("spool", status, f"{size} bytes wait on this machine's disk", figures)
