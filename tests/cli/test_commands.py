"""The command line itself: usage, plain failures, keys, migrating, what `run` left for others."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import COMMANDS, embedded
from app.flows import keys
from app.stores.cold.engine import connect
from tests.cli.conftest import Command
from tests.cli.running import ROOT, environment, mailtide
from tests.servers import ValkeyServer


def test_help_names_every_command_and_loads_none(tmp_path: Path) -> None:
    program = (
        "import sys; from app.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print([name for name in ('sqlalchemy', 'redis', 'PIL') if name in sys.modules])"
    )

    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert all(f"\n    {name}" in told.stdout for name in COMMANDS)
    assert told.stdout.endswith("[]\n")


@pytest.mark.parametrize(
    "words", [(), ("walk",), ("keys",), ("keys", "create", "x"), ("prune",), ("customers",)]
)
def test_wrong_usage_is_2_and_says_what_is_missing(command: Command, words: tuple[str, ...]) -> None:
    done = command(*words)

    assert done.code == 2
    assert done.err.startswith("usage: mailtide")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(command: Command, name: str) -> None:
    done = command(name, "--help")

    assert done.code == 0
    assert f"usage: mailtide {name}" in done.out


def test_what_is_away_is_one_plain_line(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")

    done = command("keys", "list")

    assert done.code == 1
    assert done.err == "mailtide: the database has not the tables of this version: run `mailtide migrate`\n"


def test_settings_that_are_missing_are_all_told(tmp_path: Path) -> None:
    done = mailtide(environment(tmp_path), "migrate")

    assert done.returncode == 1
    assert "SIGNING_KEYS is empty" in done.stderr
    assert "REDIS_URL is empty: set it, or start with `mailtide run`" in done.stderr
    assert "DATABASE_URL is empty" in done.stderr
    assert "Traceback" not in done.stderr


def test_migrating_makes_the_tables_and_twice_is_harmless(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new.db")

    first, second = command("migrate"), command("migrate")

    assert (first.code, second.code) == (0, 0)
    assert command("keys", "list").code == 0


def test_a_key_is_shown_once_works_and_can_be_revoked(command: Command, sqlite_url: str) -> None:
    made = command("keys", "create", "the shop", "--scope", "ingest", "--scope", "decide")

    text = made.out.split()[-1]
    key_id = text.split("_")[1]
    cold = connect(sqlite_url)
    found = keys.find(cold, text)
    assert found is not None
    assert found.scopes == ("ingest", "decide")
    listed = command("keys", "list").out
    assert key_id in listed
    assert "the shop" in listed
    assert text not in listed

    assert command("keys", "revoke", key_id).code == 0
    assert keys.find(cold, text) is None
    assert "revoked" in command("keys", "list").out
    assert command("keys", "revoke", key_id).code == 1
    cold.close()


def test_a_key_without_a_fit_name_or_scope_is_refused(command: Command) -> None:
    nameless = command("keys", "create", "  ", "--scope", "admin")
    scopeless = command("keys", "create", "shop", "--scope", "everything")

    assert nameless.code == 1
    assert "give a name of 1 to 100 printable characters" in nameless.err
    assert scopeless.code == 2
    assert "invalid choice: 'everything'" in scopeless.err


def test_rebuilding_tells_what_came_back(command: Command) -> None:
    assert command("rebuild").out.startswith("Brought back: 0 published documents, 0 customers, ")


def test_pruning_counts_first_and_then_deletes(command: Command) -> None:
    assert command("prune", "--days", "90", "--dry-run").out == (
        "0 events and 0 decisions older than 90 days would be deleted.\n"
    )
    assert command("prune", "--days", "90").code == 0
    assert command("prune", "--days", "0").code == 2


def test_preparing_leaves_a_key_that_works_and_another_when_the_database_is_another(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, valkey: ValkeyServer
) -> None:
    file = tmp_path / "var" / "demo.key"
    command("prepare")
    first = file.read_text()
    command("prepare")
    same = file.read_text()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/other.db")

    done = command("prepare")

    assert done.code == 0, done.err
    assert first == same
    assert file.read_text() != first
    assert file.stat().st_mode & 0o777 == 0o600


def test_commands_find_what_run_left_and_what_is_said_comes_first(tmp_path: Path) -> None:
    told = {"VAR_DIR": str(tmp_path), "DATABASE_URL": "postgresql://elsewhere/mailtide"}
    found = embedded.rooms(told)
    embedded.make_signing_key(found)
    embedded.keep_secret(found.valkey_url, "unix:///somewhere.sock")
    found.database.touch()

    completed = embedded.completed(told)

    assert completed["SIGNING_KEYS"] == found.signing_key.read_text().strip()
    assert completed["REDIS_URL"] == "unix:///somewhere.sock"
    assert completed["DATABASE_URL"] == "postgresql://elsewhere/mailtide"
    assert (
        embedded.completed({"VAR_DIR": str(tmp_path)})["DATABASE_URL"] == f"sqlite:///{tmp_path}/mailtide.db"
    )


def test_the_signing_key_is_made_once(tmp_path: Path) -> None:
    found = embedded.rooms({"VAR_DIR": str(tmp_path)})
    embedded.make_signing_key(found)
    first = found.signing_key.read_text()

    embedded.make_signing_key(found)

    assert found.signing_key.read_text() == first
    assert len(first.strip()) == 64


def test_output_that_nobody_reads_to_its_end_is_no_failure_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("id\n" + "".join(f"c-{number}\n" for number in range(20_000)))
    own = {"SIGNING_KEYS": "x" * 40, "REDIS_URL": "redis://localhost", "DATABASE_URL": "sqlite:////nowhere"}
    words = [sys.executable, "-m", "app.cli", "customers", "keys", str(path), "--id", "id"]

    with subprocess.Popen(
        words, env={**os.environ, **own}, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
