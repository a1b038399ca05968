"""Blocks: a document as its author wrote it, checked whole and compiled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from app.domain.built_in_attributes import BUILT_IN
from app.domain.catalogs.selectors import ITEM_ROOTS, Selector, compile_selector, item_path_problem
from app.domain.checks import Check
from app.domain.context import Needs, needs_of, path_problem
from app.domain.ids import is_id
from app.domain.links import compile_link
from app.domain.paths import escaped
from app.domain.rules import Rule, compile_rule
from app.domain.rules.checking import unknown_paths
from app.domain.templates import Template, compile_template, is_template
from app.domain.vocabulary import Vocabulary
from app.domain.votes import Ballot, read_ballot

VARIANTS_MAX = 50
SIDE_MAX_PX = 2_000  # of the bitmap, after scale
RENDER_BUDGET_MS = 150
RENDER_BUDGET_MIN_MS, RENDER_BUDGET_MAX_MS = 10, 2_000
PARAMS_DEPTH_MAX = 8
PARAMS_VALUES_MAX = 500
FALLBACK = "fallback"

BLOCK_FIELDS = (
    "name", "width", "height", "scale", "alt", "sticky", "allow_unsigned", "render_budget_ms", "vote",
    "variants", "fallback",
)  # fmt: skip
VARIANT_FIELDS = ("id", "when", "from", "until", "items", "creative", "link", "personal")
LATER = ("max_views", "max_clicks", "split", "optimise", "holdout", "segment", "weight")


@dataclass(frozen=True, slots=True)
class Creative:
    """A renderer's kind and parameters, and the templates in them by JSON Pointer."""

    kind: str
    params: Mapping[str, object]
    templates: Mapping[str, Template] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variant:
    """One thing a block may show, and when."""

    id: str
    creative: Creative
    link: Template | None = None
    when: object | None = None
    rule: Rule | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_personal: bool = False
    items: Selector | None = None

    def is_running(self, now: datetime) -> bool:
        """Whether now is inside from and until (until is the first instant without it)."""
        if self.starts_at is not None and now < self.starts_at:
            return False
        return self.ends_at is None or now < self.ends_at


@dataclass(frozen=True, slots=True)
class Block:
    """A place in a message, ready to choose from. Sizes in CSS pixels; `scale` bitmap pixels for each."""

    block_id: str
    version: int
    name: str
    width: int
    height: int
    scale: int
    alt: str
    sticky: str
    allow_unsigned: bool
    variants: tuple[Variant, ...]
    fallback: Variant
    needs: Needs
    is_recalled: bool = False
    render_budget_ms: int = RENDER_BUDGET_MS
    selectors: tuple[Selector, ...] = ()
    """Where the variants' items come from."""
    item_state: tuple[str, ...] = ()
    """The fields of the customer's state that choosing items reads."""
    vote: Ballot | None = None

    @property
    def segment_ids(self) -> frozenset[str]:
        """The segments its rules depend on, also through others."""
        rules = (one.rule for one in self.variants if one.rule is not None)
        return frozenset().union(*(rule.segment_ids for rule in rules))


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
    variants = tuple(_variants(check, fields.get("variants", []), vocabulary))
    fallback = _fallback(check, fields)
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
    check.done()
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
        needs=needs_of(path for variant in (*variants, fallback) for path in _paths(variant)),
        is_recalled=is_recalled,
        selectors=selectors,
        item_state=tuple(sorted({field for one in selectors for field in one.fields})),
        render_budget_ms=budget,
        vote=vote,
    )


def _variants(check: Check, listed: object, vocabulary: Vocabulary) -> Iterator[Variant]:
    if not isinstance(listed, list) or len(listed) > VARIANTS_MAX:
        check.fault("/variants", f"a block has a list of at most {VARIANTS_MAX} variants")
        return
    seen: set[str] = set()
    for place, document in enumerate(listed):
        variant = _variant(check, document, f"/variants/{place}", vocabulary)
        if variant is None:
            continue
        if variant.id in seen or variant.id == FALLBACK:
            check.fault(
                f"/variants/{place}/id", f"{variant.id!r} is taken; every variant has an id of its own"
            )
        seen.add(variant.id)
        yield variant


