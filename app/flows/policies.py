"""Policies: a draft is checked and saved, becomes a version, comes into force; and is tried before that."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.frequency.decision import Decision
from app.domain.frequency.policy import Policy, compile_policy
from app.domain.frequency.simulation import Planned
from app.domain.frequency.simulation import simulate as simulate_policy
from app.domain.frequency.windows import Zones
from app.domain.problems import Conflict, Invalid, NotFound, Problem
from app.flows import publications
from app.flows.publishing import let_out, require_hot
from app.stores.absence import Unavailable
from app.stores.cold import policies
from app.stores.cold.drafts import Draft, Version
from app.stores.cold.engine import Cold, Connection
from app.stores.hot.published import Snapshot
from app.stores.hot.server import HotStore

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """What decisions are made by: the policy in force, if any, and the zone of who has none."""

    policy: Policy | None
    deployment_zone: ZoneInfo


def save_draft(
    cold: Cold, policy_id: str, document: Document, *, now: datetime, by: str, expected: int | None
) -> int:
    """Check a draft and keep it; answers its edition. Raises Invalid, Conflict when stale, Unavailable."""
    compile_policy(policy_id, document, version=0)
    with cold.writing() as connection:
        return policies.save_draft(connection, policy_id, document, now=now, by=by, expected=expected)


def fetch(cold: Cold, policy_id: str) -> Draft:
    """The draft. Raises NotFound, Unavailable."""
    with cold.reading() as connection:
        return _fetch(connection, policy_id)


def page(cold: Cold, *, after: str, limit: int) -> list[Draft]:
    """Drafts by id. Raises Unavailable."""
    with cold.reading() as connection:
        return policies.page(connection, after=after, limit=limit)


def publish_draft(
    cold: Cold, hot: HotStore, policy_id: str, *, now: datetime, by: str, note: str, expected: int | None
) -> int:
    """Make the draft the next version and put it in force; answers its number.

    Raises NotFound, Invalid, Conflict when the draft is at another edition, Unavailable.
    """
    require_hot(hot)
    with cold.writing() as connection:
        draft = _fetch(connection, policy_id)
        if expected is not None and draft.edition != expected:
            raise Conflict(f"The draft is at edition {draft.edition} by now: read it again, then publish.")
        compile_policy(policy_id, draft.document, version=0)
        version = policies.publish(connection, policy_id, now=now, by=by, note=note)
    assert version is not None  # noqa: S101 - the draft was fetched in the same transaction
    let_out(hot, publications.of_policy(policy_id, version, draft.document), f"Version {version}")
    return version


def versions(cold: Cold, policy_id: str) -> tuple[Draft, list[Version]]:
    """The draft and every version, newest first. Raises NotFound, Unavailable."""
    with cold.reading() as connection:
        return _fetch(connection, policy_id), policies.versions(connection, policy_id)


def roll_back(cold: Cold, hot: HotStore, policy_id: str, number: int) -> None:
    """Put an earlier version in force again. Raises NotFound, Invalid, Unavailable."""
    require_hot(hot)
    with cold.writing() as connection:
        _fetch(connection, policy_id)
        version = policies.version(connection, policy_id, number)
        if version is None:
            raise Invalid(problems=[Problem("/version", f"there is no version {number} of this policy")])
        policies.point_to(connection, policy_id, number)
    let_out(hot, publications.of_policy(policy_id, number, version.document), f"Version {number}")


def in_force(snapshot: Snapshot, policy_id: str, deployment_zone: str) -> Terms:
    """What this process decides by now; no policy where none is published.

    Raises Unavailable when one is published that this version cannot read.
    """
    held = snapshot.policy(policy_id)
    if held is None:
        # Published a moment ago by another process: the snapshot looks once a second by itself.
        # With Redis away nothing can be counted either, and the decision says so.
        with suppress(Unavailable):
            snapshot.refresh()
        held = snapshot.policy(policy_id)
    return Terms(_compiled(policy_id, held), ZoneInfo(deployment_zone))


def simulate(
    cold: Cold,
    policy_id: str,
    planned: Sequence[Planned],
    *,
    draft: bool | Document,
    zone: str,
) -> list[tuple[Planned, Decision]]:
    """Try a policy on a schedule: the published version, the draft, or a document that is given.

    A policy that was never published is tried as its draft. Raises NotFound, Invalid, Unavailable.
    """
    zones = Zones(ZoneInfo(zone), ZoneInfo(zone))
    if isinstance(draft, Mapping):
        return simulate_policy(planned, compile_policy(policy_id, draft, version=0, pointer="/draft"), zones)
    with cold.reading() as connection:
        held = _fetch(connection, policy_id)
        number = None if draft else held.published_version
        version = policies.version(connection, policy_id, number) if number is not None else None
    document = version.document if version else held.document
    policy = compile_policy(policy_id, document, version=version.version if version else 0)
    return simulate_policy(planned, policy, zones)


# The version of each policy that was compiled last. A snapshot's document is one object until it changes.
_last: dict[str, tuple[Document, Policy]] = {}


def _compiled(policy_id: str, held: Document | None) -> Policy | None:
    if held is None:
        return None
    last = _last.get(policy_id)
    if last is not None and last[0] is held:
        return last[1]
    try:
        policy = compile_policy(policy_id, held["document"], version=int(held["version"]))
    except (Invalid, KeyError, TypeError, ValueError) as wrong:
        # Published by another version of the house: no policy at all would let everything pass.
        raise Unavailable(f"the published policy {policy_id} cannot be read: {wrong}") from wrong
    _last[policy_id] = (held, policy)
    return policy


def _fetch(connection: Connection, policy_id: str) -> Draft:
    draft = policies.fetch(connection, policy_id)
    if draft is None:
        raise NotFound(f"There is no policy {policy_id}.")
    return draft
