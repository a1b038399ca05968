"""/v1/events: the log of everything that happened, by cursor, as JSON, NDJSON or CSV."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

from flask import request
from pydantic import Field

from app.domain.events import INTERNAL, Event, EventType
from app.domain.problems import Invalid, Problem
from app.domain.scopes import Scope
from app.flows import reporting
from app.flows.reporting import Wanted
from app.stores.cold.events import StoredEvent
from app.stores.hot.codec import encode
from app.web.api.fields import PAGE_MAX, Answer, Id, Moment, Query
from app.web.bodies import JSON, NDJSON
from app.web.routing import Call, Noun, Reply
from app.web.sentences import did_you_mean

event_routes = Noun("events", "Every impression, open, click, touch and decision, in the order of recording.")

CSV = "text/csv"
CURSOR = "Mailtide-Next-Cursor"
PAGE_USUAL = 100
TYPES = [one.value for one in EventType if one not in INTERNAL]
COLUMNS = (
    "event_id",
    "type",
    "at",
    "received_at",
    "customer_id",
    "touch_id",
    "message_id",
    "block_id",
    "variant",
    "why",
    "opener_class",
    "opener_certainty",
    "opener_reason",
    "url",
)


class EventsQuery(Query):
    """Which events."""

    after: Annotated[str | None, Field(max_length=800, description="the next_cursor of the page before")] = (
        None
    )
    limit: Annotated[
        int | None, Field(ge=1, le=PAGE_MAX, description="if not said: 100 as JSON, all as NDJSON or CSV")
    ] = None
    types: Annotated[
        str | None, Field(max_length=200, description="separated by commas: " + ", ".join(TYPES))
    ] = None
    from_: Annotated[Moment | None, Field(alias="from", description="happened at or after")] = None
    until: Annotated[Moment | None, Field(description="happened before")] = None
    block: Id | None = None
    message: Id | None = None
    customer: Id | None = None


class OpenerAnswer(Answer):
    """Who asked, how sure that is, and the signal that told."""

    class_: Annotated[str, Field(alias="class")]
    certainty: str
    reason: str


class EventAnswer(Answer):
    """One fact."""

    event_id: str
    type: str
    at: datetime
    received_at: datetime
    customer_id: str | None = None
    touch_id: str | None = None
    message_id: str | None = None
    block_id: str | None = None
    variant: str | None = None
    why: str | None = None
    opener: OpenerAnswer | None = None
    url: str | None = None
    details: Annotated[
        dict[str, Any] | None, Field(description="what only this type has: a decision's reasons, …")
    ] = None


class EventsAnswer(Answer):
    """A page of the log; ask again with `next_cursor` for what comes after it, now or later."""

    events: list[EventAnswer]
    next_cursor: str | None = None


@event_routes.route("GET", "/v1/events", Scope.REPORT, answers={200: EventsAnswer})
def read_events(call: Call, query: EventsQuery) -> Reply:
    """Read the log

    Accept: application/x-ndjson or text/csv streams it to its end (or the limit); the header
    Mailtide-Next-Cursor then says where to go on another time.
    """
    wanted = Wanted(
        after=reporting.read_event_cursor(call.house.keyring, query.after),
        types=_types(query.types),
        since=query.from_,
        until=query.until,
        block_id=query.block,
        message_id=query.message,
        customer_id=query.customer,
    )
    media = request.accept_mimetypes.best_match([JSON, NDJSON, CSV], default=JSON)
    if media == JSON or query.limit is not None:
        return _page(call, wanted, query.limit or PAGE_USUAL, media)
    end = max(reporting.end_of_log(call.house.cold), wanted.after)
    return _lines(call, reporting.read_all(call.house.cold, wanted, end=end), end, media)


def event_answer(event: Event) -> dict[str, Any]:
    """An event as the API shows it."""
    shown: dict[str, Any] = {
        "event_id": event.event_id,
        "type": event.type.value,
        "at": event.at,
        "received_at": event.received_at,
        "customer_id": event.customer_id,
        "touch_id": event.touch_id,
        "message_id": event.message_id,
        "block_id": event.block_id,
        "variant": event.variant,
        "why": event.why,
        "opener": opener_answer(event.opener) if event.opener else None,
        "url": event.url,
        "details": event.details or None,
    }
    return {name: value for name, value in shown.items() if value is not None}


def opener_answer(opener: Any) -> dict[str, str]:
    """A judgement as the API shows it."""
    return {"class": opener.opener_class.value, "certainty": opener.certainty, "reason": opener.reason}


def _page(call: Call, wanted: Wanted, limit: int, media: str) -> Reply:
    found = reporting.read_page(call.house.cold, wanted, limit=limit)
    # Where nothing new came, the same place is given again: a caller that polls never loses it.
    end = found[-1].seq if found else wanted.after
    if media != JSON:
        return _lines(call, iter(found), end, media)
    body = {"events": [event_answer(one.event) for one in found]}
    return Reply(body | {"next_cursor": reporting.event_cursor(call.house.keyring, end) if end else None})


def _lines(call: Call, found: Iterator[StoredEvent], end: int, media: str) -> Reply:
    headers = {CURSOR: reporting.event_cursor(call.house.keyring, end)} if end else {}
    lines = _csv_lines(found) if media == CSV else (encode(event_answer(one.event)) + b"\n" for one in found)
    return Reply(_portions(lines), headers=headers, media=media)


def _csv_lines(found: Iterator[StoredEvent]) -> Iterator[bytes]:
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    for one in found:
        shown = event_answer(one.event)
        flat = {f"opener_{name}": value for name, value in shown.pop("opener", {}).items()} | shown
        writer.writerow([_cell(flat.get(name, "")) for name in COLUMNS])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()
    yield line.getvalue().encode()


def _cell(value: object) -> object:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def _portions(lines: Iterator[bytes]) -> Iterator[bytes]:
    # A write to the network for every line would cost more than reading them.
    portion: list[bytes] = []
    for line in lines:
        portion.append(line)
        if len(portion) == 200:
            yield b"".join(portion)
            portion = []
    yield b"".join(portion)


def _types(told: str | None) -> list[EventType]:
    names = [name.strip() for name in told.split(",") if name.strip()] if told else []
    unknown = [name for name in names if name not in TYPES]
    if unknown:
        detail = f"{unknown[0][:40]!r} is no type of event" + did_you_mean(unknown[0], TYPES)
        raise Invalid(problems=[Problem("?types", detail)])
    return [EventType(name) for name in names]
