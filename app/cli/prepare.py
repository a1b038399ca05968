"""`mailtide prepare`: what a deployment needs once, before its servers start; `run` does it first."""

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from app.cli import embedded
from app.cli.embedded import Rooms
from app.cli.houses import opened
from app.domain.scopes import Scope
from app.flows import keys
from app.flows.rebuilding import rebuild
from app.stores.cold.migrating import migrate
from app.stores.hot.restoring import is_lost
from app.stores.hot.server import claim
from app.stores.hot.streams import ensure_groups
from app.wiring import House


def declare(parser: ArgumentParser) -> None:
    """Whether to load the demo again."""
    parser.add_argument("--demo", action="store_true", help="load the demo, also where it was loaded before")


def carry_out(args: Namespace) -> int:
    """Migrate, fill an empty Redis from SQL, leave an admin key, load the demo; each only if missing."""
    with opened() as house:
        migrate(house.settings.database_url)
        claim(house.hot)
        ensure_groups(house.hot)
        if is_lost(house.hot):
            rebuild(house.hot, house.cold, now=datetime.now(UTC))
        found = Rooms(house.settings.var_dir.absolute())
        if not _is_good(house, found):
            made = keys.create(house.cold, "demo", [Scope.ADMIN], now=datetime.now(UTC))
            embedded.keep_secret(found.demo_key, made.text)
        base_url = house.settings.base_url
        if args.demo or (house.settings.is_demo and _loaded_for(found) != base_url):
            _load_demo(house)
            found.demo_loaded.write_text(base_url)
    return 0


def _load_demo(house: House) -> None:
    from app.demo.loading import load  # draws pictures, which every later start can do without

    load(house, now=datetime.now(UTC))


def _loaded_for(found: Rooms) -> str:
    """The address that the demo's links lead to; it is loaded again when the server moves."""
    return found.demo_loaded.read_text() if found.demo_loaded.exists() else ""


def _is_good(house: House, found: Rooms) -> bool:
    """Whether the kept key opens this database: it may be another one than last time."""
    return found.demo_key.exists() and keys.find(house.cold, found.demo_key.read_text().strip()) is not None
