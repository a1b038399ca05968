"""What is published: compiled from drafts into Redis, and from there into every process's snapshot.

Fields of the `published` hash: `b:<block>`, `p:<policy>`, `m:<message>`, `l:<message>` (its links),
`a:<asset>`, `h:holidays`, `w:<experiment>`, `s:<segment>`, `t:<attribute>`. A process looks for a newer
revision every second and keeps the last one on disk, so that it answers opens with Redis away, also
after a restart. A block whose segments or attributes change is compiled again.
"""

import base64
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from app.domain.attributes import Attribute
from app.domain.blocks import Block, compile_block
from app.domain.built_in_attributes import BUILT_IN
from app.domain.declarations import compile_attribute
from app.domain.experiments.split import Learnt, learnt_weights
from app.domain.problems import Refused
from app.domain.vocabulary import Vocabulary, compile_segments
from app.stores.hot.codec import Undecodable, decode, encode
from app.stores.hot.keys import PUBLISHED, PUBLISHED_CHANGES, PUBLISHED_REVISION
from app.stores.hot.server import HotStore, answering

BLOCK, POLICY, MESSAGE, LINKS, ASSET, CALENDAR = "b:", "p:", "m:", "l:", "a:", "h:"
WEIGHTS = "w:"
SEGMENT, ATTRIBUTE = "s:", "t:"

Log = Callable[[str, str], None]


def publish(store: HotStore, name: str, document: Mapping[str, object] | None) -> int:
    """Publish one document under `b:<id>` and the like, or withdraw it. Answers the new revision."""
    data = encode(document) if document is not None else b""
    with answering():
        keys = [PUBLISHED, PUBLISHED_REVISION, PUBLISHED_CHANGES]
        return int(store.scripts.call("publish", keys, [name, data]))


def revision(store: HotStore) -> int | None:
    """The current revision; None when nothing was ever published there."""
    with answering():
        raw = store.client.get(PUBLISHED_REVISION)
    return int(raw) if raw is not None else None


def held(store: HotStore, name: str) -> bytes | None:
    """What is published under one name, as it lies there. Raises Unavailable."""
    with answering():
        raw: Any = store.client.hget(PUBLISHED, name)
    return raw if isinstance(raw, bytes) else None


