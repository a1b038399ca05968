"""What Alembic runs: the scripts, on the connection that app/stores/cold/migrating.py opened."""

from alembic import context

from app.stores.cold.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite alters a table by copying it.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
