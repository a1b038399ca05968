"""Looking at feeds: fetched when due, kept when good; the last good copy stays whatever comes."""

import hashlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.catalogs.feeds import ANY_HOST, Feed, compile_feed
from app.flows.feeds.keeping import Kept, Shrunk, keep, read
from app.flows.feeds.reading import BadFeed
from app.flows.fetching import Fetcher, File, Refused, Validators
from app.stores.cold import feeds
from app.stores.cold.engine import Cold
from app.stores.cold.feeds import StoredFeed
from app.stores.hot.server import HotStore

FEED_BYTES = 64 * 2**20
WITHIN_S = 120.0
TYPES = (
    "text/csv", "application/csv", "text/tab-separated-values", "text/plain", "application/json",
    "application/x-ndjson", "application/jsonl", "text/json", "application/xml", "text/xml",
    "application/rss+xml", "application/atom+xml", "application/gzip", "application/x-gzip",
    "application/octet-stream", "binary/octet-stream",
)  # fmt: skip
RETRY = timedelta(minutes=5)  # after a failure; doubled with each one more, to the feed's own interval

Fetch = Callable[[str, Validators], File]


def fetch_public(url: str, known: Validators) -> File:
    """Fetch a feed of the public internet. Raises Refused."""
    fetcher = Fetcher(ANY_HOST, within_s=WITHIN_S, types=TYPES, file_bytes=FEED_BYTES)
    return fetcher.fetch(url, known)


def poll_due(
    cold: Cold,
    hot: HotStore,
    fetch: Fetch,
    *,
    now: datetime,
    is_over: Callable[[], bool],
    link_hosts: tuple[str, ...] = (),
) -> tuple[int, int]:
    """Look at every feed that is due; how many were looked at, and how many failed. Raises Unavailable."""
    with cold.reading() as connection:
        waiting = feeds.due(connection, now=now)
    looked = failed = 0
    for feed in waiting:
        if is_over():
            break
        looked += 1
        failed += not poll(cold, hot, feed, fetch, now=now, link_hosts=link_hosts)
    return looked, failed


def poll(
    cold: Cold,
    hot: HotStore,
    feed: StoredFeed,
    fetch: Fetch,
    *,
    now: datetime,
    link_hosts: tuple[str, ...] = (),
) -> bool:
    """Look at one feed and write down how that ended; False where it failed. Raises Unavailable."""
    plan = replace(compile_feed(feed.document), link_hosts=link_hosts)
    state = {**feed.state, "polled_at": now.isoformat()}
    next_at = now + plan.every
    try:
        _look(cold, hot, feed, plan, fetch, state, now)
        state |= {"failures": 0, "reason": ""}
    except Shrunk as shrunk:
        state |= {"status": "held", "reason": str(shrunk), "held": {"had": shrunk.had, "has": shrunk.has}}
    except (Refused, BadFeed) as wrong:
        failures = int(state.get("failures", 0)) + 1
        state |= {"status": "failed", "failures": failures, "reason": str(wrong)[:300]}
        next_at = now + min(plan.every, RETRY * 2 ** min(failures - 1, 12))
    with cold.writing() as connection:
        feeds.note(connection, feed, state, next_at=next_at)
    return bool(state["status"] != "failed")


def _look(
    cold: Cold,
    hot: HotStore,
    feed: StoredFeed,
    plan: Feed,
    fetch: Fetch,
    state: dict[str, Any],
    now: datetime,
) -> None:
    is_settled = state.get("status") == "good"
    known = Validators(state.get("etag", ""), state.get("last_modified", "")) if is_settled else Validators()
    file = fetch(plan.url, known)
    digest = hashlib.sha256(file.content).hexdigest() if file.content is not None else state.get("digest")
    if file.content is not None and not (is_settled and digest == state.get("digest")):
        found = read(file.content, plan)
        with closing(found.file):
            may_shrink = bool(state.get("is_shrinking_allowed"))
            kept = keep(cold, hot, feed.catalog, found, now=now, may_shrink=may_shrink)
        state |= _counts(kept) | {"refused": found.refused, "problems": found.problems}
        state["changed_at"] = now.isoformat()
    validators = {"etag": file.validators.etag, "last_modified": file.validators.last_modified}
    state |= {"status": "good", "good_at": now.isoformat(), "digest": digest, **validators}
    for name in ("held", "is_shrinking_allowed"):
        state.pop(name, None)


def _counts(kept: Kept) -> dict[str, Any]:
    names = ("items", "added", "changed", "removed", "unchanged")
    return {name: getattr(kept, name) for name in names}
