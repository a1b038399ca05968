"""Learnt weights: what each run of a bandit made of its arms, kept for ever and in order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.stores.cold.tables import learnt_weights


@dataclass(frozen=True, slots=True)
class Weighing:
    """One run: the shares it gave from `at` on, and the touches and clicks they come from."""

    experiment_id: str
    number: int
    at: datetime
    version: int
    document: Mapping[str, Any]  # {"coverage", "arms": [{"arm", "share", "shown", "clicked"}]}


def newest(connection: Connection, experiment_id: str, *, limit: int = 1) -> list[Weighing]:
    """The last runs of one experiment, newest first."""
    wanted = select(learnt_weights).where(learnt_weights.c.experiment_id == experiment_id)
    rows = connection.execute(wanted.order_by(learnt_weights.c.number.desc()).limit(limit))
    return [Weighing(*row) for row in rows]


def everything(connection: Connection) -> Iterator[Weighing]:
    """The last run of every experiment."""
    last = (
        select(learnt_weights.c.experiment_id, func.max(learnt_weights.c.number).label("number"))
        .group_by(learnt_weights.c.experiment_id)
        .subquery()
    )
    is_last = (learnt_weights.c.experiment_id == last.c.experiment_id) & (
        learnt_weights.c.number == last.c.number
    )
    return (Weighing(*row) for row in connection.execute(select(learnt_weights).join(last, is_last)))


def add(connection: Connection, weighing: Weighing) -> None:
    """Keep one run. Its number is one above the last one's: two at once cannot both be kept."""
    connection.execute(
        learnt_weights.insert().values(
            experiment_id=weighing.experiment_id,
            number=weighing.number,
            at=weighing.at,
            version=weighing.version,
            document=weighing.document,
        )
    )
