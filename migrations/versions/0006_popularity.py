"""How much items are wanted, which go together, and who has read the event log how far."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "item_scores",
        sa.Column("item_id", sa.String(length=200), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk_item_scores"),
    )
    op.create_table(
        "item_pairs",
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("item_id", sa.String(length=200), nullable=False),
        sa.Column("other_id", sa.String(length=200), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "item_id", "other_id", name="pk_item_pairs"),
    )
    op.create_index("ix_item_pairs_item_id", "item_pairs", ["item_id"])
    op.create_table(
        "readers",
        sa.Column("reader", sa.String(length=200), nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("reader", name="pk_readers"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("readers", "item_pairs", "item_scores"):
        op.drop_table(table)
