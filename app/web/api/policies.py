"""/v1/policies: caps, as drafts and versions, and which is in force."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.scopes import Scope
from app.flows import policies
from app.flows.reporting import list_cursor, read_list_cursor
from app.stores.cold.drafts import Draft, Version
from app.web.api.blocks import PageQuery, PublishBody, RollbackBody, VersionAnswer
from app.web.api.editions import etag, expected
from app.web.api.fields import Answer, Body, Id, Path
from app.web.routing import Call, Noun, Reply

policy_routes = Noun("policies", "How often customers may be touched.")


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
    next_cursor: str | None = None


class PolicyPublished(Answer):
    """The version that is published now."""

    policy_id: str
    version: int


class PolicyVersions(Answer):
    """Every version, newest first."""

    policy_id: str
    published_version: int | None = None
    versions: list[VersionAnswer]


@policy_routes.route("GET", "/v1/policies", Scope.AUTHOR, answers={200: PoliciesAnswer})
def list_policies(call: Call, query: PageQuery) -> Mapping[str, Any]:
    """List the drafts"""
    after = read_list_cursor(call.house.keyring, "policies", query.after)
    found = policies.page(call.house.cold, after=after, limit=query.limit)
    is_full = len(found) == query.limit
    more = list_cursor(call.house.keyring, "policies", found[-1].id) if is_full else None
    return {"policies": [_shown(draft) for draft in found]} | ({"next_cursor": more} if more else {})


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
