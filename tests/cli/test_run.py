"""`mailtide run`: starts everything, stops everything, loses nothing, and says what is in its way."""

import json
import os
import shutil
import signal
import socket
import stat
import sys
import threading
import time
from pathlib import Path

import pytest

from tests import make
from tests.cli.running import Running, end, mailtide, running
from tests.servers import ValkeyServer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="SKIPPED: looks at processes in /proc"),
]

STOP_S = 5.0


def _gone(one: Running) -> None:
    make.wait_until(lambda: one.children() == [], timeout_s=8)


def test_everything_starts_and_a_second_start_finds_the_same_data(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        key = first.key
        first.ask("/v1/customers/ana", method="PUT", body=b'{"attributes": {"tier": "gold"}}')
        assert first.ask("/readyz")[0] == 200
        assert "/docs" in first.said()
        assert str(tmp_path / "var" / "demo.key") in first.said()
        assert first.stop() < STOP_S
        _gone(first)

    with running(tmp_path) as second:
        status, body = second.ask("/v1/customers/ana")

    assert status == 200
    assert json.loads(body)["attributes"] == {"tier": "gold"}
    assert second.key == key


def test_secrets_are_for_their_owner_alone(tmp_path: Path) -> None:
    with running(tmp_path):
        modes = {
            name: stat.S_IMODE((tmp_path / "var" / name).stat().st_mode)
            for name in (".", "demo.key", "signing.key", "valkey/valkey.sock", "valkey.url")
        }

    assert modes == {
        ".": 0o700,
        "demo.key": 0o600,
        "signing.key": 0o600,
        "valkey/valkey.sock": 0o700,
        "valkey.url": 0o600,
    }


def test_ctrl_c_stops_every_process_and_valkey_last(tmp_path: Path) -> None:
    with running(tmp_path) as one:
        assert one.children("valkey-server")

        took_s = one.stop(signal.SIGINT)

        assert took_s < STOP_S
        assert one.children() == []
        log = (tmp_path / "var" / "valkey" / "valkey.log").read_text()
        assert "ready to exit" in log.splitlines()[-1]
        assert "Traceback" not in one.said()


def test_a_request_under_way_holds_a_stop_up_for_less_than_five_seconds(tmp_path: Path) -> None:
    with running(tmp_path) as one, socket.create_connection(("127.0.0.1", one.port)) as line:
        line.sendall(b"PUT /v1/customers/ana HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")

        assert one.stop() < STOP_S
        assert one.children() == []


def test_a_second_ctrl_c_hurries(tmp_path: Path) -> None:
    with running(tmp_path) as one, socket.create_connection(("127.0.0.1", one.port)) as line:
        line.sendall(b"PUT /v1/customers/ana HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
        one.process.send_signal(signal.SIGINT)
        make.wait_until(lambda: "stopping" in one.said())

        assert one.stop(signal.SIGINT) < 1.5
        assert one.children() == []


def test_a_second_start_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with running(tmp_path) as one:
        second = one.cli("run")

        assert second.returncode == 1
        assert f"as process {one.process.pid}" in second.stderr
        assert "VAR_DIR=var2 PORT=8001 make run" in second.stderr
        assert one.ask("/readyz")[0] == 200


def test_a_port_that_is_taken_is_told_and_nothing_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        one = Running(tmp_path, PORT=str(other.getsockname()[1]))

        refused = one.cli("run")

    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "PORT=8001 make run" in refused.stderr
    one.begin()
    end(one)


@pytest.mark.parametrize("host", ["203.0.113.1", "no.such.host.invalid"])
def test_a_host_that_is_not_this_machine_is_told(tmp_path: Path, host: str) -> None:
    refused = mailtide({**Running(tmp_path).env, "HOST": host}, "run")

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"mailtide: HOST {host} is no address of this machine")


@pytest.mark.parametrize("after_s", [0.5, 1.0, 1.5])
def test_a_stop_while_everything_starts_leaves_nothing(tmp_path: Path, after_s: float) -> None:
    one = Running(tmp_path).begin()
    try:
        make.wait_until(lambda: (tmp_path / "var" / "signing.key").exists())  # it listens to signals by now
        time.sleep(after_s)

        assert one.stop() < STOP_S
        assert one.children() == []
    finally:
        end(one)


def test_a_part_that_is_killed_is_started_again_with_its_data(tmp_path: Path) -> None:
    with running(tmp_path) as one:
        one.ask("/v1/customers/ana", method="PUT", body=b'{"attributes": {"tier": "gold"}}')
        for part in ("valkey-server", "gunicorn", "worker"):
            [*_, child] = one.children(part)
            os.kill(min(one.children(part)), signal.SIGKILL)
            make.wait_until(
                lambda part=part, child=child: bool(one.children(part)) and child not in one.children(part)
            )

        make.wait_until(lambda: _is_ready(one), timeout_s=15)

        assert one.ask("/v1/customers/ana")[0] == 200
        assert "valkey ended (signal SIGKILL); it is started again in 0.5 s" in one.said()
        assert one.stop() < STOP_S
        assert one.children() == []


def _is_ready(one: Running) -> bool:
    try:
        return one.ask("/readyz")[0] == 200 and one.ask("/v1/customers/ana")[0] == 200
    except OSError:
        return False


def test_a_hot_store_that_lost_its_data_is_filled_before_anything_is_served(tmp_path: Path) -> None:
    with running(tmp_path) as one:
        one.ask("/v1/customers/ana", method="PUT", body=b'{"attributes": {"tier": "gold"}}')
        make.wait_until(lambda: b" 0 events wait" in one.ask("/readyz")[1].replace(b'"', b" "))
        one.stop()
    shutil.rmtree(tmp_path / "var" / "valkey")

    with running(tmp_path) as again:
        status, body = again.ask("/v1/customers/ana")

    assert status == 200
    assert json.loads(body)["attributes"] == {"tier": "gold"}


def test_a_killed_supervisor_leaves_nothing_running_and_the_next_start_works(tmp_path: Path) -> None:
    one = Running(tmp_path)
    try:
        one.start()
        one.ask("/v1/customers/ana", method="PUT", body=b'{"attributes": {"tier": "gold"}}')
        one.kill()
        one.start()  # at once, while the old ones still end

        assert one.ask("/v1/customers/ana")[0] == 200
        one.kill()
        _gone(one)
    finally:
        end(one)


def test_a_stop_while_events_arrive_loses_none_that_was_answered(tmp_path: Path) -> None:
    with running(tmp_path) as one:
        one.ask("/v1/customers/ana", method="PUT", body=b"{}")
        answered: list[str] = []
        writing = threading.Thread(target=_act_until_refused, args=[one, answered])
        writing.start()
        make.wait_until(lambda: len(answered) > 100)
        assert one.stop() < STOP_S
        writing.join()

    with running(tmp_path) as again:
        make.wait_until(lambda: set(answered) <= set(_recorded(again)))
        kept = _recorded(again)

    assert len(kept) == len(set(kept))
    # The last one may have been taken and its answer cut off.
    assert set(kept) - set(answered) <= {f"a-{len(answered)}"}


def _act_until_refused(one: Running, answered: list[str]) -> None:
    while True:
        name = f"a-{len(answered)}"
        at = make.NOW.isoformat()
        told = {"activity_id": name, "customer_id": "ana", "type": "viewed", "at": at}
        try:
            status, _ = one.ask("/v1/activity", method="POST", body=json.dumps(told).encode())
        except OSError:
            return
        if status != 200:
            return
        answered.append(name)


def _recorded(one: Running) -> list[str]:
    _, body = one.ask("/v1/events?limit=1000&types=activity")
    return [event["event_id"].removeprefix("activity-") for event in json.loads(body)["events"]]


def test_a_folder_whose_path_is_too_long_for_a_socket_works(tmp_path: Path) -> None:
    deep = tmp_path / ("long" * 20) / "and a space, ünïcödé, 50% #"
    deep.mkdir(parents=True)

    with running(deep) as one:
        assert one.ask("/readyz")[0] == 200
        assert one.cli("keys", "list").returncode == 0
        assert (deep / "var" / "valkey.url").read_text().startswith("redis://:")


def test_own_servers_take_the_place_of_the_embedded_parts(tmp_path: Path, valkey: ValkeyServer) -> None:
    database = tmp_path / "elsewhere.db"

    with running(tmp_path, REDIS_URL=valkey.url, DATABASE_URL=f"sqlite:///{database}") as one:
        assert one.ask("/readyz")[0] == 200
        assert one.children("valkey-server") == []
        assert database.exists()
        assert not (tmp_path / "var" / "mailtide.db").exists()
        assert "/demo/" not in one.said()
        assert one.stop() < STOP_S
    assert valkey.is_running


def test_data_of_another_layout_are_refused_before_anything_is_served(tmp_path: Path) -> None:
    with running(tmp_path) as one:
        one.stop()

    changed = mailtide({**one.env, "PARTITIONS": "32"}, "run")

    assert changed.returncode == 1
    assert "partitions=16, the settings say 32" in changed.stderr
    assert one.children() == []


def test_wrong_settings_are_told_all_at_once(tmp_path: Path) -> None:
    one = Running(tmp_path)

    refused = mailtide({**one.env, "PARTITIONS": "0", "LOG_LEVEL": "loud", "PORT": "0"}, "run")

    assert refused.returncode == 1
    assert [
        line for name in ("PARTITIONS", "LOG_LEVEL", "PORT") for line in [name] if name in refused.stderr
    ] == [
        "PARTITIONS",
        "LOG_LEVEL",
        "PORT",
    ]
    assert "Traceback" not in refused.stderr
