"""Catalogues in the hot store: a copy of the items, and the lists that opens choose from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from app.stores.hot import keys
from app.stores.hot.codec import Undecodable, decode, encode
from app.stores.hot.scripting import Argument
from app.stores.hot.server import HotStore, answering

PORTION = 500


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
    with answering():
        store.client.delete(*rest)
        # Processes see by this number that their lists are of nothing.
        store.client.hdel(meta, "v")
        store.client.hincrby(meta, "n", 1)


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
