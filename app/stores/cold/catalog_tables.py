"""The tables of catalogues; migrations and tests know them with those of tables.py."""

from sqlalchemy import Column, Float, ForeignKey, Index, PrimaryKeyConstraint, Table

from app.stores.cold.tables import ID, WORD, metadata
from app.stores.cold.types import Instant, Json, Number

catalogs = Table(
    "catalogs",
    metadata,
    Column("catalog", ID, primary_key=True),
    # One more with every write of its items: the hot store is in step when it knows this number.
    Column("edition", Number, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

items = Table(
    "items",
    metadata,
    Column("catalog", ID, ForeignKey("catalogs.catalog", ondelete="CASCADE"), nullable=False),
    Column("item_id", ID, nullable=False),
    Column("document", Json, nullable=False),
    # When it came back in stock, when it became cheaper and from what: learnt from its changes.
    Column("signals", Json, nullable=False),
    Column("source", WORD, nullable=False),  # api, feed
    Column("added_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    PrimaryKeyConstraint("catalog", "item_id"),
)

feeds = Table(
    "feeds",
    metadata,
    Column("catalog", ID, ForeignKey("catalogs.catalog", ondelete="CASCADE"), primary_key=True),
    Column("document", Json, nullable=False),
    Column("state", Json, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

# How much people want items, and how well two go together: sums that halve every three days.
item_scores = Table(
    "item_scores",
    metadata,
    Column("item_id", ID, primary_key=True),
    Column("score", Float, nullable=False),
    Column("at", Instant, nullable=False),
)

item_pairs = Table(
    "item_pairs",
    metadata,
    Column("kind", WORD, nullable=False),  # viewed, bought
    Column("item_id", ID, nullable=False),
    Column("other_id", ID, nullable=False),
    Column("score", Float, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("kind", "item_id", "other_id"),
    Index("ix_item_pairs_item_id", "item_id"),
)

# Who reads the event log, and up to which place.
readers = Table(
    "readers",
    metadata,
    Column("reader", ID, primary_key=True),
    Column("seq", Number, nullable=False),
)
