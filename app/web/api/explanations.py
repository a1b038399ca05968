"""/v1/events/{id}/explain: why somebody was shown what, and whether it would be the same today."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from app.domain.scopes import Scope
from app.flows import explaining
from app.flows.explaining import Explained
from app.web.api.events import OpenerAnswer, event_answer, event_routes
from app.web.api.fields import Answer, Id, Path
from app.web.routing import Call

explanation_routes = event_routes.more("explanations")


class EventPath(Path):
    """Names an event."""

    event_id: Id


class TodayAnswer(Answer):
    """What the same open would show now."""

    version: int
    variant: str
    why: str
    differs: bool
    through: Annotated[list[dict[str, Any]], Field(description="terms, times and variants that changed")]


class ExplainAnswer(Answer):
    """A choice and its reasons."""

    event_id: str
    at: datetime
    customer_id: str | None = None
    touch_id: str | None = None
    block_id: str
    variant: str | None = None
    why: str | None = None
    opener: OpenerAnswer | None = None
    sentence: str
    version: int | None = None
    read: Annotated[dict[str, Any], Field(description="the values that the rules read, by path")]
    withheld: Annotated[list[str], Field(description="paths whose values were not kept")]
    trace: list[dict[str, Any]]
    is_replayed: Annotated[
        bool | None,
        Field(description="whether it comes out the same; not said where not all was kept"),
    ] = None
    today: TodayAnswer | None = None


@explanation_routes.route(
    "GET",
    "/v1/events/<event_id>/explain",
    Scope.REPORT,
    answers={200: ExplainAnswer, 404: "Unknown event"},
)
def explain_event(call: Call, path: EventPath) -> Mapping[str, Any]:
    """Explain what an impression showed

    The choice is made again with the version and the values it was made with, and with those of today.
    """
    house = call.house
    return told(explaining.explain(house.cold, house.hot, house.front, path.event_id, now=call.now))


def told(found: Explained) -> dict[str, Any]:
    """An explanation as the API shows it."""
    names = ("event_id", "at", "customer_id", "touch_id", "block_id", "variant", "why", "opener")
    event = event_answer(found.event)
    shown: dict[str, Any] = {name: event[name] for name in names if name in event}
    shown |= {
        "sentence": found.sentence,
        "read": found.read,
        "withheld": found.withheld,
        "trace": found.trace,
    }
    if found.version is not None:
        shown["version"] = found.version
    if found.is_replayed is not None:
        shown["is_replayed"] = found.is_replayed
    if found.today is not None:
        today = found.today
        shown["today"] = {
            "version": today.version,
            "variant": today.variant,
            "why": today.why,
            "differs": today.differs,
            "through": today.through,
        }
    return shown
