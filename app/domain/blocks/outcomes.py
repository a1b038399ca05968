"""Outcomes: what a variant leads to, exactly one of a creative, a split, or nothing that takes room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.blocks.creatives import read_creative, read_link
from app.domain.blocks.parts import COLLAPSE, Creative, Variant
from app.domain.checks import Check
from app.domain.experiments.split import HOLDOUT, SPLIT_FIELDS, Split, arm_variant, read_split
from app.domain.templates import Template
from app.domain.translations import Texts

OUTCOMES = ("creative", "split", "collapse")
OUTCOME_FIELDS = (*OUTCOMES, "link", *SPLIT_FIELDS[1:])

NOTHING = Creative(COLLAPSE, {})


@dataclass(frozen=True, slots=True)
class Outcome:
    """A creative with its link; or a split, with each arm as a variant by the arm's id."""

    creative: Creative
    link: Template | None = None
    split: Split | None = None
    arms: Mapping[str, Variant] = field(default_factory=dict)


def read_outcome(
    check: Check,
    fields: Mapping[str, object],
    at: str,
    *,
    block_id: str,
    variant_id: str,
    fallback: Variant,
    texts: Texts,
    has_items: bool,
) -> Outcome | None:
    """What a variant's fields lead to; None when that cannot be read. Faults are noted."""
    if fields.get("split") is None:
        for name in SPLIT_FIELDS[1:]:
            if name in fields:
                check.fault(f"{at}/{name}", f"{name} belongs to a split, and this variant has none")
        shown = read_shown(check, fields, at, OUTCOMES, texts, has_items=has_items)
        return Outcome(*shown) if shown is not None else None
    for name in ("creative", "collapse", "link"):
        if name in fields:
            check.fault(f"{at}/{name}", f"a variant with a split has no {name}: its arms have")
    split = read_split(check, fields, at, block_id=block_id, variant_id=variant_id)
    arms = _arms(check, fields["split"], f"{at}/split", variant_id, texts, has_items=has_items)
    if split is None or split.arms != tuple(arms):
        return None
    # Those held out see what everybody else would without the variant, and are told apart in events.
    arms[HOLDOUT] = Variant(arm_variant(variant_id, HOLDOUT), fallback.creative, fallback.link)
    return Outcome(NOTHING, None, split, arms)


def read_shown(
    check: Check,
    fields: Mapping[str, object],
    at: str,
    names: Sequence[str],
    texts: Texts,
    *,
    has_items: bool,
) -> tuple[Creative, Template | None] | None:
    """The creative and the link of a variant or an arm; of one that collapses, what takes no room."""
    if fields.get("collapse") is not None:
        if fields["collapse"] is not True:
            check.fault(f"{at}/collapse", "collapse is true, or left out")
        for name in ("creative", "link"):
            if name in fields:
                check.fault(
                    f"{at}/{name}", f"what collapses has no {name}; a click goes where the fallback leads"
                )
        return NOTHING, None
    if "creative" not in fields:
        check.fault(f"{at}/creative", f"say what is shown: one of {', '.join(names)}")
        return None
    creative = read_creative(check, fields["creative"], f"{at}/creative", texts, has_items=has_items)
    link = read_link(check, fields, at, texts, has_items=has_items)
    return (creative, link) if creative is not None else None


def _arms(
    check: Check, listed: object, at: str, variant_id: str, texts: Texts, *, has_items: bool
) -> dict[str, Variant]:
    arms: dict[str, Variant] = {}
    for place, document in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(document, Mapping):
            continue  # the split has noted it
        shown = read_shown(
            check, document, f"{at}/{place}", ("creative", "collapse"), texts, has_items=has_items
        )
        arm = document.get("id")
        if shown is not None and isinstance(arm, str):
            arms[arm] = Variant(arm_variant(variant_id, arm), *shown)
    return arms
