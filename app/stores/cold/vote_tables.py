"""The tables of votes; migrations and tests know them with those of tables.py."""

from sqlalchemy import Column, Index, Table

from app.stores.cold.tables import ID, WORD, metadata
from app.stores.cold.types import Instant, Number

votes = Table(
    "votes",
    metadata,
    Column("customer_id", ID, primary_key=True),
    Column("poll", WORD, primary_key=True),
    Column("answer", WORD, nullable=False),
    Column("at", Instant, nullable=False),
    Column("event_id", ID, nullable=False),
    Index("ix_votes_poll_at", "poll", "at"),
)

# The sums of the table above. `changes` grows with every change: of two copies the newer is known by it.
vote_counts = Table(
    "vote_counts",
    metadata,
    Column("poll", WORD, primary_key=True),
    Column("answer", WORD, primary_key=True),
    Column("votes", Number, nullable=False),
    Column("changes", Number, nullable=False),
)
