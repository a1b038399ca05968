"""Approvals: who found which edition of a block's draft good; of each block the last one."""

from datetime import datetime

from sqlalchemy import Connection, select

from app.stores.cold.tables import block_approvals
from app.stores.cold.upserts import insert


def approve(connection: Connection, block_id: str, edition: int, *, by: str, now: datetime) -> None:
    """Note that somebody approved this edition, in place of any earlier one."""
    new = insert(connection, block_approvals).values(
        block_id=block_id, edition=edition, approved_by=by, approved_at=now
    )
    names = ("edition", "approved_by", "approved_at")
    connection.execute(
        new.on_conflict_do_update(
            index_elements=[block_approvals.c.block_id], set_={name: new.excluded[name] for name in names}
        )
    )


def approver(connection: Connection, block_id: str, edition: int) -> str | None:
    """Who approved exactly this edition, or None."""
    wanted = select(block_approvals.c.approved_by).where(
        block_approvals.c.block_id == block_id, block_approvals.c.edition == edition
    )
    found: str | None = connection.scalar(wanted)
    return found
