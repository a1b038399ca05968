"""What Valkey wrote goes to the disk from the supervisor."""

import time
from pathlib import Path

from app.cli.syncing import Syncing, sync
from tests import make
from tests.servers import ValkeyServer


def test_append_only_files_are_synced_and_one_that_just_went_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "1.incr.aof").write_bytes(b"*1\r\n")
    (tmp_path / "0.incr.aof").symlink_to(tmp_path / "gone")

    sync(tmp_path)
    sync(tmp_path / "no-folder-yet")


def test_syncing_goes_on_until_it_is_stopped(tmp_path: Path) -> None:
    syncing = Syncing(tmp_path)
    syncing.start()
    time.sleep(0.05)
    assert syncing.is_alive()

    syncing.stop()

    make.wait_until(lambda: not syncing.is_alive())


def test_what_a_killed_valkey_answered_it_has(valkey: ValkeyServer) -> None:
    from app.stores.hot.server import connect

    store = connect(valkey.url, partitions=1)
    for number in range(300):
        store.client.set("last", number)
    valkey.kill()
    valkey.start()

    assert store.value("last") == b"299"
    store.close()
