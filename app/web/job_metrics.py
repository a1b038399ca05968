"""What /metrics tells about the workers' jobs, whichever worker did them."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from app.stores.absence import Unavailable
from app.stores.hot import jobs
from app.stores.hot.server import HotStore


def job_figures(hot: HotStore) -> Iterator[Metric]:
    """Runs, failures in a row, last good end and length of the last run, by job; nothing with Redis away."""
    try:
        told = jobs.reports(hot)
    except Unavailable:
        return  # mailtide_redis_ok says so
    runs = CounterMetricFamily("mailtide_job_runs", "Times a job ran", labels=["job"])
    failures = GaugeMetricFamily(
        "mailtide_job_failures", "Failures of a job since it last went well", labels=["job"]
    )
    good = GaugeMetricFamily(
        "mailtide_job_good_timestamp_seconds", "When a job last went well", labels=["job"]
    )
    took = GaugeMetricFamily("mailtide_job_seconds", "What a job's last run took", labels=["job"])
    for name, one in sorted(told.items()):
        runs.add_metric([name], one.runs)
        failures.add_metric([name], one.failures)
        took.add_metric([name], (one.ended_at - one.started_at).total_seconds())
        if one.good_at is not None:
            good.add_metric([name], one.good_at.timestamp())
    yield from (runs, failures, good, took)
