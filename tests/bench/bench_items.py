"""What choosing items costs: filtering a full list, and an open that shows items beside one without."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.domain.catalogs.items import as_text
from app.domain.catalogs.picking import Basket, left_out
from app.domain.catalogs.ranking import LIST_MAX
from app.domain.catalogs.selectors import Selector, compile_selector
from app.domain.checks import Check
from app.stores.hot import catalogs
from app.stores.hot.codec import encode
from app.stores.hot.server import connect
from app.stores.hot.spool import Spool
from tests import make
from tests.bench.figures import beside, short
from tests.desk import Desk, front_on
from tests.servers import ValkeyServer

ROUNDS, CALLS, OPENS = 7, 300, 500
FILTER_US = 100
CONTEXT = {"customer": {"budget": 50, "tier": "gold"}}


def rows() -> list[dict[str, Any]]:
    """Microseconds, medians of several rounds."""
    plain, ruled = _selector(), _selector(where=_WHERE)
    found = [
        _aimed("200 items filtered: bought, sold out, over; the last three are shown", plain, _mixed()),
        _aimed(
            "200 items and a rule of 3 terms that reads the customer; the last three are shown",
            ruled,
            _ruled(),
        ),
    ]
    with tempfile.TemporaryDirectory(prefix="mailtide-", ignore_cleanup_errors=True) as folder:
        return found + _opens(Path(folder))


_WHERE = {"item.category": "Mugs", "item.price": {"$lt": 50}, "customer.tier": "gold"}


def _selector(**fields: object) -> Selector:
    made = compile_selector(Check(), {"catalog": "shop", "select": "trending", "max": 3, **fields}, "/items")
    assert made is not None
    return made


def _aimed(name: str, selector: Selector, items: list[dict[str, object]]) -> dict[str, Any]:
    taken = encode([f"item-{number}" for number in range(0, 195, 3)])

    def choose() -> None:
        basket = Basket(selector, CONTEXT, make.NOW)
        basket.leave_out(left_out(selector, {"g": taken}))
        basket.take(selector.sources[0], items)
        assert len(basket.items) == 3

    took = _us(choose, CALLS)
    return {
        "name": name,
        "value": short(took),
        "unit": "us",
        "target": f"<= {FILTER_US}",
        "met": took <= FILTER_US,
    }


def _item(number: int, **fields: object) -> dict[str, object]:
    shown = {
        "item_id": f"item-{number}",
        "title": f"Item {number}",
        "price": 24,
        "stock": 3,
        "category": "Mugs",
    }
    return {
        **shown,
        "url": f"https://shop.example/{number}",
        "available_until": "2027-01-01T00:00:00+00:00",
        **fields,
    }


def _mixed() -> list[dict[str, object]]:
    over = {"available_until": as_text(make.NOW)}
    gone = [_item(number, **({"stock": 0} if number % 3 == 1 else over)) for number in range(LIST_MAX - 3)]
    return gone + [_item(number) for number in range(LIST_MAX - 3, LIST_MAX)]


def _ruled() -> list[dict[str, object]]:
    dear = [_item(number, price=90) for number in range(LIST_MAX - 3)]
    return dear + [_item(number) for number in range(LIST_MAX - 3, LIST_MAX)]


def _opens(folder: Path) -> list[dict[str, Any]]:
    server = ValkeyServer(folder).start()
    hot = connect(server.url, partitions=16)
    try:
        desk = Desk(hot, Spool(folder / "spool"), front_on(hot))
        items = [_item(number) for number in range(LIST_MAX)]
        catalogs.save_items(hot, "shop", 1, {str(one["item_id"]): one for one in items})
        catalogs.put_lists(hot, "shop", {"trending": [str(one["item_id"]) for one in items]})
        desk.save(first_name="Ana")
        creative = make.creative("{{ customer.first_name }}")
        selector = {"catalog": "shop", "select": "trending", "max": 3}
        desk.publish("plain", variants=[{"id": "a", "creative": creative}])
        desk.publish("items", variants=[{"id": "a", "creative": creative, "items": selector}])
        plain, with_items = (_open_us(desk, block_id) for block_id in ("plain", "items"))
        return [beside("open that shows 3 of 200 items, beside one that shows none", with_items, plain, "us")]
    finally:
        hot.close()
        server.stop()


def _open_us(desk: Desk, block_id: str) -> float:
    token = desk.token(subject=block_id)
    desk.open(token)
    return _us(lambda: desk.open(token), OPENS)


def _us(work: Callable[[], object], calls: int) -> float:
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(calls):
            work()
        taken.append((time.perf_counter() - started) / calls * 1e6)
    return statistics.median(taken)