def _variant(check: Check, document: object, at: str, vocabulary: Vocabulary) -> Variant | None:
    fields = check.known(document, VARIANT_FIELDS, at, later=LATER)
    variant_id = fields.get("id")
    if not isinstance(variant_id, str) or not is_id(variant_id):
        check.fault(f"{at}/id", "an id has 1 to 128 letters, digits or ._:@-")
        return None
    starts_at = check.instant(fields, "from", at)
    ends_at = check.instant(fields, "until", at)
    if starts_at and ends_at and starts_at >= ends_at:
        check.fault(f"{at}/until", "until must be later than from")
    rule = None
    if fields.get("when") is not None:
        compiled = partial(compile_rule, segments=vocabulary.segments)
        rule = check.tried(compiled, fields["when"], pointer=f"{at}/when")
        for problem in unknown_paths(fields["when"], BUILT_IN, pointer=f"{at}/when") if rule else ():
            check.add(problem)
    told = fields.get("items")
    has_items = told is not None
    items = compile_selector(check, told, f"{at}/items", vocabulary.segments) if has_items else None
    creative = _creative(check, fields.get("creative"), f"{at}/creative", has_items=has_items)
    link = _link(check, fields, at, has_items=has_items)
    if creative is None:
        return None
    made = Variant(variant_id, creative, link, fields.get("when"), rule, starts_at, ends_at, items=items)
    # Even a list that is the same for everybody is shown without what the customer bought.
    tells = has_items or any(map(vocabulary.catalogue.is_personal, _paths(made)))
    return replace(made, is_personal=check.flag(fields, "personal", at, default=tells))


def _fallback(check: Check, fields: Mapping[str, object]) -> Variant:
    at = "/fallback"
    told = check.known(fields.get("fallback"), ("creative", "link"), at)
    creative = (
        _creative(check, told.get("creative"), f"{at}/creative") if told or "fallback" in fields else None
    )
    if creative is None and not told:
        check.fault(at, "every block has a fallback: it is shown when no variant may be")
    return Variant(FALLBACK, creative or Creative("", {}), _link(check, told, at))


def _creative(check: Check, document: object, at: str, *, has_items: bool = False) -> Creative | None:
    fields = check.known(document, ("kind", "params"), at)
    kind = fields.get("kind")
    params = fields.get("params", {})
    if not isinstance(kind, str) or not kind or len(kind) > 40:
        check.fault(f"{at}/kind", "names the renderer's kind, such as text")
        return None
    if not isinstance(params, Mapping):
        check.fault(f"{at}/params", "params is an object")
        return None
    texts = list(_texts(check, params, "", f"{at}/params", PARAMS_DEPTH_MAX))
    if len(texts) > PARAMS_VALUES_MAX:
        check.fault(f"{at}/params", f"params hold at most {PARAMS_VALUES_MAX} texts")
        return None
    templates: dict[str, Template] = {}
    for pointer, text in texts:
        if is_template(text):
            template = check.tried(compile_template, text, pointer=f"{at}/params{pointer}")
            if template is not None:
                templates[pointer] = template
                _check_paths(check, template.paths, f"{at}/params{pointer}", has_items=has_items)
    return Creative(kind, params, templates)


def _texts(check: Check, value: object, pointer: str, at: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping | list):
        if depth == 0:
            check.fault(at + pointer, f"params may be nested {PARAMS_DEPTH_MAX} deep at most")
            return
        pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
        for name, inner in pairs:
            yield from _texts(check, inner, f"{pointer}/{escaped(str(name))}", at, depth - 1)


def _link(check: Check, fields: Mapping[str, object], at: str, *, has_items: bool = False) -> Template | None:
    source = fields.get("link")
    if source is None:
        return None
    if not isinstance(source, str):
        check.fault(f"{at}/link", "a link is a web address, such as https://shop.example/")
        return None
    template = check.tried(compile_link, source, pointer=f"{at}/link")
    _check_paths(check, template.paths if template else (), f"{at}/link", has_items=has_items)
    return template


def _sticky(check: Check, fields: Mapping[str, object]) -> str:
    told = check.known(fields.get("sticky", {}), ("per",), "/sticky")
    per = told.get("per", "none")
    if per not in ("touch", "none"):
        check.fault("/sticky/per", 'sticky per is "touch" or "none"')
    return str(per)


def _paths(variant: Variant) -> Iterator[str]:
    if variant.rule is not None:
        yield from variant.rule.paths
    for template in variant.creative.templates.values():
        yield from template.paths
    if variant.link is not None:
        yield from variant.link.paths
    if variant.items is not None:
        yield from variant.items.paths


def _check_paths(check: Check, paths: object, at: str, *, has_items: bool = False) -> None:
    for path in sorted(paths):  # type: ignore[call-overload]
        if path.partition(".")[0] in ITEM_ROOTS:
            problem = item_path_problem(path, at, has_items=has_items)
        else:
            problem = path_problem(path, at)
        if problem is not None:
            check.add(problem)
