"""Suppressions: those that stand and those that were lifted, as the customers' states told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.domain.state import Suppression
from app.stores.cold.tables import suppressions
from app.stores.cold.upserts import insert


@dataclass(frozen=True, slots=True)
class Standing:
    """Every suppression of one customer at one moment."""

    customer_id: str
    suppressions: Sequence[Suppression]
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredSuppression:
    """One suppression; `lifted_at` None while it stands."""

    customer_id: str
    suppression: Suppression
    lifted_at: datetime | None


def replace_many(connection: Connection, standings: Sequence[Standing]) -> None:
    """Make these what stands: new ones come, those no longer listed are lifted, and none is deleted."""
    if not standings:
        return
    held = _standing(connection, [one.customer_id for one in standings])
    new, lifted = [], []
    for one in standings:
        listed = {suppression.suppression_id: suppression for suppression in one.suppressions}
        standing = held.get(one.customer_id, set())
        new += [_values(one.customer_id, listed[key]) for key in listed.keys() - standing]
        lifted += [(one.customer_id, key, one.at) for key in standing - listed.keys()]
    if new:
        written = insert(connection, suppressions)
        again = written.on_conflict_do_update(
            index_elements=[suppressions.c.customer_id, suppressions.c.suppression_id],
            set_={
                "scope": written.excluded.scope,
                "reason": written.excluded.reason,
                "until": written.excluded.until,
                "lifted_at": None,
            },
        )
        connection.execute(again, new)
    for customer_id, suppression_id, at in lifted:
        connection.execute(
            suppressions.update()
            .where(
                suppressions.c.customer_id == customer_id,
                suppressions.c.suppression_id == suppression_id,
            )
            .values(lifted_at=at)
        )


def of_customer(connection: Connection, customer_id: str) -> list[StoredSuppression]:
    """Every suppression of one customer, oldest first, lifted ones too."""
    wanted = select(suppressions).where(suppressions.c.customer_id == customer_id)
    ordered = wanted.order_by(suppressions.c.since, suppressions.c.suppression_id)
    return [
        StoredSuppression(
            row.customer_id,
            Suppression(row.suppression_id, row.scope, row.reason, row.since, row.until),
            row.lifted_at,
        )
        for row in connection.execute(ordered)
    ]


def _standing(connection: Connection, customer_ids: Sequence[str]) -> dict[str, set[str]]:
    wanted = select(suppressions.c.customer_id, suppressions.c.suppression_id).where(
        suppressions.c.customer_id.in_(customer_ids), suppressions.c.lifted_at.is_(None)
    )
    held: dict[str, set[str]] = {}
    for row in connection.execute(wanted):
        held.setdefault(row.customer_id, set()).add(row.suppression_id)
    return held


def _values(customer_id: str, suppression: Suppression) -> dict[str, object]:
    return {
        "customer_id": customer_id,
        "suppression_id": suppression.suppression_id,
        "scope": suppression.scope,
        "reason": suppression.reason,
        "since": suppression.since,
        "until": suppression.until,
        "lifted_at": None,
    }
