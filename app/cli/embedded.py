"""What lies under VAR_DIR, and the one place where the environment of every process is made.

signing.key   the secret that signs URLs, made once
demo.key      an admin key, for whoever tries Mailtide out
demo.loaded   the demo was loaded once
mailtide.db   the cold store
valkey/       the hot store's append-only file, log and configuration
valkey.url    where the hot store listens
metrics/      counters of the web processes, emptied at every start
run.lock      held by the `mailtide run` of this folder
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Rooms:
    """Where everything is kept under one absolute VAR_DIR."""

    var: Path

    @property
    def signing_key(self) -> Path:
        """The secret of this deployment."""
        return self.var / "signing.key"

    @property
    def demo_key(self) -> Path:
        """An admin key."""
        return self.var / "demo.key"

    @property
    def demo_loaded(self) -> Path:
        """Is there once the demo was loaded."""
        return self.var / "demo.loaded"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.var / "mailtide.db"

    @property
    def valkey(self) -> Path:
        """The embedded Valkey's folder."""
        return self.var / "valkey"

    @property
    def valkey_url(self) -> Path:
        """The file that tells where the embedded Valkey listens."""
        return self.var / "valkey.url"

    @property
    def metrics(self) -> Path:
        """What web processes count, a file each."""
        return self.var / "metrics"

    @property
    def lock(self) -> Path:
        """Held while everything runs; names the process."""
        return self.var / "run.lock"


def rooms(told: Mapping[str, str]) -> Rooms:
    """The rooms that these variables name."""
    return Rooms(Path(told.get("VAR_DIR") or "var").absolute())


def completed(told: Mapping[str, str]) -> dict[str, str]:
    """The environment, with what `mailtide run` left under VAR_DIR where nothing else is said."""
    found = rooms(told)
    kept = {
        "SIGNING_KEYS": _read(found.signing_key),
        "REDIS_URL": _read(found.valkey_url),
        "DATABASE_URL": _sqlite_url(found.database) if found.database.exists() else "",
    }
    return _with(told, kept)


def environment(told: Mapping[str, str], *, redis_url: str) -> dict[str, str]:
    """The environment of every process that `mailtide run` starts; what is said already wins."""
    found = rooms(told)
    chosen = {
        "SIGNING_KEYS": _read(found.signing_key),
        "REDIS_URL": redis_url,
        "DATABASE_URL": _sqlite_url(found.database),
        "LOG_LEVEL": "warning",  # somebody looks at this terminal
        "MAILTIDE_DEMO": "0" if told.get("REDIS_URL") or told.get("DATABASE_URL") else "1",
    }
    # An absolute folder, for the web server works in the folder of the code.
    fixed = {"VAR_DIR": str(found.var), "PROMETHEUS_MULTIPROC_DIR": str(found.metrics)}
    return _with(told, chosen) | fixed


def make_signing_key(found: Rooms) -> None:
    """Make the deployment's secret unless it is there."""
    if not found.signing_key.exists():
        keep_secret(found.signing_key, secrets.token_hex(32))


def keep_secret(file: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = file.with_name(f"{file.name}.draft")
    draft.touch(mode=0o600)
    draft.chmod(0o600)
    draft.write_text(text + "\n")
    draft.replace(file)


def _with(told: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    return {**told, **{name: value for name, value in more.items() if value and not told.get(name)}}


def _sqlite_url(file: Path) -> str:
    return f"sqlite:///{quote(str(file))}"


def _read(file: Path) -> str:
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        return ""
