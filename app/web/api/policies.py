"""/v1/policies: caps, as drafts and versions, and tried before they are in force."""

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
from app.stores.cold.drafts import Draft, Version
from app.web.api.batches import checked
from app.web.api.blocks import PageQuery, PublishBody, RollbackBody, VersionAnswer
from app.web.api.editions import etag, expected
from app.web.api.fields import Answer, Body, Channel, Class, Id, Label, Moment, Path, Tags
from app.web.routing import Call, Noun, Reply

policy_routes = Noun("policies", "How often customers may be touched.")

SCHEDULE_MAX = 1_000


class PolicyPath(Path):
    """Names a policy."""

    policy_id: Id


class WindowShape(Body):
    """One of `rolling`, `calendar` and `gap`."""

    rolling: Annotated[str | None, Field(description="ISO 8601 duration, such as P7D")] = None
    calendar: Literal["day", "week", "month"] | None = None
    gap: Annotated[str | None, Field(description="least time between two touches, such as PT4H")] = None
    count: Annotated[int | None, Field(description="how many calendar units; 1 by default")] = None
    zone: Annotated[str | None, Field(description="customer (default), deployment or an IANA zone")] = None
    week_start: Annotated[str | None, Field(description="monday by default")] = None


class RuleShape(Body):
    """One cap. It counts, and applies to, the touches that match all its filters."""

    id: str
    name: str | None = None
    enabled: bool = True
    cap: Annotated[int | None, Field(description="0 lets nothing pass; null turns the rule off")]
    window: WindowShape
    slack: Annotated[str | None, Field(description="shortens a rolling window, such as PT1H")] = None
    channels: list[str] | None = None
    categories: list[str] | None = None
    tags: Annotated[list[str] | None, Field(description="any of them")] = None
    classes: list[str] | None = None
    on_cap: Annotated[
        Literal["suppress", "defer"] | None, Field(description="lifecycle defers by default, others do not")
    ] = None
    max_defer: Annotated[str | None, Field(description="how long it may be put off; PT24H by default")] = None


class PolicyShape(Body):
    """A policy's draft. All rules must hold."""

    name: str | None = None
    rules: list[RuleShape]


class PolicySaved(Answer):
    """The draft is kept; its edition is also the ETag."""

    policy_id: str
    edition: int


class PolicyAnswer(Answer):
    """The draft, and which version is published."""

    policy_id: str
    document: dict[str, Any]
    edition: int
    published_version: int | None = None
    created_at: datetime
    updated_at: datetime


class PoliciesAnswer(Answer):
    """Drafts by id."""

    policies: list[PolicyAnswer]
    next_after: str | None = None


class PolicyPublished(Answer):
    """The version that is published now."""

    policy_id: str
    version: int


class PolicyVersions(Answer):
    """Every version, newest first."""

    policy_id: str
    published_version: int | None = None
    versions: list[VersionAnswer]


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


@policy_routes.route("GET", "/v1/policies", Scope.AUTHOR, answers={200: PoliciesAnswer})
def list_policies(call: Call, query: PageQuery) -> Mapping[str, Any]:
    """List the drafts"""
    found = policies.page(call.house.cold, after=query.after or "", limit=query.limit)
    more = found[-1].id if len(found) == query.limit else None
    return {"policies": [_shown(draft) for draft in found]} | ({"next_after": more} if more else {})


@policy_routes.route(
    "PUT",
    "/v1/policies/<policy_id>",
    Scope.AUTHOR,
    shape=PolicyShape,
    answers={200: PolicySaved, 409: "Stale edition"},
)
def save_policy(call: Call, path: PolicyPath, document: Any) -> Reply:
    """Save a draft

    Decisions follow it once it is published. Takes If-Match and If-None-Match like a block's draft.
    """
    edition = policies.save_draft(
        call.house.cold, path.policy_id, document, now=call.now, by=call.key.name, expected=expected()
    )
    return Reply(PolicySaved(policy_id=path.policy_id, edition=edition), headers=etag(edition))


@policy_routes.route(
    "GET", "/v1/policies/<policy_id>", Scope.AUTHOR, answers={200: PolicyAnswer, 404: "Unknown policy"}
)
def read_policy(call: Call, path: PolicyPath) -> Reply:
    """Read a draft"""
    draft = policies.fetch(call.house.cold, path.policy_id)
    return Reply(_shown(draft), headers=etag(draft.edition))


@policy_routes.route(
    "POST",
    "/v1/policies/<policy_id>/publish",
    Scope.AUTHOR,
    answers={200: PolicyPublished, 404: "Unknown policy", 409: "Stale edition"},
)
def publish_policy(call: Call, path: PolicyPath, body: PublishBody) -> PolicyPublished:
    """Publish the draft as the next version

    Decisions follow it within a second, over everything that was sent before too. Takes If-Match.
    """
    version = policies.publish_draft(
        call.house.cold,
        call.house.hot,
        path.policy_id,
        now=call.now,
        by=call.key.name,
        note=body.note,
        expected=expected(),
    )
    call.house.snapshot.refresh()
    return PolicyPublished(policy_id=path.policy_id, version=version)


@policy_routes.route(
    "GET",
    "/v1/policies/<policy_id>/versions",
    Scope.AUTHOR,
    answers={200: PolicyVersions, 404: "Unknown policy"},
)
def list_policy_versions(call: Call, path: PolicyPath) -> Mapping[str, Any]:
    """List the published versions, newest first"""
    draft, found = policies.versions(call.house.cold, path.policy_id)
    told = {"published_version": draft.published_version} if draft.published_version else {}
    return {"policy_id": path.policy_id, "versions": [_version_shown(one) for one in found]} | told


@policy_routes.route(
    "POST",
    "/v1/policies/<policy_id>/rollback",
    Scope.AUTHOR,
    answers={200: PolicyPublished, 404: "Unknown policy"},
)
def roll_back_policy(call: Call, path: PolicyPath, body: RollbackBody) -> PolicyPublished:
    """Put an earlier version in force again"""
    policies.roll_back(call.house.cold, call.house.hot, path.policy_id, body.version)
    call.house.snapshot.refresh()
    return PolicyPublished(policy_id=path.policy_id, version=body.version)


@policy_routes.route(
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


def _shown(draft: Draft) -> dict[str, Any]:
    shown = {
        "policy_id": draft.id,
        "document": draft.document,
        "edition": draft.edition,
        "published_version": draft.published_version,
        "created_at": draft.created_at,
        "updated_at": draft.updated_at,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _version_shown(one: Version) -> dict[str, Any]:
    return {"version": one.version, "note": one.note, "at": one.at, "by": one.by, "document": one.document}
