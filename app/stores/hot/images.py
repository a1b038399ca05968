"""Pictures of other servers, shared by all processes: what workers fetched, and what is to be fetched.

All of it lies under one hash tag, so that in a cluster one script may touch it together. Times are Redis'
own: web processes and workers need not agree on theirs.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from app.stores.hot import keys
from app.stores.hot.keys import (
    IMAGES_BYTES,
    IMAGES_COUNTS,
    IMAGES_PREFIX,
    IMAGES_SIZES,
    IMAGES_USED,
    IMAGES_WANTED,
)
from app.stores.hot.server import HotStore, answering

COUNT_MAX = 5_000
BYTES_MAX = 64 * 2**20
WANTED_MAX = 5_000


@dataclass(frozen=True, slots=True)
class Shared:
    """What is kept for an address, and how long it is fresh and may be shown.

    `content` is empty where the asker has it, or where there is none.
    """

    digest: str
    fresh_s: float
    shown_s: float
    reason: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Held:
    """What a worker knows before it fetches anew; the content stays where it is."""

    digest: str
    etag: str
    last_modified: str
    failures: int


@dataclass(frozen=True, slots=True)
class Brought:
    """What a fetch brought: no `content` where it is as it was, no `digest` where there is none."""

    digest: str
    content: bytes
    fresh_s: float
    kept_s: float | None
    reason: str = ""
    etag: str = ""
    last_modified: str = ""
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What is kept and what waits, for /metrics; `counts` are fetches by how they ended."""

    held: int
    held_bytes: int
    wanted: int
    wanted_s: float
    counts: dict[str, int]


def named(url: str) -> str:
    """What a picture is called in keys."""
    return hashlib.blake2b(url.encode(), digest_size=16).hexdigest()


def lease_name(url: str) -> str:
    """What is leased by who fetches an address."""
    return f"{IMAGES_PREFIX}{named(url)}"


def read(store: HotStore, url: str, *, known: str = "") -> Shared | None:
    """What is kept for an address; where it is not fresh, it is wanted from now on. Raises Unavailable.

    `known` is the digest of the content that the asker has already. One round trip on the open's line.
    """
    name = named(url)
    names = [f"{IMAGES_PREFIX}{name}", IMAGES_USED, IMAGES_WANTED, keys.lease(lease_name(url))]
    answer: Any = store.run("read_image", names, [url, name, known, WANTED_MAX])
    if answer is None:
        return None
    told, fresh_ms, shown_ms, reason, content = answer
    return Shared(told.decode(), fresh_ms / 1000, shown_ms / 1000, reason.decode(), content or b"")


def want(store: HotStore, url: str) -> None:
    """Have an address fetched after all that wait already. Raises Unavailable."""
    with answering():
        now_s, micro = store.client.time()
        store.client.zadd(IMAGES_WANTED, {url: now_s * 1000 + micro // 1000}, nx=True)


def next_wanted(store: HotStore, *, wait_s: float) -> str | None:
    """Take the address that waits longest, waiting for one no longer than so. Raises Unavailable."""
    with answering():
        taken: Any = store.client.bzpopmin(IMAGES_WANTED, timeout=wait_s)
    return taken[1].decode() if taken else None


def held(store: HotStore, url: str) -> tuple[Held | None, float]:
    """What is known of an address, and the seconds it stays fresh. Raises Unavailable."""
    with answering(), store.client.pipeline(transaction=False) as pipe:
        pipe.time()
        pipe.hmget(f"{IMAGES_PREFIX}{named(url)}", ["d", "e", "m", "n", "f"])
        (now_s, micro), found = pipe.execute()
    told, etag, modified, failures, fresh_until = (one.decode() if one is not None else "" for one in found)
    if not fresh_until:
        return None, 0.0
    fresh_s = float(fresh_until) / 1000 - (now_s + micro / 1e6)
    return Held(told, etag, modified, int(failures)), max(0.0, fresh_s)


def keep(store: HotStore, url: str, brought: Brought) -> int:
    """Keep what a fetch brought; answers the bytes of all that is kept. Raises Unavailable."""
    name = named(url)
    kept_ms = "" if brought.kept_s is None else int(brought.kept_s * 1000)
    with answering():
        return int(
            store.scripts.call(
                "keep_image",
                [f"{IMAGES_PREFIX}{name}", IMAGES_USED, IMAGES_SIZES, IMAGES_BYTES],
                [
                    name, brought.digest, brought.content, int(brought.fresh_s * 1000), kept_ms,
                    brought.reason, brought.etag, brought.last_modified, brought.failures,
                    COUNT_MAX, BYTES_MAX, IMAGES_PREFIX,
                ],
            )
        )  # fmt: skip


def count(store: HotStore, result: str) -> None:
    """One fetch more that ended so. Raises Unavailable."""
    with answering():
        store.client.hincrby(IMAGES_COUNTS, result, 1)


def figures(store: HotStore) -> Figures:
    """What is kept, what waits, and since when. Raises Unavailable."""
    with answering(), store.client.pipeline(transaction=False) as pipe:
        pipe.zcard(IMAGES_USED)
        pipe.get(IMAGES_BYTES)
        pipe.zcard(IMAGES_WANTED)
        pipe.zrange(IMAGES_WANTED, 0, 0, withscores=True)
        pipe.time()
        pipe.hgetall(IMAGES_COUNTS)
        used, size, wanted, first, (now_s, _), counts = pipe.execute()
    wanted_s = max(0.0, now_s - first[0][1] / 1000) if first else 0.0
    return Figures(
        used, int(size or 0), wanted, wanted_s, {name.decode(): int(told) for name, told in counts.items()}
    )
