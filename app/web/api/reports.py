"""/v1/reports and one customer's story: numbers and facts, people and machines apart."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from app.domain.scopes import Scope
from app.flows import histories, polls, reporting
from app.stores.cold.reports import MessageReport
from app.stores.hot.codec import encode
from app.web.api.customers import CustomerPath, customer_answer, suppression_answer
from app.web.api.events import EventAnswer, event_answer
from app.web.api.fields import PAGE_MAX, Answer, Path, Query
from app.web.api.messages import MessagePath
from app.web.routing import Call, Noun, Reply

report_routes = Noun("reports", "What became of a message, and everything about one customer.")


class TimelineQuery(Query):
    """Part of a timeline."""

    after: Annotated[str | None, Field(max_length=800, description="the next_cursor of the page before")] = (
        None
    )
    limit: Annotated[int, Field(ge=1, le=PAGE_MAX)] = 100


class TimelineAnswer(Answer):
    """Newest first; `next_cursor` leads to what is older, and is missing at the end."""

    customer_id: str
    events: list[EventAnswer]
    next_cursor: str | None = None


class Openers(Answer):
    """Requests by who made them; machines are never added to people."""

    human: int
    proxy: int
    machine: int
    unknown: int


class Touches(Answer):
    """Touches by what became of them."""

    sent: int
    reserved: int


class VariantNumbers(Answer):
    """How often one variant was shown and followed."""

    block_id: str
    variant: str
    impressions: Openers
    clicks: Openers


class LinkNumbers(Answer):
    """How often one address was gone to."""

    url: str
    clicks: Openers
    unique_clicks: int


class MessageNumbers(Answer):
    """One message in numbers. Unique opens and clicks count touches in which a person did."""

    message_id: str
    touches: Touches
    impressions: Openers
    opens: Openers
    clicks: Openers
    unique_opens: int
    unique_clicks: int
    variants: list[VariantNumbers]
    links: list[LinkNumbers]
    first_at: datetime | None = None
    last_at: datetime | None = None


@report_routes.route(
    "GET",
    "/v1/reports/messages/<message_id>",
    Scope.REPORT,
    answers={200: MessageNumbers, 404: "Unknown message"},
)
def report_message(call: Call, path: MessagePath) -> Mapping[str, Any]:
    """Report on one message"""
    return _numbers(reporting.message_report(call.house.cold, path.message_id))


class PollPath(Path):
    """Names a poll."""

    poll: Annotated[str, Field(max_length=64)]


class AnswerNumbers(Answer):
    """One answer. `is_offered`: a published block takes votes for it now."""

    answer: str
    votes: int
    percent: float
    is_offered: bool


class PollNumbers(Answer):
    """The votes of a poll, one a customer; `mean` where every answer is a number."""

    poll: str
    votes: int
    mean: float | None = None
    answers: list[AnswerNumbers]
    blocks: Annotated[list[str], Field(description="the published blocks that take its votes")]
    last_at: datetime | None = None


@report_routes.route(
    "GET", "/v1/reports/polls/<poll>", Scope.REPORT, answers={200: PollNumbers, 404: "Unknown poll"}
)
def report_poll(call: Call, path: PollPath) -> Mapping[str, Any]:
    """Report the votes of one poll

    Only clicks by people whose name is known count, one a customer: the last.
    """
    shown = asdict(polls.report(call.house.cold, call.house.snapshot, path.poll))
    return {name: value for name, value in shown.items() if value is not None}


@report_routes.route(
    "GET",
    "/v1/customers/<customer_id>/timeline",
    Scope.REPORT,
    answers={200: TimelineAnswer, 404: "Unknown customer"},
)
def read_timeline(call: Call, path: CustomerPath, query: TimelineQuery) -> Mapping[str, Any]:
    """Read what happened with a customer, newest first"""
    house, customer_id = call.house, path.customer_id
    before = reporting.read_timeline_cursor(house.keyring, query.after, customer_id)
    found = histories.timeline(house.cold, house.hot, customer_id, before=before, limit=query.limit)
    answer: dict[str, Any] = {
        "customer_id": customer_id,
        "events": [event_answer(one.event) for one in found],
    }
    if len(found) == query.limit:
        answer["next_cursor"] = reporting.timeline_cursor(house.keyring, found[-1], customer_id)
    return answer


@report_routes.route(
    "GET",
    "/v1/customers/<customer_id>/export",
    Scope.ADMIN,
    answers={200: "Everything that is stored about the customer", 404: "Unknown customer"},
)
def export_customer(call: Call, path: CustomerPath) -> Reply:
    """Export everything that is stored about one customer"""
    history = histories.collect(call.house.cold, call.house.hot, path.customer_id)
    customer = customer_answer(call, history.customer) if history.customer else None
    stored = [
        suppression_answer(one.suppression) | ({"lifted_at": one.lifted_at} if one.lifted_at else {})
        for one in history.suppressions
    ]
    head = {
        "customer_id": path.customer_id,
        "exported_at": call.now,
        "customer": customer,
        "engagement": history.engagement,
        "choices": history.choices,
        "suppressions": stored,
        "touches": [_touch(one) for one in history.touches],
    }
    return Reply(_exported(head, call, path.customer_id))


def _exported(head: Mapping[str, Any], call: Call, customer_id: str) -> Iterator[bytes]:
    # A lively customer may have more events than should be held at once.
    yield encode(head)[:-1] + b',"events":['
    separator = b""
    for one in histories.every_event(call.house.cold, customer_id):
        yield separator + encode(event_answer(one.event))
        separator = b","
    yield b"]}"


def _touch(touch: Any) -> dict[str, Any]:
    shown = asdict(touch)
    shown["class"] = shown.pop("touch_class")
    return {name: value for name, value in shown.items() if value not in (None, ())}


def _numbers(report: MessageReport) -> dict[str, Any]:
    shown = asdict(report)
    shown["touches"] = {"sent": shown.pop("touches_sent"), "reserved": shown.pop("touches_reserved")}
    return {name: value for name, value in shown.items() if value is not None}
