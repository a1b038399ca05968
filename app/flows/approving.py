"""A second person finds a draft good before it goes out, where a deployment wants that."""

from datetime import datetime

from app.domain.problems import Conflict, Forbidden, NotFound
from app.stores.cold import approvals, blocks
from app.stores.cold.drafts import Draft
from app.stores.cold.engine import Cold, Connection


def approve(cold: Cold, block_id: str, *, now: datetime, by: str, expected: int | None) -> int:
    """Find the draft's present edition good; answers its number. The approval ends with the next save.

    Raises NotFound, Conflict when the draft is at another edition, Forbidden for who saved it, Unavailable.
    """
    with cold.writing() as connection:
        draft = blocks.fetch(connection, block_id)
        if draft is None:
            raise NotFound(f"There is no block {block_id}.")
        if expected is not None and draft.edition != expected:
            raise Conflict(f"The draft is at edition {draft.edition} by now: read it again, then approve.")
        if draft.updated_by == by:
            raise Forbidden(f"{by[:100]!r} saved this edition: a key of another name approves it.")
        approvals.approve(connection, block_id, draft.edition, by=by, now=now)
    return draft.edition


def require_approval(connection: Connection, draft: Draft) -> None:
    """Refuse an edition that nobody approved. Raises Conflict."""
    if approvals.approver(connection, draft.id, draft.edition) is None:
        raise Conflict(
            f"Edition {draft.edition} is not approved: somebody else than {draft.updated_by[:100]!r} "
            f"approves it with POST /v1/blocks/{draft.id}/approve."
        )
