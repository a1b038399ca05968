"""/v1/catalogs: the items that creatives show, saved in batches."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.catalogs import items as rules
from app.domain.problems import Refused
from app.domain.scopes import Scope
from app.flows import catalogs
from app.flows.reporting import list_cursor, read_list_cursor
from app.stores.cold.catalogs import Catalog, Item
from app.web.api.batches import many
from app.web.api.blocks import PageQuery
from app.web.api.customers import BatchAnswer
from app.web.api.fields import Answer, Body, Id, Moment, Path
from app.web.bodies import JSON, NDJSON
from app.web.routing import Call, Noun, Reply

catalog_routes = Noun("catalogs", "Items to show: what a shop sells, or a paper prints.")

Title = Annotated[str, Field(min_length=1, max_length=rules.TITLE_MAX)]
Address = Annotated[str, Field(max_length=2_048, description="begins with https:// or http://")]
Amount = Annotated[float, Field(ge=0, le=rules.NUMBER_MAX, allow_inf_nan=False)]
Tag = Annotated[str, Field(min_length=1, max_length=rules.TAG_MAX)]


class CatalogPath(Path):
    """Names a catalogue."""

    catalog: Id


class ItemPath(CatalogPath):
    """Names an item of a catalogue."""

    item_id: Id


class ItemChange(Body):
    """What changes of an item; null removes, and attributes are merged by name."""

    item_id: Id
    title: Title | None = None
    description: Annotated[str | None, Field(max_length=rules.TEXT_MAX)] = None
    image_url: Address | None = None
    url: Address | None = None
    price: Amount | None = None
    original_price: Annotated[Amount | None, Field(description="the price that is struck through")] = None
    currency: Annotated[str | None, Field(pattern="^[A-Z]{3}$", description="ISO 4217")] = None
    stock: Annotated[int | None, Field(ge=0, le=rules.STOCK_MAX, description="0 is never shown")] = None
    category: Title | None = None
    brand: Tag | None = None
    tags: Annotated[list[Tag] | None, Field(max_length=rules.TAGS_MAX)] = None
    rating: Annotated[float | None, Field(ge=0, le=rules.RATING_MAX, allow_inf_nan=False)] = None
    available_from: Moment | None = None
    available_until: Annotated[Moment | None, Field(description="from this second on not shown")] = None
    attributes: Annotated[
        dict[str, Any] | None, Field(description="anything else: texts, numbers, booleans and lists of them")
    ] = None


class ItemBody(ItemChange):
    """An item, whole: what is not named is empty afterwards."""

    title: Title


class ItemAnswer(Answer):
    """An item, and what its changes told."""

    item_id: str
    source: Literal["api", "feed"]
    added_at: datetime
    updated_at: datetime
    restocked_at: Annotated[datetime | None, Field(description="when its stock last rose from 0")] = None
    cheaper_at: datetime | None = None
    earlier_price: Annotated[float | int | None, Field(description="before it became cheaper")] = None
    title: str
    description: str | None = None
    image_url: str | None = None
    url: str | None = None
    price: float | int | None = None
    original_price: float | int | None = None
    currency: str | None = None
    stock: int | None = None
    category: str | None = None
    brand: str | None = None
    tags: list[str] | None = None
    rating: float | int | None = None
    available_from: datetime | None = None
    available_until: datetime | None = None
    attributes: dict[str, Any] | None = None


class ItemsAnswer(Answer):
    """Items by id."""

    items: list[ItemAnswer]
    next_cursor: str | None = None


class CatalogAnswer(Answer):
    """A catalogue, and how many items it has."""

    catalog: str
    items: int
    edition: Annotated[int, Field(description="one more with every write of its items")]
    created_at: datetime
    updated_at: datetime


class CatalogsAnswer(Answer):
    """All catalogues, by name."""

    catalogs: list[CatalogAnswer]


class Removed(Answer):
    """It is forgotten."""

    status: Literal["removed"] = "removed"


@catalog_routes.route("GET", "/v1/catalogs", Scope.INGEST, answers={200: CatalogsAnswer})
def list_catalogs(call: Call) -> Mapping[str, Any]:
    """List the catalogues"""
    return {"catalogs": [_catalog(one) for one in catalogs.everything(call.house.cold)]}


@catalog_routes.route(
    "GET", "/v1/catalogs/<catalog>", Scope.INGEST, answers={200: CatalogAnswer, 404: "Unknown catalogue"}
)
def read_catalog(call: Call, path: CatalogPath) -> Mapping[str, Any]:
    """Read what there is of a catalogue"""
    return _catalog(catalogs.fetch(call.house.cold, path.catalog))


@catalog_routes.route(
    "DELETE", "/v1/catalogs/<catalog>", Scope.INGEST, answers={200: Removed, 404: "Unknown catalogue"}
)
def remove_catalog(call: Call, path: CatalogPath) -> Removed:
    """Forget a catalogue, with its items and its feed"""
    catalogs.remove_catalog(call.house.cold, call.house.hot, path.catalog)
    return Removed()


@catalog_routes.route(
    "PUT",
    "/v1/catalogs/<catalog>/items/batch",
    Scope.INGEST,
    answers={207: BatchAnswer},
    accepts=(JSON, NDJSON),
    shape=ItemBody,
)
def save_items(call: Call, path: CatalogPath, document: object) -> Reply:
    """Save many items

    A JSON list of at most 1,000, or NDJSON. Each takes the place of the item of its id; the catalogue is made
    with its first item. Each is `added`, `changed` or `unchanged`, and opens show it from then on.
    """
    return _saved(call, path.catalog, document, ItemBody, is_whole=True)


@catalog_routes.route(
    "PATCH",
    "/v1/catalogs/<catalog>/items/batch",
    Scope.INGEST,
    answers={207: BatchAnswer},
    accepts=(JSON, NDJSON),
    shape=ItemChange,
)
def change_items(call: Call, path: CatalogPath, document: object) -> Reply:
    """Change many items, such as their stock or price

    What is named changes, null removes, the rest stays. An item that is not there is refused.
    """
    return _saved(call, path.catalog, document, ItemChange, is_whole=False)


@catalog_routes.route(
    "GET", "/v1/catalogs/<catalog>/items", Scope.INGEST, answers={200: ItemsAnswer, 404: "Unknown catalogue"}
)
def list_items(call: Call, path: CatalogPath, query: PageQuery) -> Mapping[str, Any]:
    """List the items of a catalogue, by id"""
    part = f"items {path.catalog}"
    after = read_list_cursor(call.house.keyring, part, query.after)
    found = catalogs.page(call.house.cold, path.catalog, after=after, limit=query.limit)
    is_full = len(found) == query.limit
    more = list_cursor(call.house.keyring, part, found[-1].item_id) if is_full else None
    return {"items": [_item(one) for one in found]} | ({"next_cursor": more} if more else {})


@catalog_routes.route(
    "GET",
    "/v1/catalogs/<catalog>/items/<item_id>",
    Scope.INGEST,
    answers={200: ItemAnswer, 404: "Unknown item"},
)
def read_item(call: Call, path: ItemPath) -> Mapping[str, Any]:
    """Read an item"""
    return _item(catalogs.fetch_item(call.house.cold, path.catalog, path.item_id))


@catalog_routes.route(
    "DELETE",
    "/v1/catalogs/<catalog>/items/<item_id>",
    Scope.INGEST,
    answers={200: Removed, 404: "Unknown item"},
)
def remove_item(call: Call, path: ItemPath) -> Removed:
    """Forget an item"""
    catalogs.remove_item(call.house.cold, call.house.hot, path.catalog, path.item_id, now=call.now)
    return Removed()


def _saved(call: Call, catalog: str, document: object, shape: type[ItemChange], *, is_whole: bool) -> Reply:
    def carry(bodies: Sequence[ItemChange]) -> list[Mapping[str, Any] | Refused]:
        told = [body.model_dump(mode="json", exclude_unset=True) for body in bodies]
        house = call.house
        outcomes = catalogs.save_items(
            house.cold,
            house.hot,
            catalog,
            told,
            now=call.now,
            is_whole=is_whole,
            link_hosts=house.settings.link_hosts,
        )
        return [
            outcome if isinstance(outcome, Refused) else {"item_id": body.item_id, "status": outcome}
            for body, outcome in zip(bodies, outcomes, strict=True)
        ]

    return many(document, shape, carry, ("item_id",))


def _catalog(one: Catalog) -> dict[str, Any]:
    return {
        "catalog": one.catalog,
        "items": one.items,
        "edition": one.edition,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
    }


def _item(one: Item) -> dict[str, Any]:
    times = {"source": one.source, "added_at": one.added_at, "updated_at": one.updated_at}
    return {**one.document, **one.signals, **times}
