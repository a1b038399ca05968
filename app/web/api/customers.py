"""/v1/customers: their state, one by one and in batches."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.problems import Invalid, Refused
from app.domain.scopes import Scope
from app.domain.state import Customer
from app.flows import customers
from app.flows.customers import Saying
from app.web.api.batches import many
from app.web.api.fields import CHANNELS, Answer, Body, Id, Path
from app.web.bodies import JSON, NDJSON
from app.web.routing import Call, Noun, Reply

customer_routes = Noun("customers", "What is true of them now, and everything that happened to them.")

Tracking = Literal["off", "anonymous", "pseudonymous", "identified", "full"]
ChannelName = Literal["email", "sms", "push", "call", "visit"]


class CustomerPath(Path):
    """Names a customer."""

    customer_id: Id


class Wish(Body):
    """Whether the customer agreed to be touched on a channel."""

    consent: bool


class CustomerBody(Body):
    """What is true of a customer. Whatever is not named is empty afterwards (PUT) or stays (PATCH)."""

    attributes: Annotated[
        dict[str, Any], Field(description="texts, numbers, booleans, lists and objects by name")
    ] = Field(default_factory=dict)
    timezone: Annotated[str | None, Field(max_length=64, description="IANA zone, such as Europe/Paris")] = (
        None
    )
    locale: Annotated[str | None, Field(max_length=35, description="language tag, such as fr-FR")] = None
    channels: Annotated[dict[ChannelName, Wish], Field(max_length=len(CHANNELS))] = Field(
        default_factory=dict
    )
    tracking: Annotated[
        Tracking | None, Field(description="how much may be recorded; full if never said")
    ] = None


class CustomerPatchBody(CustomerBody):
    """What changes; null removes what it names."""

    attributes: dict[str, Any] | None = Field(default_factory=dict)  # type: ignore[assignment]
    channels: dict[ChannelName, Wish | None] | None = Field(  # type: ignore[assignment]
        default_factory=dict
    )


class CustomerItem(CustomerPatchBody):
    """One customer of a batch: what is named changes, the rest stays; unknown customers are made."""

    customer_id: Id


class CustomerSaved(Answer):
    """The customer is saved."""

    customer_id: str
    status: Literal["saved"] = "saved"
    revision: int
    customer_key: Annotated[str, Field(description="the value of the merge field in merge-tag messages")]


class CustomerErased(Answer):
    """The customer is forgotten here, and in SQL within moments."""

    customer_id: str
    status: Literal["erased"] = "erased"


class StandingSuppression(Answer):
    """A standing reason not to touch."""

    id: str
    scope: str
    reason: str
    since: datetime
    until: datetime | None = None


class CustomerAnswer(Answer):
    """The latest state."""

    customer_id: str
    customer_key: str
    attributes: dict[str, Any]
    timezone: str | None = None
    locale: str | None = None
    channels: dict[str, Any]
    tracking: Tracking
    cart: dict[str, Any]
    activity: dict[str, Any]
    suppressions: list[StandingSuppression]
    revision: int


class BatchAnswer(Answer):
    """A result for every item, in order: its `code` is the status it would have had by itself."""

    results: list[dict[str, Any]]
    accepted: int
    refused: int


@customer_routes.route("PUT", "/v1/customers/<customer_id>", Scope.INGEST, answers={200: CustomerSaved})
def replace_customer(call: Call, path: CustomerPath, body: CustomerBody) -> CustomerSaved:
    """Save a customer, replacing attributes and settings

    Activity, cart and suppressions stay: they are facts, not settings.
    """
    saying = _saying(path.customer_id, body)
    revision = customers.replace(call.house.hot, saying, now=call.now, event_id=call.new_id())
    return _saved(call, path.customer_id, revision)


@customer_routes.route(
    "PATCH",
    "/v1/customers/<customer_id>",
    Scope.INGEST,
    answers={200: CustomerSaved, 404: "Unknown customer"},
)
def change_customer(call: Call, path: CustomerPath, body: CustomerPatchBody) -> CustomerSaved:
    """Change what is named of a customer

    Attributes are merged by name; null removes one.
    """
    saying = _saying(path.customer_id, body)
    revision = customers.change(call.house.hot, saying, now=call.now, event_id=call.new_id())
    return _saved(call, path.customer_id, revision)


@customer_routes.route(
    "GET", "/v1/customers/<customer_id>", Scope.INGEST, answers={200: CustomerAnswer, 404: "Unknown customer"}
)
def read_customer(call: Call, path: CustomerPath) -> Mapping[str, Any]:
    """Read a customer's latest state"""
    return customer_answer(call, customers.fetch(call.house.hot, path.customer_id))


@customer_routes.route("DELETE", "/v1/customers/<customer_id>", Scope.INGEST, answers={200: CustomerErased})
def erase_customer(call: Call, path: CustomerPath) -> CustomerErased:
    """Erase a customer everywhere

    Also what only events know of an id that was never saved; erasing twice is harmless.
    """
    customers.erase(call.house.hot, path.customer_id, now=call.now, event_id=call.new_id())
    return CustomerErased(customer_id=path.customer_id)


@customer_routes.route(
    "POST",
    "/v1/customers/batch",
    Scope.INGEST,
    answers={207: BatchAnswer},
    accepts=(JSON, NDJSON),
    shape=CustomerItem,
)
def save_customers(call: Call, document: object) -> Reply:
    """Change or make many customers

    A JSON list of at most 1,000, or NDJSON. Each is merged like PATCH; unknown customers are made.
    """

    def carry(items: Sequence[CustomerItem]) -> list[Mapping[str, Any] | Refused]:
        sayings = [_saying(item.customer_id, item) for item in items]
        faults = [customers.faults_of(saying) for saying in sayings]
        good = [saying for saying, found in zip(sayings, faults, strict=True) if not found]
        revisions = iter(customers.merge_many(call.house.hot, good, now=call.now, new_id=call.new_id))
        return [
            Invalid(problems=found)
            if found
            else _saved(call, saying.customer_id, next(revisions)).model_dump()
            for saying, found in zip(sayings, faults, strict=True)
        ]

    return many(document, CustomerItem, carry, ("customer_id",))


def customer_answer(call: Call, customer: Customer) -> dict[str, Any]:
    """A customer as the API shows them."""
    shown: dict[str, Any] = {
        "customer_id": customer.customer_id,
        "customer_key": call.house.keyring.customer_key(customer.customer_id),
        "attributes": customer.attributes,
        "timezone": customer.timezone,
        "locale": customer.locale,
        "channels": customer.channels,
        "tracking": customer.tracking.value,
        "cart": customer.cart,
        "activity": customer.activity,
        "suppressions": [suppression_answer(one) for one in customer.suppressions],
        "revision": customer.revision,
    }
    return {name: value for name, value in shown.items() if value is not None}


def suppression_answer(one: Any) -> dict[str, Any]:
    """A standing suppression as the API shows it."""
    shown = {"id": one.suppression_id, "scope": one.scope, "reason": one.reason, "since": one.since}
    return shown | ({"until": one.until} if one.until else {})


def _saying(customer_id: str, body: CustomerBody) -> Saying:
    told = body.model_dump(include=body.model_fields_set - {"attributes", "customer_id"})
    return Saying(customer_id, body.attributes or {}, told)


def _saved(call: Call, customer_id: str, revision: int) -> CustomerSaved:
    key = call.house.keyring.customer_key(customer_id)
    return CustomerSaved(customer_id=customer_id, revision=revision, customer_key=key)
