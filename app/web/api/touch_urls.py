"""/v1/touches/urls: the addresses of touches, before they are sent."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from app.domain.problems import Refused
from app.domain.scopes import Scope
from app.flows import touch_urls
from app.flows.touch_urls import Asked
from app.web.api.batches import one_or_many
from app.web.api.customers import BatchAnswer
from app.web.api.fields import Answer, Body, Id, Moment
from app.web.bodies import JSON, NDJSON
from app.web.routing import Call, Noun, Reply

touch_url_routes = Noun("touches", "One message to one customer, on one channel.").more("touch_urls")


class TouchUrlsBody(Body):
    """A touch that is going to be sent."""

    touch_id: Id
    customer_id: Id
    message_id: Id
    sent_at: Annotated[Moment | None, Field(description="if it is known yet; opens are told its age")] = None
    blocks: Annotated[list[Id] | None, Field(max_length=50, description="the message's by default")] = None


class BlockUrls(Answer):
    """A block's picture, and where a click on it goes."""

    image: str
    link: str
    answers: Annotated[
        dict[str, str] | None,
        Field(description="of a block with several answers to vote for: the link of each"),
    ] = None


class Urls(Answer):
    """Every address of a touch; nothing personal is readable in them."""

    pixel: str
    unsubscribe: str
    blocks: dict[str, BlockUrls]


class TouchUrls(Answer):
    """The addresses of one touch."""

    touch_id: str
    urls: Urls


@touch_url_routes.route(
    "POST",
    "/v1/touches/urls",
    Scope.INGEST,
    answers={200: TouchUrls, 207: BatchAnswer, 404: "Unknown message"},
    accepts=(JSON, NDJSON),
    shape=TouchUrlsBody,
)
def make_touch_urls(call: Call, document: object) -> Reply:
    """Make the addresses of one touch, or of a batch

    Records nothing: report what was sent with POST /v1/touches.
    """

    def carry(bodies: Sequence[TouchUrlsBody]) -> list[Mapping[str, Any] | Refused]:
        house = call.house
        asked = [Asked(**body.model_dump()) for body in bodies]
        found = touch_urls.addresses_of(asked, house.front, house.settings.base_url)
        return [
            urls if isinstance(urls, Refused) else {"touch_id": body.touch_id, "urls": urls}
            for body, urls in zip(bodies, found, strict=True)
        ]

    return one_or_many(document, TouchUrlsBody, carry, ("touch_id", "customer_id"))