class Snapshot:
    """One process's view of what is published; reads never wait."""

    def __init__(self, store: HotStore, disk_copy: Path | None, *, log: Log) -> None:
        self._store = store
        self._disk_copy = disk_copy
        self._log = log
        self._documents: dict[str, bytes] = {}
        self._compiled: dict[str, Any] = {}
        self._revision = -1
        self._vocabulary = Vocabulary()
        self._lock = threading.Lock()
        self._read_disk()

    @property
    def revision(self) -> int:
        """The revision held; -1 before the first look."""
        return self._revision

    def block(self, block_id: str) -> Block | None:
        """A published block, ready to choose from."""
        return self._compiled.get(BLOCK + block_id)

    def blocks(self) -> list[Block]:
        """Every published block."""
        return [held for name, held in list(self._compiled.items()) if name.startswith(BLOCK)]

    def message(self, message_id: str) -> Mapping[str, Any] | None:
        """A message's channel, category, class and so on."""
        return self._compiled.get(MESSAGE + message_id)

    def link(self, message_id: str, number: str) -> str | None:
        """The target of one wrapped link of a message."""
        links = self._compiled.get(LINKS + message_id)
        return links["links"].get(number) if links else None

    def policy(self, policy_id: str) -> Mapping[str, Any] | None:
        """A published policy: `{"version", "document"}`."""
        return self._compiled.get(POLICY + policy_id)

    def vocabulary(self) -> Vocabulary:
        """The segments and the declared attributes, as blocks are compiled with them."""
        return self._vocabulary

    def policies(self) -> dict[str, Mapping[str, Any]]:
        """Every published policy by id."""
        names = [name[len(POLICY) :] for name in self._documents if name.startswith(POLICY)]
        return {name: held for name in names if (held := self.policy(name))}

    def learnt(self, experiment_id: str) -> Learnt | None:
        """A bandit's weights of this moment; None until it has learnt something."""
        return self._compiled.get(WEIGHTS + experiment_id)

    def asset(self, name: str) -> bytes | None:
        """The bytes of one uploaded picture."""
        return self._compiled.get(ASSET + name)

    def calendar(self) -> Mapping[str, Any]:
        """The public holidays of all countries; empty before a worker published them."""
        return self._compiled.get(f"{CALENDAR}holidays") or {}

    def refresh(self) -> bool:
        """Look for a newer revision and take it; whether there was one. Raises Unavailable.

        An empty server is one that lost its data: the snapshot stays until it is rebuilt.
        """
        with self._lock:
            current = revision(self._store)
            if current is None or current == self._revision:
                return False
            changed = self._read_changes(current)
            self._take_all(changed)
            self._revision = current
        self._write_disk()
        return True

    def _read_changes(self, current: int) -> dict[str, bytes | None]:
        client = self._store.client
        with answering():
            # A lower revision is another history (a rebuilt server): take it whole.
            since = self._revision + 1 if 0 <= self._revision < current else 0
            changes = cast("list[bytes]", client.zrangebyscore(PUBLISHED_CHANGES, since, "+inf"))
            names = [raw.decode() for raw in changes]
            values = cast("list[bytes | None]", client.hmget(PUBLISHED, names)) if names else []
        return dict(zip(names, values, strict=True))

    def _take_all(self, changed: Mapping[str, bytes | None]) -> None:
        words = [name for name in changed if name.startswith((SEGMENT, ATTRIBUTE))]
        for name in words:
            self._take(name, changed[name])
        if words:
            self._vocabulary = self._renewed(words)
        for name in changed.keys() - words:
            self._take(name, changed[name])
        for block in self.blocks() if words else ():
            name = BLOCK + block.block_id
            if name not in changed and (block.segment_ids or _has_attribute(words)):
                self._take(name, self._documents[name])

    def _renewed(self, words: Sequence[str]) -> Vocabulary:
        """The vocabulary with what changed of it; what cannot be compiled stays as it was."""
        held = self._vocabulary
        try:
            segments = compile_segments(self._under(SEGMENT)) if _has_segment(words) else held.segments
        except Refused as wrong:
            self._log("segments", str(wrong))
            segments = held.segments
        declared = self._under(ATTRIBUTE).values() if _has_attribute(words) else None
        return Vocabulary(segments, BUILT_IN.with_more(declared) if declared is not None else held.catalogue)

    def _under(self, kind: str) -> dict[str, Any]:
        return {name[2:]: held for name, held in self._compiled.items() if name.startswith(kind)}

    def _take(self, name: str, raw: bytes | None) -> None:
        if raw is None:
            self._documents.pop(name, None)
            self._compiled.pop(name, None)
            return
        old = self._documents.get(name)
        self._documents[name] = raw
        try:
            self._compiled[name] = _COMPILERS[name[:2]](name[2:], decode(raw), self._vocabulary)
        except (Refused, Undecodable, KeyError, TypeError, ValueError) as wrong:
            # What was published by another version of the house must not take the good one down.
            self._log(name, str(wrong))
            if old is None:
                del self._documents[name]
            else:
                self._documents[name] = old

    def _read_disk(self) -> None:
        if self._disk_copy is None or not self._disk_copy.exists():
            return
        try:
            held = decode(self._disk_copy.read_bytes())
            self._take_all({name: text.encode() for name, text in held["documents"].items()})
            self._revision = int(held["revision"])
        except (Undecodable, KeyError, TypeError, ValueError, OSError) as wrong:
            self._log("disk copy", str(wrong))

    def _write_disk(self) -> None:
        if self._disk_copy is None:
            return
        documents = {name: raw.decode() for name, raw in self._documents.items()}
        draft = self._disk_copy.with_suffix(f".{os.getpid()}")
        try:
            draft.write_bytes(encode({"revision": self._revision, "documents": documents}))
            draft.replace(self._disk_copy)
        except OSError as full:
            self._log("disk copy", str(full))


def _has_segment(words: Sequence[str]) -> bool:
    return any(name.startswith(SEGMENT) for name in words)


def _has_attribute(words: Sequence[str]) -> bool:
    return any(name.startswith(ATTRIBUTE) for name in words)


def _plain(_: str, document: Any, __: Vocabulary) -> Any:
    return document


def _compiled_block(block_id: str, held: Any, vocabulary: Vocabulary) -> Block:
    return compile_block(
        block_id,
        held["document"],
        version=int(held["version"]),
        is_recalled=bool(held.get("recalled")),
        vocabulary=vocabulary,
    )


def _segment(_: str, held: Any, __: Vocabulary) -> Any:
    return held["document"]["when"]


def _attribute(path: str, held: Any, _: Vocabulary) -> Attribute:
    return compile_attribute(path, held, BUILT_IN)


def _asset(_: str, held: Any, __: Vocabulary) -> bytes:
    return base64.b64decode(held["data"], validate=True)


def _weights(_: str, held: Any, __: Vocabulary) -> Learnt:
    return learnt_weights(held["arms"], held["shares"], coverage=float(held["coverage"]))


_COMPILERS: dict[str, Callable[[str, Any, Vocabulary], Any]] = {
    BLOCK: _compiled_block,
    POLICY: _plain,
    MESSAGE: _plain,
    LINKS: _plain,
    ASSET: _asset,
    CALENDAR: _plain,
    WEIGHTS: _weights,
    SEGMENT: _segment,
    ATTRIBUTE: _attribute,
}
