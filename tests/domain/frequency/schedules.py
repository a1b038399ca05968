"""Schedules written as in a diary: times, and whether each touch may go."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.frequency.decision import Decision, Verdict
from app.domain.frequency.ledger import Words
from app.domain.frequency.policy import Policy, compile_policy
from app.domain.frequency.simulation import Planned, simulate
from app.domain.frequency.windows import Zones, to_ms

UTC_ZONE = ZoneInfo("UTC")


def policy(*rules: Mapping[str, Any]) -> Policy:
    """A policy of these rules; ids are made up where they are left out."""
    listed = [{"id": f"rule-{place}", **rule} for place, rule in enumerate(rules)]
    return compile_policy("default", {"rules": listed}, version=7)


def at(text: str, zone: str = "UTC") -> datetime:
    """A local time of November 2026 ("12 09:00") or any ISO time, in a zone."""
    iso = text if "-" in text else f"2026-11-{text.replace(' ', 'T')}"
    return datetime.fromisoformat(iso).replace(tzinfo=ZoneInfo(zone))


def words(**fields: Any) -> Words:
    """A promotional e-mail."""
    told = {"channel": "email", "touch_class": "promotional", **fields}
    return Words(**told)


def decided(
    rules: Policy, touches: Sequence[tuple[str, Mapping[str, Any]] | str], *, zone: str = "UTC"
) -> list[Decision]:
    """The decision about each touch at its time, in order."""
    planned = []
    for number, touch in enumerate(touches):
        when, fields = (touch, {}) if isinstance(touch, str) else touch
        told = dict(fields)
        dispatch = told.pop("dispatch", None)
        touch_id = told.pop("touch_id", f"t-{number:03d}")
        planned.append(Planned(touch_id, "ana", words(**told), to_ms(at(when, zone)), dispatch))
    home = ZoneInfo(zone)
    return [decision for _, decision in simulate(planned, rules, Zones(home, UTC_ZONE))]


def marks(rules: Policy, touches: Sequence[tuple[str, Mapping[str, Any]] | str], *, zone: str = "UTC") -> str:
    """The same as ticks and crosses."""
    found = decided(rules, touches, zone=zone)
    return " ".join("✓" if one.verdict is Verdict.SEND else "✗" for one in found)
