"""The Lua scripts of the hot store: loaded by digest, sent whole when the server forgot them."""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import redis
from redis.exceptions import NoScriptError

FOLDER = Path(__file__).parent / "scripts"

Argument = bytes | str | int


@cache
def source(name: str) -> bytes:
    """The text of one script in `scripts/`."""
    return (FOLDER / f"{name}.lua").read_bytes()


@cache
def digest(name: str) -> str:
    """What EVALSHA calls it: SHA-1 of its text, as Redis does."""
    return hashlib.sha1(source(name), usedforsecurity=False).hexdigest()


class Scripts:
    """Calls scripts on one client; a flushed or restarted server gets them again."""

    def __init__(self, client: "redis.Redis") -> None:
        self._client = client

    def call(self, name: str, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        """Run one script; all keys must share a hash tag."""
        try:
            return self._client.evalsha(digest(name), len(keys), *keys, *args)
        except NoScriptError:
            return self._client.eval(source(name), len(keys), *keys, *args)  # type: ignore[arg-type]

    def call_many(self, name: str, calls: Sequence[tuple[Sequence[str], Sequence[Argument]]]) -> list[Any]:
        """Run one script many times in one round trip; answers in order, errors as values."""
        if not calls:
            return []
        # A server that restarted inside the batch would refuse part of it, so load first.
        self._client.script_load(source(name))
        with self._client.pipeline(transaction=False) as pipe:
            for keys, args in calls:
                pipe.evalsha(digest(name), len(keys), *keys, *args)
            return list(pipe.execute(raise_on_error=False))
