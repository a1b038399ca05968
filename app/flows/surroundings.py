"""What is around an open: place, weather, device, the customer's day, and what the touch saw before.

Each is found out only where the block's rules or templates read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.blocks import Block
from app.domain.choice import unpack
from app.domain.context import Surroundings
from app.domain.context.building import NOTHING
from app.domain.context.engagement import fields_of
from app.domain.opener import Client, Opener
from app.domain.state import attribute_field, read_json
from app.domain.surroundings.clients import read_client
from app.domain.surroundings.places import is_readers
from app.domain.surroundings.weather import LOCATION, cell_of
from app.flows.driving import Flow, LookUp
from app.flows.skies import Skies
from app.stores.absence import Unavailable
from app.stores.hot.exchanges import Loaded
from app.stores.hot.weather import Seen

if TYPE_CHECKING:
    from app.flows.places import Places


@dataclass(frozen=True, slots=True)
class World:
    """What one process knows of zones, places and weather."""

    zone: str = "UTC"
    places: "Places | None" = None
    skies: Skies = field(default_factory=Skies)


def touch_fields(block: Block, touch_id: str | None) -> tuple[str, ...]:
    """The fields of the customer's history that tell of this touch, as far as the block reads them."""
    of_touch = block.needs.of_touch
    return fields_of(of_touch, touch_id, block.block_id) if of_touch and touch_id else ()


def place_of(client: Client, opener: Opener, world: World) -> Mapping[str, object]:
    """Where the reader's address lies; empty behind a proxy, and where there is no file."""
    return world.places.place(client.ip) if world.places is not None and is_readers(opener) else {}


def surrounding(
    block: Block,
    loaded: Loaded,
    client: Client,
    opener: Opener,
    world: World,
    *,
    touch_id: str | None,
    calendar: Mapping[str, object],
) -> Flow[Surroundings]:
    """The facts around one open. The weather is looked up in Redis at most once a minute a cell."""
    needs = block.needs
    if not needs.is_surrounded:
        return NOTHING
    place = place_of(client, opener, world) if needs.is_place_read else {}
    weather: Mapping[str, object] = {}
    if needs.is_weather_read:
        weather = yield from _weather(block, loaded, place, world.skies)
    shown = unpack(loaded.choice) if needs.is_choice_read and loaded.choice else None
    return Surroundings(
        system=loaded.state[0],
        zone=world.zone,
        client=read_client(client.user_agent, opener) if needs.is_client_read else {},
        is_person=opener.is_person,
        place=place,
        weather=weather,
        calendar=calendar,
        of_touch=dict(zip(touch_fields(block, touch_id), loaded.history[len(needs.history) :], strict=False)),
        last_variant=shown.variant if shown is not None else None,
    )


def _weather(
    block: Block, loaded: Loaded, place: Mapping[str, object], skies: Skies
) -> Flow[Mapping[str, float]]:
    location = attribute_field(LOCATION)
    own = read_json(loaded.state[1 + block.needs.state.index(location)])
    cell = cell_of(own, place)
    if cell is None:
        return {}
    if skies.is_due(cell):
        try:
            seen = yield LookUp(cell)
        except Unavailable:
            # What this process saw last is shown on, for as long as it is not too old.
            return skies.values(cell)
        assert seen is None or isinstance(seen, Seen)  # noqa: S101 - what the driver answers to a LookUp
        skies.take(cell, seen)
    return skies.values(cell)
