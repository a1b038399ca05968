"""The lists of a catalogue that are the same for everybody, best first."""

from datetime import timedelta

import pytest

from app.domain.catalogs.items import as_text
from app.domain.catalogs.ranking import LIST_MAX, Lists, Ranked, decayed
from app.domain.catalogs.selectors import SHARED, Source
from tests import make

DAY = timedelta(days=1)


def one(item_id: str, *, age: timedelta = DAY, score: float = 0.0, **fields: object) -> Ranked:
    return Ranked({"item_id": item_id, "title": item_id, **fields}, make.NOW - age, score)


def listed(select: str, *items: Ranked, **fixed: object) -> list[str]:
    lists = Lists({"it": Source(select, fixed=fixed)}, make.NOW)
    lists.look_at(items)
    return lists.made()["it"]


def ago(age: timedelta) -> str:
    return as_text(make.NOW - age)


def past(restocked_days: int, cheaper_days: int) -> dict[str, object]:
    return {"restocked_at": ago(restocked_days * DAY), "cheaper_at": ago(cheaper_days * DAY)}


@pytest.mark.parametrize(
    ("select", "order"),
    [
        ("trending", ["b", "a"]),
        ("newest", ["c", "a", "b"]),
        ("cheapest", ["c", "a"]),
        ("dearest", ["a", "c"]),
        ("best_rated", ["b", "a"]),
        ("back_in_stock", ["b", "a"]),
        ("price_dropped", ["c", "a"]),
    ],
)
def test_each_list_has_its_order_and_only_what_belongs_in_it(select: str, order: list[str]) -> None:
    items = (
        one("a", age=2 * DAY, score=1, price=40, rating=3, **past(13, 1), earlier_price=50),
        one("b", age=3 * DAY, score=2, rating=4.5, **past(1, 1), earlier_price=9),
        one("c", age=1 * DAY, price=10, **past(15, 29), earlier_price=20),
    )

    assert listed(select, *items) == order


def test_what_is_published_later_is_newer_than_what_was_saved_later() -> None:
    assert listed("newest", one("saved", age=DAY), one("out", age=9 * DAY, available_from=ago(DAY / 2))) == [
        "out",
        "saved",
    ]


@pytest.mark.parametrize("select", SHARED)
def test_what_is_sold_out_over_or_not_yet_on_offer_is_in_no_list(select: str) -> None:
    good = {"price": 5, "rating": 4, "restocked_at": ago(DAY), "cheaper_at": ago(DAY), "earlier_price": 9}
    gone = (
        one("sold", score=1, **good, stock=0),
        one("over", score=1, **good, available_until=as_text(make.NOW)),
        one("later", score=1, **good, available_from=as_text(make.NOW + DAY)),
    )

    assert listed(select, *gone, one("here", score=1, **good, stock=2)) == ["here"]


def test_a_list_has_what_its_rule_is_about() -> None:
    items = [
        one("a", category="Mugs", price=10),
        one("b", category="Bowls", price=9),
        one("c", category="Mugs"),
    ]

    assert listed("cheapest", *items, **{"item.category": "Mugs"}) == ["a"]
    assert listed("newest", *items, **{"item.category": {"$in": ["Mugs"]}}) == ["a", "c"]


def test_equals_stand_by_their_ids_and_a_list_has_an_end() -> None:
    many = [one(f"i{number:04}", rating=4) for number in reversed(range(300))]

    assert listed("best_rated", *many) == [f"i{number:04}" for number in range(LIST_MAX)]


def test_half_of_a_score_is_left_after_three_days() -> None:
    assert decayed(8.0, make.NOW - timedelta(days=6), make.NOW) == 2.0
    assert decayed(8.0, make.NOW + timedelta(days=1), make.NOW) == 8.0
