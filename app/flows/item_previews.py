"""Items for a preview: lists as they would be made now, also those that no published block asks for."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.domain.blocks import Block
from app.domain.choice import Choice
from app.flows.catalogs import shown
from app.flows.selecting import Context, selecting
from app.flows.shelving import lists_for
from app.stores.cold import catalogs
from app.stores.cold.engine import Cold
from app.stores.hot.exchanges import Loaded
from app.stores.hot.server import HotStore
from app.stores.hot.shelves import Reach, Reached, Shelf, reach


def with_items(
    cold: Cold,
    hot: HotStore,
    block: Block,
    choice: Choice,
    context: Context,
    fields: Mapping[str, bytes],
    *,
    now: datetime,
) -> tuple[Choice, Context]:
    """The choice and its context with the variant's items, as an open would have them. Raises Unavailable."""
    if choice.variant.items is None:
        return choice, context
    return choosing_items(hot, block, choice, context, fields, shelves_of(cold, block, now), now=now)


def choosing_items(
    hot: HotStore,
    block: Block,
    choice: Choice,
    context: Context,
    fields: Mapping[str, bytes],
    shelves: Sequence[Shelf],
    *,
    now: datetime,
) -> tuple[Choice, Context]:
    """The same with lists that were made before, for many customers. Raises Unavailable."""
    state = [None, *(fields.get(name) for name in (*block.needs.state, *block.item_state))]
    loaded = Loaded(state, (), shelves=shelves)
    flow = selecting(block, choice, context, loaded, now=now)
    reply: Reached | None = None
    while True:
        try:
            step = flow.send(reply)
        except StopIteration as done:
            chosen: tuple[Choice, Context] = done.value
            return chosen
        assert isinstance(step, Reach)  # noqa: S101 - selecting asks for nothing else
        reply = reach(hot, step)


def shelves_of(cold: Cold, block: Block, now: datetime) -> list[Shelf]:
    """The lists a block's items come from, as they would be made now. Raises Unavailable."""
    made = lists_for(cold, block.selectors, now=now)
    shelves = []
    with cold.reading() as connection:
        for (catalog, name), ids in made.items():
            found = catalogs.fetch_items(connection, catalog, ids)
            items = [shown(found[item_id]) for item_id in ids if item_id in found]
            shelves.append(Shelf(catalog, name, items=items))
    return shelves
