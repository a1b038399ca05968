"""Catalogues in the hot store: a copy of the items, and the lists that opens choose from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from app.stores.hot import keys
from app.stores.hot.codec import Undecodable, decode, encode
from app.stores.hot.scripting import Argument
from app.stores.hot.server import HotStore, answering

PORTION = 500
RELATED = ("viewed", "bought")


def save_items(
    store: HotStore, catalog: str, edition: int, documents: Mapping[str, Mapping[str, object] | None]
) -> None:
    """Bring what SQL got with its `edition`; None removes. Raises Unavailable."""
    pairs: list[Argument] = []
    for item_id, document in documents.items():
        pairs += [item_id, encode(document) if document is not None else b""]
    with answering():
        store.scripts.call("save_items", list(keys.catalog(catalog)[:2]), [edition, *pairs])


def replace_items(
    store: HotStore, catalog: str, edition: int, portions: Iterable[Mapping[str, Mapping[str, object]]]
) -> int:
    """Put a whole copy in the place of what is there, at once; answers how many. Raises Unavailable."""
    meta, items, _ = keys.catalog(catalog)
    fresh = f"{items}:new"
    count = 0
    with answering():
        store.client.delete(fresh)
        for portion in portions:
            if portion:
                store.client.hset(fresh, mapping={name: encode(one) for name, one in portion.items()})
                count += len(portion)
        store.scripts.call("swap_items", [meta, items, fresh], [edition])
    return count


def edition(store: HotStore, catalog: str) -> int:
    """The edition that the copy is in step with; 0 for none. Raises Unavailable."""
    with answering():
        raw = store.value(keys.catalog(catalog)[0], "v")
    return int(raw) if raw is not None and raw.isdigit() else 0


def drop(store: HotStore, catalog: str) -> None:
    """Forget a catalogue. Raises Unavailable."""
    meta, *rest = keys.catalog(catalog)
    rest += [keys.related(catalog, kind) for kind in RELATED]
    with answering():
        store.client.delete(*rest)
        # Processes see by this number that their lists are of nothing.
        store.client.hdel(meta, "v", "f")
        store.client.hincrby(meta, "n", 1)


def fingerprint(store: HotStore, catalog: str) -> str:
    """What was noted with the lists that are there; "" where there are none. Raises Unavailable."""
    with answering():
        return (store.value(keys.catalog(catalog)[0], "f") or b"").decode(errors="replace")


def put_lists(
    store: HotStore, catalog: str, lists: Mapping[str, Sequence[str]], *, fingerprint: str = ""
) -> bool:
    """Make these the catalogue's lists; whether any of them changed. Raises Unavailable."""
    meta, _, key = keys.catalog(catalog)
    wanted = {name.encode(): encode(item_ids) for name, item_ids in lists.items()}
    with answering():
        held = store.hash(key)
        if held == wanted:
            store.client.hset(meta, "f", fingerprint)
            return False
        with store.client.pipeline(transaction=True) as pipe:
            gone = [name for name in held if name not in wanted]
            if gone:
                pipe.hdel(key, *gone)
            if wanted:
                pipe.hset(key, mapping=wanted)  # type: ignore[arg-type]
            pipe.hset(meta, "f", fingerprint)
            pipe.hincrby(meta, "n", 1)
            pipe.execute()
    return True


def put_related(store: HotStore, catalog: str, kind: str, lists: Mapping[str, Sequence[str]]) -> None:
    """Make these the items that go with each item. Raises Unavailable."""
    key = keys.related(catalog, kind)
    fresh = f"{key}:new"
    names = list(lists)
    with answering():
        store.client.delete(fresh)
        for start in range(0, len(names), PORTION):
            portion = {name: encode(lists[name]) for name in names[start : start + PORTION]}
            store.client.hset(fresh, mapping=portion)  # type: ignore[arg-type]
        if names:
            store.client.rename(fresh, key)
        else:
            store.client.delete(key)


def fetch_items(store: HotStore, catalog: str, item_ids: Sequence[str]) -> list[dict[str, object]]:
    """Those of these items that are there, in this order. Raises Unavailable."""
    if not item_ids:
        return []
    with answering():
        raws = cast("list[bytes | None]", store.client.hmget(keys.catalog(catalog)[1], list(item_ids)))
    return read_documents(raws)


def read_documents(raws: Iterable[bytes | None]) -> list[dict[str, object]]:
    """Items as they lie there; what is gone or cannot be read is left out."""
    found = []
    for raw in raws:
        if raw is None:
            continue
        try:
            document = decode(raw)
        except Undecodable:
            continue
        if isinstance(document, dict):
            found.append(document)
    return found
