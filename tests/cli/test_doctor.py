"""`mailtide doctor`: each thing that can be wrong is found, explained, and answered with what to do."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.cli import surroundings
from app.flows import diagnosing
from app.flows.diagnosing import Finding
from app.stores.hot import heartbeats, jobs
from app.stores.hot.condition import Condition
from app.stores.hot.heartbeats import Beat
from app.stores.hot.jobs import Report
from app.stores.hot.server import HotStore, claim
from tests import make
from tests.cli.conftest import Command, Done
from tests.flows import mmdb
from tests.servers import ValkeyServer

SOUND = Condition(
    name="Valkey",
    version=(9, 1, 2),
    is_append_only=True,
    eviction="noeviction",
    memory_bytes=2**20,
    memory_max_bytes=0,
    at=datetime(2026, 11, 20, 9, 2, tzinfo=UTC),
    held={},
)


def _line(done: Done, name: str) -> str:
    """The line of one finding; what follows it, when it is not well, too."""
    lines = done.out.splitlines()
    [place] = [number for number, line in enumerate(lines) if line[6:].split(" ")[0] == name]
    end = place + (1 if lines[place].startswith("ok") else 3)
    return "\n".join(lines[place:end])


def test_a_sound_deployment_has_nothing_to_mend(command: Command, hot: HotStore) -> None:
    claim(hot)
    heartbeats.beat(hot, "r-0", Beat(datetime.now(UTC), datetime.now(UTC)))
    command("keys", "create", "shop", "--scope", "ingest")

    done = command("doctor")

    assert done.code == 0, done.out
    assert "FAIL" not in done.out
    assert _line(done, "redis_version").startswith("ok    redis_version      Valkey 9")
    assert "16, as the data are" in _line(done, "partitions")
    assert "1 in use" in _line(done, "api_keys")
    assert done.out.splitlines()[-1] == "0 things to mend, 1 thing to look at."  # no policy yet


def test_wrong_settings_are_told_all_at_once(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("SIGNING_KEYS", "short"), ("DEPLOYMENT_ZONE", "Mars/Olympus"), ("PARTITIONS", "0")):
        monkeypatch.setenv(name, value)

    done = command("doctor")

    assert done.code == 1
    assert done.out.count("FAIL  settings") == 3
    assert "SIGNING_KEYS: secret 1 has 5 characters; use 32 or more" in done.out
    assert "3 things to mend" in done.out


def test_a_redis_that_is_away_is_one_finding_with_its_price(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REDIS_URL", f"unix://{tmp_path}/nothing.sock")

    done = command("doctor")

    assert done.code == 1
    told = _line(done, "redis")
    assert told.startswith("FAIL  redis ")
    assert "why:  without Redis readers see fallbacks" in told
    assert "do:   start it" in told
    assert "event" not in done.err  # no log lines between the findings


def test_a_database_without_tables_is_to_be_migrated(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")

    done = command("doctor")

    assert done.code == 1
    assert "run `mailtide migrate`" in _line(done, "sql")


def test_a_database_that_would_forget_everything_is_refused(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite://")

    done = command("doctor")

    assert done.code == 1
    assert "FAIL  settings     DATABASE_URL names no file" in done.out


def test_data_of_another_layout_are_found_and_not_changed(
    command: Command, hot: HotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim(hot)
    monkeypatch.setenv("PARTITIONS", "32")

    done = command("doctor")

    assert done.code == 1
    assert "its data have partitions 16, the settings say 32" in _line(done, "partitions")


def test_settings_of_the_server_are_read_from_the_server(
    command: Command, valkey: ValkeyServer, hot: HotStore
) -> None:
    hot.client.config_set("maxmemory-policy", "allkeys-lru")
    hot.client.config_set("appendonly", "no")
    try:
        done = command("doctor")
    finally:
        hot.client.config_set("maxmemory-policy", "noeviction")
        hot.client.config_set("appendonly", "yes")
        # Until its new file is written, it takes no SIGTERM.
        make.wait_until(lambda: hot.client.info("persistence")["aof_rewrite_in_progress"] == 0)

    assert done.code == 1
    assert _line(done, "redis_persistence").startswith("FAIL")
    assert "maxmemory-policy is allkeys-lru" in _line(done, "redis_memory")


def test_no_recorder_is_something_to_look_at(command: Command) -> None:
    assert "none runs: start `mailtide worker`" in _line(command("doctor"), "recorder")


@pytest.mark.parametrize(
    ("base_url", "is_production", "status", "what"),
    [
        ("http://127.0.0.1:8000", False, "ok", "on this machine alone"),
        ("http://127.0.0.1:8000", True, "fail", "is this machine to whoever opens a message"),
        ("http://localhost", True, "fail", "is this machine"),
        ("http://[::1]:8000", True, "fail", "is this machine"),
        ("http://10.0.0.7", True, "warn", "an address inside your network"),
        ("https://mail.internal", True, "warn", "inside your network"),
        ("https://mailtide", True, "warn", "inside your network"),
        ("http://m.shop.example", True, "warn", "is not encrypted"),
        ("https://m.shop.example", True, "ok", "https://m.shop.example"),
    ],
)
def test_the_public_address_is_one_that_readers_reach(
    base_url: str, is_production: bool, status: str, what: str
) -> None:
    found = surroundings.look_at_base_url(base_url, is_production=is_production)

    assert found.status == status
    assert what in found.what


def test_a_proxy_that_is_not_counted_is_told() -> None:
    assert surroundings.look_at_proxies("https://m.shop.example", 0).status == "warn"
    assert surroundings.look_at_proxies("https://m.shop.example", 1).status == "ok"
    assert surroundings.look_at_proxies("http://127.0.0.1", 0).status == "ok"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    found = surroundings.look_at_folder(tmp_path / "file" / "var")

    assert found.status == "fail"
    assert "cannot be written" in found.what


def test_a_secret_that_others_may_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "signing.key"
    file.touch()
    os.chmod(file, 0o644)  # noqa: PTH101

    assert "others on this machine may read" in surroundings.look_at_secret(file).what
    file.chmod(0o600)
    assert surroundings.look_at_secret(file).status == "ok"


def _with(**fields: object) -> Condition:
    return Condition(**{name: getattr(SOUND, name) for name in Condition.__slots__} | fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "finding", "status"),
    [
        (_with(version=(6, 2, 14)), "redis_version", "fail"),
        (_with(version=(7, 0)), "redis_version", "ok"),
        (_with(is_append_only=False), "redis_persistence", "fail"),
        (_with(eviction="allkeys-lru", memory_max_bytes=2**30), "redis_memory", "fail"),
        (_with(eviction="allkeys-lru"), "redis_memory", "warn"),
        (_with(memory_bytes=900, memory_max_bytes=1_000), "redis_memory", "warn"),
        (_with(held={"partitions": 16, "format": 1}), "partitions", "ok"),
        (_with(held={"partitions": 256, "format": 1}), "partitions", "fail"),
        (_with(at=SOUND.at + timedelta(seconds=5)), "clock", "warn"),
        (_with(at=SOUND.at - timedelta(minutes=5)), "clock", "fail"),
        (SOUND, "clock", "ok"),
    ],
)
def test_the_condition_of_redis_is_judged(told: Condition, finding: str, status: str) -> None:
    found = {one.name: one for one in diagnosing.judge(told, partitions=16, now=SOUND.at)}

    assert found[finding].status == status
    assert {name for name, one in found.items() if one.status != "ok"} <= {finding}


def test_every_finding_that_is_not_well_says_why_and_what_to_do() -> None:
    worst = Condition(
        "Redis", (6, 0), False, "allkeys-lru", 1, 1, SOUND.at + timedelta(days=1), {"partitions": 1}
    )

    found: list[Finding] = list(diagnosing.judge(worst, partitions=16, now=SOUND.at))

    assert all(one.status == "fail" and one.why and one.remedy for one in found)


def test_a_job_that_fails_again_and_again_is_told_with_its_reason(command: Command, hot: HotStore) -> None:
    claim(hot)
    now = datetime.now(UTC)
    jobs.tell(hot, "catch-up", Report(now, now, now, "w-0", runs=9, failures=3, reason="SQL is away"))
    jobs.tell(hot, "feeds", Report(now, now, now, "w-0", failures=2, reason="the feed is HTML"))

    told = _line(command("doctor"), "jobs")

    assert told.startswith("look  jobs               catch-up failed 3 times: SQL is away\n")
    assert "do:   mend what its reason names" in told


def test_a_file_of_places_is_told_with_its_day_and_a_wrong_one_with_what_to_do(
    command: Command, hot: HotStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim(hot)
    monkeypatch.setenv("PLACE_FILE", str(mmdb.write(tmp_path / "city.mmdb", {"203.0.113.0/24": mmdb.PARIS})))

    good = _line(command("doctor"), "places")
    (tmp_path / "city.mmdb").write_bytes(b"junk")
    wrong = _line(command("doctor"), "places")

    assert good.endswith("city.mmdb, Test-City of 2026-11-18")
    assert wrong.startswith("FAIL  places")
    assert "is no MaxMind DB that can be read" in wrong
    assert "do:   name a MaxMind DB, such as DB-IP City Lite" in wrong
