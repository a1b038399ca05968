"""The hot store: one Redis or Valkey, its clients, and its absence turned into one exception."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import hiredis
import redis
from redis import exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.stores.absence import Unavailable
from app.stores.hot.keys import DEPLOYMENT, Keys
from app.stores.hot.line import Command, Line
from app.stores.hot.scripting import Argument, Scripts, digest, source

FORMAT = 1
_AWAY = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.BusyLoadingError,
    exceptions.ReadOnlyError,
    OSError,
)
_AWAY_WORDS = ("LOADING", "MISCONF", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "OOM", "BUSY ")


class WrongDeployment(Exception):
    """The server holds data of another layout than the settings ask for."""


@dataclass(frozen=True, slots=True)
class HotStore:
    """The ways to the server: redis-py for everything, the line for the open's fixed exchanges.

    Decisions have a line of their own, which waits longer: nobody looks at a blank picture meanwhile.
    """

    client: "redis.Redis"
    line: Line
    ledger_line: Line
    keys: Keys
    scripts: Scripts

    def hash(self, key: str) -> dict[bytes, bytes]:
        """A whole hash; empty where there is none. The client never decodes, which its types cannot say."""
        return cast("dict[bytes, bytes]", self.client.hgetall(key))

    def value(self, key: str, field: str | None = None) -> bytes | None:
        """A string, or one field of a hash."""
        found = self.client.get(key) if field is None else self.client.hget(key, field)
        return cast("bytes | None", found)

    def run(self, name: str, keys: Sequence[str], args: Sequence[Argument]) -> object:
        """One script on the open's line, in one round trip. Raises Unavailable."""
        tail: Command = (len(keys), *keys, *args)
        answer = self.line.send([("EVALSHA", digest(name), *tail)])[0]
        if isinstance(answer, hiredis.ReplyError) and str(answer).startswith("NOSCRIPT"):
            answer = self.line.send([("EVAL", source(name), *tail)])[0]
        if isinstance(answer, hiredis.ReplyError):
            if is_away(str(answer)):
                raise Unavailable(f"Redis cannot answer now: {str(answer).split(' ', 1)[0]}")
            raise answer
        return answer

    def close(self) -> None:
        """Let go of every connection."""
        self.line.close()
        self.ledger_line.close()
        self.client.close()


def connect(url: str, *, partitions: int, timeout_s: float = 1.0, line_timeout_s: float = 0.25) -> HotStore:
    """Make the store for a `redis://`, `rediss://` or `unix://` URL; connects on first use.

    Timeouts in seconds: the line's is short, for a reader waits behind it.
    """
    client = redis.Redis.from_url(
        url,
        decode_responses=False,
        socket_timeout=timeout_s,
        socket_connect_timeout=timeout_s,
        retry=Retry(NoBackoff(), 1),
        protocol=2,
        health_check_interval=0,
    )
    lines = Line(url, timeout_s=line_timeout_s), Line(url, timeout_s=timeout_s)
    return HotStore(client, *lines, Keys(partitions), Scripts(client))


@contextmanager
def answering() -> Iterator[None]:
    """Turn an absent, loading or full server into Unavailable; other errors are bugs and pass."""
    try:
        yield
    except _AWAY as away:
        raise Unavailable(f"Redis does not answer: {type(away).__name__}") from away
    except exceptions.ResponseError as refused:
        if is_away(str(refused)):
            raise Unavailable(f"Redis cannot answer now: {str(refused).split(' ', 1)[0]}") from refused
        raise


def is_away(message: str) -> bool:
    """Whether an error answer means the server cannot serve now, rather than that we asked wrongly."""
    return message.startswith(_AWAY_WORDS)


def claim(store: HotStore) -> None:
    """Fix the layout at first start and check it at every later one; raise WrongDeployment."""
    wanted = {b"partitions": store.keys.partitions, b"format": FORMAT}
    with answering():
        for name, value in wanted.items():
            store.client.hsetnx(DEPLOYMENT, name, value)
        held = store.hash(DEPLOYMENT)
    for name, value in wanted.items():
        if int(held[name]) != value:
            raise WrongDeployment(
                f"this Redis was set up with {name.decode()}={held[name].decode()}, the settings say "
                f"{value}: change the setting back, or use an empty Redis and `mailtide rebuild`"
            )


def answers(store: HotStore) -> bool:
    """Whether the server answers a ping now."""
    try:
        with answering():
            return bool(store.client.ping())
    except (Unavailable, exceptions.RedisError):
        return False
