"""/v1/policies/{id}/simulate: a policy is tried before it is in force."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.customers import zone_problem
from app.domain.frequency.decision import Decision
from app.domain.frequency.simulation import Planned
from app.domain.frequency.windows import to_ms
from app.domain.problems import Invalid, Problem
from app.domain.scopes import Scope
from app.flows import policies
from app.flows.standing import message_words
from app.web.api.batches import checked
from app.web.api.fields import Answer, Body, Channel, Class, Id, Label, Moment, Tags
from app.web.api.policies import PolicyPath, policy_routes
from app.web.routing import Call

simulation_routes = policy_routes.more("simulations")

SCHEDULE_MAX = 1_000


class PlannedBody(Body):
    """One touch of a schedule that nobody sent."""

    touch_id: Id
    customer_id: Id = "customer"
    channel: Channel = "email"
    category: Label | None = None
    class_: Annotated[Class, Field(alias="class")] = "promotional"
    tags: Tags = Field(default_factory=list)
    dispatch_id: Id | None = None
    priority: Annotated[int, Field(ge=0, le=100)] = 50
    sent_at: Moment


class SimulateBody(Body):
    """A schedule to try the policy on."""

    touches: Annotated[list[PlannedBody], Field(max_length=SCHEDULE_MAX)]
    timezone: Annotated[str | None, Field(max_length=64, description="of its customers")] = None
    draft: Annotated[
        bool | dict[str, Any], Field(description="true tries the draft; a document is tried as it is")
    ] = False


class OutcomeAnswer(Answer):
    """What would become of one touch."""

    touch_id: str
    decision: Literal["send", "suppress", "defer"]
    reason: str
    rule_id: str | None = None
    next_free_at: datetime | None = None
    explain: str


class Simulated(Answer):
    """Oldest first; what is refused does not count."""

    outcomes: list[OutcomeAnswer]


@simulation_routes.route(
    "POST",
    "/v1/policies/<policy_id>/simulate",
    Scope.AUTHOR,
    shape=SimulateBody,
    answers={200: Simulated, 404: "Unknown policy"},
)
def simulate_policy(call: Call, path: PolicyPath, document: Any) -> Mapping[str, Any]:
    """Try a policy on a schedule that nobody sent

    Tries the published version unless `draft` says otherwise, and the draft where none is published.
    """
    if isinstance(document, Mapping) and {"from", "until"} & set(document):
        told = "replaying recorded touches is not available in this version: give a schedule in touches"
        raise Invalid(problems=[Problem(f"/{name}", told) for name in ("from", "until") if name in document])
    body = checked(document, SimulateBody)
    zone = body.timezone or call.house.settings.deployment_zone
    problem = zone_problem(zone, "/timezone")
    if problem:
        raise Invalid(problems=[problem])
    planned = [_planned(one) for one in body.touches]
    outcomes = policies.simulate(call.house.cold, path.policy_id, planned, draft=body.draft, zone=zone)
    return {"outcomes": [_outcome(one, decision) for one, decision in outcomes]}


def _planned(body: PlannedBody) -> Planned:
    told = body.model_dump(by_alias=True, include={"channel", "category", "class_", "tags"})
    return Planned(
        touch_id=body.touch_id,
        customer_id=body.customer_id,
        words=message_words(None, told),
        at_ms=to_ms(body.sent_at),
        dispatch_id=body.dispatch_id,
        priority=body.priority,
    )


def _outcome(planned: Planned, decision: Decision) -> dict[str, Any]:
    told = decision.binding.told if decision.binding else {}
    return {
        "touch_id": planned.touch_id,
        "decision": decision.verdict.value,
        "reason": decision.reason.value,
        **{name: told[name] for name in ("rule_id", "next_free_at") if name in told},
        "explain": decision.explain,
    }
