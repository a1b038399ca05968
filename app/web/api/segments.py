"""/v1/segments: rules with a name, for use inside others."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.rules.sentences import sentence
from app.domain.scopes import Scope
from app.flows import segments
from app.flows.reporting import list_cursor, read_list_cursor
from app.flows.segments import Use
from app.stores.cold.drafts import Draft, Version
from app.web.api.editions import etag, expected
from app.web.api.fields import PAGE_MAX, Answer, Body, Fault, Id, Name, Path, Query
from app.web.errors import told
from app.web.routing import Call, Noun, Reply

segment_routes = Noun("segments", "Rules with a name, which other rules may refer to.")


class SegmentPath(Path):
    """Names a segment."""

    segment_id: Id


class PageQuery(Query):
    """Part of a list by id."""

    after: Annotated[str | None, Field(max_length=800, description="the next_cursor of the page before")] = (
        None
    )
    limit: Annotated[int, Field(ge=1, le=PAGE_MAX)] = 100


class SegmentBody(Body):
    """What a segment is."""

    name: Name | None = None
    when: Annotated[dict[str, Any], Field(description="a condition tree")]


class SegmentSaved(Answer):
    """The segment is in force; its edition is also the ETag."""

    segment_id: str
    version: int
    edition: int
    sentence: str
    warnings: list[Fault] | None = None


class UseAnswer(Answer):
    """What names the segment."""

    kind: Literal["block", "segment"]
    id: str


class SegmentAnswer(Answer):
    """The segment as it is now; `used_by` where one alone is asked for."""

    segment_id: str
    name: str | None = None
    when: dict[str, Any]
    sentence: str
    version: int
    edition: int
    created_at: datetime
    updated_at: datetime
    used_by: list[UseAnswer] | None = None


class SegmentsAnswer(Answer):
    """Segments by id."""

    segments: list[SegmentAnswer]
    next_cursor: str | None = None


class SegmentVersion(Answer):
    """One version."""

    version: int
    at: datetime
    by: str
    document: dict[str, Any]


class SegmentVersions(Answer):
    """Every version, newest first."""

    segment_id: str
    versions: list[SegmentVersion]


@segment_routes.route("GET", "/v1/segments", Scope.AUTHOR, answers={200: SegmentsAnswer})
def list_segments(call: Call, query: PageQuery) -> Mapping[str, Any]:
    """List the segments"""
    after = read_list_cursor(call.house.keyring, "segments", query.after)
    found = segments.page(call.house.cold, after=after, limit=query.limit)
    is_full = len(found) == query.limit
    more = list_cursor(call.house.keyring, "segments", found[-1].id) if is_full else None
    return {"segments": [_shown(one) for one in found]} | ({"next_cursor": more} if more else {})


@segment_routes.route(
    "PUT",
    "/v1/segments/<segment_id>",
    Scope.AUTHOR,
    answers={200: SegmentSaved, 409: "Stale edition, or what names it could not stand with it"},
)
def save_segment(call: Call, path: SegmentPath, body: SegmentBody) -> Reply:
    """Save a segment

    Rules name it as {"$inGroup": "vip"}. It is in force within a second, in every block that names it, also
    in what was sent. Takes If-Match and If-None-Match like a block's draft.
    """
    saved = segments.save(
        call.house.cold,
        call.house.hot,
        path.segment_id,
        body.model_dump(exclude_none=True),
        now=call.now,
        by=call.key.name,
        expected=expected(),
    )
    call.house.snapshot.refresh()
    answer = SegmentSaved(
        segment_id=path.segment_id,
        version=saved.version,
        edition=saved.edition,
        sentence=saved.sentence,
        warnings=[Fault(**one) for one in told(saved.warnings)] or None,
    )
    return Reply(answer, headers=etag(saved.edition))


@segment_routes.route(
    "GET", "/v1/segments/<segment_id>", Scope.AUTHOR, answers={200: SegmentAnswer, 404: "Unknown segment"}
)
def read_segment(call: Call, path: SegmentPath) -> Reply:
    """Read a segment, with what uses it"""
    held, uses = segments.fetch(call.house.cold, path.segment_id)
    return Reply(_shown(held) | {"used_by": [_use(one) for one in uses]}, headers=etag(held.edition))


@segment_routes.route(
    "GET",
    "/v1/segments/<segment_id>/versions",
    Scope.AUTHOR,
    answers={200: SegmentVersions, 404: "Unknown segment"},
)
def list_segment_versions(call: Call, path: SegmentPath) -> Mapping[str, Any]:
    """List the versions, newest first"""
    found = segments.versions(call.house.cold, path.segment_id)
    return {"segment_id": path.segment_id, "versions": [_version(one) for one in found]}


@segment_routes.route(
    "DELETE",
    "/v1/segments/<segment_id>",
    Scope.AUTHOR,
    answers={204: "Deleted", 404: "Unknown segment", 409: "In use"},
)
def delete_segment(call: Call, path: SegmentPath) -> Reply:
    """Delete a segment that nothing uses"""
    segments.delete(call.house.cold, call.house.hot, path.segment_id)
    call.house.snapshot.refresh()
    return Reply(status=204)


def _shown(held: Draft) -> dict[str, Any]:
    return {
        "segment_id": held.id,
        **held.document,
        "sentence": sentence(held.document["when"]),
        "version": held.published_version,
        "edition": held.edition,
        "created_at": held.created_at,
        "updated_at": held.updated_at,
    }


def _use(use: Use) -> dict[str, str]:
    return {"kind": use.kind, "id": use.id}


def _version(one: Version) -> dict[str, Any]:
    return {"version": one.version, "at": one.at, "by": one.by, "document": one.document}
