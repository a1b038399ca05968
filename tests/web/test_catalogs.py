"""/v1/catalogs: items are saved in batches, changed, read and removed, and opens have them at once."""

import json
from typing import Any

import pytest

from app.flows import catalogs, shelving
from app.stores.cold import catalogs as cold_catalogs
from app.stores.cold.catalogs import Item
from app.stores.hot import catalogs as hot_catalogs
from app.stores.hot import jobs
from tests import make
from tests.web.conftest import Caller

MUG = {
    "item_id": "mug",
    "title": "Tide mug",
    "price": 24,
    "currency": "EUR",
    "stock": 3,
    "url": "https://shop.example/mug",
    "image_url": "https://img.shop.example/mug.png",
    "category": "Mugs",
    "tags": ["blue", "new"],
    "rating": 4.5,
    "available_from": "2026-11-01T09:00:00+01:00",
    "attributes": {"colour": "blue", "weight_g": 320, "sizes": ["s", "m"]},
}
BOWL = {"item_id": "bowl", "title": "Moss bowl"}
BATCH = "/v1/catalogs/shop/items/batch"


def put(call: Caller, *items: dict[str, Any], method: str = "PUT", path: str = BATCH) -> list[dict[str, Any]]:
    answer = call(method, path, list(items), scope="ingest")
    assert answer.status == 207, answer.text
    results: list[dict[str, Any]] = answer.json["results"]
    return results


def statuses(results: list[dict[str, Any]]) -> list[str]:
    return [one["status"] for one in results]


def hot_items(call: Caller, *item_ids: str) -> list[dict[str, object]]:
    return hot_catalogs.fetch_items(call.house.hot, "shop", item_ids)


def test_items_are_saved_and_read_and_every_open_has_them(call: Caller) -> None:
    results = put(call, MUG, BOWL)

    assert [(one["index"], one["code"], one["item_id"], one["status"]) for one in results] == [
        (0, 200, "mug", "added"),
        (1, 200, "bowl", "added"),
    ]
    read = call.ok("GET", "/v1/catalogs/shop/items/mug")
    assert {name: read[name] for name in MUG} == MUG | {"available_from": "2026-11-01T08:00:00+00:00"}
    assert read["source"] == "api"
    assert [one["title"] for one in hot_items(call, "bowl", "mug")] == ["Moss bowl", "Tide mug"]


def test_an_item_takes_the_place_of_the_one_before(call: Caller) -> None:
    put(call, MUG, BOWL)

    results = put(call, {"item_id": "mug", "title": "Ebb mug"}, BOWL)

    assert statuses(results) == ["changed", "unchanged"]
    assert hot_items(call, "mug") == [{"item_id": "mug", "title": "Ebb mug"}]


def test_a_change_leaves_the_rest_and_null_removes(call: Caller) -> None:
    put(call, MUG)

    change = {"item_id": "mug", "stock": 0, "rating": None, "attributes": {"colour": None, "weight_g": 300}}
    results = put(call, change, {"item_id": "vase", "stock": 1}, method="PATCH")

    assert statuses(results) == ["changed", "refused"]
    assert results[1]["code"] == 404
    read = call.ok("GET", "/v1/catalogs/shop/items/mug")
    assert (read["stock"], read["title"], "rating" in read) == (0, "Tide mug", False)
    assert read["attributes"] == {"weight_g": 300, "sizes": ["s", "m"]}


def test_of_an_item_that_comes_twice_the_later_one_stands(call: Caller) -> None:
    results = put(call, MUG, {**MUG, "stock": 9})

    assert statuses(results) == ["added", "changed"]
    assert hot_items(call, "mug")[0]["stock"] == 9


def test_what_changes_tell_is_kept(call: Caller) -> None:
    put(call, {**MUG, "stock": 0})

    put(call, {"item_id": "mug", "stock": 5, "price": 18}, method="PATCH")
    told = hot_items(call, "mug")[0]
    put(call, {"item_id": "mug", "price": 30, "stock": 0}, method="PATCH")
    later = hot_items(call, "mug")[0]

    assert told["earlier_price"] == 24
    assert told["cheaper_at"] == told["restocked_at"]
    assert not {"earlier_price", "cheaper_at", "restocked_at"} & later.keys()


def test_catalogues_are_listed_and_their_items_in_pages(call: Caller) -> None:
    put(call, MUG, BOWL)
    put(call, {"item_id": "essay", "title": "On tides"}, path="/v1/catalogs/paper/items/batch")

    listed = call.ok("GET", "/v1/catalogs")["catalogs"]
    first = call.ok("GET", "/v1/catalogs/shop/items?limit=1")
    second = call.ok("GET", f"/v1/catalogs/shop/items?limit=1&after={first['next_cursor']}")

    assert [(one["catalog"], one["items"]) for one in listed] == [("paper", 1), ("shop", 2)]
    assert [one["item_id"] for page in (first, second) for one in page["items"]] == ["bowl", "mug"]
    assert call.ok("GET", "/v1/catalogs/shop")["items"] == 2


