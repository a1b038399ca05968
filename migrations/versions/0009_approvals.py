"""Who approved which edition of a block's draft."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "block_approvals",
        sa.Column("block_id", sa.String(length=200), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("approved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["block_id"], ["blocks.block_id"], name="fk_block_approvals_block_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("block_id", name="pk_block_approvals"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("block_approvals")
