"""Who calls: the bearer key of a request, checked against SQL and remembered for a moment."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime

import structlog

from app.domain.problems import Forbidden
from app.domain.scopes import Scope, allows
from app.flows import keys
from app.stores.absence import Unavailable
from app.stores.cold.api_keys import ApiKey
from app.stores.cold.engine import Cold
from app.web.errors import Unauthorised

FRESH_S = 5.0  # a revoked key works this long at most
STALE_S = 600.0  # while SQL is away, keys that were good stay good this long
REMEMBERED_MAX = 1_000
HEADER_MAX = 200

HOW = "send `Authorization: Bearer <key>`; `mailtide keys create` makes one"

log = structlog.get_logger("auth")


@dataclass(frozen=True, slots=True)
class _Seen:
    key: ApiKey | None
    at_s: float


class Doorkeeper:
    """One process's memory of keys, by digest: the keys themselves are not kept."""

    def __init__(self, cold: Cold) -> None:
        self._cold = cold
        self._seen: dict[str, _Seen] = {}
        self._lock = threading.Lock()

    def admit(self, header: str, scope: Scope, *, now: datetime) -> ApiKey:
        """The key of an Authorization header, if it may do this.

        Raises Unauthorised, Forbidden, Unavailable.
        """
        word, _, text = header.strip().partition(" ")
        if not text:
            raise Unauthorised(f"This address needs a key: {HOW}.")
        if word.lower() != "bearer" or len(header) > HEADER_MAX:
            raise Unauthorised(f"The Authorization header cannot be read: {HOW}.")
        key = self._look_up(text.strip(), now)
        if key is None:
            raise Unauthorised(f"This key is not known or was revoked: {HOW}.")
        if not allows(key.scopes, scope):
            raise Forbidden(
                f"This key has the scopes {', '.join(key.scopes)}; this address needs {scope} (or admin)."
            )
        return key

    def _look_up(self, text: str, now: datetime) -> ApiKey | None:
        digest = keys.digest_of(text)
        seen = self._seen.get(digest)
        at_s = time.monotonic()
        if seen is not None and at_s - seen.at_s < FRESH_S:
            return seen.key
        try:
            key = keys.find(self._cold, text)
        except Unavailable:
            # Ingestion and decisions go on without SQL, with the keys that were good a moment ago.
            if seen is not None and seen.key is not None and at_s - seen.at_s < STALE_S:
                return seen.key
            raise
        self._remember(digest, _Seen(key, at_s))
        if key is not None:
            self._note_use(key, now)
        return key

    def _remember(self, digest: str, seen: _Seen) -> None:
        with self._lock:
            if len(self._seen) >= REMEMBERED_MAX and digest not in self._seen:
                # Guessing fills this with refusals; what is dropped is only looked up again.
                oldest = min(self._seen, key=lambda held: self._seen[held].at_s)
                del self._seen[oldest]
            self._seen[digest] = seen

    def _note_use(self, key: ApiKey, now: datetime) -> None:
        try:
            keys.note_use(self._cold, key, now=now)
        except Unavailable:
            # When a key was last used is worth less than the request it is used for.
            log.info("key_use_not_noted", key_id=key.key_id)