def test_an_item_and_a_catalogue_are_forgotten(call: Caller) -> None:
    put(call, MUG, BOWL)

    call.ok("DELETE", "/v1/catalogs/shop/items/mug")

    assert call("GET", "/v1/catalogs/shop/items/mug").status == 404
    assert call("DELETE", "/v1/catalogs/shop/items/mug").status == 404
    assert hot_items(call, "mug", "bowl") == [BOWL]
    call.ok("DELETE", "/v1/catalogs/shop")
    assert call("GET", "/v1/catalogs/shop").status == 404
    assert hot_items(call, "bowl") == []


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"title": None}, "/title"),
        ({"title": "x" * 301}, "/title"),
        ({"title": "a\x00b"}, "/title"),
        ({"url": "javascript:alert(1)"}, "/url"),
        ({"url": "https://ana@shop.example/"}, "/url"),
        ({"image_url": "//img.shop.example/a"}, "/image_url"),
        ({"price": -1}, "/price"),
        ({"price": "24"}, "/price"),
        ({"stock": 1.5}, "/stock"),
        ({"stock": True}, "/stock"),
        ({"currency": "€"}, "/currency"),
        ({"rating": 6}, "/rating"),
        ({"tags": ["a"] * 31}, "/tags"),
        ({"available_from": "2026-11-01"}, "/available_from"),
        ({"available_until": "2026-10-01T00:00:00Z"}, "/available_until"),
        ({"colour": "blue"}, "/colour"),
        ({"attributes": {"9": 1}}, "/attributes/9"),
        ({"attributes": {"deep": {"er": 1}}}, "/attributes/deep"),
        ({"attributes": {"long": "x" * 1001}}, "/attributes/long"),
        ({"attributes": {f"a{number}": 1 for number in range(51)}}, "/attributes"),
        ({"item_id": "a b"}, "/item_id"),
    ],
)
def test_a_bad_item_is_pointed_at_and_spoils_no_other(
    call: Caller, fields: dict[str, object], pointer: str
) -> None:
    results = put(call, {**MUG, **fields}, BOWL)

    assert statuses(results) == ["refused", "added"]
    assert pointer in [error["pointer"] for error in results[0]["errors"]]
    assert call.ok("GET", "/v1/catalogs/shop")["items"] == 1


def test_a_catalogue_of_many_comes_as_lines(call: Caller) -> None:
    lines = "\n".join(json.dumps({**BOWL, "item_id": f"bowl-{number}"}) for number in range(2_500))

    answer = call("PUT", BATCH, data=lines, content_type="application/x-ndjson")

    assert (answer.json["accepted"], answer.json["refused"]) == (2_500, 0)
    assert call.ok("GET", "/v1/catalogs/shop")["items"] == 2_500
    assert len(hot_items(call, "bowl-0", "bowl-2499")) == 2


def test_items_need_the_scope_that_writes_facts(call: Caller) -> None:
    assert call("PUT", BATCH, [MUG], scope="report").status == 403
    assert call("GET", "/v1/catalogs", scope=None).status == 401


def test_with_redis_away_nothing_is_saved_and_the_platform_is_told(call: Caller) -> None:
    call.ok("GET", "/v1/catalogs")
    call.valkey.kill()

    answer = call("PUT", BATCH, [MUG])

    assert answer.status == 503
    call.valkey.start()
    assert call("GET", "/v1/catalogs/shop").status == 404


def test_a_server_that_lost_its_data_gets_the_catalogues_back(call: Caller) -> None:
    put(call, MUG, BOWL)
    put(call, {"item_id": "mug", "stock": 5}, method="PATCH")
    call.house.hot.client.flushall()

    brought = catalogs.bring_along(call.house.cold, call.house.hot)

    assert brought == 1
    assert [one.get("stock") for one in hot_items(call, "mug", "bowl")] == [5, None]
    assert catalogs.bring_along(call.house.cold, call.house.hot) == 0


def test_a_write_that_never_reached_redis_is_brought_along(call: Caller) -> None:
    put(call, MUG)
    lost = Item("bowl", BOWL, {}, "api", make.NOW, make.NOW)
    with call.house.cold.writing() as connection:
        cold_catalogs.advance(connection, "shop", now=make.NOW)
        cold_catalogs.save_items(connection, "shop", [lost])
    put(call, {**MUG, "stock": 1})
    before = hot_items(call, "bowl")

    brought = catalogs.bring_along(call.house.cold, call.house.hot)

    assert (before, brought, hot_items(call, "bowl")) == ([], 1, [BOWL])
    assert catalogs.bring_along(call.house.cold, call.house.hot) == 0


def test_who_publishes_what_shows_items_need_not_wait_for_its_lists(call: Caller) -> None:
    put(call, MUG)
    variant = {"id": "a", "items": {"catalog": "shop", "select": "newest"}, "creative": make.creative("x")}
    call.ok("PUT", "/v1/blocks/hero", make.block())
    call.ok("POST", "/v1/blocks/hero/publish", {"note": ""})
    before = jobs.asked(call.house.hot)
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=[variant]))

    call.ok("POST", "/v1/blocks/hero/publish", {"note": ""})

    assert (shelving.JOB in before, shelving.JOB in jobs.asked(call.house.hot)) == (False, True)


CARD = {"kind": "card", "params": {"title": "{{ item.title }}", "image": "{{ item.image_url }}"}}


def test_a_block_whose_pictures_come_with_its_items_can_be_saved(call: Caller) -> None:
    variant = {"id": "a", "items": {"catalog": "shop", "select": "newest"}, "creative": CARD}
    document = make.block(variants=[variant], width=400, height=300)

    assert call("PUT", "/v1/blocks/hero", document).status == 200
    bad = {**CARD, "params": {"title": "x", "image": "hero"}}
    refused = call("PUT", "/v1/blocks/hero", {**document, "variants": [{**variant, "creative": bad}]})
    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] == "/variants/0/creative/params/image"
