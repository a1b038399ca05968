"""/v1/catalogs/{catalog}/feed: where a catalogue's items come from by themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.scopes import Scope
from app.flows.feeds import saying
from app.stores.cold.feeds import StoredFeed
from app.web.api.catalogs import CatalogPath, Removed, catalog_routes
from app.web.api.fields import Answer, Body
from app.web.routing import Call

feed_routes = catalog_routes.more("feeds")


class FeedBody(Body):
    """An address and the form of what is there; fields that shops usually have are found by themselves."""

    url: Annotated[str, Field(max_length=2_000, description="https, on the public internet")]
    format: Literal["csv", "json", "rss", "xml"]
    mapping: Annotated[
        dict[str, str], Field(description='which of its fields say what: {"item_id": "sku"}')
    ] = Field(default_factory=dict)
    every: Annotated[str | None, Field(description="from PT5M to P7D; PT1H if not said")] = None
    path: Annotated[
        str | None, Field(description="where in JSON the list is, or what in XML an item is called")
    ] = None


class HeldBack(Answer):
    """A feed that has less than half of its items."""

    had: int
    has: int


class RecordProblem(Answer):
    """A record that cannot be used."""

    record: Annotated[int, Field(description="its place in the feed, from 1")]
    detail: str


class FeedAnswer(Answer):
    """A feed, and how the last look at it ended."""

    catalog: str
    url: str
    format: str
    mapping: dict[str, str]
    every: str
    path: str | None = None
    status: Annotated[
        Literal["waiting", "good", "failed", "held"],
        Field(description="held: it shrank by more than half, and waits for a confirmation"),
    ]
    reason: Annotated[str | None, Field(description="why it failed or is held")] = None
    failures: int = 0
    polled_at: datetime | None = None
    last_good_at: datetime | None = None
    next_at: datetime
    items: int | None = None
    added: Annotated[int | None, Field(description="by the last look that changed anything")] = None
    changed: int | None = None
    removed: int | None = None
    unchanged: int | None = None
    refused: int | None = None
    problems: list[RecordProblem] = Field(default_factory=list)
    held: HeldBack | None = None


@feed_routes.route("PUT", "/v1/catalogs/<catalog>/feed", Scope.INGEST, answers={200: FeedAnswer})
def save_feed(call: Call, path: CatalogPath, body: FeedBody) -> Mapping[str, Any]:
    """Have a catalogue's items fetched from an address

    A worker looks at once and then at its interval. Items that are not in it any more are removed, those
    saved by the API stay. What cannot be used leaves the last good items; less than half of them waits.
    """
    document = body.model_dump(exclude_none=True)
    return _shown(saying.save(call.house.cold, call.house.hot, path.catalog, document, now=call.now))


@feed_routes.route(
    "GET", "/v1/catalogs/<catalog>/feed", Scope.INGEST, answers={200: FeedAnswer, 404: "No feed"}
)
def read_feed(call: Call, path: CatalogPath) -> Mapping[str, Any]:
    """Read a feed and how the last look at it ended"""
    return _shown(saying.fetch(call.house.cold, path.catalog))


@feed_routes.route(
    "POST", "/v1/catalogs/<catalog>/feed/poll", Scope.INGEST, answers={200: FeedAnswer, 404: "No feed"}
)
def poll_feed(call: Call, path: CatalogPath) -> Mapping[str, Any]:
    """Have a feed looked at within seconds"""
    return _shown(saying.look_now(call.house.cold, call.house.hot, path.catalog, now=call.now))


@feed_routes.route(
    "POST",
    "/v1/catalogs/<catalog>/feed/confirm",
    Scope.INGEST,
    answers={200: FeedAnswer, 404: "No feed", 409: "Not held back"},
)
def confirm_feed(call: Call, path: CatalogPath) -> Mapping[str, Any]:
    """Let a feed shrink that was held back"""
    return _shown(saying.confirm(call.house.cold, call.house.hot, path.catalog, now=call.now))


@feed_routes.route(
    "DELETE", "/v1/catalogs/<catalog>/feed", Scope.INGEST, answers={200: Removed, 404: "No feed"}
)
def remove_feed(call: Call, path: CatalogPath) -> Removed:
    """Forget a feed; its items stay"""
    saying.remove(call.house.cold, path.catalog)
    return Removed()


def _shown(feed: StoredFeed) -> dict[str, Any]:
    state = feed.state
    told = {name: state[name] for name in _TOLD if state.get(name) not in (None, "")}
    plan = {"mapping": {}, "every": "PT1H", **feed.document}
    times = {"last_good_at": state.get("good_at"), "next_at": feed.next_at}
    shown = {"catalog": feed.catalog, **plan, "status": "waiting", **told, **times}
    return {name: value for name, value in shown.items() if value is not None}


_TOLD = (
    "status", "reason", "failures", "polled_at", "items", "added", "changed", "removed", "unchanged",
    "refused", "problems", "held",
)  # fmt: skip
