"""Blocks: a draft is checked and saved, becomes a version, goes out, is taken back.

SQL has it first, then Redis. Redis is asked before SQL is written, so its absence changes nothing;
should it go away just between the two, SQL is ahead, the caller is told so, and `catch_up` (run by
the recorder) or the next publishing brings Redis along.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.blocks import Block, Variant, compile_block
from app.domain.differences import Difference, differences
from app.domain.link_hosts import link_problems
from app.domain.problems import Conflict, Invalid, NotFound, Problem
from app.domain.vocabulary import named
from app.flows import publications
from app.flows.approving import require_approval
from app.flows.inner_images import without
from app.flows.publications import Publication
from app.flows.shelving import JOB as CATALOG_JOB
from app.flows.vocabulary import check_block, check_templates, vocabulary_of
from app.stores.absence import Unavailable
from app.stores.cold import assets, blocks, segments
from app.stores.cold.drafts import Draft, Version
from app.stores.cold.engine import Cold, Connection
from app.stores.hot import jobs
from app.stores.hot.published import publish, revision
from app.stores.hot.server import HotStore
from renderers import BadParams, Size, assets_of
from renderers import compile as compile_design

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Saved:
    """The edition of a draft, and what its author should look at."""

    edition: int
    warnings: Sequence[Problem]


def save_draft(
    cold: Cold,
    block_id: str,
    document: Document,
    *,
    now: datetime,
    by: str,
    expected: int | None,
    link_hosts: Sequence[str] = (),
) -> Saved:
    """Check a draft and keep it. Raises Invalid, Conflict when stale, Unavailable."""
    with cold.writing() as connection:
        block, warnings = _checked(connection, block_id, document, link_hosts)
        # A draft may name pictures that are uploaded later: publishing asks for them.
        _check_pictures(connection, block, are_assets_required=False)
        edition = blocks.save_draft(connection, block_id, document, now=now, by=by, expected=expected)
    return Saved(edition, warnings)


def save_drafts(
    cold: Cold,
    documents: Mapping[str, Document],
    *,
    now: datetime,
    by: str,
    link_hosts: Sequence[str] = (),
) -> list[str]:
    """Check many drafts and keep them all or none; answers the ids of those that changed anything.

    Raises Invalid, its pointers beginning with the block's id, and Unavailable.
    """
    problems: list[Problem] = []
    changed: list[str] = []
    with cold.writing() as connection:
        for block_id, document in documents.items():
            held = blocks.fetch(connection, block_id)
            if held is not None and held.document == document:
                continue
            try:
                block, _ = _checked(connection, block_id, document, link_hosts)
                _check_pictures(connection, block, are_assets_required=False)
            except Invalid as wrong:
                problems += [Problem(f"{block_id}{one.pointer}", one.detail) for one in wrong.problems]
                continue
            changed.append(block_id)
            blocks.save_draft(connection, block_id, document, now=now, by=by, expected=None)
        if problems:
            raise Invalid(problems=problems)
    return changed


def fetch(cold: Cold, block_id: str) -> Draft:
    """The draft. Raises NotFound, Unavailable."""
    with cold.reading() as connection:
        return _fetch(connection, block_id)


def page(cold: Cold, *, after: str, limit: int) -> list[Draft]:
    """Drafts by id. Raises Unavailable."""
    with cold.reading() as connection:
        return blocks.page(connection, after=after, limit=limit)


def publish_draft(
    cold: Cold,
    hot: HotStore,
    block_id: str,
    *,
    now: datetime,
    by: str,
    note: str,
    expected: int | None,
    link_hosts: Sequence[str] = (),
    needs_approval: bool = False,
) -> int:
    """Make the draft the next version and let it out; answers its number.

    Raises NotFound, Invalid, Conflict when the draft is at another edition or not approved, Unavailable.
    """
    require_hot(hot)
    with cold.writing() as connection:
        draft = _fetch(connection, block_id)
        if expected is not None and draft.edition != expected:
            raise Conflict(f"The draft is at edition {draft.edition} by now: read it again, then publish.")
        if needs_approval:
            require_approval(connection, draft)
        if named(draft.document):
            segments.lock(connection)  # so that nobody deletes what the block names until it is out
        block = compile_block(block_id, draft.document, version=0, vocabulary=vocabulary_of(connection))
        _check_links(draft.document, link_hosts)
        _check_pictures(connection, block, are_assets_required=True)
        version = blocks.publish(connection, block_id, now=now, by=by, note=note)
    assert version is not None  # noqa: S101 - the draft was fetched in the same transaction
    let_out(
        hot, publications.of_block(block_id, version, draft.document, is_recalled=False), f"Version {version}"
    )
    if block.selectors:
        with suppress(Unavailable):  # then its lists are made a few seconds later
            jobs.ask(hot, CATALOG_JOB)
    return version


def versions(cold: Cold, block_id: str) -> tuple[Draft, list[Version]]:
    """The draft and every version, newest first. Raises NotFound, Unavailable."""
    with cold.reading() as connection:
        return _fetch(connection, block_id), blocks.versions(connection, block_id)


def compare(cold: Cold, block_id: str, before: str, after: str) -> list[Difference]:
    """What differs between two versions, each told by its number or `draft`. Raises NotFound, Unavailable."""
    with cold.reading() as connection:
        draft = _fetch(connection, block_id)
        documents = [
            draft.document if name == "draft" else _version(connection, block_id, int(name)).document
            for name in (before, after)
        ]
    return differences(*documents)


def roll_back(cold: Cold, hot: HotStore, block_id: str, number: int) -> None:
    """Let an earlier version out again. Raises NotFound, Invalid, Unavailable."""
    require_hot(hot)
    with cold.writing() as connection:
        _fetch(connection, block_id)
        version = blocks.version(connection, block_id, number)
        if version is None:
            raise Invalid(problems=[Problem("/version", f"there is no version {number} of this block")])
        _check_segments(connection, block_id, version.document)
        blocks.point_to(connection, block_id, number)
    let_out(
        hot, publications.of_block(block_id, number, version.document, is_recalled=False), f"Version {number}"
    )


def recall(cold: Cold, hot: HotStore, block_id: str) -> int:
    """Serve only the fallback, also in what was sent; answers the version.

    Publishing or rolling back serves all variants again. Raises NotFound, Conflict, Unavailable.
    """
    require_hot(hot)
    with cold.writing() as connection:
        draft = _fetch(connection, block_id)
        if draft.published_version is None:
            raise Conflict("No version of this block is out: there is nothing to recall.")
        version = blocks.version(connection, block_id, draft.published_version)
        blocks.recall(connection, block_id)
    assert version is not None  # noqa: S101 - a published version is a version
    let_out(
        hot,
        publications.of_block(block_id, version.version, version.document, is_recalled=True),
        "The recall",
    )
    return version.version


def require_hot(hot: HotStore) -> None:
    """Ask Redis before SQL is written. Raises Unavailable with nothing changed."""
    try:
        revision(hot)
    except Unavailable as away:
        raise Unavailable(f"{away}; nothing was changed") from away


def let_out(hot: HotStore, publication: Publication, what: str) -> None:
    """Give Redis what SQL has. Raises Unavailable with what became of it."""
    try:
        publish(hot, *publication)
    except Unavailable as away:
        raise Unavailable(
            f"{what} is saved but not out yet: {away}; it goes out when Redis is back"
        ) from away


def check_pictures(
    connection: Connection,
    block: Block,
    variants: Iterable[tuple[str, Variant]],
    *,
    are_assets_required: bool,
) -> list[Problem]:
    """What the renderers say against the creatives of a block's variants."""
    problems: list[Problem] = []
    size = Size(block.width, block.height, block.scale)
    for pointer, variant in variants:
        params = without(variant.creative)
        held = {
            name: asset.content for name in assets_of(params) if (asset := assets.fetch(connection, name))
        }
        if not are_assets_required and len(held) < len(assets_of(params)):
            continue
        try:
            compile_design(variant.creative.kind, params, size=size, assets=held)
        except BadParams as wrong:
            problems += [_placed(pointer, one.pointer, one.detail) for one in wrong.problems]
    return list(dict.fromkeys(problems))


