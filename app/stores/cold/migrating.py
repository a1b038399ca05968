"""Bringing a database to the tables of this version, with the scripts in `migrations/`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config

import migrations
from app.stores.cold.engine import Cold, make_engine

# Beside the code, wherever that is installed: `mailtide migrate` works from any folder.
FOLDER = Path(migrations.__file__).parent

# Any number that nothing else in the database takes: crc32 of "mailtide migrations".
MIGRATING_LOCK = 0x2D5E_77A1


def migrate(url: str) -> None:
    """Bring the database to the newest tables; harmless when it has them. Raises Unavailable."""
    with _configured(url) as config:
        command.upgrade(config, "head")


def downgrade(url: str, revision: str) -> None:
    """Bring the database back to an older revision, `base` for none. Raises Unavailable."""
    with _configured(url) as config:
        command.downgrade(config, revision)


@contextmanager
def _configured(url: str) -> Iterator[Config]:
    engine = make_engine(url)
    try:
        with Cold(engine).writing() as connection:
            if engine.dialect.name == "postgresql":
                # Two releases that start at once migrate one after the other, and may take their time.
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (MIGRATING_LOCK,))
            config = Config()
            config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
            config.attributes["connection"] = connection
            yield config
    finally:
        engine.dispose()
