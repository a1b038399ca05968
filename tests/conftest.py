"""Stores on real servers: each started once, and empty for every test."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from app.stores.cold.engine import Cold, connect
from app.stores.cold.migrating import migrate
from app.stores.hot.server import HotStore
from app.stores.hot.server import connect as connect_hot
from tests.servers import NoPostgres, PostgresServer, ValkeyServer

PARTITIONS = 16
DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))

_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    """Logs that a test sent to its own captured stderr go back: the next test's is another one."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    """A folder whose path is short enough for sockets in it."""
    with tempfile.TemporaryDirectory(prefix="mailtide-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="session")
def valkey_server(short_folder: Path) -> Iterator[ValkeyServer]:
    """One Valkey for all tests; ask for `valkey`, which is empty."""
    folder = short_folder / "valkey"
    folder.mkdir()
    server = ValkeyServer(folder)
    yield server
    server.stop()


@pytest.fixture
def valkey(valkey_server: ValkeyServer) -> ValkeyServer:
    """A running and empty Valkey, which the test may kill and start again."""
    server = valkey_server.start()
    store = connect_hot(server.url, partitions=PARTITIONS)
    store.client.flushall()
    store.close()
    return server


@pytest.fixture
def hot(valkey: ValkeyServer) -> Iterator[HotStore]:
    """An empty hot store."""
    store = connect_hot(valkey.url, partitions=PARTITIONS)
    yield store
    store.close()


@pytest.fixture(scope="session")
def sqlite_template(short_folder: Path) -> Path:
    """A migrated SQLite file to copy: migrating it anew for every test would be slow."""
    path = short_folder / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server(short_folder: Path) -> Iterator[PostgresServer]:
    """One PostgreSQL for all tests, with a migrated database to copy; ask for `postgres_url`."""
    folder = short_folder / "postgres"
    folder.mkdir()
    try:
        server = PostgresServer(folder).start()
    except NoPostgres as missing:
        pytest.skip(str(missing))
    server.execute("CREATE DATABASE template_mailtide")
    migrate(server.url("template_mailtide"))
    yield server
    server.stop()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of an empty, migrated SQLite database."""
    shutil.copy(sqlite_template, tmp_path / "mailtide.db")
    return f"sqlite:///{tmp_path / 'mailtide.db'}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty, migrated PostgreSQL database."""
    name = f"test_{next(_numbers)}"
    postgres_server.start().copy_database("template_mailtide", name)
    yield postgres_server.url(name)
    postgres_server.start().execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty, migrated database, of both kinds by turns."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def cold(database_url: str) -> Iterator[Cold]:
    """An empty cold store, on both databases by turns."""
    store = connect(database_url)
    yield store
    store.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not tested, even where pytest is quiet."""
    reasons = {report.longrepr[2] for report in terminalreporter.stats.get("skipped", ()) if report.longrepr}
    for reason in sorted(map(str, reasons)):
        terminalreporter.write_line(reason.replace("Skipped: ", "SKIPPED: "), yellow=True)