def _checked(
    connection: Connection, block_id: str, document: Document, link_hosts: Sequence[str]
) -> tuple[Block, list[Problem]]:
    vocabulary = vocabulary_of(connection)
    block = compile_block(block_id, document, version=0, vocabulary=vocabulary)
    _check_links(document, link_hosts)
    rules = check_block(document, vocabulary.catalogue)
    return block, [*rules, *check_templates(block, vocabulary.catalogue)][:20]


def _check_links(document: Document, hosts: Sequence[str]) -> None:
    problems = link_problems(document, hosts)
    if problems:
        raise Invalid(problems=problems)


def _check_segments(connection: Connection, block_id: str, document: Document) -> None:
    """Refuse an earlier version that names a segment which was deleted meanwhile."""
    if not named(document):
        return
    segments.lock(connection)
    try:
        compile_block(block_id, document, version=0, vocabulary=vocabulary_of(connection))
    except Invalid as wrong:
        raise Conflict(f"This version cannot go out again: {wrong.detail}") from wrong


def _check_pictures(connection: Connection, block: Block, *, are_assets_required: bool) -> None:
    problems = check_pictures(connection, block, block.pictures(), are_assets_required=are_assets_required)
    if problems:
        raise Invalid(problems=problems)


def _placed(variant: str, pointer: str, detail: str) -> Problem:
    # The size and the kind are of the block and the creative; everything else is a parameter.
    if pointer in ("/width", "/height", "/scale"):
        return Problem(pointer, detail)
    if pointer == "":
        return Problem(f"{variant}/creative/kind", detail)
    return Problem(f"{variant}/creative/params{pointer}", detail)


def _version(connection: Connection, block_id: str, number: int) -> Version:
    version = blocks.version(connection, block_id, number)
    if version is None:
        raise NotFound(f"There is no version {number} of a block {block_id}.")
    return version


def _fetch(connection: Connection, block_id: str) -> Draft:
    draft = blocks.fetch(connection, block_id)
    if draft is None:
        raise NotFound(f"There is no block {block_id}.")
    return draft
