"""A deployment for commands that run in this process: real Valkey, real SQLite, VAR_DIR of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli import main
from app.stores.hot.server import HotStore
from tests import make
from tests.cli.running import OWN
from tests.servers import ValkeyServer


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def command(
    valkey: ValkeyServer,
    hot: HotStore,
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Carries out one command line in this process."""
    for name in OWN:
        monkeypatch.delenv(name, raising=False)
    settings = {
        "SIGNING_KEYS": make.SECRET,
        "REDIS_URL": valkey.url,
        "DATABASE_URL": sqlite_url,
        "VAR_DIR": str(tmp_path / "var"),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    def carry_out(*words: str) -> Done:
        capsys.readouterr()
        try:
            code = main(list(words))
        except SystemExit as left:
            code = int(left.code or 0)
        told = capsys.readouterr()
        return Done(code, told.out, told.err)

    return carry_out


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of these lines."""

    def write(lines: Sequence[str], *, name: str = "customers.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
        return path

    return write
