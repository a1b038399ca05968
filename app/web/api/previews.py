"""/v1/blocks/{id}/preview: what one customer would see, and why."""

import base64
import time
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.opener import USER_AGENT_MAX
from app.domain.scopes import Scope
from app.domain.surroundings import clients, weather
from app.flows import previewing
from app.flows.preview_surroundings import Scene
from app.flows.previewing import MadeUp, Occasion
from app.web.api.blocks import BlockPath, block_routes
from app.web.api.fields import Answer, Body, Id, Moment
from app.web.routing import Call

Percent = Annotated[float, Field(ge=0, le=100)]
Amount = Annotated[float, Field(ge=0, le=10_000)]

preview_routes = block_routes.more("previews")


class PreviewCustomer(Body):
    """A customer made up for the preview."""

    attributes: dict[str, Any] = Field(default_factory=dict)
    timezone: Annotated[str | None, Field(max_length=64)] = None
    locale: Annotated[str | None, Field(max_length=35)] = None
    cart: dict[str, Any] = Field(default_factory=dict)
    activity: Annotated[dict[str, Any], Field(max_length=50)] = Field(default_factory=dict)


class PreviewClient(Body):
    """Who is to be thought to ask; a field told counts before what the user agent says."""

    opener: Literal["human", "proxy", "machine_prefetch", "security_scanner", "bot", "unknown"] = "human"
    user_agent: Annotated[str, Field(max_length=USER_AGENT_MAX)] = ""
    ip: Annotated[str, Field(max_length=64)] = ""
    device: Literal[clients.DEVICES] | None = None  # type: ignore[valid-type]
    os: Literal[clients.SYSTEMS] | None = None  # type: ignore[valid-type]
    browser: Literal[clients.BROWSERS] | None = None  # type: ignore[valid-type]
    mail_client: Literal[clients.MAIL_APPS] | None = None  # type: ignore[valid-type]
    environment: Literal[clients.ENVIRONMENTS] | None = None  # type: ignore[valid-type]

    def told(self) -> dict[str, str]:
        """The fields of `client.` that were told."""
        named = self.model_dump(include={"device", "os", "browser", "mail_client", "environment"})
        return {name: value for name, value in named.items() if value is not None}


class PreviewPlace(Body):
    """Where the reader is to be thought to be."""

    continent: Annotated[str | None, Field(max_length=2)] = None
    country: Annotated[str | None, Field(max_length=2)] = None
    region: Annotated[str | None, Field(max_length=100)] = None
    city: Annotated[str | None, Field(max_length=100)] = None
    latitude: Annotated[float | None, Field(ge=-90, le=90)] = None
    longitude: Annotated[float | None, Field(ge=-180, le=180)] = None


class PreviewWeather(Body):
    """The weather there is to be thought to be, by Open-Meteo's names."""

    condition: Literal[weather.CONDITIONS] | None = None  # type: ignore[valid-type]
    temperature_2m: Annotated[float | None, Field(ge=-100, le=70)] = None
    apparent_temperature: Annotated[float | None, Field(ge=-120, le=90)] = None
    relative_humidity_2m: Percent | None = None
    is_day: Annotated[int | None, Field(ge=0, le=1)] = None
    precipitation: Amount | None = None
    rain: Amount | None = None
    showers: Amount | None = None
    snowfall: Amount | None = None
    weather_code: Annotated[int | None, Field(ge=0, le=99)] = None
    cloud_cover: Percent | None = None
    wind_speed_10m: Amount | None = None
    wind_gusts_10m: Amount | None = None


class PreviewBody(Body):
    """For whom and when: a stored customer, one made up, or neither for somebody unknown."""

    customer_id: Id | None = None
    customer: PreviewCustomer | None = None
    message_id: Id | None = None
    at: Moment | None = None
    client: PreviewClient = PreviewClient()
    place: PreviewPlace = PreviewPlace()
    weather: PreviewWeather | None = None
    version: Annotated[
        int | None, Field(ge=1, le=10**9, description="a published version; else the draft")
    ] = None


class ChoiceAnswer(Answer):
    """Which variant, why, and what each rule saw."""

    variant: str
    why: str
    trace: list[dict[str, Any]]


class PreviewAnswer(Answer):
    """What this customer would see."""

    choice: ChoiceAnswer
    link: str | None = None
    image: Annotated[str, Field(description="a data: URL")]
    took_ms: float


@preview_routes.route(
    "POST",
    "/v1/blocks/<block_id>/preview",
    Scope.AUTHOR,
    answers={200: PreviewAnswer, 404: "Unknown block or customer"},
)
def preview_block(call: Call, path: BlockPath, body: PreviewBody) -> Mapping[str, Any]:
    """Show what a customer would see, and why

    The draft, or a version. Nothing is recorded, no choice is kept.
    """
    started = time.perf_counter()
    occasion = Occasion(
        at=body.at or call.now,
        customer_id=body.customer_id,
        made_up=MadeUp(**body.customer.model_dump()) if body.customer else None,
        message_id=body.message_id,
        scene=Scene(
            opener=body.client.opener,
            user_agent=body.client.user_agent,
            ip=body.client.ip,
            client=body.client.told(),
            place=body.place.model_dump(exclude_none=True),
            weather=body.weather.model_dump(exclude_none=True) if body.weather else None,
        ),
        version=body.version,
    )
    house = call.house
    seen = previewing.preview(house.cold, house.hot, house.front, path.block_id, occasion)
    choice = {"variant": seen.choice.variant.id, "why": seen.choice.why.value, "trace": seen.trace}
    image = f"data:{seen.image.mimetype};base64,{base64.b64encode(seen.image.data).decode()}"
    took_ms = round((time.perf_counter() - started) * 1000, 2)
    answer = {"choice": choice, "image": image, "took_ms": took_ms}
    return answer | ({"link": seen.link} if seen.link else {})
