"""The spool: on disk before it is answered, readable after a crash, bounded."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.stores.absence import Unavailable
from app.stores.hot import spool as spool_module
from app.stores.hot.spool import Spool, SpoolFull

WRITER = """
import sys
from pathlib import Path
from app.stores.hot.spool import Spool
spool = Spool(Path(sys.argv[1]))
for number in range(1_000_000):
    spool.append("ana", b'{"n":%d}' % number)
    print(number, flush=True)
"""


def drained(spool: Spool) -> list[tuple[str | None, bytes]]:
    pairs: list[tuple[str | None, bytes]] = []
    spool.drain(pairs.extend)
    return pairs


def test_what_was_appended_is_handed_over_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append("ana", b'{"a": "b c"}')
    spool.append(None, b"{}")
    spool.close()

    assert drained(spool) == [("ana", b'{"a": "b c"}'), (None, b"{}")]
    assert drained(spool) == []
    assert spool.size() == 0


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    writer, other = Spool(tmp_path), Spool(tmp_path)
    writer.append("ana", b"{}")

    assert drained(other) == []
    writer.close()
    assert len(drained(other)) == 1


def test_an_idle_file_is_let_go_after_a_quiet_round(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append("ana", b"{}")

    spool.release_idle()
    assert drained(spool) == []
    spool.release_idle()
    assert len(drained(spool)) == 1


def test_a_torn_last_line_costs_only_itself(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append("ana", b'{"n":1}')
    spool.append("ana", b'{"n":2}')
    spool.close()
    path = next(tmp_path.iterdir())
    path.write_bytes(path.read_bytes()[:-4])

    pairs: list[tuple[str | None, bytes]] = []
    moved = spool.drain(pairs.extend)

    assert pairs == [("ana", b'{"n":1}')]
    assert (moved.events, moved.torn) == (1, 1)


def test_what_cannot_be_delivered_stays(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append("ana", b"{}")
    spool.close()

    def away(pairs: object) -> None:
        raise Unavailable

    with pytest.raises(Unavailable):
        spool.drain(away)
    assert len(drained(spool)) == 1


def test_a_full_spool_refuses_and_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "MAX_TOTAL_BYTES", 100)
    monkeypatch.setattr(spool_module, "MAX_FILE_BYTES", 100)
    spool = Spool(tmp_path)

    spool.append("ana", b"x" * 60)
    spool.append("ana", b"x" * 60)

    with pytest.raises(SpoolFull):
        spool.append("ana", b"x" * 60)
    assert spool.lost == 1


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_it_confirmed(tmp_path: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert writer.stdout is not None
    confirmed = [int(writer.stdout.readline()) for _ in range(200)][-1]

    os.kill(writer.pid, signal.SIGKILL)
    confirmed = max([confirmed, *(int(line) for line in writer.stdout if line.endswith("\n"))])
    writer.wait()
    writer.stdout.close()

    pairs = drained(Spool(tmp_path))
    assert [data for _, data in pairs][: confirmed + 1] == [b'{"n":%d}' % n for n in range(confirmed + 1)]
