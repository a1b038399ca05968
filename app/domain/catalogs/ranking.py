"""Ranking: the lists of a catalogue that are the same for everybody, best first."""

import heapq
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.catalogs.items import as_text, number
from app.domain.catalogs.selectors import Source
from app.domain.rules import compile_rule

LIST_MAX = 200
HALF_LIFE = timedelta(days=3)
RESTOCKED_WITHIN = timedelta(days=14)
CHEAPER_WITHIN = timedelta(days=30)
SOON = timedelta(minutes=1)  # what begins by then is listed: an open looks at the second itself

Item = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Ranked:
    """An item as opens read it, when it was added, and how much people want it now."""

    item: Item
    added_at: datetime
    score: float = 0.0


def decayed(score: float, since: datetime, now: datetime) -> float:
    """What is left of a score: half of it after each half-life."""
    half_lives: float = max(0.0, (now - since) / HALF_LIFE)
    return score * math.pow(0.5, half_lives)


class Lists:
    """Several lists of one catalogue, made in one look at all its items."""

    def __init__(self, sources: Mapping[str, Source], now: datetime) -> None:
        self._now, self._soon = as_text(now), as_text(now + SOON)
        self._since = {
            "back_in_stock": as_text(now - RESTOCKED_WITHIN),
            "price_dropped": as_text(now - CHEAPER_WITHIN),
        }
        self._sources = sources
        self._found: dict[str, list[tuple[float | str, str]]] = {name: [] for name in sources}
        self._holds = {name: _fixed_rule(source) for name, source in sources.items()}

    def look_at(self, items: Iterable[Ranked]) -> None:
        """Put each item into the lists it belongs to."""
        for one in items:
            if not self._is_to_be_had(one.item):
                continue
            scope = {"item": dict(one.item)}
            for name, source in self._sources.items():
                key = _KEYS[source.select](one, self._since.get(source.select, ""))
                if key is not None and self._holds[name](scope):
                    self._found[name].append((key, str(one.item["item_id"])))

    def made(self) -> dict[str, list[str]]:
        """The ids of each list, at most 200; equals stand by their ids, so the order is always one."""
        lists = {}
        for name, found in self._found.items():
            by_id = sorted(found, key=lambda pair: pair[1])
            best = heapq.nlargest(LIST_MAX, by_id, key=lambda pair: pair[0])
            lists[name] = [item_id for _, item_id in best]
        return lists

    def _is_to_be_had(self, item: Item) -> bool:
        starts, ends = item.get("available_from"), item.get("available_until")
        has_begun = not isinstance(starts, str) or starts <= self._soon
        return item.get("stock") != 0 and has_begun and (not isinstance(ends, str) or ends > self._now)


def _fixed_rule(source: Source) -> Callable[[object], bool]:
    if not source.fixed:
        return lambda _: True
    return compile_rule(dict(source.fixed)).holds


def _trending(one: Ranked, _: str) -> float | None:
    return one.score if one.score > 0 else None


def _newest(one: Ranked, _: str) -> str:
    starts = one.item.get("available_from")
    return starts if isinstance(starts, str) else as_text(one.added_at)


def _cheapest(one: Ranked, _: str) -> float | None:
    price = number(one.item.get("price"))
    return -price if price is not None else None


def _dearest(one: Ranked, _: str) -> float | None:
    return number(one.item.get("price"))


def _best_rated(one: Ranked, _: str) -> float | None:
    return number(one.item.get("rating"))


def _back_in_stock(one: Ranked, since: str) -> str | None:
    at = one.item.get("restocked_at")
    return at if isinstance(at, str) and at >= since else None


def _price_dropped(one: Ranked, since: str) -> float | None:
    at, was, price = one.item.get("cheaper_at"), number(one.item.get("earlier_price")), _dearest(one, "")
    if not isinstance(at, str) or at < since or not was or price is None:
        return None
    return (was - price) / was


_KEYS: Mapping[str, Callable[[Ranked, str], float | str | None]] = {
    "trending": _trending,
    "newest": _newest,
    "cheapest": _cheapest,
    "dearest": _dearest,
    "best_rated": _best_rated,
    "back_in_stock": _back_in_stock,
    "price_dropped": _price_dropped,
}
