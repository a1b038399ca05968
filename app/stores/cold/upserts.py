"""INSERT … ON CONFLICT, which both databases speak and SQLAlchemy keeps in two places."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = postgresql.Insert | sqlite.Insert


def run(connection: Connection, statement: Insert) -> int:
    """Insert and answer how many rows there were, which SQLAlchemy forgets after an INSERT unless told."""
    return connection.execute(statement.execution_options(preserve_rowcount=True)).rowcount


def insert(connection: Connection, table: Table) -> Insert:
    """An INSERT of the connection's dialect, with `on_conflict_do_update` and `excluded`."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
