"""A variant's `items`: every fault told with its place, and what is read for them and where it leads."""

from typing import Any

import pytest

from app.domain.blocks import Block, compile_block
from app.domain.choice import StoredChoice, pack, unpack
from app.domain.links import BadLink, compile_link, render_link
from app.domain.problems import Invalid
from app.domain.vocabulary import Vocabulary, compile_segments
from tests import make

TRENDING = {"catalog": "shop", "select": "trending"}


def block(items: object, text: str = "{{ item.title }}", link: str | None = None, **fields: Any) -> Block:
    variant = {"id": "a", "items": items, "creative": make.creative(text), "link": link, **fields}
    return compile_block("hero", make.block(variants=[variant]), version=1)


def problems(items: object, **fields: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        block(items, **fields)
    return {one.pointer.removeprefix("/variants/0"): one.detail for one in refused.value.problems}


def test_a_shared_list_has_its_name_by_the_part_of_the_rule_that_is_about_items() -> None:
    mugs = {"item.category": "Mugs"}

    plain, fixed, personal, other = (
        next(iter(block({**TRENDING, "where": where}).selectors[0].shelves))[0]
        for where in (
            None,
            mugs,
            {**mugs, "item.brand": {"$eq": "Ebb"}},
            {"item.category": "Bowls"},
        )
    )

    assert plain == "trending"
    assert fixed.startswith("trending|")
    assert len({plain, fixed, personal, other}) == 4


def test_what_the_rule_reads_of_the_customer_is_loaded_with_the_block() -> None:
    made = block({**TRENDING, "where": {"item.category": "Mugs", "customer.tier": "gold"}})

    [selector] = made.selectors
    assert made.needs.state == ("a.tier",)
    assert selector.paths == {"customer.tier"}
    assert selector.sources[0].fixed == {"item.category": "Mugs"}


def test_only_what_choosing_needs_is_read_of_the_customer() -> None:
    assert block(TRENDING).item_state == ("g",)
    assert block({**TRENDING, "exclude": ["in_cart"]}).item_state == ("g", "k")
    assert block({**TRENDING, "fill_with": ["recently_viewed"]}).item_state == ("g", "v.read", "v.viewed")
    assert block({**TRENDING, "select": "also_bought"}).item_state == ("g", "k", "v.read", "v.viewed")
    assert compile_block("hero", make.block(), version=1).item_state == ()


def test_a_rule_may_name_a_segment_and_is_then_not_the_same_for_everybody() -> None:
    vocabulary = Vocabulary(compile_segments({"vip": {"customer.tier": "gold"}}))
    where = {"$inGroup": "vip", "item.category": "Mugs"}
    items = {**TRENDING, "where": where}
    document = make.block(
        variants=[{"id": "a", "items": items, "creative": make.creative("{{ item.title }}")}]
    )

    made = compile_block("hero", document, version=1, vocabulary=vocabulary)

    assert made.needs.state == ("a.tier",)
    assert made.selectors[0].sources[0].fixed == {"item.category": "Mugs"}


def test_what_shows_items_is_personal_unless_its_author_says_otherwise() -> None:
    assert block(TRENDING).variants[0].is_personal
    assert not block(TRENDING, personal=False).variants[0].is_personal


@pytest.mark.parametrize(
    ("items", "pointer", "says"),
    [
        ("shop", "/items", "this is an object with catalog, select"),
        ({"select": "trending"}, "/items/catalog", "names a catalogue"),
        ({"catalog": "a b", "select": "trending"}, "/items/catalog", "names a catalogue"),
        ({"catalog": "shop"}, "/items/select", "select is one of trending, newest"),
        ({"catalog": "shop", "select": "tending"}, "/items/select", "select is one of"),
        ({"catalog": "shop", "select": []}, "/items/select", "select is one of"),
        ({**TRENDING, "max": 13}, "/items/max", "from 1 to 12"),
        ({**TRENDING, "max": 2, "min": 3}, "/items/min", "min is 2 at most"),
        ({**TRENDING, "skip": -1}, "/items/skip", "from 0 to 12"),
        ({**TRENDING, "fill_with": "newest"}, "/items/fill_with", "list of at most 4"),
        ({**TRENDING, "fill_with": ["newst"]}, "/items/fill_with/0", "is one of"),
        ({**TRENDING, "fill_with": [{"select": "x"}]}, "/items/fill_with/0/select", "select is one of"),
        ({**TRENDING, "fill_with": [{"slect": 1}]}, "/items/fill_with/0/slect", "did you mean 'select'"),
        ({**TRENDING, "exclude": ["sold"]}, "/items/exclude", "bought, read, in_cart, viewed"),
        ({**TRENDING, "exclude": [["sold"]]}, "/items/exclude", "bought, read, in_cart, viewed"),
        ({**TRENDING, "where": {"item.colour": "x"}}, "/items/where", "unknown field 'colour' of item"),
        ({**TRENDING, "where": {"custmer.tier": 1}}, "/items/where", "custmer"),
        ({**TRENDING, "where": {"item.price": {"$gtt": 1}}}, "/items/where/item.price/$gtt", "'$gt'"),
        ({**TRENDING, "sort": 1}, "/items/sort", "unknown field"),
    ],
)
def test_a_fault_is_told_with_its_place(items: object, pointer: str, says: str) -> None:
    found = problems(items)

    assert pointer in found
    assert says in found[pointer]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ item.titel }}", "unknown field 'titel' of item"),
        ("{{ item }}", "'item' is not a value"),
    ],
)
def test_a_template_may_read_what_items_have(text: str, says: str) -> None:
    good = (
        "{{ item.attributes.colour }} {{ items[1].title }} {% for one in items %}{{ one.price }}{% endfor %}"
    )

    assert says in problems(TRENDING, text=text)["/creative/params/text"]
    assert block(TRENDING, text=good + "{{ item.earlier_price }}").variants[0].items is not None


