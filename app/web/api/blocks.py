"""/v1/blocks: drafts, versions, and what is out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from app.domain.scopes import Scope
from app.flows import prechecking, publishing
from app.flows.reporting import list_cursor, read_list_cursor
from app.stores.cold.drafts import Draft, Version
from app.web.api.block_shapes import BlockShape
from app.web.api.editions import etag, expected
from app.web.api.fields import PAGE_MAX, Answer, Body, Fault, Id, Note, Path, Query
from app.web.errors import told
from app.web.routing import Call, Noun, Reply

block_routes = Noun("blocks", "Places in a message that are filled when it is opened.")


class BlockPath(Path):
    """Names a block."""

    block_id: Id


class PageQuery(Query):
    """Part of a list by id."""

    after: Annotated[str | None, Field(max_length=800, description="the next_cursor of the page before")] = (
        None
    )
    limit: Annotated[int, Field(ge=1, le=PAGE_MAX)] = 100


class PublishBody(Body):
    """Why this version."""

    note: Note = ""


class RollbackBody(Body):
    """Which version to let out again."""

    version: Annotated[int, Field(ge=1, le=10**9)]


class DraftSaved(Answer):
    """The draft is kept; its edition is also the ETag. Warnings are worth a look, and refuse nothing."""

    block_id: str
    edition: int
    warnings: list[Fault] | None = None


class BlockAnswer(Answer):
    """The draft, and what is out."""

    block_id: str
    document: dict[str, Any]
    edition: int
    published_version: int | None = None
    is_recalled: bool
    created_at: datetime
    updated_at: datetime


class BlocksAnswer(Answer):
    """Drafts by id."""

    blocks: list[BlockAnswer]
    next_cursor: str | None = None


class Published(Answer):
    """The version that is out now."""

    block_id: str
    version: int
    warnings: list[Fault] | None = None


class VersionAnswer(Answer):
    """One published version."""

    version: int
    note: str
    at: datetime
    by: str
    document: dict[str, Any]


class VersionsAnswer(Answer):
    """Every version, newest first."""

    block_id: str
    published_version: int | None = None
    is_recalled: bool
    versions: list[VersionAnswer]


@block_routes.route("GET", "/v1/blocks", Scope.AUTHOR, answers={200: BlocksAnswer})
def list_blocks(call: Call, query: PageQuery) -> Mapping[str, Any]:
    """List the drafts"""
    after = read_list_cursor(call.house.keyring, "blocks", query.after)
    found = publishing.page(call.house.cold, after=after, limit=query.limit)
    is_full = len(found) == query.limit
    more = list_cursor(call.house.keyring, "blocks", found[-1].id) if is_full else None
    return {"blocks": [_shown(draft) for draft in found]} | ({"next_cursor": more} if more else {})


@block_routes.route(
    "PUT",
    "/v1/blocks/<block_id>",
    Scope.AUTHOR,
    shape=BlockShape,
    answers={200: DraftSaved, 409: "Stale edition"},
)
def save_block(call: Call, path: BlockPath, document: Any) -> Reply:
    """Save a draft

    Nothing that was sent changes until it is published. With If-Match and the ETag of the edition
    that was read, a draft that somebody else changed meanwhile is not overwritten (409);
    If-None-Match: * saves only a new one. Rules are held against the catalogue of attributes: what can
    never hold is refused, attributes that no customer has yet are warned of.
    """
    saved = publishing.save_draft(
        call.house.cold,
        path.block_id,
        document,
        now=call.now,
        by=call.key.name,
        expected=expected(),
        link_hosts=call.house.settings.link_hosts,
    )
    answer = {"block_id": path.block_id, "edition": saved.edition}
    warnings = told(saved.warnings)
    return Reply(answer | ({"warnings": warnings} if warnings else {}), headers=etag(saved.edition))


@block_routes.route(
    "GET", "/v1/blocks/<block_id>", Scope.AUTHOR, answers={200: BlockAnswer, 404: "Unknown block"}
)
def read_block(call: Call, path: BlockPath) -> Reply:
    """Read a draft"""
    draft = publishing.fetch(call.house.cold, path.block_id)
    return Reply(_shown(draft), headers=etag(draft.edition))


@block_routes.route(
    "POST",
    "/v1/blocks/<block_id>/publish",
    Scope.AUTHOR,
    answers={200: Published, 404: "Unknown block", 409: "Stale edition"},
)
def publish_block(call: Call, path: BlockPath, body: PublishBody) -> Mapping[str, Any]:
    """Publish the draft as the next version

    Every open follows it within a second, in messages that were sent long ago too. Takes If-Match. It is
    checked as by …/check before: problems refuse it, warnings are worth a look.
    """
    house = call.house
    version, warnings = prechecking.publish(
        house.cold,
        house.hot,
        house.front,
        path.block_id,
        now=call.now,
        by=call.key.name,
        note=body.note,
        expected=expected(),
        link_hosts=house.settings.link_hosts,
        needs_approval=house.settings.needs_approval,
    )
    answer: dict[str, Any] = {"block_id": path.block_id, "version": version}
    return answer | ({"warnings": told(warnings)} if warnings else {})


@block_routes.route(
    "GET", "/v1/blocks/<block_id>/versions", Scope.AUTHOR, answers={200: VersionsAnswer, 404: "Unknown block"}
)
def list_versions(call: Call, path: BlockPath) -> Mapping[str, Any]:
    """List the published versions, newest first"""
    draft, found = publishing.versions(call.house.cold, path.block_id)
    return {
        "block_id": path.block_id,
        "published_version": draft.published_version,
        "is_recalled": draft.is_recalled,
        "versions": [_version_shown(one) for one in found],
    }


@block_routes.route(
    "POST", "/v1/blocks/<block_id>/rollback", Scope.AUTHOR, answers={200: Published, 404: "Unknown block"}
)
def roll_back_block(call: Call, path: BlockPath, body: RollbackBody) -> Published:
    """Let an earlier version out again"""
    publishing.roll_back(call.house.cold, call.house.hot, path.block_id, body.version)
    return Published(block_id=path.block_id, version=body.version)


@block_routes.route(
    "POST",
    "/v1/blocks/<block_id>/recall",
    Scope.AUTHOR,
    answers={200: Published, 404: "Unknown block", 409: "Nothing is out"},
)
def recall_block(call: Call, path: BlockPath) -> Mapping[str, Any]:
    """Serve only the fallback from now on, also in what was sent

    Publishing or rolling back serves all variants again.
    """
    version = publishing.recall(call.house.cold, call.house.hot, path.block_id)
    return {"block_id": path.block_id, "version": version, "is_recalled": True}


def _shown(draft: Draft) -> dict[str, Any]:
    shown = {
        "block_id": draft.id,
        "document": draft.document,
        "edition": draft.edition,
        "published_version": draft.published_version,
        "is_recalled": draft.is_recalled,
        "created_at": draft.created_at,
        "updated_at": draft.updated_at,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _version_shown(one: Version) -> dict[str, Any]:
    return {"version": one.version, "note": one.note, "at": one.at, "by": one.by, "document": one.document}
