"""The embedded parts under VAR_DIR, and the one place where the environment of every process is made.

signing.key     the secret that signs URLs, made once
mailtide.db     the cold store
valkey/         the hot store's log and configuration
valkey.url      where it listens
demo.key        an admin key, for whoever tries Mailtide out
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Rooms:
    """Where everything is kept under one absolute VAR_DIR."""

    var: Path

    @property
    def signing_key(self) -> Path:
        """The secret of this deployment."""
        return self.var / "signing.key"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.var / "mailtide.db"

    @property
    def valkey_url(self) -> Path:
        """The file that tells where the embedded Valkey listens."""
        return self.var / "valkey.url"


def rooms(told: Mapping[str, str]) -> Rooms:
    """The rooms that these variables name."""
    return Rooms(Path(told.get("VAR_DIR") or "var").absolute())


def completed(told: Mapping[str, str]) -> dict[str, str]:
    """The environment, with what `mailtide run` left under VAR_DIR where nothing else is said."""
    found = rooms(told)
    kept = {
        "SIGNING_KEYS": _read(found.signing_key),
        "REDIS_URL": _read(found.valkey_url),
        "DATABASE_URL": f"sqlite:///{found.database}" if found.database.exists() else "",
    }
    return {**told, **{name: value for name, value in kept.items() if value and not told.get(name)}}


def _read(file: Path) -> str:
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        return ""
