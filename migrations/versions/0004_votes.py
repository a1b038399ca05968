"""Votes in polls, and their sums."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "votes",
        sa.Column("customer_id", sa.String(length=200), nullable=False),
        sa.Column("poll", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "poll", name="pk_votes"),
    )
    op.create_index("ix_votes_poll_at", "votes", ["poll", "at"])
    op.create_table(
        "vote_counts",
        sa.Column("poll", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=64), nullable=False),
        sa.Column("votes", NUMBER, nullable=False),
        sa.Column("changes", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("poll", "answer", name="pk_vote_counts"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("vote_counts", "votes"):
        op.drop_table(table)
