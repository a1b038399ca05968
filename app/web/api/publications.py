"""Publishing with care: /v1/blocks/{id}/check, and /v1/blocks/{id}/versions/{a}/diff/{b}."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.scopes import Scope
from app.flows import approving, prechecking, publishing
from app.web.api.blocks import BlockPath, block_routes
from app.web.api.editions import expected
from app.web.api.fields import Answer, Fault
from app.web.errors import told
from app.web.routing import Call

publication_routes = block_routes.more("publications")

VersionName = Annotated[
    str,
    Field(
        pattern=r"^([1-9][0-9]{0,8}|draft)$",
        description="a version's number, or `draft` for what is written now",
    ),
]


class DiffPath(BlockPath):
    """Names a block and two of its versions."""

    a: VersionName
    b: VersionName


class DifferenceAnswer(Answer):
    """One place that differs; what was removed has its pointer in the first document."""

    kind: Literal["added", "removed", "changed", "moved"]
    pointer: str
    before: Any = None
    after: Any = None


class DiffAnswer(Answer):
    """Everything that differs."""

    block_id: str
    differences: list[DifferenceAnswer]


class Approved(Answer):
    """The edition that may go out."""

    block_id: str
    edition: int
    approved_by: str


@publication_routes.route(
    "POST",
    "/v1/blocks/<block_id>/approve",
    Scope.AUTHOR,
    answers={200: Approved, 404: "Unknown block", 409: "Stale edition"},
)
def approve_draft(call: Call, path: BlockPath) -> Approved:
    """Find the draft good

    With PUBLISH_APPROVAL=1 only an approved edition is published. Takes If-Match. The key must have another
    name than the one that saved the edition; the next save ends the approval.
    """
    by = call.key.name
    edition = approving.approve(call.house.cold, path.block_id, now=call.now, by=by, expected=expected())
    return Approved(block_id=path.block_id, edition=edition, approved_by=by)


class CheckAnswer(Answer):
    """What publishing this edition would say."""

    block_id: str
    edition: int
    is_publishable: bool
    problems: list[Fault]
    warnings: list[Fault]
    customers: Annotated[int, Field(description="for how many it was drawn")]


@publication_routes.route(
    "POST", "/v1/blocks/<block_id>/check", Scope.AUTHOR, answers={200: CheckAnswer, 404: "Unknown block"}
)
def check_draft(call: Call, path: BlockPath) -> Mapping[str, Any]:
    """Look at the draft as publishing would

    Rules against the catalogue, links, pictures; then it is tried on 500 of the customers, and drawn for 20
    of those. Problems keep it from being published, warnings are worth a look. Nothing is changed.
    """
    house = call.house
    found = prechecking.check(
        house.cold,
        house.hot,
        house.front,
        path.block_id,
        now=call.now,
        link_hosts=house.settings.link_hosts,
    )
    return {
        "block_id": path.block_id,
        "edition": found.edition,
        "is_publishable": not found.problems,
        "problems": told(found.problems),
        "warnings": told(found.warnings),
        "customers": found.customers,
    }


@publication_routes.route(
    "GET",
    "/v1/blocks/<block_id>/versions/<a>/diff/<b>",
    Scope.AUTHOR,
    answers={200: DiffAnswer, 404: "Unknown block or version"},
)
def compare_versions(call: Call, path: DiffPath) -> Mapping[str, Any]:
    """Tell what differs between two versions

    `draft` stands for what is written now. Variants are compared by their ids, wherever they stand;
    where only their order differs, the list is `moved`.
    """
    found = publishing.compare(call.house.cold, path.block_id, path.a, path.b)
    rows = [
        {"kind": one.kind, "pointer": one.pointer}
        | ({} if one.kind == "added" else {"before": one.before})
        | ({} if one.kind == "removed" else {"after": one.after})
        for one in found
    ]
    return {"block_id": path.block_id, "differences": rows}
