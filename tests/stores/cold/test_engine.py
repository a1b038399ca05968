"""Database URLs, transactions, and a database that is away."""

import logging
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from app.stores.absence import Unavailable
from app.stores.cold import blocks, events
from app.stores.cold.engine import Cold, RefusedRows, connect, normalise
from tests import make
from tests.servers import PostgresServer


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_is_understood(scheme: str) -> None:
    url = normalise(f"{scheme}://ana:secret@db.example:5433/mail?sslmode=require")

    assert url.drivername == "postgresql+psycopg"
    assert (url.host, url.port, url.database, url.query["sslmode"]) == ("db.example", 5433, "mail", "require")


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("mysql://ana:hunter2@db/mail", "speaks mysql"),
        ("hunter2", "write postgresql://"),
        ("postgres://ana:hunter2@db:port/mail", "write postgresql://"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_a_wrong_url_is_refused_with_advice_and_without_its_password(url: str, advice: str) -> None:
    with pytest.raises(ValueError, match=advice) as refused:
        normalise(url)

    assert "hunter2" not in str(refused.value)


def test_a_database_that_is_not_there_is_an_absence_that_keeps_the_password_secret(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cold = connect("postgres://ana:hunter2@127.0.0.1:1/mail")

    with caplog.at_level(logging.DEBUG), pytest.raises(Unavailable) as away, cold.reading():
        pass

    assert "hunter2" not in str(away.value) + str(away.value.__cause__) + caplog.text + repr(cold.engine)
    assert not cold.answers()


def test_a_sqlite_file_that_is_none_is_an_absence(tmp_path: Path) -> None:
    (tmp_path / "mailtide.db").write_bytes(b"this is not a database" * 100)
    cold = connect(f"sqlite:///{tmp_path / 'mailtide.db'}")

    with pytest.raises(Unavailable, match="NOTADB"), cold.reading():
        pass

    cold.close()


def test_a_database_without_tables_says_to_migrate(tmp_path: Path) -> None:
    cold = connect(f"sqlite:///{tmp_path / 'empty.db'}")

    with pytest.raises(Unavailable, match="mailtide migrate"), cold.reading() as connection:
        events.page(connection)

    cold.close()


@pytest.mark.postgres
def test_a_postgresql_that_stops_is_away_and_comes_back(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    cold = connect(postgres_url)
    assert cold.answers()

    postgres_server.stop()
    with pytest.raises(Unavailable), cold.writing():
        pass
    postgres_server.start()

    assert cold.answers()
    cold.close()


def test_a_failed_write_leaves_nothing(cold: Cold) -> None:
    def save_and_break() -> None:
        with cold.writing() as connection:
            blocks.save_draft(connection, "hero", {}, now=make.NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_and_break()

    with cold.reading() as connection:
        assert blocks.fetch(connection, "hero") is None


def test_rows_that_contradict_the_tables_are_refused(cold: Cold) -> None:
    orphan = "INSERT INTO links VALUES ('no-such-message', 1, 'u', 'd', 0)"

    with pytest.raises(RefusedRows), cold.writing() as connection:
        connection.execute(text(orphan))


def test_writers_in_many_threads_wait_for_each_other(cold: Cold) -> None:
    faults: list[Exception] = []

    def save(number: int) -> None:
        try:
            for _ in range(5):
                with cold.writing() as connection:
                    blocks.save_draft(connection, f"hero-{number}", {}, now=make.NOW)
        except Unavailable as away:
            faults.append(away)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with cold.reading() as connection:
        assert (faults, [draft.edition for draft in blocks.page(connection)]) == ([], [5] * 6)


def test_a_reader_sees_one_state_from_its_first_look_to_its_last(cold: Cold) -> None:
    with cold.reading() as before:
        assert blocks.page(before) == []
        with cold.writing() as connection:
            blocks.save_draft(connection, "hero", {}, now=make.NOW)

        assert blocks.page(before) == []


def test_sqlite_syncs_every_commit(sqlite_url: str) -> None:
    cold = connect(sqlite_url)

    with cold.reading() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]

    assert settings == ["wal", 2, 1, 5000]
    cold.close()
