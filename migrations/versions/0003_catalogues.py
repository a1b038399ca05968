"""Catalogues, their items and their feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "catalogs",
        sa.Column("catalog", sa.String(length=200), nullable=False),
        sa.Column("edition", NUMBER, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("catalog", name="pk_catalogs"),
    )
    op.create_table(
        "items",
        sa.Column("catalog", sa.String(length=200), nullable=False),
        sa.Column("item_id", sa.String(length=200), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("signals", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["catalog"], ["catalogs.catalog"], name="fk_items_catalog", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("catalog", "item_id", name="pk_items"),
    )
    op.create_table(
        "feeds",
        sa.Column("catalog", sa.String(length=200), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["catalog"], ["catalogs.catalog"], name="fk_feeds_catalog", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("catalog", name="pk_feeds"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("feeds", "items", "catalogs"):
        op.drop_table(table)
