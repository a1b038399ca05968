"""Compiling a block's document, with every fault told at its place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from app.domain.blocks.caps import CAP_FIELDS, Cap, read_caps
from app.domain.blocks.creatives import paths_of, read_creative, read_link
from app.domain.blocks.outcomes import OUTCOME_FIELDS, read_outcome
from app.domain.blocks.parts import (
    FALLBACK,
    RENDER_BUDGET_MS,
    Block,
    Creative,
    Holdout,
    Sticky,
    Variant,
    holdout_of,
)
from app.domain.built_in_attributes import BUILT_IN
from app.domain.catalogs.selectors import Selector, compile_selector
from app.domain.checks import Check
from app.domain.context import needs_of
from app.domain.experiments.split import HOLDOUT, HOLDOUT_MAX
from app.domain.frequency.windows import duration
from app.domain.hours import is_by_customer, read_hours
from app.domain.ids import is_id
from app.domain.rules import Rule, compile_rule
from app.domain.rules.checking import unknown_paths
from app.domain.translations import TEXTS_FIELDS, Texts, read_texts
from app.domain.vocabulary import Vocabulary
from app.domain.votes import read_ballot

VARIANTS_MAX = 50
SIDE_MAX_PX = 2_000  # of the bitmap, after scale
RENDER_BUDGET_MIN_MS, RENDER_BUDGET_MAX_MS = 10, 2_000
STICKY_DAYS_MAX = 92

BLOCK_FIELDS = (
    "name", "width", "height", "scale", "alt", "sticky", "allow_unsigned", "render_budget_ms", "vote",
    "holdout", "variants", "fallback", *TEXTS_FIELDS,
)  # fmt: skip
VARIANT_FIELDS = ("id", "when", "from", "until", "hours", "items", "personal", *CAP_FIELDS, *OUTCOME_FIELDS)
LATER = ("block", "offer", "distinct_in_message", "priority", "segment", "weight")


def compile_block(
    block_id: str,
    document: Mapping[str, object],
    *,
    version: int,
    is_recalled: bool = False,
    vocabulary: Vocabulary = Vocabulary(),  # noqa: B008 - frozen
) -> Block:
    """Check and compile a block. Raises Invalid with a pointer to each fault (20 at most)."""
    check = Check()
    fields = check.known(document, BLOCK_FIELDS, "", later=LATER)
    scale = check.whole(fields, "scale", "", low=1, high=3, default=1)
    width = check.whole(fields, "width", "", low=1, high=SIDE_MAX_PX)
    height = check.whole(fields, "height", "", low=1, high=SIDE_MAX_PX)
    for name, side in (("width", width), ("height", height)):
        if side * scale > SIDE_MAX_PX:
            check.fault(f"/{name}", f"{side} at scale {scale} is over {SIDE_MAX_PX} pixels a side")
    texts = read_texts(check, fields)
    fallback = _fallback(check, fields, texts)
    variants = tuple(_variants(check, fields.get("variants", []), block_id, fallback, vocabulary, texts))
    name = check.text(fields, "name", "", longest=200, default="")
    alt = check.text(fields, "alt", "", longest=500, default="")
    sticky = _sticky(check, fields)
    allow_unsigned = check.flag(fields, "allow_unsigned", "", default=False)
    budget = check.whole(
        fields,
        "render_budget_ms",
        "",
        low=RENDER_BUDGET_MIN_MS,
        high=RENDER_BUDGET_MAX_MS,
        default=RENDER_BUDGET_MS,
    )
    vote = read_ballot(check, fields.get("vote"))
    holdout = _holdout(check, fields, block_id)
    check.done()
    caps = tuple(cap for one in variants for cap in one.caps)
    selectors = tuple(one.items for one in variants if one.items is not None)
    return Block(
        block_id=block_id,
        version=version,
        name=name,
        width=width,
        height=height,
        scale=scale,
        alt=alt,
        sticky=sticky,
        allow_unsigned=allow_unsigned,
        variants=variants,
        fallback=fallback,
        needs=needs_of(path for variant in (*variants, fallback) for path in paths_of(variant)),
        is_recalled=is_recalled,
        selectors=selectors,
        item_state=tuple(sorted({*_fields(selectors), *_fields(caps)})),
        render_budget_ms=budget,
        vote=vote,
        holdout=holdout,
        caps=caps,
        has_hours=any(is_by_customer(one.hours) for one in variants),
        rule_paths=tuple(sorted({path for one in variants if one.rule for path in one.rule.paths})),
    )


def _fields(readers: Iterable[Selector | Cap]) -> set[str]:
    """The fields of the customer's state that choosing reads."""
    return {field for one in readers for field in one.fields}


