"""What rules may name, as SQL has it: the segments, and the attributes that were declared or seen."""

from collections.abc import Mapping
from typing import Any

from app.domain.attributes import Attribute, Catalogue, Source
from app.domain.blocks import Block
from app.domain.built_in_attributes import BUILT_IN
from app.domain.declarations import compile_attribute
from app.domain.problems import Invalid, Problem
from app.domain.rules.checking import Findings, check, check_path
from app.domain.vocabulary import Vocabulary, compile_segments
from app.stores.cold import attributes, segments
from app.stores.cold.attributes import Kept
from app.stores.cold.engine import Connection


def vocabulary_of(connection: Connection) -> Vocabulary:
    """Everything of this moment."""
    rules = {one.id: one.document["when"] for one in segments.published(connection)}
    return Vocabulary(compile_segments(rules), catalogue_of(connection))


def catalogue_of(connection: Connection) -> Catalogue:
    """Every attribute: built in, declared, seen."""
    return BUILT_IN.with_more(_attribute(one) for one in attributes.everything(connection))


def check_block(document: Mapping[str, Any], catalogue: Catalogue) -> list[Problem]:
    """Hold the rules of a good block against the catalogue; answers what its author should look at.

    Raises Invalid for what can never hold.
    """
    found = Findings()
    for place, variant in enumerate(document.get("variants", ())):
        if variant.get("when") is not None:
            told = check(variant["when"], catalogue, pointer=f"/variants/{place}/when")
            found.problems.extend(told.problems)
            found.warnings.extend(told.warnings)
    if found.problems:
        raise Invalid(problems=found.problems[:20])
    return found.warnings[:20]


def check_templates(block: Block, catalogue: Catalogue) -> list[Problem]:
    """What the author of a block's templates and links should look at: attributes that no customer has."""
    found: list[Problem] = []
    for at, variant in block.pictures():
        templates = {f"{at}/creative/params{place}": one for place, one in variant.creative.templates.items()}
        if variant.link is not None:
            templates[f"{at}/link"] = variant.link
        for pointer, template in templates.items():
            for path in sorted(template.paths):
                if path.startswith("customer."):
                    found += check_path(path, catalogue, pointer=pointer)
    return found[:20]


def _attribute(kept: Kept) -> Attribute:
    return compile_attribute(kept.path, kept.document, BUILT_IN, source=Source(kept.source))
