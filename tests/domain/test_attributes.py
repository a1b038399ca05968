"""The catalogue of attributes: found by path, missed with a suggestion, and whom they tell of."""

import pytest

from app.domain.attributes import Attribute, AttributeType, Catalogue, Source
from app.domain.built_in_attributes import BUILT_IN
from app.domain.context import is_personal, path_problem


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("customer.id", AttributeType.STRING),
        ("customer.tier", None),
        ("cart.count", AttributeType.NUMBER),
        ("cart.items.0.price", AttributeType.NUMBER),
        ("activity.viewed.last_at", AttributeType.DATETIME),
        ("message.tags", AttributeType.LIST),
    ],
)
def test_an_attribute_is_found_by_its_path(path: str, kind: AttributeType | None) -> None:
    held = BUILT_IN.find(path)

    assert held is not None
    assert held.type is kind


def test_a_declared_attribute_counts_before_the_pattern_it_fits() -> None:
    points = Attribute("customer.points", AttributeType.NUMBER, "points", Source.DECLARED, low=0)

    catalogue = BUILT_IN.with_more([points])

    assert catalogue.find("customer.points") is points
    assert catalogue.find("customer.other") is BUILT_IN.find("customer.other")


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("custmer.tier", "unknown root 'custmer'; did you mean 'customer'?"),
        ("zzz.tier", "unknown root 'zzz'; known are customer, cart,"),
        ("cart.itmes", "unknown field 'itmes' of cart; did you mean 'items'?"),
        ("cart.items.0.prise", "unknown field 'prise' of cart.items.0; did you mean 'price'?"),
        ("cart", "'cart' is not a value; name one of its fields, such as cart.items"),
        ("customer", "'customer' is not a value; name one of its fields, such as customer.id"),
        ("activity.viewed", "such as activity.viewed.count"),
        ("activity.viewed.cuont", "did you mean 'count'?"),
        ("open.at.hour", "open.at has no fields: 'hour' is not in it"),
        ("client.opner", "did you mean 'opener'?"),
    ],
)
def test_a_path_that_can_have_no_value_is_told_with_what_was_meant(path: str, detail: str) -> None:
    problem = path_problem(path, "/when")

    assert problem is not None
    assert problem.pointer == "/when"
    assert detail in problem.detail


@pytest.mark.parametrize("path", ["customer.address.city", "customer.tags.0", "cart.items.0", "touch.age"])
def test_what_is_inside_an_attribute_of_any_type_is_not_refused(path: str) -> None:
    assert path_problem(path, "/when") is None


def test_every_attribute_says_whether_it_tells_of_the_customer() -> None:
    assert is_personal(["touch.age", "customer.address.city"])
    assert is_personal(["history.opens"])
    assert not is_personal(["touch.age", "message.tags", "client.opener", "open.at"])


def test_every_built_in_attribute_has_a_sentence_and_is_found_by_itself() -> None:
    assert isinstance(BUILT_IN, Catalogue)
    for path, held in BUILT_IN.attributes.items():
        assert held.about, path
        assert BUILT_IN.find(path) is held
