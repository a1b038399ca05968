"""What /metrics tells of the workers' jobs and fetches."""

from datetime import UTC, datetime, timedelta

from app.stores.hot import images, jobs
from app.stores.hot.jobs import Report
from tests.web.conftest import Caller

AT = datetime(2026, 11, 20, 9, 2, tzinfo=UTC)


def test_runs_failures_and_the_last_good_end_are_told_by_job(call: Caller) -> None:
    jobs.tell(
        call.house.hot,
        "catch-up",
        Report(
            AT, AT + timedelta(seconds=2), AT, "w-0", runs=7, failures=2, reason="SQL is away", good_at=AT
        ),
    )

    told = call.client.get("/metrics").text.splitlines()

    assert 'mailtide_job_runs_total{job="catch-up"} 7.0' in told
    assert 'mailtide_job_failures{job="catch-up"} 2.0' in told
    assert 'mailtide_job_seconds{job="catch-up"} 2.0' in told
    [good] = [line for line in told if line.startswith("mailtide_job_good_timestamp_seconds{")]
    assert float(good.split()[-1]) == AT.timestamp()


def test_with_redis_away_metrics_answer_without_jobs(call: Caller) -> None:
    call.valkey.kill()

    told = call.client.get("/metrics")

    assert told.status_code == 200
    assert "mailtide_redis_ok 0.0" in told.text
    assert "mailtide_job_runs_total" not in told.text


def test_fetches_of_pictures_and_what_waits_are_told(call: Caller) -> None:
    images.want(call.house.hot, "https://img.shop.example/a.png")
    images.count(call.house.hot, "failed")

    told = call.client.get("/metrics").text.splitlines()

    assert 'mailtide_image_fetches_total{result="failed"} 1.0' in told
    assert "mailtide_images_wanted 1.0" in told
    assert "mailtide_images_held_bytes 0.0" in told
