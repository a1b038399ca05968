"""Selecting: the items of a chosen variant, for this customer at this second; or the block's fallback."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.domain.blocks import Block
from app.domain.catalogs.picking import Basket, left_out, seeds
from app.domain.catalogs.selectors import Selector, Source
from app.domain.choice import Choice, Why
from app.flows.driving import Flow
from app.stores.absence import Unavailable
from app.stores.hot.exchanges import Loaded
from app.stores.hot.shelves import Reach, Reached

Context = dict[str, object]
Items = Sequence[dict[str, object]]
Shared = Mapping[tuple[str, str], Items]

_RELATED = {"also_viewed": "viewed", "also_bought": "bought"}


def selecting(
    block: Block, choice: Choice, context: Context, loaded: Loaded, *, now: datetime
) -> Flow[tuple[Choice, Context]]:
    """Put the variant's items into the context, as `items` and the first one as `item`.

    Where there are fewer than the author wants, the fallback is chosen instead.
    """
    selector = choice.variant.items
    if selector is None:
        return choice, context
    state = dict(zip(block.item_state, loaded.state[1 + len(block.needs.state) :], strict=True))
    shared = {(one.catalog, one.name): one.items for one in loaded.shelves}
    basket = Basket(selector, context, now)
    basket.leave_out(left_out(selector, state))
    for source in selector.sources:
        if not basket.is_full:
            basket.take(source, (yield from _candidates(selector, source, state, shared)))
    items = basket.items
    if not items:
        return Choice(block.fallback, Why.TOO_FEW_ITEMS), context
    return choice, {**context, "items": items, "item": items[0]}


def shown_ids(context: Mapping[str, object]) -> tuple[str, ...]:
    """The ids of the items in a context, the first one's first."""
    items = context.get("items")
    return tuple(str(one.get("item_id")) for one in items) if isinstance(items, list) else ()


def _candidates(
    selector: Selector, source: Source, state: Mapping[str, bytes | None], shared: Shared
) -> Flow[Items]:
    if not source.is_personal:
        return shared.get((selector.catalog, source.shelf), ())
    begun = seeds(source.select, state)
    if not begun:
        return ()
    try:
        reached = yield Reach(selector.catalog, begun, _RELATED.get(source.select))  # type: ignore[arg-type]
    except Unavailable:
        # What fills up is here already, and the fallback is in the snapshot.
        return ()
    assert isinstance(reached, Reached)  # noqa: S101 - what the driver answers to a Reach
    return reached.items
