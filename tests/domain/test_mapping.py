"""A record of somebody's feed as an item."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogs.feeds import EVERY, compile_feed
from app.domain.catalogs.items import item_problems, plain
from app.domain.catalogs.mapping import item_of
from app.domain.problems import Invalid

GOOGLE = {
    "g:id": "mug-1",
    "title": "Tide &amp; Ebb <b>mug</b>\n  blue",
    "link": "https://shop.example/mug?a=1&amp;b=2",
    "g:image_link": "https://img.shop.example/mug.png",
    "g:price": "24.00 EUR",
    "g:sale_price": "18.50 EUR",
    "g:availability": "in stock",
    "g:product_type": "Home > Mugs",
    "g:brand": "Ebb",
    "g:expiration_date": "2026-12-01T00:00:00+01:00",
}


def test_a_google_merchant_record_is_an_item() -> None:
    item = plain(item_of(GOOGLE, {}))

    assert item_problems(item) == []
    assert item == {
        "item_id": "mug-1",
        "title": "Tide & Ebb mug blue",
        "url": "https://shop.example/mug?a=1&b=2",
        "image_url": "https://img.shop.example/mug.png",
        "price": 18.5,
        "original_price": 24,
        "currency": "EUR",
        "category": "Home > Mugs",
        "brand": "Ebb",
        "available_until": "2026-11-30T23:00:00+00:00",
    }


def test_an_article_of_a_paper_is_an_item() -> None:
    record = {
        "title": "On tides",
        "link": "https://paper.example/tides",
        "guid": "https://paper.example/?p=1",
        "description": "<p>The sea&nbsp;comes</p>",
        "pubDate": "Tue, 03 Nov 2026 08:00:00 +0100",
        "enclosure@url": "https://img.paper.example/sea.jpg",
        "category": ["Science", "Sea"],
    }

    item = plain(item_of(record, {}))

    assert item_problems(item) == []
    assert item["item_id"] == item_of(record, {})["item_id"]
    assert str(item["item_id"]).startswith("x-")
    assert (item["description"], item["available_from"]) == ("The sea comes", "2026-11-03T07:00:00+00:00")
    assert (item["category"], item["image_url"]) == ("Science", "https://img.paper.example/sea.jpg")


def test_the_author_says_which_field_is_which() -> None:
    record = {"nr": 7, "name": "Mug", "titel": "Tasse", "farbe": "blau", "gr": ["s", "m"], "menge": "3"}
    mapping = {
        "item_id": "nr",
        "title": "titel",
        "stock": "menge",
        "attributes.colour": "farbe",
        "attributes.sizes": "gr",
    }

    assert item_of(record, mapping) == {
        "item_id": "7",
        "title": "Tasse",
        "stock": 3,
        "attributes": {"colour": "blau", "sizes": ["s", "m"]},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("24", 24), ("24.50", 24.5), ("24,50", 24.5), ("1,234.50", 1234.5), ("1.234,50", 1234.5),
        ("1,234", 1234), ("1 234,5 €", 1234.5), ("EUR 24.00", 24.0), ("1'234.50 CHF", 1234.5), (24, 24),
        (2.5, 2.5),        ("free", "free"),
    ],
)  # fmt: skip
def test_prices_are_read_as_people_write_them(told: object, number: object) -> None:
    assert item_of({"price": told}, {})["price"] == number


@pytest.mark.parametrize(
    ("told", "stock"),
    [("3", 3), (0, 0), ("-2", 0), ("out of stock", 0), ("Out_Of_Stock", 0), (False, 0), ("in stock", None),
     ("preorder", None), (True, None)],
)  # fmt: skip
def test_stock_is_a_number_or_a_word(told: object, stock: object) -> None:
    assert item_of({"availability": told}, {}).get("stock") == stock


def test_what_cannot_be_read_is_refused_where_it_stands() -> None:
    item = plain(item_of({"id": "a", "title": "A", "price": "free", "expiration_date": "soon"}, {}))

    assert [one.pointer for one in item_problems(item)] == ["/price", "/available_until"]


values = st.recursive(
    st.text("a1.,-:T <&;\x00é€\ud800", max_size=8) | st.integers() | st.floats() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from([*GOOGLE, "id", "tags", "pubDate", "stock", "rating"]), values))
def test_no_record_raises(record: dict[str, Any]) -> None:
    item_problems(plain(item_of(record, {})))


FEED = {"url": "https://shop.example/feed.csv", "format": "csv"}


def test_a_feed_is_looked_at_every_hour_unless_its_author_says_otherwise() -> None:
    assert compile_feed(FEED).every == EVERY
    assert compile_feed({**FEED, "every": "P1D"}).every == 24 * EVERY


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"url": "http://shop.example/feed"}, "/url"),
        ({"url": "https://127.0.0.1:8443/feed"}, "/url"),
        ({"url": "file:///etc/passwd"}, "/url"),
        ({"format": "xls"}, "/format"),
        ({"every": "PT1M"}, "/every"),
        ({"every": "P1Y"}, "/every"),
        ({"every": 60}, "/every"),
        ({"path": "a//b"}, "/path"),
        ({"mapping": {"titel": "x"}}, "/mapping/titel"),
        ({"mapping": {"attributes.9": "x"}}, "/mapping/attributes.9"),
        ({"mapping": {"title": 1}}, "/mapping/title"),
        ({"mapping": []}, "/mapping"),
        ({"urls": 1}, "/urls"),
    ],
)
def test_a_fault_in_what_is_said_of_a_feed_is_pointed_at(fields: dict[str, object], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        compile_feed({**FEED, **fields})

    assert pointer in [one.pointer for one in refused.value.problems]
