"""/v1/blocks/{id}/preview: what one customer would see, and why."""

import base64
import time
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.scopes import Scope
from app.flows import previewing
from app.flows.previewing import MadeUp, Occasion
from app.web.api.blocks import BlockPath, block_routes
from app.web.api.fields import Answer, Body, Id, Moment
from app.web.routing import Call

preview_routes = block_routes.more("previews")


class PreviewCustomer(Body):
    """A customer made up for the preview."""

    attributes: dict[str, Any] = Field(default_factory=dict)
    timezone: Annotated[str | None, Field(max_length=64)] = None
    locale: Annotated[str | None, Field(max_length=35)] = None
    cart: dict[str, Any] = Field(default_factory=dict)
    activity: Annotated[dict[str, Any], Field(max_length=50)] = Field(default_factory=dict)


class PreviewClient(Body):
    """Who is to be thought to ask."""

    opener: Literal["human", "proxy", "machine_prefetch", "security_scanner", "bot", "unknown"] = "human"


class PreviewBody(Body):
    """For whom and when: a stored customer, one made up, or neither for somebody unknown."""

    customer_id: Id | None = None
    customer: PreviewCustomer | None = None
    message_id: Id | None = None
    at: Moment | None = None
    client: PreviewClient = PreviewClient()
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
        opener=body.client.opener,
        version=body.version,
    )
    house = call.house
    seen = previewing.preview(house.cold, house.hot, house.front, path.block_id, occasion)
    choice = {"variant": seen.choice.variant.id, "why": seen.choice.why.value, "trace": seen.trace}
    image = f"data:{seen.image.mimetype};base64,{base64.b64encode(seen.image.data).decode()}"
    took_ms = round((time.perf_counter() - started) * 1000, 2)
    answer = {"choice": choice, "image": image, "took_ms": took_ms}
    return answer | ({"link": seen.link} if seen.link else {})
