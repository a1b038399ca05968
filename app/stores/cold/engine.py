"""The cold store: one SQL database, its connections, and its absence turned into one exception."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import URL, Connection, Engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.stores.absence import Unavailable

BUSY_S = 5.0  # how long a writer waits for another before it says Unavailable
STATEMENT_S = 60  # PostgreSQL gives up a statement after this
SQLITE_CACHE_KIB = 16_384

_SCHEMES = ("postgres://", "postgresql://", "postgresql+psycopg://")
# SQLSTATE classes that say "not now": connection, resources, operator, system, rollback, lock, login,
# no such database, internal; and a server that was made a replica.
_AWAY_STATES = ("08", "53", "57", "58", "40", "55", "28", "3D", "XX", "25006")
_DATA_STATES = ("22", "23", "54")
_UNMIGRATED_STATES = ("42P01", "42703")
_SQLITE_AWAY = ("BUSY", "LOCKED", "IOERR", "FULL", "CANTOPEN", "READONLY", "CORRUPT", "NOTADB", "PROTOCOL")
_SQLITE_DATA = ("CONSTRAINT", "MISMATCH", "TOOBIG", "RANGE")


class RefusedRows(Exception):
    """The database will not take these rows, now or ever: too large, contradictory, not text."""


def normalise(url: str) -> URL:
    """Read a database URL: `sqlite:///path`, `postgres://…` or `postgresql://…`.

    Raises ValueError, with a message that never repeats the URL: it may hold a password.
    """
    for scheme in _SCHEMES:
        if url.startswith(scheme):
            url = "postgresql+psycopg://" + url.removeprefix(scheme)
    try:
        read = make_url(url)
    except (ArgumentError, ValueError) as wrong:
        raise ValueError("DATABASE_URL is no URL: write postgresql://… or sqlite:///path") from wrong
    if read.drivername == "postgresql+psycopg":
        return read
    if read.drivername != "sqlite":
        raise ValueError(f"DATABASE_URL speaks {read.drivername[:32]}: Mailtide speaks postgresql and sqlite")
    if not read.database or read.database == ":memory:" or read.database.startswith("file:"):
        raise ValueError("DATABASE_URL names no file: write sqlite:///path, the data has to stay somewhere")
    return read


def make_engine(url: str) -> Engine:
    """An engine for one URL; connects on first use, so it survives a fork before that."""
    read = normalise(url)
    # Values are customers' data: they belong in no error message and no log.
    if read.drivername == "sqlite":
        Path(read.database or "").parent.mkdir(parents=True, exist_ok=True)
        engine = sqlalchemy.create_engine(read, hide_parameters=True, connect_args={"timeout": BUSY_S})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = f"-c statement_timeout={STATEMENT_S * 1000}"
    return sqlalchemy.create_engine(
        read,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=BUSY_S,
        connect_args={"connect_timeout": int(BUSY_S), "application_name": "mailtide", "options": options},
    )


class Cold:
    """Reads and writes of one database, each in a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = engine.execution_options(is_writing=True)
        self._reading = (
            engine
            if engine.dialect.name == "sqlite"
            # One snapshot for all statements, as SQLite has anyway: a report must add up.
            else engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database. Raises Unavailable."""
        with _answering(), self._reading.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose writes all count or none does. Raises Unavailable and RefusedRows."""
        with _answering(), self._writing.begin() as connection:
            yield connection

    def answers(self) -> bool:
        """Whether the database answers now."""
        try:
            with self.reading() as connection:
                return connection.scalar(sqlalchemy.select(1)) == 1
        except Unavailable:
            return False

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def connect(url: str) -> Cold:
    """The cold store of one URL. Raises ValueError when the URL is not ours to speak."""
    return Cold(make_engine(url))


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as busy:
        raise Unavailable("SQL does not answer: every connection is in use") from busy
    except DBAPIError as error:
        raised = _named(error)
        if raised is None:
            raise
        raise raised from error


def _named(error: DBAPIError) -> Exception | None:
    # Drivers name absences, bad data and bugs differently; all the house wants is which of the three.
    original: Any = error.orig
    state, name = getattr(original, "sqlstate", None), getattr(original, "sqlite_errorname", None)
    kind = type(original).__name__
    if state in _UNMIGRATED_STATES or str(original).startswith(("no such table", "no such column")):
        return Unavailable("the database has not the tables of this version: run `mailtide migrate`")
    if name is not None:
        word = name.removeprefix("SQLITE_")
        if word.startswith(_SQLITE_DATA):
            return RefusedRows(word.lower())
        return Unavailable(f"SQLite cannot answer now: {word}") if word.startswith(_SQLITE_AWAY) else None
    if (state and state.startswith(_DATA_STATES)) or kind == "DataError":
        return RefusedRows(f"{kind} {state or ''}".strip())
    is_away = (state or "").startswith(_AWAY_STATES) or (state is None and kind == "OperationalError")
    return Unavailable(f"SQL does not answer: {kind}") if is_away or error.connection_invalidated else None


def _prepare_sqlite(connection: Any, _: object) -> None:
    # The driver's own transaction keeping starts them late and reads outside them; ours begin below.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # A stream entry is dropped once SQL has it. NORMAL may lose the last commits when the power
    # fails, FULL syncs each: one fsync a batch of a thousand events is not to be seen in the rate.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA cache_size=-{SQLITE_CACHE_KIB}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer that starts as a reader cannot wait for another writer: it fails at once.
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


__all__ = ["Cold", "Connection", "RefusedRows", "connect", "make_engine", "normalise"]
