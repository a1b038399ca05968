"""Dead letters: stream entries that could not be recorded, with the reason, for a person to look at."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.stores.cold.tables import dead_letters
from app.stores.cold.upserts import insert, run

PAYLOAD_MAX = 65_536
REASON_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """One entry: where it lay, its bytes (the first 64 KiB), whose it was where that can be read."""

    stream: str
    entry_id: str
    payload: bytes
    reason: str
    at: datetime
    customer_id: str | None = None


def insert_once(connection: Connection, letters: Sequence[DeadLetter]) -> int:
    """Set entries aside; answers how many were not set aside before."""
    return sum(_insert_once(connection, letter) for letter in letters)


def page(connection: Connection, *, limit: int = 100) -> list[DeadLetter]:
    """The newest ones."""
    wanted = select(dead_letters).order_by(dead_letters.c.at.desc()).limit(limit)
    return [DeadLetter(**row._asdict()) for row in connection.execute(wanted)]


def count(connection: Connection) -> int:
    """How many there are."""
    return connection.scalar(select(func.count()).select_from(dead_letters)) or 0


def _insert_once(connection: Connection, letter: DeadLetter) -> int:
    values = asdict(letter) | {
        "payload": letter.payload[:PAYLOAD_MAX],
        "reason": letter.reason.replace("\0", " ")[:REASON_MAX],
    }
    new = insert(connection, dead_letters).values(values)
    return run(connection, new.on_conflict_do_nothing())
