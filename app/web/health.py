"""/healthz alive, /readyz with its reasons, /metrics for Prometheus."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.flows.checking import Check, check_everything
from app.stores.hot.codec import encode
from app.web.worker_metrics import worker_figures
from app.wiring import House

PLAIN = {"Cache-Control": "no-store"}


def install(app: Flask, house: House) -> None:
    """Add the three addresses."""

    def healthz() -> Response:
        return Response(b'{"status":"ok"}', mimetype="application/json", headers=PLAIN)

    def readyz() -> Response:
        checks = _checks(house)
        is_ready = all(check.status != "fail" for check in checks)
        told = {
            "status": "ready" if is_ready else "not ready",
            "checks": [{"name": one.name, "status": one.status, "detail": one.detail} for one in checks],
        }
        return Response(encode(told), 200 if is_ready else 503, PLAIN, mimetype="application/json")

    def metrics() -> Response:
        return Response(_metrics(house), headers={**PLAIN, "Content-Type": CONTENT_TYPE_LATEST})

    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/readyz", view_func=readyz)
    app.add_url_rule("/metrics", view_func=metrics)


def _checks(house: House) -> list[Check]:
    return check_everything(house.hot, house.cold, house.spool, house.snapshot, now=datetime.now(UTC))


def _metrics(house: House) -> bytes:
    moment = CollectorRegistry()
    moment.register(_Gauges(house))
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        # Any process answers for all: each writes its counters into that folder.
        counters = CollectorRegistry()
        MultiProcessCollector(counters)  # type: ignore[no-untyped-call]
    else:
        counters = REGISTRY
    return generate_latest(counters) + generate_latest(moment)


class _Gauges(Collector):
    """What is true of the whole house at this moment, read when it is asked for."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[Metric]:
        for check in _checks(self._house):
            for name, value in check.figures.items():
                yield GaugeMetricFamily(f"mailtide_{name}", check.name, value=value)
            up = f"mailtide_{check.name}_ok"
            yield GaugeMetricFamily(
                up, f"1 while {check.name} is as it should be", value=check.status != "fail"
            )
        yield from worker_figures(self._house.hot)
