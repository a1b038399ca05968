"""Which tables this version works with, and whether a database has them.

Apart from migrating.py: a web process asks for this, and has no use for Alembic's 6 MB.
"""

import sqlalchemy
from sqlalchemy import Engine

from app.stores.cold.engine import Cold

NEWEST = "0009"  # the last script in migrations/versions

_held = sqlalchemy.table("alembic_version", sqlalchemy.column("version_num"))


def is_current(engine: Engine) -> bool:
    """Whether the database has the tables of this version. Raises Unavailable."""
    with Cold(engine).reading() as connection:
        if not sqlalchemy.inspect(connection).has_table(_held.name):
            return False
        return list(connection.scalars(sqlalchemy.select(_held.c.version_num))) == [NEWEST]
