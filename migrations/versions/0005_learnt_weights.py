"""What bandits learnt of their arms."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "learnt_weights",
        sa.Column("experiment_id", sa.String(length=260), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("experiment_id", "number", name="pk_learnt_weights"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("learnt_weights")
