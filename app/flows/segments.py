"""Segments: saved and in force at once, everywhere; deleted only when nothing names them.

SQL has it first, then Redis, as with blocks. What names a segment is compiled with it before it is
saved, so that no change of one can spoil another or a block that is out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.blocks import compile_block
from app.domain.problems import Conflict, Invalid, NotFound, Problem
from app.domain.rules import Rule, compile_rule
from app.domain.rules.checking import check
from app.domain.rules.sentences import sentence
from app.domain.vocabulary import Vocabulary, compile_segments, in_order, named
from app.flows import publications
from app.flows.publishing import let_out, require_hot
from app.flows.vocabulary import catalogue_of
from app.stores.cold import blocks, segments
from app.stores.cold.drafts import Draft, Version
from app.stores.cold.engine import Cold, Connection
from app.stores.hot.published import SEGMENT
from app.stores.hot.server import HotStore

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a segment."""

    version: int
    edition: int
    sentence: str
    warnings: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class Use:
    """Where a segment is named: a `segment` or a `block`, and its id."""

    kind: str
    id: str


def save(
    cold: Cold,
    hot: HotStore,
    segment_id: str,
    document: Document,
    *,
    now: datetime,
    by: str,
    expected: int | None,
) -> Saved:
    """Check a segment, keep it as its next version and put it in force.

    Raises Invalid, Conflict when stale or when what names it could not stand with it, Unavailable.
    """
    require_hot(hot)
    with cold.writing() as connection:
        segments.lock(connection)
        rules = _rules(connection) | {segment_id: document["when"]}
        # By itself first: whether the segments it names can stand with it is another question.
        compile_rule(document["when"], pointer="/when", segments=dict.fromkeys(rules, _ALWAYS))
        compiled = _compiled(segment_id, rules)
        found = check(document["when"], catalogue_of(connection), pointer="/when")
        if found.problems:
            raise Invalid(problems=found.problems[:20])
        _check_blocks(connection, segment_id, compiled)
        version = segments.save(connection, segment_id, document, now=now, by=by, expected=expected)
        held = _fetch(connection, segment_id)
    let_out(hot, publications.of_segment(segment_id, version, document), f"Version {version}")
    return Saved(version, held.edition, sentence(document["when"]), found.warnings[:20])


def fetch(cold: Cold, segment_id: str) -> tuple[Draft, list[Use]]:
    """The segment, and where it is used. Raises NotFound, Unavailable."""
    with cold.reading() as connection:
        return _fetch(connection, segment_id), list(_uses(connection, segment_id))


def page(cold: Cold, *, after: str, limit: int) -> list[Draft]:
    """Segments by id. Raises Unavailable."""
    with cold.reading() as connection:
        return segments.page(connection, after=after, limit=limit)


def versions(cold: Cold, segment_id: str) -> list[Version]:
    """Every version, newest first. Raises NotFound, Unavailable."""
    with cold.reading() as connection:
        _fetch(connection, segment_id)
        return segments.versions(connection, segment_id)


def delete(cold: Cold, hot: HotStore, segment_id: str) -> None:
    """Delete a segment that nothing names. Raises NotFound, Conflict with its uses, Unavailable."""
    require_hot(hot)
    with cold.writing() as connection:
        segments.lock(connection)
        _fetch(connection, segment_id)
        uses = list(_uses(connection, segment_id))
        if uses:
            told = ", ".join(f"{one.kind} {one.id}" for one in uses[:10])
            raise Conflict(f"Segment {segment_id} is used by {told}: take it out there, then delete it.")
        segments.delete(connection, segment_id)
    let_out(hot, (SEGMENT + segment_id, None), "The deletion")


_ALWAYS = compile_rule({})


def _rules(connection: Connection) -> dict[str, Any]:
    return {one.id: one.document["when"] for one in segments.published(connection)}


def _compiled(segment_id: str, rules: Mapping[str, Any]) -> dict[str, Rule]:
    try:
        in_order(rules)
    except Invalid as circle:
        raise Invalid(problems=[Problem("/when", one.detail) for one in circle.problems]) from circle
    try:
        return compile_segments(rules)
    except Invalid as wrong:
        own = [one for one in wrong.problems if one.pointer.startswith(f"/{segment_id}/")]
        if own:
            told = [Problem("/when" + one.pointer.removeprefix(f"/{segment_id}"), one.detail) for one in own]
            raise Invalid(problems=told) from wrong
        raise Conflict(f"A segment that names it could not stand: {wrong.detail}") from wrong


def _check_blocks(connection: Connection, segment_id: str, compiled: Mapping[str, Rule]) -> None:
    touched = {segment_id} | {name for name, rule in compiled.items() if segment_id in rule.segment_ids}
    for block in blocks.published(connection):
        if not named(block.document) & touched:
            continue
        try:
            compile_block(block.id, block.document, version=0, vocabulary=Vocabulary(compiled))
        except Invalid as wrong:
            raise Conflict(f"Block {block.id}, which is out, could not stand: {wrong.detail}") from wrong


def _uses(connection: Connection, segment_id: str) -> Iterator[Use]:
    for segment in segments.published(connection):
        if segment_id in named(segment.document):
            yield Use("segment", segment.id)
    out = {one.id for one in blocks.published(connection) if segment_id in named(one.document)}
    after = ""
    while found := blocks.page(connection, after=after, limit=1_000):
        out |= {one.id for one in found if segment_id in named(one.document)}
        after = found[-1].id
    for block_id in sorted(out):
        yield Use("block", block_id)


def _fetch(connection: Connection, segment_id: str) -> Draft:
    held = segments.fetch(connection, segment_id)
    if held is None:
        raise NotFound(f"There is no segment {segment_id}.")
    return held
