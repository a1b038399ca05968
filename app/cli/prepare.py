"""`mailtide prepare`: what a deployment needs once, before its servers start; `run` does it first."""

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from app.cli import embedded
from app.cli.embedded import Rooms
from app.cli.houses import opened
from app.domain.scopes import Scope
from app.flows import keys
from app.stores.cold.migrating import migrate
from app.stores.hot.server import claim
from app.stores.hot.streams import ensure_groups
from app.wiring import House


def declare(parser: ArgumentParser) -> None:
    """Whether to load the demo again."""
    parser.add_argument("--demo", action="store_true", help="load the demo, also where it was loaded before")


def carry_out(args: Namespace) -> int:
    """Migrate, leave an admin key in VAR_DIR, load the demo where it is wanted; each only if missing."""
    with opened() as house:
        migrate(house.settings.database_url)
        claim(house.hot)
        ensure_groups(house.hot)
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
