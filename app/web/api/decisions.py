"""/v1/decisions: may this touch go?"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.frequency.ledger import Words
from app.domain.problems import Invalid, Problem, Refused
from app.domain.scopes import Scope
from app.flows import decisions, messages, policies
from app.flows.answering import Asking, Office
from app.flows.standing import message_words
from app.web.api.batches import checked, many
from app.web.api.customers import BatchAnswer
from app.web.api.fields import Answer, Body, Channel, Class, Id, Label, Moment, Tags
from app.web.bodies import JSON, NDJSON
from app.web.routing import Call, Noun, Reply

decision_routes = Noun("decisions", "May this touch go now? With the place it takes under the caps.")

TTL_MAX_S = 48 * 3_600
PLAN_MAX = timedelta(days=92)


class DecisionBody(Body):
    """A touch that wants to go. What it is comes from its message, or is told here."""

    idempotency_key: Annotated[
        str | None,
        Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$", description="asks the same once"),
    ] = None
    customer_id: Id
    touch_id: Annotated[Id | None, Field(description="made up and told when it is left out")] = None
    message_id: Id | None = None
    channel: Channel | None = None
    category: Label | None = None
    class_: Annotated[Class | None, Field(alias="class")] = None
    topic: Label | None = None
    tags: Tags | None = None
    campaign: Label | None = None
    priority: Annotated[int, Field(ge=0, le=100)] = 50
    dispatch_id: Annotated[Id | None, Field(description="touches of one dispatch count once a rule")] = None
    send_at: Annotated[Moment | None, Field(description="when it is planned to go; now by default")] = None
    expires_at: Annotated[Moment | None, Field(description="when it is worth nothing any more")] = None
    reserve: Annotated[bool, Field(description="hold its place under the caps")] = True
    ttl: Annotated[
        int | None, Field(ge=1, le=TTL_MAX_S, description="seconds the place is held; 900, planned ones 7200")
    ] = None
    dry_run: Annotated[bool, Field(description="answer only: nothing is held or recorded")] = False


class Reservation(Answer):
    """A place held under the caps."""

    id: str
    expires_at: datetime


class DecisionAnswer(Answer):
    """What to do, and every reason."""

    customer_id: str
    touch_id: str
    decision: Literal["send", "suppress", "defer"]
    reason: str
    explain: str
    defer_until: Annotated[datetime | None, Field(description="ask again then")] = None
    binding: Annotated[dict[str, Any] | None, Field(description="the check that decided")] = None
    also: Annotated[list[dict[str, Any]], Field(description="other checks that failed")]
    reservation: Reservation | None = None
    policy: dict[str, Any] | None = None
    timezone: str | None = None
    timezone_source: Literal["customer", "deployment"] | None = None


@decision_routes.route(
    "POST",
    "/v1/decisions",
    Scope.DECIDE,
    shape=DecisionBody,
    answers={200: DecisionAnswer, 404: "Unknown message", 409: "The key was used for another question"},
)
def decide(call: Call, document: object) -> Reply:
    """Decide about one touch and hold its place

    Answered in any case: with Redis away marketing is put off for 300 seconds, and transactional
    messages go out uncounted (`ENGINE_UNAVAILABLE`). Only a message this process never heard of
    cannot be looked up then (503).
    """
    [outcome] = _decided(call, [checked(document, DecisionBody)])
    if isinstance(outcome, Refused):
        raise outcome
    return Reply(outcome)


@decision_routes.route(
    "POST",
    "/v1/decisions/batch",
    Scope.DECIDE,
    answers={207: BatchAnswer},
    accepts=(JSON, NDJSON),
    shape=DecisionBody,
)
def decide_many(call: Call, document: object) -> Reply:
    """Decide about many touches

    A JSON list of at most 1,000, or NDJSON. Those of one customer are decided in the order given,
    each knowing the ones before.
    """
    return many(document, DecisionBody, lambda bodies: _decided(call, bodies), ("customer_id", "touch_id"))


def office(call: Call) -> Office:
    """What decisions of this request are made with. Raises Unavailable."""
    house = call.house
    terms = policies.in_force(house.snapshot, house.settings.policy_id, house.settings.deployment_zone)
    return Office(house.hot, house.spool, house.keyring, terms, call.now, call.new_id)


def _decided(call: Call, bodies: Sequence[DecisionBody]) -> list[Mapping[str, Any] | Refused]:
    asked = [_tried(call, body) for body in bodies]
    outcomes = iter(decisions.decide_many(office(call), [one for one in asked if isinstance(one, Asking)]))
    return [one if isinstance(one, Refused) else next(outcomes) for one in asked]


def _tried(call: Call, body: DecisionBody) -> Asking | Refused:
    try:
        return _asking(call, body)
    except Refused as refused:
        return refused


def _asking(call: Call, body: DecisionBody) -> Asking:
    if body.send_at is not None and body.send_at > call.now + PLAN_MAX:
        raise Invalid(problems=[Problem("/send_at", f"must be within {PLAN_MAX.days} days from now")])
    return Asking(
        customer_id=body.customer_id,
        touch_id=body.touch_id or f"touch-{call.new_id()}",
        words=_words(call, body),
        dispatch_id=body.dispatch_id,
        send_at=body.send_at,
        expires_at=body.expires_at,
        ttl=timedelta(seconds=body.ttl) if body.ttl else None,
        priority=body.priority,
        is_reserving=body.reserve,
        is_dry_run=body.dry_run,
        idempotency_key=body.idempotency_key,
        digest=_digest(body) if body.idempotency_key else "",
    )


def _words(call: Call, body: DecisionBody) -> Words:
    told = {
        "channel": body.channel,
        "category": body.category,
        "class": body.class_,
        "topic": body.topic,
        "tags": body.tags,
        "campaign": body.campaign,
    }
    return message_words(body.message_id, _message(call, body), **told)


def _message(call: Call, body: DecisionBody) -> Mapping[str, Any]:
    missing = [name for name, value in (("channel", body.channel), ("class", body.class_)) if not value]
    if body.message_id is None:
        if missing:
            told = "say it, or name a saved message with message_id"
            raise Invalid(problems=[Problem(f"/{name}", told) for name in missing])
        return {}
    held = call.house.snapshot.message(body.message_id)
    if held is not None or not missing:
        return held or {}
    return messages.known(call.house.snapshot, body.message_id)


def _digest(body: DecisionBody) -> str:
    return hashlib.blake2b(body.model_dump_json(by_alias=True).encode(), digest_size=12).hexdigest()
