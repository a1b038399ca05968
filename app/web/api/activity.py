"""/v1/activity: what customers do, taken once each and visible to rules at the next open."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.problems import Invalid, NotFound, Problem, Refused
from app.domain.scopes import Scope
from app.flows import customers
from app.flows.customers import Doing
from app.web.api.batches import one_or_many
from app.web.api.customers import BatchAnswer
from app.web.api.fields import Answer, Body, Id, Moment
from app.web.bodies import JSON, NDJSON
from app.web.routing import Call, Noun, Reply

activity_routes = Noun("activity", "Views, carts, purchases.")

AHEAD_MAX = timedelta(minutes=5)  # clocks differ a little; more is a mistake


class ActivityBody(Body):
    """One thing a customer did."""

    activity_id: Id
    customer_id: Id
    type: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="viewed, added_to_cart, purchased, …")
    ]
    item_id: Id | None = None
    value: Annotated[float | None, Field(ge=-1e12, le=1e12, allow_inf_nan=False)] = None
    currency: Annotated[str | None, Field(pattern="^[A-Z]{3}$", description="ISO 4217")] = None
    at: Moment


class ActivityTaken(Answer):
    """The activity is recorded, or was before."""

    activity_id: str
    status: Literal["recorded", "duplicate"]


@activity_routes.route(
    "POST",
    "/v1/activity",
    Scope.INGEST,
    answers={200: ActivityTaken, 207: BatchAnswer, 404: "Unknown customer"},
    accepts=(JSON, NDJSON),
    shape=ActivityBody,
)
def take_activity(call: Call, document: object) -> Reply:
    """Take one activity, or a batch

    Idempotent by `activity_id`. `added_to_cart`, `removed_from_cart` and `purchased` keep the cart.
    """

    def carry(bodies: Sequence[ActivityBody]) -> list[Mapping[str, Any] | Refused]:
        too_early = [body.at > call.now + AHEAD_MAX for body in bodies]
        good = [_doing(body) for body, is_early in zip(bodies, too_early, strict=True) if not is_early]
        outcomes = iter(customers.take_activities(call.house.hot, good, now=call.now))
        return [
            _EARLY if is_early else _outcome(body, next(outcomes))
            for body, is_early in zip(bodies, too_early, strict=True)
        ]

    return one_or_many(document, ActivityBody, carry, ("activity_id", "customer_id"))


_EARLY = Invalid(problems=[Problem("/at", "lies in the future: is the clock or the offset wrong?")])


def _outcome(body: ActivityBody, outcome: str) -> Mapping[str, Any] | Refused:
    if outcome == "unknown_customer":
        return NotFound(f"There is no customer {body.customer_id}: save the customer first.")
    return {"activity_id": body.activity_id, "status": outcome}


def _doing(body: ActivityBody) -> Doing:
    return Doing(
        activity_id=body.activity_id,
        customer_id=body.customer_id,
        activity_type=body.type,
        at=body.at,
        item_id=body.item_id,
        value=body.value,
        currency=body.currency,
    )
