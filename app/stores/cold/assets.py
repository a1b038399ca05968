"""Assets: the pictures people upload, by name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.stores.cold.tables import assets
from app.stores.cold.upserts import insert


@dataclass(frozen=True, slots=True)
class Asset:
    """One uploaded picture; `sha256` is the hex digest of its content, sizes are pixels."""

    name: str
    sha256: str
    mimetype: str
    width: int
    height: int
    content: bytes


_COLUMNS = [assets.c[name] for name in ("name", "sha256", "mimetype", "width", "height", "content")]


def save(connection: Connection, asset: Asset, *, now: datetime) -> None:
    """Keep an asset; one of the same name is replaced."""
    values = {column.name: getattr(asset, column.name) for column in _COLUMNS} | {"saved_at": now}
    written = insert(connection, assets).values(values)
    connection.execute(written.on_conflict_do_update(index_elements=[assets.c.name], set_=values))


def fetch(connection: Connection, name: str) -> Asset | None:
    """One asset, or None."""
    row = connection.execute(select(*_COLUMNS).where(assets.c.name == name)).first()
    return Asset(*row) if row else None


def delete(connection: Connection, name: str) -> bool:
    """Forget one asset; whether there was one."""
    return connection.execute(assets.delete().where(assets.c.name == name)).rowcount > 0


def everything(connection: Connection) -> Iterator[Asset]:
    """All assets by name, one at a time: together they may be large."""
    for name in connection.scalars(select(assets.c.name).order_by(assets.c.name)).all():
        asset = fetch(connection, name)
        if asset is not None:
            yield asset
