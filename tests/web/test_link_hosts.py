"""LINK_HOSTS over the API: what leads elsewhere is refused where it is saved, with its place."""

from dataclasses import replace

import pytest

from app.flows import publishing
from tests import make
from tests.web.conftest import Caller

ELSEWHERE = "https://elsewhere.example/"
BATCH = "/v1/catalogs/shop/items/batch"


@pytest.fixture
def strict(call: Caller) -> Caller:
    """The platform's side of a process whose links lead to shop.example alone."""
    settings = replace(call.house.settings, link_hosts=("shop.example",))
    return Caller(replace(call.house, settings=settings), call.valkey)


def test_a_block_whose_link_leads_elsewhere_is_not_saved(strict: Caller) -> None:
    fallback = {"creative": make.creative("x"), "link": ELSEWHERE}

    refused = strict("PUT", "/v1/blocks/hero", make.block(fallback=fallback))

    assert refused.status == 422
    assert refused.json["errors"] == [
        {"pointer": "/fallback/link", "detail": "LINK_HOSTS does not name 'elsewhere.example'"}
    ]
    assert strict("GET", "/v1/blocks/hero").status == 404
    strict.ok("PUT", "/v1/blocks/hero", make.block())


def test_a_block_saved_before_the_hosts_were_named_is_not_published(call: Caller, strict: Caller) -> None:
    fallback = {"creative": make.creative("x"), "link": ELSEWHERE}
    call.ok("PUT", "/v1/blocks/hero", make.block(fallback=fallback))

    refused = strict("POST", "/v1/blocks/hero/publish", {})

    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/fallback/link")
    assert publishing.fetch(call.house.cold, "hero").published_version is None


def test_an_item_that_leads_elsewhere_is_refused_and_the_others_are_saved(strict: Caller) -> None:
    items = [
        {"item_id": "mug", "title": "Mug", "url": ELSEWHERE},
        {"item_id": "bowl", "title": "Bowl", "url": "https://shop.example/bowl"},
    ]

    results = strict("PUT", BATCH, items, scope="ingest").json["results"]
    changed = strict("PATCH", BATCH, [{"item_id": "bowl", "url": ELSEWHERE}], scope="ingest").json["results"]

    assert [one["code"] for one in (*results, *changed)] == [422, 200, 422]
    assert "LINK_HOSTS" in str(results[0])
    assert strict.ok("GET", "/v1/catalogs/shop/items/bowl")["url"] == "https://shop.example/bowl"
