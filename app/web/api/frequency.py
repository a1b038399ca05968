"""/v1/customers/{id}/frequency: what each rule has used of one customer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.frequency.windows import to_instant
from app.domain.scopes import Scope
from app.flows import frequency, policies
from app.flows.frequency import RuleUse
from app.web.api.customers import CustomerPath
from app.web.api.fields import Answer
from app.web.routing import Call, Noun

frequency_routes = Noun("customers", "What is true of them now, and everything that happened to them.").more(
    "frequency"
)


class CountedTouch(Answer):
    """One touch in the window."""

    at: datetime
    state: Literal["sent", "reserved"]
    message_id: str | None = None


class RuleUsed(Answer):
    """One rule: `next_free_at` is there when it is full and will have room again."""

    rule_id: str
    name: str | None = None
    window: dict[str, Any]
    used: int
    cap: int
    is_free: Annotated[bool, Field(description="whether one more touch may go now")]
    next_free_at: datetime | None = None
    touches: list[CountedTouch]


class FrequencyAnswer(Answer):
    """Every enabled rule in force."""

    customer_id: str
    timezone: str
    timezone_source: Literal["customer", "deployment"]
    policy: Annotated[dict[str, Any] | None, Field(description="left out where none is published")] = None
    rules: list[RuleUsed]


@frequency_routes.route(
    "GET", "/v1/customers/<customer_id>/frequency", Scope.DECIDE, answers={200: FrequencyAnswer}
)
def read_frequency(call: Call, path: CustomerPath) -> Mapping[str, Any]:
    """Read what each rule has used of a customer, and when it is free again

    Caps need no saved customer: somebody nobody was told about has used nothing.
    """
    settings = call.house.settings
    terms = policies.in_force(call.house.snapshot, settings.policy_id, settings.deployment_zone)
    found = frequency.frequency_of(call.house.hot, terms, path.customer_id, now=call.now)
    answer: dict[str, Any] = {
        "customer_id": path.customer_id,
        "timezone": found.zones.customer.key,
        "timezone_source": found.zones.source,
        "rules": [_shown(use) for use in found.rules],
    }
    if found.policy is not None:
        answer["policy"] = {"id": found.policy.policy_id, "version": found.policy.version}
    return answer


def _shown(use: RuleUse) -> dict[str, Any]:
    touches = [
        {
            "at": to_instant(entry.at_ms),
            "state": "sent" if entry.is_sent else "reserved",
            **({"message_id": entry.words.message_id} if entry.words.message_id else {}),
        }
        for entry in use.touches
    ]
    shown = {
        "rule_id": use.rule_id,
        "name": use.name or None,
        "window": use.window,
        "used": use.used,
        "cap": use.cap,
        "is_free": use.is_free,
        "next_free_at": use.next_free_at,
        "touches": touches,
    }
    return {name: value for name, value in shown.items() if value is not None}
