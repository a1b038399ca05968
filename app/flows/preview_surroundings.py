"""What is around a made-up open: the device, place and weather somebody wants to see a block in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.blocks import Block
from app.domain.context import Surroundings
from app.domain.opener import Opener, OpenerClass
from app.domain.state import SYSTEM, attribute_field, read_json
from app.domain.surroundings.clients import read_client
from app.domain.surroundings.places import is_readers, why_unknown
from app.domain.surroundings.weather import LOCATION, cell_of
from app.flows.visiting import Front
from app.stores.hot import weather
from app.stores.hot.server import HotStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Who asks, from where and in which weather; what is not told is as it would be.

    `client` has fields of `client.`, which count before what `user_agent` tells; `weather` has those of
    `weather.`. None: the weather of the place, as far as it is known.
    """

    opener: str = "human"
    user_agent: str = ""
    ip: str = ""
    client: Mapping[str, str] = field(default_factory=dict)
    place: Mapping[str, object] = field(default_factory=dict)
    weather: Mapping[str, object] | None = None


def around(
    hot: HotStore, front: Front, block: Block, scene: Scene, fields: Mapping[str, bytes]
) -> Surroundings:
    """The facts around a made-up open. Raises Unavailable where the weather is looked up."""
    needs, opener = block.needs, _opener(scene)
    place = scene.place or _place(front, scene, opener)
    return Surroundings(
        system=fields.get(SYSTEM),
        zone=front.world.zone,
        client={**read_client(scene.user_agent, opener), **scene.client} if needs.is_client_read else {},
        is_person=opener.is_person,
        place=place,
        weather=_weather(hot, scene, fields, place) if needs.is_weather_read else {},
        calendar=front.snapshot.calendar() if needs.is_holiday_read else {},
    )


def why_missing(front: Front, scene: Scene, path: str) -> str | None:
    """Why a path of the place or the weather has no value; None for any other path."""
    root = path.partition(".")[0]
    if root == "place":
        return why_unknown(_opener(scene), has_file=front.world.places is not None)
    if root == "weather":
        return (
            "the customer has no location and the reader's place is not known, or no worker has fetched "
            "its weather yet"
        )
    return None


def _opener(scene: Scene) -> Opener:
    return Opener(OpenerClass(scene.opener), "certain", "preview")


def _place(front: Front, scene: Scene, opener: Opener) -> Mapping[str, object]:
    places = front.world.places
    return places.place(scene.ip) if places is not None and scene.ip and is_readers(opener) else {}


def _weather(
    hot: HotStore, scene: Scene, fields: Mapping[str, bytes], place: Mapping[str, object]
) -> Mapping[str, object]:
    if scene.weather is not None:
        return scene.weather
    cell = cell_of(read_json(fields.get(attribute_field(LOCATION))), place)
    seen = weather.read(hot, cell) if cell is not None else None
    return seen.values if seen is not None else {}
