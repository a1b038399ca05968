"""Phases: since when an experiment deals its arms as it does now, so that only like is counted with like."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.checks import Check
from app.domain.experiments.split import Split, read_split


@dataclass(frozen=True, slots=True)
class Edition:
    """One published version of a block: its number, its document, and when it went out."""

    version: int
    document: Mapping[str, object]
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Phase:
    """A split as it is dealt since a moment, and until another where the experiment has ended."""

    block_id: str
    variant_id: str
    split: Split
    version: int
    since: datetime
    until: datetime | None = None


def phases_of(block_id: str, editions: Iterable[Edition]) -> list[Phase]:
    """The last phase of every split that the versions of a block have, oldest version first."""
    found: dict[str, Phase] = {}
    for edition in editions:
        splits = dict(splits_of(block_id, edition.document))
        for variant_id, phase in list(found.items()):
            if variant_id not in splits and phase.until is None:
                found[variant_id] = replace(phase, until=edition.published_at)
        for variant_id, split in splits.items():
            found[variant_id] = _continued(found.get(variant_id), block_id, variant_id, split, edition)
    return list(found.values())


def splits_of(block_id: str, document: Mapping[str, object]) -> Iterator[tuple[str, Split]]:
    """Each split of a block's document with its variant's id; what cannot be read is passed over."""
    variants = document.get("variants")
    for variant in variants if isinstance(variants, list) else ():
        if isinstance(variant, Mapping) and "split" in variant and isinstance(variant.get("id"), str):
            check = Check()
            split = read_split(check, variant, "", block_id=block_id, variant_id=variant["id"])
            if split is not None and not check.problems:
                yield variant["id"], split


def _continued(phase: Phase | None, block_id: str, variant_id: str, split: Split, edition: Edition) -> Phase:
    if phase is None or phase.until is not None or not _is_dealt_alike(phase.split, split):
        return Phase(block_id, variant_id, split, edition.version, edition.published_at)
    return replace(phase, split=split, version=edition.version)


def _is_dealt_alike(before: Split, after: Split) -> bool:
    if before.is_bandit and after.is_bandit:
        # Its weights change all the time; what it knows of its arms stays true.
        return before.arms == after.arms
    return before == after
