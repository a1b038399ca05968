"""Picking: of lists of items those that one customer may be shown at one second."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from app.domain.catalogs.items import as_text
from app.domain.catalogs.selectors import Selector, Source
from app.domain.state import CART, TAKEN, activity_field, read_json, read_mapping

SEEDS_MAX = 5
READ_TOO = ("viewed", "read")  # a paper's readers read where a shop's customers view

Item = dict[str, object]


class Basket:
    """The items found so far for one open, and what may not be among them."""

    def __init__(self, selector: Selector, context: Mapping[str, object], now: datetime) -> None:
        self._selector = selector
        self._wanted = selector.skip + selector.most
        self._now = as_text(now)
        self._scope: dict[str, object] = dict(context)
        self._seen: set[str] = set()
        self.found: list[Item] = []

    @property
    def is_full(self) -> bool:
        """Whether no more are wanted."""
        return len(self.found) >= self._wanted

    @property
    def items(self) -> list[Item]:
        """Those to show, none where they are fewer than the author wants."""
        shown = self.found[self._selector.skip : self._wanted]
        return shown if len(shown) >= self._selector.fewest else []

    def leave_out(self, item_ids: Iterable[str]) -> None:
        """Never take these."""
        self._seen.update(item_ids)

    def take(self, source: Source, candidates: Iterable[Item]) -> None:
        """Take the first that are in stock and on offer at this second, fit the rule, and are new."""
        now, seen, scope, found, wanted = self._now, self._seen, self._scope, self.found, self._wanted
        holds = source.rule.holds if source.rule is not None else None
        for item in candidates:
            if len(found) >= wanted:
                return
            item_id = item.get("item_id")
            if item_id in seen or item.get("stock") == 0:
                continue
            starts, ends = item.get("available_from"), item.get("available_until")
            # Times of one form sort as texts.
            if (starts is not None and starts > now) or (ends is not None and ends <= now):  # type: ignore[operator]
                continue
            if holds is not None:
                scope["item"] = item
                if not holds(scope):
                    continue
            seen.add(item_id)  # type: ignore[arg-type]
            found.append(item)


def left_out(selector: Selector, state: Mapping[str, bytes | None]) -> set[str]:
    """What the customer bought or read, always; and what else the author leaves out."""
    gone = set(_texts(read_json(state.get(TAKEN))))
    if "in_cart" in selector.exclude:
        gone.update(_ids(state, CART))
    if "viewed" in selector.exclude:
        for kind in READ_TOO:
            gone.update(_ids(state, activity_field(kind)))
    return gone


def seeds(select: str, state: Mapping[str, bytes | None]) -> list[str]:
    """The items that a personal list begins with, newest first."""
    viewed = [one for kind in READ_TOO for one in _ids(state, activity_field(kind))]
    if select == "recently_viewed":
        return list(dict.fromkeys(viewed))
    bought = _texts(read_json(state.get(TAKEN)))
    carted = _ids(state, CART)
    ordered = (*carted, *bought, *viewed) if select == "also_bought" else (*viewed, *carted, *bought)
    return list(dict.fromkeys(ordered))[:SEEDS_MAX]


def _ids(state: Mapping[str, bytes | None], field: str) -> list[str]:
    listed = read_mapping(state.get(field)).get("items")
    rows: Sequence[object] = listed if isinstance(listed, list) else ()
    return [one["item_id"] for one in rows if isinstance(one, dict) and isinstance(one.get("item_id"), str)]


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def ids(items: Collection[Item]) -> list[str]:
    """The ids of items, in order."""
    return [str(one.get("item_id")) for one in items]
