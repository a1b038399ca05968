"""/v1/blocks/{id}/coverage: how many of the real customers would be shown what."""

import base64
import time
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from app.domain.scopes import Scope
from app.flows import coverage, previewing
from app.flows.coverage import Coverage, Share
from app.web.api.blocks import BlockPath, block_routes
from app.web.api.fields import Answer, Body, Id, Moment
from app.web.routing import Call

coverage_routes = block_routes.more("coverages")


class CoverageBody(Body):
    """How many customers, when, and of what."""

    sample: Annotated[int, Field(ge=1, le=10_000)] = 1_000
    version: Annotated[
        int | None, Field(ge=1, le=10**9, description="a published version; else the draft")
    ] = None
    at: Moment | None = None
    message_id: Id | None = None


class ShareAnswer(Answer):
    """One variant: for how many of the customers, why, and as one of them would see it."""

    variant: str
    customers: int
    share: Annotated[float, Field(description="of the customers looked at, from 0 to 1")]
    why: dict[str, int]
    example: Annotated[str | None, Field(description="one of the customers")] = None
    thumbnail: Annotated[str | None, Field(description="a data: URL; 240 pixels a side at most")] = None


class CoverageFault(Answer):
    """What could not be made, where, and for how many."""

    variant: str
    pointer: str
    detail: str
    customers: int
    example: Annotated[str, Field(description="one of the customers")]


class CoverageAnswer(Answer):
    """Every variant in the block's order, the fallback last."""

    variants: list[ShareAnswer]
    problems: list[CoverageFault]
    customers: Annotated[int, Field(description="how many were looked at")]
    population: Annotated[int, Field(description="how many there are")]
    is_complete: Annotated[
        bool, Field(description="false where the time was up before the sample was through")
    ]
    took_ms: float


@coverage_routes.route(
    "POST",
    "/v1/blocks/<block_id>/coverage",
    Scope.AUTHOR,
    answers={200: CoverageAnswer, 404: "Unknown block or version"},
)
def cover_block(call: Call, path: BlockPath, body: CoverageBody) -> Mapping[str, Any]:
    """Count what the real customers would be shown

    Customers spread evenly over all of them, the same ones each time, as persons at an unknown device.
    Nothing is recorded, no choice is kept. After 15 seconds it answers with those it has looked at.
    """
    started = time.perf_counter()
    house = call.house
    block = previewing.compiled_block(house.cold, path.block_id, body.version)
    found = coverage.cover(
        house.cold,
        house.hot,
        house.front,
        block,
        size=body.sample,
        now=body.at or call.now,
        message_id=body.message_id or "",
    )
    return _told(found) | {"took_ms": round((time.perf_counter() - started) * 1000, 2)}


def _told(found: Coverage) -> dict[str, Any]:
    faults = [
        {
            "variant": one.variant,
            "pointer": one.pointer,
            "detail": one.detail,
            "customers": one.customers,
            "example": one.example,
        }
        for one in found.faults
    ]
    return {
        "variants": [_share(one, found.customers) for one in found.shares],
        "problems": faults,
        "customers": found.customers,
        "population": found.population,
        "is_complete": found.is_complete,
    }


def _share(one: Share, customers: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "variant": one.variant,
        "customers": one.customers,
        "share": round(one.customers / customers, 4) if customers else 0.0,
        "why": dict(one.why),
    }
    if one.example is not None:
        told["example"] = one.example.customer_id
    if one.thumbnail is not None:
        data = base64.b64encode(one.thumbnail.data).decode()
        told["thumbnail"] = f"data:{one.thumbnail.mimetype};base64,{data}"
    return told