def _variants(
    check: Check, listed: object, block_id: str, fallback: Variant, vocabulary: Vocabulary, texts: Texts
) -> Iterator[Variant]:
    if not isinstance(listed, list) or len(listed) > VARIANTS_MAX:
        check.fault("/variants", f"a block has a list of at most {VARIANTS_MAX} variants")
        return
    seen: set[str] = set()
    for place, document in enumerate(listed):
        variant = _variant(check, document, f"/variants/{place}", block_id, fallback, vocabulary, texts)
        if variant is None:
            continue
        if variant.id in seen or variant.id == FALLBACK:
            check.fault(
                f"/variants/{place}/id", f"{variant.id!r} is taken; every variant has an id of its own"
            )
        seen.add(variant.id)
        yield variant


def _variant(
    check: Check,
    document: object,
    at: str,
    block_id: str,
    fallback: Variant,
    vocabulary: Vocabulary,
    texts: Texts,
) -> Variant | None:
    fields = check.known(document, VARIANT_FIELDS, at, later=LATER)
    variant_id = fields.get("id")
    if not isinstance(variant_id, str) or not is_id(variant_id):
        check.fault(f"{at}/id", "an id has 1 to 128 letters, digits or ._:@-")
        return None
    starts_at = check.instant(fields, "from", at)
    ends_at = check.instant(fields, "until", at)
    if starts_at and ends_at and starts_at >= ends_at:
        check.fault(f"{at}/until", "until must be later than from")
    hours = read_hours(check, fields["hours"], f"{at}/hours") if fields.get("hours") is not None else ()
    rule = _rule(check, fields.get("when"), f"{at}/when", vocabulary)
    told = fields.get("items")
    items = compile_selector(check, told, f"{at}/items", vocabulary.segments) if told is not None else None
    outcome = read_outcome(
        check, fields, at, block_id=block_id, variant_id=variant_id, fallback=fallback,
        texts=texts, has_items=told is not None,
    )  # fmt: skip
    if outcome is None:
        return None
    made = Variant(
        variant_id, outcome.creative, outcome.link, fields.get("when"), rule, starts_at, ends_at,
        items=items, hours=hours, split=outcome.split, arms=outcome.arms,
        caps=read_caps(check, fields, at, f"{block_id}|{variant_id}"),
    )  # fmt: skip
    # Even a list that is the same for everybody is shown without what the customer bought.
    tells = told is not None or any(map(vocabulary.catalogue.is_personal, paths_of(made)))
    is_personal = check.flag(fields, "personal", at, default=tells)
    arms = {
        arm: replace(
            one,
            is_personal=is_personal,
            items=items if arm != HOLDOUT else None,
            caps=made.caps if arm != HOLDOUT else (),
        )
        for arm, one in made.arms.items()
    }
    return replace(made, is_personal=is_personal, arms=arms)


def _rule(check: Check, when: object, at: str, vocabulary: Vocabulary) -> Rule | None:
    if when is None:
        return None
    rule = check.tried(partial(compile_rule, segments=vocabulary.segments), when, pointer=at)
    for problem in unknown_paths(when, BUILT_IN, pointer=at) if rule else ():
        check.add(problem)
    return rule


def _fallback(check: Check, fields: Mapping[str, object], texts: Texts) -> Variant:
    at = "/fallback"
    told = check.known(fields.get("fallback"), ("creative", "link"), at)
    creative = (
        read_creative(check, told.get("creative"), f"{at}/creative", texts)
        if told or "fallback" in fields
        else None
    )
    if creative is None and not told:
        check.fault(at, "every block has a fallback: it is shown when no variant may be")
    return Variant(FALLBACK, creative or Creative("", {}), read_link(check, told, at, texts))


def _holdout(check: Check, fields: Mapping[str, object], block_id: str) -> Holdout | None:
    share = fields.get("holdout", 0)
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= HOLDOUT_MAX:
        check.fault("/holdout", f"holdout is a percentage from 0 to {HOLDOUT_MAX}")
        return None
    return holdout_of(share, block_id) if share else None


def _sticky(check: Check, fields: Mapping[str, object]) -> Sticky:
    told = check.known(fields.get("sticky", {}), ("per", "for", "refresh_on_cap"), "/sticky")
    per = told.get("per", "touch")
    if per not in ("touch", "customer", "none"):
        check.fault("/sticky/per", 'sticky per is "touch", "customer" or "none"')
        return Sticky()
    is_refreshed = check.flag(told, "refresh_on_cap", "/sticky", default=False)
    if told.get("for") is None:
        return Sticky(str(per), None, is_refreshed)
    span = duration(told["for"])
    if span is None or not 0 < span.total_seconds() <= STICKY_DAYS_MAX * 86_400:
        check.fault("/sticky/for", f"a while such as PT24H or P7D, {STICKY_DAYS_MAX} days at most")
    elif per == "none":
        check.fault("/sticky/for", "where nothing stays, there is no while for it to stay")
    return Sticky(str(per), span, is_refreshed)
