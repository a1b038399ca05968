"""What is wrong with a deployment: each finding with what is, why it matters and what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from app.flows import keys
from app.flows.checking import check_everything
from app.flows.places import NoPlaces, Places
from app.stores.absence import Unavailable
from app.stores.cold.engine import Cold
from app.stores.hot.condition import Condition, condition
from app.stores.hot.published import Snapshot
from app.stores.hot.server import FORMAT, HotStore
from app.stores.hot.spool import Spool

Status = Literal["ok", "warn", "fail"]

VERSION_MIN = (7, 0)
MEMORY_WARN = 0.8  # of what Redis may use
CLOCK_WARN_S, CLOCK_FAIL_S = 2.0, 60.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `why` and `remedy` are empty where it is as it should be."""

    name: str
    status: Status
    what: str
    why: str = ""
    remedy: str = ""


def good(name: str, what: str) -> Finding:
    """All is well."""
    return Finding(name, "ok", what)


# Why a check of app/flows/checking.py matters, and what to do when it is not ok.
_REASONS: Mapping[str, tuple[str, str]] = {
    "redis": (
        "without Redis readers see fallbacks, decisions are deferred, and the API refuses writes",
        "start it (`mailtide run` brings its own) or mend REDIS_URL; `mailtide rebuild` mends lost data",
    ),
    "sql": (
        "without SQL nothing can be authored or reported, and events pile up in Redis",
        "start it or mend DATABASE_URL, then `mailtide migrate`",
    ),
    "recorder": (
        "events wait in Redis' memory, and reports, opens and caps of the past do not know them",
        "start `mailtide worker`; several may run, and a second helps where one cannot keep up",
    ),
    "jobs": (
        "what it keeps up to date grows old; the last good state is used meanwhile",
        "mend what its reason names; it is tried again by itself",
    ),
    "dead_letters": (
        "those events are in no report",
        "the table dead_letters holds each with its reason; tell us when it is a bug of ours",
    ),
    "spool": (
        "those events are in no report yet, and are lost with this disk",
        "bring Redis back: web processes and recorders then carry them on by themselves",
    ),
}


def look_at_stores(
    hot: HotStore, cold: Cold, spool: Spool, snapshot: Snapshot, *, now: datetime
) -> Iterator[Finding]:
    """The stores and what runs on them. Raises nothing for a part that is away."""
    for check in check_everything(hot, cold, spool, snapshot, now=now):
        why, remedy = _REASONS[check.name] if check.status != "ok" else ("", "")
        yield Finding(check.name, check.status, check.detail, why, remedy)
    try:
        yield from judge(condition(hot), partitions=hot.keys.partitions, now=now)
    except Unavailable:
        return  # the check of Redis said so


def judge(told: Condition, *, partitions: int, now: datetime) -> Iterator[Finding]:
    """What the server's own condition means for the deployment."""
    for look in (_version, _persistence, _eviction):
        yield look(told)
    yield _layout(told, partitions)
    yield _clock(told, now)


def look_at_keys(cold: Cold) -> Finding:
    """Whether anybody may call the API."""
    try:
        in_use = [one for one in keys.list_all(cold) if one.revoked_at is None]
    except Unavailable as away:
        return Finding("api_keys", "fail", str(away), *_REASONS["sql"])
    if in_use:
        return good("api_keys", f"{len(in_use)} in use")
    return Finding(
        "api_keys",
        "warn",
        "there is none",
        "nobody can call the API",
        "mailtide keys create NAME --scope ingest",
    )


def look_at_policy(snapshot: Snapshot, policy_id: str) -> Finding:
    """Whether the policy that decisions follow is published."""
    if snapshot.policy(policy_id) is not None:
        return good("policy", f"{policy_id!r} is published")
    return Finding(
        "policy",
        "warn",
        f"none is published as {policy_id!r}",
        "decisions hold to no cap until there is one",
        f"PUT /v1/policies/{policy_id} and publish it, or set POLICY_ID to one that is",
    )


def look_at_places(path: Path | None) -> Finding:
    """Whether the file of places can be used."""
    if path is None:
        return good("places", "no PLACE_FILE: nobody's place is known")
    try:
        return good("places", Places(path).about)
    except NoPlaces as wrong:
        return Finding(
            "places",
            "fail",
            str(wrong),
            "rules that read a place do not hold",
            "name a MaxMind DB, such as DB-IP City Lite, or leave PLACE_FILE empty",
        )


def _version(told: Condition) -> Finding:
    version = f"{told.name} {'.'.join(map(str, told.version))}"
    if told.version >= VERSION_MIN:
        return good("redis_version", version)
    return Finding(
        "redis_version",
        "fail",
        version,
        "scripts use what came with Redis 7",
        "Redis 7 or Valkey 8, or later",
    )


def _persistence(told: Condition) -> Finding:
    if told.is_append_only:
        return good("redis_persistence", "writes go to its append-only file")
    return Finding(
        "redis_persistence",
        "fail",
        "appendonly is off",
        "events answered and not yet in SQL are lost when it restarts",
        "appendonly yes in its configuration (or CONFIG SET appendonly yes, then CONFIG REWRITE)",
    )


def _eviction(told: Condition) -> Finding:
    if told.eviction not in ("noeviction", ""):
        return Finding(
            "redis_memory",
            "fail" if told.memory_max_bytes else "warn",
            f"maxmemory-policy is {told.eviction}",
            "a full server forgets customers and events without a word",
            "maxmemory-policy noeviction: a full server then refuses, and events wait in the spool",
        )
    used, most = told.memory_bytes, told.memory_max_bytes
    what = f"{used / 2**20:,.0f} MiB used" + (f" of {most / 2**20:,.0f}" if most else "") + ", evicts nothing"
    if most and used > most * MEMORY_WARN:
        return Finding("redis_memory", "warn", what, "a full server refuses writes", "give it more memory")
    return good("redis_memory", what)


def _layout(told: Condition, partitions: int) -> Finding:
    wanted = {"partitions": partitions, "format": FORMAT}
    wrong = {name: held for name, held in told.held.items() if held != wanted.get(name, held)}
    if not wrong:
        return good(
            "partitions", f"{partitions}, as the data are" if told.held else f"{partitions}; no data yet"
        )
    return Finding(
        "partitions",
        "fail",
        "; ".join(
            f"its data have {name} {held}, the settings say {wanted[name]}" for name, held in wrong.items()
        ),
        "customers would be looked for where they are not",
        "set PARTITIONS back, or start with an empty Redis and `mailtide rebuild`",
    )


def _clock(told: Condition, now: datetime) -> Finding:
    apart_s = abs((told.at - now).total_seconds())
    if apart_s < CLOCK_WARN_S:
        return good("clock", "agrees with Redis'")
    return Finding(
        "clock",
        "fail" if apart_s > CLOCK_FAIL_S else "warn",
        f"this machine's and Redis' are {apart_s:.0f} s apart",
        "caps, countdowns and the order of events go by these clocks",
        "let both keep time by NTP",
    )
