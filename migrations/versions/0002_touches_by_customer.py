"""A touch is one customer's: a platform may name the same sending to many."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tell touches apart by customer and id."""
    _keyed_by("customer_id", "touch_id")


def downgrade() -> None:
    """Tell them apart by id alone; of an id that several customers share, one touch stays."""
    op.execute(
        "DELETE FROM touches WHERE EXISTS (SELECT 1 FROM touches AS other "
        "WHERE other.touch_id = touches.touch_id AND other.customer_id < touches.customer_id)"
    )
    _keyed_by("touch_id")


def _keyed_by(*columns: str) -> None:
    with op.batch_alter_table("touches") as table:
        table.drop_constraint("pk_touches", type_="primary")
        table.create_primary_key("pk_touches", list(columns))
