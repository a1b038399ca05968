"""API keys: who may do what. Only a digest of the key itself is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from app.stores.cold.tables import api_keys

USED_EVERY = timedelta(hours=1)  # the last use is kept this coarsely: a write a request would be waste


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key. `digest` is the SHA-256 of the secret in hex; a revoked key stays listed."""

    key_id: str
    name: str
    scopes: tuple[str, ...]
    digest: str
    created_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


def create(connection: Connection, key: ApiKey) -> None:
    """Keep a new key."""
    values = {
        "key_id": key.key_id,
        "name": key.name,
        "scopes": list(key.scopes),
        "digest": key.digest,
        "created_at": key.created_at,
    }
    connection.execute(api_keys.insert().values(values))


def by_digest(connection: Connection, digest: str) -> ApiKey | None:
    """The key with this digest, revoked or not, or None."""
    row = connection.execute(select(api_keys).where(api_keys.c.digest == digest)).first()
    return _key(row) if row else None


def page(connection: Connection, *, after: str = "", limit: int = 100) -> list[ApiKey]:
    """Keys by id, those after one."""
    wanted = select(api_keys).where(api_keys.c.key_id > after).order_by(api_keys.c.key_id).limit(limit)
    return [_key(row) for row in connection.execute(wanted)]


def revoke(connection: Connection, key_id: str, *, now: datetime) -> bool:
    """Take a key out of use; False when there is none that is in use."""
    is_in_use = (api_keys.c.key_id == key_id) & api_keys.c.revoked_at.is_(None)
    return connection.execute(api_keys.update().where(is_in_use).values(revoked_at=now)).rowcount > 0


def touch_used(connection: Connection, key_ids: Sequence[str], *, now: datetime) -> None:
    """Note that keys were used, to the hour."""
    used = api_keys.c.last_used_at
    is_older = or_(used.is_(None), used <= now - USED_EVERY)
    connection.execute(
        api_keys.update().where(api_keys.c.key_id.in_(key_ids), is_older).values(last_used_at=now)
    )


def _key(row: Row[*tuple[Any, ...]]) -> ApiKey:
    held = row._asdict()
    return ApiKey(**{**held, "scopes": tuple(held["scopes"])})
