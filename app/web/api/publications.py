"""/v1/blocks/{id}/versions/{a}/diff/{b}: what differs between two versions, or a version and the draft."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.scopes import Scope
from app.flows import publishing
from app.web.api.blocks import BlockPath, block_routes
from app.web.api.fields import Answer
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
