"""What a visitor's form may say."""

import pytest

from app.demo.changing import NAME_MAX, read_change


def test_a_field_that_is_not_sent_changes_nothing() -> None:
    change = read_change({"tier": "gold"})

    assert change.attributes == {"tier": "gold"}
    assert (change.cart, change.ends, change.tracking, change.faults) == (None, None, None, {})


def test_a_whole_form_is_read() -> None:
    form = {"first_name": " Ana ", "tier": "none", "points": "007", "cart": "nothing", "ends": "past"}

    change = read_change(form | {"tracking": "off"})

    assert change.attributes == {"first_name": "Ana", "tier": "none", "points": 7}
    assert (change.cart, change.ends, change.tracking, change.faults) == ("nothing", "past", "off", {})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", ""),
        ("first_name", "   "),
        ("first_name", "a" * (NAME_MAX + 1)),
        ("first_name", "Ana\x00"),
        ("first_name", "two\nlines"),
        ("points", ""),
        ("points", "-1"),
        ("points", "1.5"),
        ("points", "٣"),
        ("points", "100001"),
        ("points", "9" * 400),
        ("tier", "platinum"),
        ("cart", "yacht"),
        ("ends", "never"),
        ("tracking", "everything"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(field: str, value: str) -> None:
    faults = read_change({field: value}).faults

    assert list(faults) == [field]
    assert faults[field].endswith(".")


def test_a_template_in_a_name_is_a_name() -> None:
    assert read_change({"first_name": "{{ customer.id }}"}).attributes == {"first_name": "{{ customer.id }}"}
