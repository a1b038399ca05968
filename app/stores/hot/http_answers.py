"""Answers to POSTs that carried an Idempotency-Key, kept for a day."""

from dataclasses import dataclass

from app.stores.hot.codec import Undecodable, decode, encode
from app.stores.hot.keys import HTTP_ANSWERING_TTL_S, IDEMPOTENCY_TTL_S, http_answer
from app.stores.hot.server import HotStore, answering


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept: the digest of the request, and the answer unless it is still being made."""

    digest: str
    status: int | None = None
    media: str = ""
    body: str = ""


def begin(store: HotStore, caller: str, route: str, key: str, digest: str) -> Standing | None:
    """Take the key for this request, or give what stands under it. Raises Unavailable."""
    name = http_answer(caller, route, key)
    with answering():
        # A process killed while it answers leaves the key taken: not for a day, only for a while.
        if store.client.set(name, encode({"digest": digest}), nx=True, ex=HTTP_ANSWERING_TTL_S):
            return None
        raw = store.value(name)
    try:
        return Standing(**decode(raw)) if raw is not None else Standing(digest)
    except (Undecodable, TypeError):
        return Standing(digest)


def finish(store: HotStore, caller: str, route: str, key: str, answer: Standing) -> None:
    """Keep the answer. Raises Unavailable."""
    told = {"digest": answer.digest, "status": answer.status, "media": answer.media, "body": answer.body}
    with answering():
        store.client.set(http_answer(caller, route, key), encode(told), ex=IDEMPOTENCY_TTL_S)


def give_up(store: HotStore, caller: str, route: str, key: str) -> None:
    """Let the same key be tried again. Raises Unavailable."""
    with answering():
        store.client.delete(http_answer(caller, route, key))
