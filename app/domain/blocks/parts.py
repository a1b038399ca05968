"""What a block is made of, ready to choose from and to draw."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from app.domain.blocks.caps import Cap
from app.domain.catalogs.selectors import Selector
from app.domain.context import Needs
from app.domain.experiments.bucketing import bucket, seeded
from app.domain.experiments.split import HOLDOUT, Split
from app.domain.hours import Hours, are_open
from app.domain.rules import Rule
from app.domain.templates import Template
from app.domain.votes import Ballot

RENDER_BUDGET_MS = 150
FALLBACK = "fallback"
COLLAPSE = "collapse"  # the renderer's kind of what takes no room


@dataclass(frozen=True, slots=True)
class Creative:
    """A renderer's kind and parameters, and the templates in them by JSON Pointer."""

    kind: str
    params: Mapping[str, object]
    templates: Mapping[str, Template] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variant:
    """One thing a block may show, and when.

    With a `split` it is one of its `arms` that is shown: variants themselves, named `<variant>/<arm>`.
    """

    id: str
    creative: Creative
    link: Template | None = None
    when: object | None = None
    rule: Rule | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_personal: bool = False
    items: Selector | None = None
    hours: tuple[Hours, ...] = ()
    split: Split | None = None
    arms: Mapping[str, "Variant"] = field(default_factory=dict)
    caps: tuple[Cap, ...] = ()

    def is_running(self, now: datetime, zone: tzinfo) -> bool:
        """Whether now is inside from and until (until is the first instant without it), and in its hours."""
        if self.starts_at is not None and now < self.starts_at:
            return False
        if self.ends_at is not None and now >= self.ends_at:
            return False
        return not self.hours or are_open(self.hours, now, zone)


@dataclass(frozen=True, slots=True)
class Sticky:
    """How long a choice stays: `touch`, `customer` or `none`; from its first moment for `span` at most."""

    per: str = "touch"
    span: timedelta | None = None
    is_refreshed_on_cap: bool = False
    """Whether a variant goes from where it was shown, too, when its cap is reached."""

    @property
    def is_kept(self) -> bool:
        """Whether a choice stays at all."""
        return self.per != "none"


@dataclass(frozen=True, slots=True)
class Holdout:
    """The share of customers, from 0 to 1, who always see the fallback."""

    share: float
    seed_state: int

    def has(self, customer_id: str) -> bool:
        """Whether a customer is one of them. The same id, the same answer."""
        return bucket(self.seed_state, customer_id) < self.share


def holdout_of(percent: float, block_id: str) -> Holdout:
    """A block's holdout; that of the whole deployment has no block."""
    return Holdout(percent / 100, seeded(f"{block_id}/{HOLDOUT}"))


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
    sticky: Sticky
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
    holdout: Holdout | None = None
    has_hours: bool = False
    """Whether any variant has hours by the customer's clock."""

    caps: tuple[Cap, ...] = ()
    """Those of all its variants."""

    rule_paths: tuple[str, ...] = ()
    """What the variants' rules read, in order."""

    @property
    def segment_ids(self) -> frozenset[str]:
        """The segments its rules depend on, also through others."""
        rules = (one.rule for one in self.variants if one.rule is not None)
        return frozenset().union(*(rule.segment_ids for rule in rules))

    def pictures(self) -> Iterator[tuple[str, Variant]]:
        """Everything that is drawn, arms one by one, each with its place in the document."""
        for place, variant in enumerate(self.variants):
            if variant.split is None:
                yield f"/variants/{place}", variant
            else:
                for number, arm in enumerate(variant.split.arms):
                    yield f"/variants/{place}/split/{number}", variant.arms[arm]
        yield "/fallback", self.fallback
