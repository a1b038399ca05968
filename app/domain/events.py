"""Facts, as they are recorded: one flat shape for every kind of event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.opener import Opener


class EventType(StrEnum):
    """What happened; the last two stay inside the house and are never shown as events."""

    IMPRESSION = "impression"
    OPEN = "open"
    CLICK = "click"
    TOUCH = "touch"
    DECISION = "decision"
    ACTIVITY = "activity"
    FEEDBACK = "feedback"
    PREFERENCE = "preference"
    ALERT = "alert"
    CUSTOMER_SAVED = "customer_saved"
    CUSTOMER_ERASED = "customer_erased"


INTERNAL = frozenset({EventType.CUSTOMER_SAVED, EventType.CUSTOMER_ERASED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact. `at` is when it happened, `received_at` when we learnt of it (aware UTC).

    `details` holds what only its type has: a decision's whole answer, a touch's channel and
    category as they were, the user agent of an impression where the customer allows it.
    """

    event_id: str
    type: EventType
    at: datetime
    received_at: datetime
    customer_id: str | None = None
    touch_id: str | None = None
    message_id: str | None = None
    block_id: str | None = None
    variant: str | None = None
    why: str | None = None
    opener: Opener | None = None
    url: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
