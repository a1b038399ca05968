"""API keys: made once and shown once, listed, revoked; only their digests are kept."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.problems import Invalid, Problem
from app.domain.scopes import Scope
from app.stores.cold import api_keys
from app.stores.cold.api_keys import ApiKey
from app.stores.cold.engine import Cold

NAME_MAX = 100
PAGE = 500
# mt_<id>_<secret>: the id may be shown and listed, the secret has 256 bits.
KEY = re.compile(r"mt_([0-9a-f]{12})_([A-Za-z0-9_-]{43})\Z")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. `text` is what the caller sends; nobody can read it again."""

    key_id: str
    text: str
    name: str
    scopes: tuple[Scope, ...]


def create(cold: Cold, name: str, scopes: Sequence[str], *, now: datetime) -> NewKey:
    """Make a key. Raises Invalid for a bad name or scope, Unavailable."""
    problems = _problems(name, scopes)
    if problems:
        raise Invalid(problems=problems)
    key_id = secrets.token_hex(6)
    text = f"mt_{key_id}_{secrets.token_urlsafe(32)}"
    held = tuple(dict.fromkeys(Scope(scope) for scope in scopes))
    with cold.writing() as connection:
        api_keys.create(connection, ApiKey(key_id, name, tuple(held), digest_of(text), now))
    return NewKey(key_id, text, name, held)


def list_all(cold: Cold) -> list[ApiKey]:
    """Every key, revoked ones too, by id. Raises Unavailable."""
    found: list[ApiKey] = []
    with cold.reading() as connection:
        while page := api_keys.page(connection, after=found[-1].key_id if found else "", limit=PAGE):
            found += page
    return found


def revoke(cold: Cold, key_id: str, *, now: datetime) -> bool:
    """Take a key out of use; False when there is none in use. Web processes notice within 5 s."""
    with cold.writing() as connection:
        return api_keys.revoke(connection, key_id, now=now)


def find(cold: Cold, text: str) -> ApiKey | None:
    """The key in use that this text is, or None. Raises Unavailable."""
    shape = KEY.match(text)
    if shape is None:
        return None
    digest = digest_of(text)
    with cold.reading() as connection:
        held = api_keys.by_digest(connection, digest)
    if held is None or held.revoked_at is not None or held.key_id != shape[1]:
        return None
    return held if hmac.compare_digest(held.digest, digest) else None


def note_use(cold: Cold, key: ApiKey, *, now: datetime) -> None:
    """Keep when a key was last used, to the hour. Raises Unavailable."""
    if key.last_used_at is None or now - key.last_used_at >= api_keys.USED_EVERY:
        with cold.writing() as connection:
            api_keys.touch_used(connection, [key.key_id], now=now)


def digest_of(text: str) -> str:
    """What is kept of a key: with 256 random bits a plain hash cannot be searched."""
    return hashlib.sha256(text.encode()).hexdigest()


def _problems(name: str, scopes: Sequence[str]) -> list[Problem]:
    problems = []
    if not name.strip() or len(name) > NAME_MAX or not name.isprintable():
        problems.append(Problem("/name", f"give a name of 1 to {NAME_MAX} printable characters"))
    if not scopes:
        problems.append(Problem("/scopes", f"give at least one of {', '.join(Scope)}"))
    for place, scope in enumerate(scopes):
        if scope not in list(Scope):
            problems.append(Problem(f"/scopes/{place}", f"{scope[:40]!r} is not one of {', '.join(Scope)}"))
    return problems
