"""Selectors: where the items of a creative come from, as an author says it, checked and compiled."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from app.domain.catalogs.items import FIELDS
from app.domain.checks import Check
from app.domain.context import path_problem
from app.domain.ids import is_id
from app.domain.problems import Invalid, Problem
from app.domain.rules import Rule, compile_rule
from app.domain.state import CART, TAKEN, activity_field

# Lists that are the same for everybody, and lists that begin with what the customer did.
SHARED = ("trending", "newest", "cheapest", "dearest", "best_rated", "back_in_stock", "price_dropped")
PERSONAL = ("recently_viewed", "also_viewed", "also_bought")
EXCLUDABLE = ("bought", "read", "in_cart", "viewed")

ITEMS_MAX = 12
FILLS_MAX = 4
SELECTOR_FIELDS = ("catalog", "select", "where", "max", "min", "skip", "fill_with", "exclude")
LEARNT = ("restocked_at", "cheaper_at", "earlier_price")
ITEM_ROOTS = ("item", "items")

Segments = Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class Source:
    """One list to take items from, and the rule that they must fit.

    `shelf` names a shared list as the workers keep it: those for which `fixed`, the part of the rule that is
    the same for everybody, holds.
    """

    select: str
    rule: Rule | None = None
    fixed: Mapping[str, object] | None = None

    @property
    def is_personal(self) -> bool:
        """Whether the list begins with what the customer did."""
        return self.select in PERSONAL

    @property
    def shelf(self) -> str:
        """The name of the list among its catalogue's."""
        if not self.fixed:
            return self.select
        text = json.dumps(self.fixed, sort_keys=True, separators=(",", ":"))
        return f"{self.select}|{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Selector:
    """Where a variant's items come from: the first source and those that fill up, how many, without what."""

    catalog: str
    sources: tuple[Source, ...]
    most: int = 1
    fewest: int = 1
    skip: int = 0
    exclude: frozenset[str] = frozenset()

    @property
    def shelves(self) -> Iterator[tuple[str, Source]]:
        """The shared lists it may take from, by name."""
        return ((one.shelf, one) for one in self.sources if not one.is_personal)

    @property
    def paths(self) -> frozenset[str]:
        """What its rules read besides items."""
        read = {path for one in self.sources if one.rule is not None for path in one.rule.paths}
        return frozenset(path for path in read if path.partition(".")[0] != "item")

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the customer's state that choosing reads."""
        wanted = {TAKEN}
        selects = {one.select for one in self.sources}
        if "in_cart" in self.exclude or selects & {"also_viewed", "also_bought"}:
            wanted.add(CART)
        if "viewed" in self.exclude or selects & set(PERSONAL):
            wanted |= {activity_field("viewed"), activity_field("read")}
        return tuple(sorted(wanted))


def compile_selector(
    check: Check, document: object, at: str, segments: Segments | None = None
) -> Selector | None:
    """Check a variant's `items`, whose rules may name these segments; its faults are noted."""
    fields = check.known(document, SELECTOR_FIELDS, at)
    catalog = fields.get("catalog")
    if not isinstance(catalog, str) or not is_id(catalog):
        check.fault(f"{at}/catalog", "names a catalogue, such as shop")
        return None
    first = _source(check, fields.get("select"), fields.get("where"), at, segments)
    if first is None:
        return None
    most = check.whole(fields, "max", at, low=1, high=ITEMS_MAX, default=1)
    fewest = check.whole(fields, "min", at, low=1, high=ITEMS_MAX, default=1)
    if fewest > most:
        check.fault(f"{at}/min", f"min is {most} at most: no more items than that are shown")
    return Selector(
        catalog,
        (first, *_fills(check, fields, at, segments)),
        most,
        fewest,
        check.whole(fields, "skip", at, low=0, high=ITEMS_MAX, default=0),
        _excluded(check, fields, at),
    )


def item_path_problem(path: str, pointer: str, *, has_items: bool) -> Problem | None:
    """Why `item.…` or `items` in a template can never have a value, or None."""
    root, _, rest = path.partition(".")
    if not has_items:
        return Problem(
            pointer, f"{root} is there only where the variant says which items: add items beside it"
        )
    if root == "items":
        return None
    first = rest.partition(".")[0]
    if not first:
        return Problem(pointer, "'item' is not a value; name one of its fields, such as item.title")
    if first in FIELDS or first in LEARNT:
        return None
    return Problem(pointer, f"unknown field {first[:40]!r} of item; other things are in item.attributes")


def _source(check: Check, select: object, where: object, at: str, segments: Segments | None) -> Source | None:
    if select not in SHARED and select not in PERSONAL:
        check.fault(f"{at}/select", f"select is one of {', '.join((*SHARED, *PERSONAL))}")
        return None
    if where is None:
        return Source(str(select))
    rule = check.tried(partial(compile_rule, segments=segments), where, pointer=f"{at}/where")
    if rule is None:
        return None
    for path in sorted(rule.paths):
        is_items = path.partition(".")[0] in ITEM_ROOTS
        found = item_path_problem(path, f"{at}/where", has_items=True) if is_items else None
        problem = found if is_items else path_problem(path, f"{at}/where")
        if problem is not None:
            check.add(problem)
    return Source(str(select), rule, _fixed(where))


def _fixed(where: object) -> dict[str, object]:
    """The fields of the rule that read nothing but the item, so that the workers can ask them."""
    if not isinstance(where, Mapping):
        return {}
    return {str(name): one for name, one in where.items() if _is_about_items(str(name), one)}


def _is_about_items(name: str, expected: object) -> bool:
    try:
        paths = compile_rule({name: expected}).paths
    except Invalid:
        return False
    return bool(paths) and all(path.partition(".")[0] == "item" for path in paths)


def _fills(
    check: Check, fields: Mapping[str, object], at: str, segments: Segments | None
) -> Iterator[Source]:
    listed = fields.get("fill_with", [])
    if not isinstance(listed, list) or len(listed) > FILLS_MAX:
        check.fault(f"{at}/fill_with", f'is a list of at most {FILLS_MAX}, such as ["trending"]')
        return
    for place, one in enumerate(listed):
        here = f"{at}/fill_with/{place}"
        if isinstance(one, Mapping):
            told = check.known(one, ("select", "where"), here)
            made = _source(check, told.get("select"), told.get("where"), here, segments)
        elif isinstance(one, str) and one in (*SHARED, *PERSONAL):
            made = _source(check, one, fields.get("where"), at, segments)
        else:
            check.fault(
                here, f"is one of {', '.join((*SHARED, *PERSONAL))}, or an object with select and where"
            )
            continue
        if made is not None:
            yield made


def _excluded(check: Check, fields: Mapping[str, object], at: str) -> frozenset[str]:
    listed = fields.get("exclude", [])
    if not isinstance(listed, list) or any(one not in EXCLUDABLE for one in listed):
        check.fault(f"{at}/exclude", f"is a list of {', '.join(EXCLUDABLE)}")
        return frozenset()
    return frozenset(listed)
