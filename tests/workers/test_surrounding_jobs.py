"""The weather and public holidays are kept up to date by jobs."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app import wiring
from app.domain.surroundings.weather import MEASURES, coordinates
from app.settings import Settings
from app.stores.hot import weather as cells
from app.wiring import House
from app.workers import surrounding_jobs
from app.workers.jobs import Job
from app.workers.surrounding_jobs import surrounding_jobs as jobs_of
from tests import make
from tests.flows.receiver import Receiver, ok
from tests.servers import ValkeyServer
from tests.workers.test_jobs import report, running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def house(valkey: ValkeyServer, sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    """A worker's parts, with a weather provider."""
    made = wiring.build(
        Settings(
            signing_keys=(make.SECRET,),
            redis_url=valkey.url,
            database_url=sqlite_url,
            var_dir=tmp_path / "var",
            weather_url="https://img.shop.example/v1/forecast",
        )
    )
    yield made
    made.close()


@pytest.fixture
def jobs(house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> dict[str, Job]:
    """The jobs, whose provider is a server of ours."""
    real = surrounding_jobs.Fetcher

    def fetcher(*hosts: object, **how: object) -> object:
        return real(*hosts, dial=receiver.dial, context=receiver.trusting, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(surrounding_jobs, "Fetcher", fetcher)
    return {job.name: job for job in jobs_of(house)}


def path_for(cell: str) -> str:
    latitude, longitude = coordinates(cell)
    return f"/v1/forecast?latitude={latitude}&longitude={longitude}&current={','.join(MEASURES)}"


def test_the_weather_that_is_wanted_is_fetched(
    house: House, receiver: Receiver, jobs: dict[str, Job]
) -> None:
    answer = json.dumps({"current": {"temperature_2m": 7.4, "weather_code": 61}}).encode()
    receiver.answers[path_for("48.9,2.4")] = ok(answer, "application/json; charset=utf-8")
    cells.read(house.hot, "48.9,2.4")

    with running(house.hot, jobs["weather"]):
        make.wait_until(lambda: cells.read(house.hot, "48.9,2.4") is not None)
        make.wait_until(lambda: house.hot.client.hexists("jobs", "weather"))

    seen = cells.read(house.hot, "48.9,2.4")
    assert seen is not None
    assert seen.values == {"temperature_2m": 7.4, "weather_code": 61}
    assert report(house.hot, "weather").did == "weather of 1 places fetched"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", "it answered 429"),
        (ok(b"<html>", "text/html"), "it is text/html, and not application/json"),
        (ok(b"{}", "application/json"), "the weather provider did not answer `current`"),
    ],
)
def test_a_provider_that_fails_is_a_job_that_failed_with_its_reason(
    house: House, receiver: Receiver, jobs: dict[str, Job], answer: bytes, reason: str
) -> None:
    receiver.answers[path_for("48.9,2.4")] = answer
    cells.read(house.hot, "48.9,2.4")

    with running(house.hot, jobs["weather"]):
        make.wait_until(lambda: house.hot.client.hexists("jobs", "weather"))

    told = report(house.hot, "weather")
    assert (told.failures, told.reason[: len(reason)]) == (1, reason)


def test_without_a_provider_there_is_no_job_for_the_weather(house: House) -> None:
    plain = replace(house, settings=replace(house.settings, weather_url=""))

    assert [job.name for job in jobs_of(plain)] == ["holidays"]
