"""/v1/blocks/{id}/preview: what would be shown, and why, with nothing left behind."""

import base64
import io

from PIL import Image as Pictures

from tests import make
from tests.web.conftest import Caller


def test_a_preview_shows_what_a_customer_would_see_and_every_rule(call: Caller, saved) -> None:
    saved("ana", tier="gold", first_name="Ana", points=420)
    call.ok("PUT", "/v1/blocks/hero", make.block())

    seen = call.ok("POST", "/v1/blocks/hero/preview", {"customer_id": "ana"})

    assert (seen["choice"]["variant"], seen["choice"]["why"]) == ("gold", "rule_held")
    [row] = seen["choice"]["trace"]
    assert row["terms"] == [
        {
            "pointer": "/customer.tier",
            "path": "customer.tier",
            "operator": "$eq",
            "expected": "gold",
            "seen": "gold",
            "held": True,
        }
    ]
    assert seen["link"] == "https://shop.example/gold?c=420"
    head, _, data = seen["image"].partition(",")
    assert head == "data:image/png;base64"
    with Pictures.open(io.BytesIO(base64.b64decode(data))) as picture:
        assert picture.size == (300, 100)
    assert seen["took_ms"] > 0


def test_a_customer_may_be_made_up(call: Caller) -> None:
    call.ok("PUT", "/v1/blocks/hero", make.block())

    gold = call.ok("POST", "/v1/blocks/hero/preview", {"customer": {"attributes": {"tier": "gold"}}})
    silver = call.ok("POST", "/v1/blocks/hero/preview", {"customer": {"attributes": {"tier": "silver"}}})
    nobody = call.ok("POST", "/v1/blocks/hero/preview", {})

    assert gold["choice"]["variant"] == "gold"
    assert (silver["choice"]["variant"], silver["choice"]["why"]) == ("fallback", "no_rule_held")
    assert (nobody["choice"]["why"], nobody["choice"]["trace"]) == ("unknown_customer", [])


def test_the_time_and_the_version_may_be_told(call: Caller) -> None:
    variant = {**make.block()["variants"][0], "when": None, "until": "2026-12-01T00:00:00Z"}  # type: ignore[index]
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=[variant]))
    call.ok("POST", "/v1/blocks/hero/publish", {})
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=[]))

    def variant_at(at: str, **fields: object) -> str:
        body = {"customer": {}, "at": at, **fields}
        return str(call.ok("POST", "/v1/blocks/hero/preview", body)["choice"]["variant"])

    assert variant_at("2026-11-30T23:59:59Z", version=1) == "gold"
    assert variant_at("2026-12-01T00:00:00Z", version=1) == "fallback"
    assert variant_at("2026-11-30T23:59:59Z") == "fallback"
    assert call("POST", "/v1/blocks/hero/preview", {"version": 7}).status == 404


def test_a_preview_leaves_nothing_behind(call: Caller, saved) -> None:
    saved("ana", tier="gold")
    call.ok("PUT", "/v1/blocks/hero", make.block())
    before = sorted(call.house.hot.client.keys("*")), len(call.waiting())

    call.ok("POST", "/v1/blocks/hero/preview", {"customer_id": "ana"})

    assert (sorted(call.house.hot.client.keys("*")), len(call.waiting())) == before


def test_a_draft_saved_again_is_previewed_anew(call: Caller) -> None:
    call.ok("PUT", "/v1/blocks/hero", make.block())
    first = call.ok("POST", "/v1/blocks/hero/preview", {})
    other = {"creative": make.creative("Autumn is here")}

    call.ok("PUT", "/v1/blocks/hero", make.block(fallback=other))

    assert call.ok("POST", "/v1/blocks/hero/preview", {})["image"] != first["image"]


def test_an_unknown_customer_and_a_strange_one_are_refused(call: Caller) -> None:
    call.ok("PUT", "/v1/blocks/hero", make.block())

    unknown = call("POST", "/v1/blocks/hero/preview", {"customer_id": "nobody"})
    strange = call("POST", "/v1/blocks/hero/preview", {"customer": {"attributes": {"a b": 1}}})

    assert unknown.status == 404
    assert strange.status == 422
    assert strange.json["errors"][0]["pointer"] == "/customer/attributes/a b"


def test_a_draft_shows_the_items_it_would_show(call: Caller, saved) -> None:
    saved("ana")
    names = ("bowl", "mug", "vase")
    items = [{"item_id": one, "title": one, "url": f"https://shop.example/{one}"} for one in names]
    call.ok("PUT", "/v1/catalogs/shop/items/batch", items)
    selector = {"catalog": "shop", "select": "recently_viewed", "fill_with": ["newest"]}
    variant = {
        "id": "a",
        "items": selector,
        "creative": make.creative("{{ item.title }}"),
        "link": "{{ item.url }}",
    }
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=[variant]))
    viewed = {"activity_id": "a-1", "customer_id": "ana", "type": "viewed", "item_id": "vase"}
    call.ok("POST", "/v1/activity", {**viewed, "at": "2026-11-20T09:00:00Z"})

    def link(**told: object) -> str:
        seen: str = call.ok("POST", "/v1/blocks/hero/preview", told)["link"]
        return seen

    assert link(customer_id="ana") == "https://shop.example/vase"
    assert link(customer={}) == "https://shop.example/bowl"
    bought = {"activity": {"purchased": {"items": [{"item_id": "bowl"}]}}}
    assert link(customer=bought) == "https://shop.example/mug"
