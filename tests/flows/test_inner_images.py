"""Cards and grids show pictures of other servers, such as those of a catalogue's items."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.domain.blocks import Creative
from app.flows.fetching import Fetcher
from app.flows.inner_images import filled, places, without
from app.flows.pictures import Gallery
from app.flows.remote_images import RemoteImages
from app.flows.slow_work import SlowWork
from app.stores.hot import catalogs
from tests import make
from tests.desk import Desk
from tests.flows.files import drawing, saved
from tests.flows.receiver import Receiver, ok
from tests.flows.test_remote_images import HOSTS, working

GRID = {
    "kind": "grid",
    "params": {
        "items": [
            {"title": "{{ items[0].title }}", "image": "{{ items[0].image_url }}"},
            {"title": "{{ items[1].title }}", "image": "{{ items[1].image_url }}"},
        ],
        "fill": [{"title": "Moss bowl", "image": "asset:hero"}],
    },
}
CARD = {"kind": "card", "params": {"title": "{{ item.title }}", "image": "{{ item.image_url }}"}}


def creative(document: dict[str, Any]) -> Creative:
    return Creative(document["kind"], document["params"])


def test_the_places_of_other_servers_pictures_are_known_by_their_pointers() -> None:
    assert places(creative(CARD)) == ("/image",)
    assert places(creative(GRID)) == ("/items/0/image", "/items/1/image")
    assert places(creative(make.creative("{{ item.image_url }}"))) == ()
    assert places(Creative("card", {"title": "x", "image": "asset:{{ item.item_id }}"})) == ()
    assert places(Creative("card", {"title": "x", "image": "https://img.shop.example/a.png"})) == ("/image",)
    assert places(Creative("grid", {"items": "x", "fill": [1]})) == ()


def test_places_are_filled_and_those_without_a_picture_have_none() -> None:
    made = filled(creative(GRID), {"/items/1/image": "asset:remote-0"})

    assert [one.get("image") for one in made["items"]] == [None, "asset:remote-0"]
    assert made["fill"] == GRID["params"]["fill"]  # type: ignore[index]
    assert without(creative(CARD)) == {"title": "{{ item.title }}"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def shop(desk: Desk, receiver: Receiver) -> Iterator[Desk]:
    """A desk with a catalogue of two, and a worker that fetches pictures."""
    gallery = Gallery(desk.front.snapshot, slow=SlowWork(), remote=RemoteImages(desk.hot, HOSTS))
    desk.front = replace(desk.front, gallery=gallery)
    items = {
        name: {"item_id": name, "title": name, "image_url": f"https://img.shop.example/{name}.png"}
        for name in ("bowl", "mug")
    }
    catalogs.save_items(desk.hot, "shop", 1, items)
    catalogs.put_lists(desk.hot, "shop", {"newest": ["bowl", "mug"]})
    desk.save(first_name="Ana")
    with working(desk.hot, Fetcher(HOSTS, receiver.dial, receiver.trusting).fetch):
        yield desk
    gallery.close()


def publish(desk: Desk, shown: dict[str, Any]) -> None:
    selector = {"catalog": "shop", "select": "newest", "max": 2}
    variant = {"id": "offer", "items": selector, "creative": shown}
    desk.publish(version=2, width=400, height=300, render_budget_ms=2_000, variants=[variant])


def picture(colour: str) -> bytes:
    made = drawing((80, 60))
    made.paste(colour, (0, 0, 80, 60))
    return saved(made, "PNG")


@pytest.mark.parametrize("shown", [CARD, GRID])
def test_the_items_pictures_are_in_the_card_and_the_grid(
    shop: Desk, receiver: Receiver, shown: dict[str, Any]
) -> None:
    publish(shop, {**shown, "params": {name: one for name, one in shown["params"].items() if name != "fill"}})
    make.wait_until(lambda: shop.open().why == "rule_held")  # with no picture to be had, drawn without
    plain = shop.open().image.data

    for name in ("bowl", "mug"):
        receiver.answers[f"/{name}-2.png"] = ok(picture("red"))
        item = {"item_id": name, "title": name, "image_url": f"https://img.shop.example/{name}-2.png"}
        catalogs.save_items(shop.hot, "shop", 2, {name: item})
    make.wait_until(lambda: shop.open().why == "rule_held")
    with_pictures = shop.open().image.data

    assert with_pictures != plain
    assert shop.open().image.data == with_pictures


def test_one_picture_that_is_not_to_be_had_leaves_the_others(shop: Desk, receiver: Receiver) -> None:
    grid = {"kind": "grid", "params": {"items": GRID["params"]["items"]}}  # type: ignore[index]
    receiver.answers["/mug.png"] = ok(picture("blue"))
    publish(shop, grid)

    make.wait_until(lambda: shop.open().why == "rule_held")

    assert sorted(set(receiver.asked)) == ["/bowl.png", "/mug.png"]
    with_one = shop.open().image.data
    catalogs.save_items(shop.hot, "shop", 2, {"mug": {"item_id": "mug", "title": "mug"}})
    assert shop.open().image.data != with_one


def test_where_no_server_is_allowed_the_card_has_no_picture(desk: Desk) -> None:
    mug = {"item_id": "mug", "title": "Mug", "image_url": "https://a.example/"}
    catalogs.save_items(desk.hot, "shop", 1, {"mug": mug})
    catalogs.put_lists(desk.hot, "shop", {"newest": ["mug"]})
    desk.save(first_name="Ana")
    publish(desk, CARD)

    assert desk.open().why == "rule_held"
