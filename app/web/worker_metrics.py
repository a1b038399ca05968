"""What /metrics tells about the workers' jobs and fetches, whichever worker did them."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from app.stores.absence import Unavailable
from app.stores.hot import images, jobs
from app.stores.hot.server import HotStore


def worker_figures(hot: HotStore) -> Iterator[Metric]:
    """Runs of jobs, and the pictures fetched of other servers; nothing with Redis away."""
    try:
        yield from _jobs(hot)
        yield from _images(hot)
    except Unavailable:
        return  # mailtide_redis_ok says so


def _jobs(hot: HotStore) -> Iterator[Metric]:
    told = jobs.reports(hot)
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


def _images(hot: HotStore) -> Iterator[Metric]:
    told = images.figures(hot)
    fetches = CounterMetricFamily(
        "mailtide_image_fetches", "Pictures asked of other servers, by how it ended", labels=["result"]
    )
    for result, count in sorted(told.counts.items()):
        fetches.add_metric([result], count)
    yield fetches
    for name, text, value in (
        ("images_held", "Pictures of other servers kept for all processes", told.held),
        ("images_held_bytes", "Bytes they take in Redis", told.held_bytes),
        ("images_wanted", "Pictures of other servers that wait to be fetched", told.wanted),
        ("images_wanted_seconds", "How long the first of them waits", told.wanted_s),
    ):
        yield GaugeMetricFamily(f"mailtide_{name}", text, value=value)
