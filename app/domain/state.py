"""The customer's state as it lies in one Redis hash: its fields, and reading them leniently."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

SYSTEM = "s"  # {"timezone", "locale", "channels", "tracking"}; a known customer always has it
REVISION = "r"  # milliseconds at creation, one more with every write
SUPPRESSIONS = "x"
CART = "k"
TAKEN = "g"  # ids of what was bought or read, newest first: it is not shown again
ATTRIBUTE = "a."
ACTIVITY = "v."


class Tracking(StrEnum):
    """How much may be recorded of a customer, from nothing to everything."""

    OFF = "off"
    ANONYMOUS = "anonymous"
    PSEUDONYMOUS = "pseudonymous"
    IDENTIFIED = "identified"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Suppression:
    """A standing reason not to touch a customer: on one channel, one topic, or `all`."""

    suppression_id: str
    scope: str  # "all", "channel:email", "topic:newsletter"
    reason: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """The latest state of one customer."""

    customer_id: str
    attributes: Mapping[str, object] = field(default_factory=dict)
    timezone: str | None = None
    locale: str | None = None
    channels: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    tracking: Tracking = Tracking.FULL
    revision: int = 0
    suppressions: Sequence[Suppression] = ()
    cart: Mapping[str, object] = field(default_factory=dict)
    activity: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def attribute_field(name: str) -> str:
    """The hash field of one top-level attribute."""
    return ATTRIBUTE + name


def activity_field(activity_type: str) -> str:
    """The hash field that sums up one type of activity."""
    return ACTIVITY + activity_type


def read_json(raw: bytes | None) -> object:
    """One stored value; a value that is not JSON reads as missing, never as an error."""
    if raw is None:
        return None
    try:
        # Most values are plain texts and whole numbers, which need no parser.
        if raw[:1] == b'"' and b"\\" not in raw and raw.count(b'"') == 2 and raw[-1:] == b'"':
            return raw[1:-1].decode()
        return int(raw) if raw.isdigit() and len(raw) < 16 and raw[0] != 48 else json.loads(raw)
    except ValueError:
        return None


def read_mapping(raw: bytes | None) -> dict[str, object]:
    """One stored object, or an empty one."""
    value = read_json(raw)
    return value if isinstance(value, dict) else {}


@lru_cache(maxsize=1_024)
def read_tracking(raw_system: bytes | None) -> Tracking:
    """The tracking level in a system field; the strictest when it cannot be read."""
    level = read_mapping(raw_system).get("tracking", Tracking.FULL)
    try:
        return Tracking(str(level))
    except ValueError:
        return Tracking.OFF


def read_suppressions(raw: bytes | None) -> tuple[Suppression, ...]:
    """The standing suppressions of a customer, expired ones too."""
    rows = read_json(raw)
    if not isinstance(rows, list):
        return ()
    return tuple(_suppression(row) for row in rows if isinstance(row, dict) and row.get("since"))


def dump_suppressions(suppressions: Sequence[Suppression]) -> bytes:
    """The same, as stored."""
    rows = [
        {
            "id": one.suppression_id,
            "scope": one.scope,
            "reason": one.reason,
            "since": one.since.isoformat(),
            "until": one.until.isoformat() if one.until else None,
        }
        for one in suppressions
    ]
    return json.dumps(rows, separators=(",", ":")).encode()


def read_customer(customer_id: str, fields: Mapping[bytes, bytes]) -> Customer | None:
    """The whole hash as a customer; None when there is none."""
    if SYSTEM.encode() not in fields:
        return None
    named = {name.decode(errors="replace"): raw for name, raw in fields.items()}
    system = read_mapping(named[SYSTEM])
    channels = system.get("channels")
    return Customer(
        customer_id=customer_id,
        attributes={
            name[len(ATTRIBUTE) :]: read_json(raw)
            for name, raw in named.items()
            if name.startswith(ATTRIBUTE)
        },
        timezone=_text(system.get("timezone")),
        locale=_text(system.get("locale")),
        channels=channels if isinstance(channels, dict) else {},
        tracking=read_tracking(named[SYSTEM]),
        revision=int(named.get(REVISION, b"0")),
        suppressions=read_suppressions(named.get(SUPPRESSIONS)),
        cart=read_mapping(named.get(CART)),
        activity={
            name[len(ACTIVITY) :]: read_mapping(raw)
            for name, raw in named.items()
            if name.startswith(ACTIVITY)
        },
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _suppression(row: Mapping[str, object]) -> Suppression:
    until = row.get("until")
    return Suppression(
        suppression_id=str(row.get("id", "")),
        scope=str(row.get("scope", "all")),
        reason=str(row.get("reason", "")),
        since=datetime.fromisoformat(str(row["since"])),
        until=datetime.fromisoformat(str(until)) if until else None,
    )
