"""A worker fetches a picture of another server for all processes, or finds that it is as it was."""

import hashlib
from collections.abc import Callable
from urllib.parse import urlsplit

from app.flows.cleaning.cleaned import MOVING_BYTES
from app.flows.fetching import File, Refused, Validators
from app.flows.normalising import Unusable, normalise
from app.stores.hot import images, leases
from app.stores.hot.images import Brought, Held
from app.stores.hot.server import HotStore

STALE_S = 86_400.0  # so long after it was fresh a picture is shown, while its server has no newer one
FAILED_S = 60.0  # so long a picture that was not to be had is not asked for again; doubled each time
FAILED_MAX_S = 600.0
LEASE_MS = 40_000  # a fetch and a normalising at their longest

Fetch = Callable[[str, Validators], File]
Log = Callable[[str, str], None]


def renew(
    hot: HotStore, fetch: Fetch, url: str, *, worker: str, log: Log, moving_bytes: int = MOVING_BYTES
) -> str:
    """Fetch what an address has, once for all who want it. Raises Unavailable.

    A moving GIF of more than `moving_bytes` is made lighter. Answers `fetched`, `unchanged`, `failed`; or
    `fresh` and `busy`, where somebody else did it or does.
    """
    lease = images.lease_name(url)
    if not leases.take(hot, lease, worker, ms=LEASE_MS):
        return "busy"
    try:
        before, fresh_s = images.held(hot, url)
        if before is not None and fresh_s > 0:
            return "fresh"
        result = _renewed(hot, fetch, url, before, log, moving_bytes)
        images.count(hot, result)
        return result
    finally:
        leases.leave(hot, lease, worker)


def _renewed(hot: HotStore, fetch: Fetch, url: str, before: Held | None, log: Log, moving_bytes: int) -> str:
    is_there = before is not None and before.digest != ""
    known = Validators(before.etag, before.last_modified) if before is not None and is_there else Validators()
    try:
        file = fetch(url, known)
        content = b""
        if file.content is not None:
            content = normalise(file.content, moving_bytes=moving_bytes).content
    except (Refused, Unusable) as wrong:
        reason = f"the picture {wrong}" if isinstance(wrong, Unusable) else str(wrong)
        log((urlsplit(url).hostname or "")[:100] if url.isprintable() else "", reason)
        images.keep(hot, url, _failed(before, reason))
        return "failed"
    digest = hashlib.sha256(content).hexdigest() if content else before.digest if before else ""
    brought = Brought(
        digest,
        content,
        fresh_s=file.fresh_s,
        kept_s=file.fresh_s + STALE_S,
        etag=file.validators.etag,
        last_modified=file.validators.last_modified,
    )
    images.keep(hot, url, brought)
    return "fetched" if content else "unchanged"


def _failed(before: Held | None, reason: str) -> Brought:
    failures = before.failures + 1 if before else 1
    pause_s = min(FAILED_S * 2.0 ** min(failures - 1, 10), FAILED_MAX_S)
    is_there = before is not None and before.digest != ""
    return Brought(
        before.digest if before else "",
        b"",
        fresh_s=pause_s,
        # The last good copy goes when its time is over, and not before; why there is none is soon forgotten.
        kept_s=None if is_there else pause_s + FAILED_MAX_S,
        reason=reason,
        etag=before.etag if before else "",
        last_modified=before.last_modified if before else "",
        failures=failures,
    )
