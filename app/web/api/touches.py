"""/v1/touches: what was sent, once each, and the addresses in it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.problems import Invalid, NotFound, Problem, Refused
from app.domain.scopes import Scope
from app.flows import messages, touch_urls, touches
from app.flows.standing import message_words
from app.flows.touch_urls import Asked
from app.flows.touches import Outcome, Place, Report
from app.web.api.batches import one_or_many
from app.web.api.customers import BatchAnswer
from app.web.api.decisions import office
from app.web.api.fields import Answer, Body, Channel, Id, Moment
from app.web.api.touch_urls import Urls
from app.web.bodies import JSON, NDJSON
from app.web.routing import Call, Noun, Reply

touch_routes = Noun("touches", "One message to one customer, on one channel.")


class TouchBody(Body):
    """A touch that was handed over to be delivered."""

    touch_id: Id
    customer_id: Id
    message_id: Id
    channel: Annotated[Channel | None, Field(description="the message's by default")] = None
    dispatch_id: Annotated[Id | None, Field(description="touches of one dispatch count once a rule")] = None
    sent_at: Annotated[Moment, Field(description="a time more than five minutes ahead counts as that")]
    reservation_id: Annotated[
        str | None, Field(max_length=800, description="the decision's; needless when it named the touch_id")
    ] = None
    blocks: Annotated[list[Id] | None, Field(max_length=50, description="the message's by default")] = None


class TouchTaken(Answer):
    """The touch counts, or did before. `over_cap`: it broke a cap; it happened, so it counts."""

    touch_id: str
    status: Literal["recorded", "duplicate"]
    unreserved: Annotated[bool | None, Field(description="no place was held for it")] = None
    late: Annotated[bool | None, Field(description="its place had expired")] = None
    over_cap: bool | None = None
    urls: Urls


@touch_routes.route(
    "POST",
    "/v1/touches",
    Scope.INGEST,
    answers={200: TouchTaken, 207: BatchAnswer, 404: "Unknown message"},
    accepts=(JSON, NDJSON),
    shape=TouchBody,
)
def take_touches(call: Call, document: object) -> Reply:
    """Report one touch that was sent, or a batch

    Idempotent by `touch_id`. Confirms the place that was held for the touch. Never refused for a
    cap: it happened.
    """

    def carry(bodies: Sequence[TouchBody]) -> list[Mapping[str, Any] | Refused]:
        house = call.house
        asked = [
            Asked(body.touch_id, body.customer_id, body.message_id, body.sent_at, body.blocks)
            for body in bodies
        ]
        urls = touch_urls.addresses_of(asked, house.front, house.settings.base_url)
        reports = [
            one if isinstance(one, Refused) else _tried(call, body)
            for body, one in zip(bodies, urls, strict=True)
        ]
        good = [report for report in reports if isinstance(report, Report)]
        outcomes = iter(touches.report_many(office(call), good))
        return [
            report if isinstance(report, Refused) else _taken(report, next(outcomes), one)
            for report, one in zip(reports, urls, strict=True)
        ]

    return one_or_many(document, TouchBody, carry, ("touch_id", "customer_id"))


def _tried(call: Call, body: TouchBody) -> Report | Refused:
    try:
        place = _place(call, body)
    except Refused as refused:
        return refused
    message = messages.known(call.house.snapshot, body.message_id)
    return Report(
        customer_id=body.customer_id,
        touch_id=body.touch_id,
        words=message_words(body.message_id, message, channel=body.channel),
        sent_at=body.sent_at,
        dispatch_id=body.dispatch_id,
        place=place,
    )


def _place(call: Call, body: TouchBody) -> Place | None:
    if body.reservation_id is None:
        return None
    try:
        place = touches.read_place(call.house.keyring, body.reservation_id)
    except NotFound as unknown:
        told = "is no reservation of this deployment: give the id back as the decision gave it"
        raise Invalid(problems=[Problem("/reservation_id", told)]) from unknown
    if place.customer_id != body.customer_id:
        raise Invalid(problems=[Problem("/reservation_id", "was given for another customer")])
    return place


def _taken(report: Report, outcome: Outcome, urls: Mapping[str, Any] | Refused) -> dict[str, Any]:
    taken: dict[str, Any] = {
        "touch_id": report.touch_id,
        "status": "duplicate" if outcome.is_repeat else "recorded",
        "urls": urls,
    }
    marks = {
        "unreserved": outcome.is_unreserved,
        "late": outcome.is_late,
        "over_cap": outcome.is_over_cap,
    }
    return taken | {name: True for name, is_so in marks.items() if is_so}
