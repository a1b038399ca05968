"""`mailtide migrate`: bring the database to the tables of this version."""

from argparse import ArgumentParser, Namespace

from app.cli.failing import Failed
from app.cli.houses import read_settings
from app.stores.cold.migrating import migrate


def declare(_: ArgumentParser) -> None:
    """No arguments: DATABASE_URL says where."""


def carry_out(_: Namespace) -> int:
    """Migrate; harmless when there is nothing to do."""
    try:
        migrate(read_settings().database_url)
    except ValueError as wrong:
        raise Failed(str(wrong)) from wrong
    print("The database has the tables of this version.")
    return 0