def test_items_are_there_only_beside_a_selector() -> None:
    with pytest.raises(Invalid, match="add items beside it"):
        compile_block("hero", make.block(fallback={"creative": make.creative("{{ item.title }}")}), version=1)
    assert "add items beside it" in problems(None)["/creative/params/text"]


ITEM = {"url": "https://shop.example/mug?a=1", "item_id": "mug é"}


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("{{ item.url }}", "https://shop.example/mug?a=1"),
        ("{{item.url}}&from={{ item.item_id }}", "https://shop.example/mug?a=1&from=mug%20%C3%A9"),
        ("{{ items[0].url }}#top", "https://shop.example/mug?a=1#top"),
        ("https://shop.example/?sku={{ item.item_id }}", "https://shop.example/?sku=mug%20%C3%A9"),
        ("https://shop.example/?to={{ item.url }}", "https://shop.example/?to=https%3A%2F%2Fshop.example%2Fmug%3Fa%3D1"),
    ],
)  # fmt: skip
def test_a_link_may_be_the_items_own_address(source: str, url: str) -> None:
    assert render_link(compile_link(source), {"item": ITEM, "items": [ITEM]}) == url


@pytest.mark.parametrize("source", ["{{ item.url }}.evil.example/", "{{ item.title }}", "x{{ item.url }}"])
def test_nothing_else_may_stand_where_the_host_does(source: str) -> None:
    with pytest.raises(Invalid, match="begins with https"):
        compile_link(source)


@pytest.mark.parametrize("item", [{}, {"url": "javascript:alert(1)"}, {"url": "https://a@b.example/"}])
def test_an_item_without_a_good_address_has_no_link(item: dict[str, object]) -> None:
    with pytest.raises(BadLink):
        render_link(compile_link("{{ item.url }}"), {"item": item})


def test_a_stored_choice_tells_which_items_were_shown() -> None:
    stored = StoredChoice(3, "a", "rule_held", make.NOW, "https://shop.example/", ("mug", "bowl"))

    assert unpack(pack(stored)) == stored
    assert unpack(pack(StoredChoice(3, "a", "rule_held", make.NOW, None))) == StoredChoice(
        3, "a", "rule_held", make.NOW, None
    )
