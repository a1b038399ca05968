"""Numbers, money and dates are written as the customer's locale and zone have them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.context import needs_of
from app.domain.problems import Invalid
from app.domain.state import SYSTEM
from app.domain.templates import BadTemplate, compile_template

GERMAN = {"locale": "de-DE", "timezone": "Europe/Berlin"}
AMERICAN = {"locale": "en-US", "timezone": "America/New_York"}


def written(source: str, value: object, **customer: str) -> str:
    text = compile_template("{{ customer.x | " + source + " }}").render(
        {"customer": {"x": value, **customer}}
    )
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("source", "value", "german", "american"),
    [
        ("number", 1234567.5, "1.234.567,5", "1,234,567.5"),
        ("number", "1234567.5", "1.234.567,5", "1,234,567.5"),
        ("number", 420, "420", "420"),
        ("number", -3, "-3", "-3"),
        ("number: 2", 1234.5, "1.234,50", "1,234.50"),
        ("number: 0", 1234.5, "1.234", "1,234"),
        ("number", 9_999_999_999, "9.999.999.999", "9,999,999,999"),
        ('money: "EUR"', "24.5", "24,50 €", "€24.50"),
        ('money: "USD"', 24, "24,00 $", "$24.00"),
        ('money: "JPY"', 1200, "1.200 ¥", "¥1,200"),
        ("local_date", "2026-12-24T20:00:00Z", "24. Dezember 2026", "December 24, 2026"),
        ("local_date", "2026-12-24T23:30:00Z", "25. Dezember 2026", "December 24, 2026"),
        ("local_date", "2026-12-24", "24. Dezember 2026", "December 24, 2026"),
        ('local_date: "short"', "2026-12-24T20:00:00Z", "24.12.26", "12/24/26"),
        ("local_time", "2026-12-24T20:00:00Z", "21:00", "3:00 PM"),
        ("local_time", "2026-12-24T20:00:00", "20:00", "8:00 PM"),
        ("local_time", "2026-12-24", "", ""),
    ],
)
def test_a_value_is_written_as_people_there_write_it(
    source: str, value: object, german: str, american: str
) -> None:
    assert (written(source, value, **GERMAN), written(source, value, **AMERICAN)) == (german, american)


def test_groups_are_those_of_the_locale() -> None:
    assert written("number", 1234567.5, locale="hi-IN") == "12,34,567.5"
    assert written("number: 2", 1234567.5, locale="hi-IN") == "12,34,567.50"
    assert written("number: 2", 1234567.5, locale="fr") == "1 234 567,50"


@pytest.mark.parametrize("locale", ["", "xx", "de_DE_", "a" * 500, "../de", "en-Latn-US-x-y"])
@pytest.mark.parametrize("zone", ["", "No/Where", "../etc/passwd", "a" * 500])
def test_an_unknown_locale_is_english_and_an_unknown_zone_utc(locale: str, zone: str) -> None:
    assert written("number", 1234.5, locale=locale) == "1,234.5"
    assert written("local_time", "2026-12-24T20:00:00Z", locale=locale, timezone=zone) == "8:00 PM"


@pytest.mark.parametrize("source", ["number", "number: 2", 'money: "EUR"', "local_date", "local_time"])
def test_nothing_is_written_for_a_missing_value(source: str) -> None:
    assert written(source, None) == written(source, "") == ""
    assert written(f"{source} | default: 'soon'", None) == "soon"


@pytest.mark.parametrize("value", ["many", "NaN", "inf", True, "1e40", [1], {"a": 1}])
def test_what_is_no_number_cannot_be_written_as_one(value: object) -> None:
    with pytest.raises(BadTemplate, match="is not a number such as"):
        written("number", value)


@pytest.mark.parametrize("value", ["soon", "2026", "2026-13-01", 420, "0001-01-01T00:00:00+14:00"])
def test_what_is_no_date_cannot_be_written_as_one(value: object) -> None:
    with pytest.raises(BadTemplate, match="is not a date such as"):
        written("local_date", value, **AMERICAN)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{{ 1 | money }}", "needs a currency such as"),
        ("{{ 1 | money: 'euros' }}", "needs a currency such as"),
        ("{{ 1 | number: 11 }}", "takes 0 to 10 places"),
        ("{{ '2026-12-24' | local_date: 'wide' }}", "must be one of short, medium, long, full"),
    ],
)
def test_a_wrong_use_is_found_when_it_is_saved(source: str, told: str) -> None:
    with pytest.raises(Invalid) as refusal:
        compile_template(source, pointer="/text")

    assert told in str(refusal.value.problems[0].detail)
    assert refusal.value.problems[0].pointer == "/text"


def test_a_template_with_such_a_filter_reads_the_customers_locale_and_zone() -> None:
    plain, formatted = (compile_template(f"{{{{ cart.value {more}}}}}") for more in ("", "| money: 'EUR' "))

    assert plain.paths == {"cart.value"}
    assert formatted.paths == {"cart.value", "customer.locale", "customer.timezone"}
    assert SYSTEM in needs_of(formatted.paths).state


@given(st.text(max_size=50), st.sampled_from(["number", "money: 'EUR'", "local_date", "local_time"]))
def test_any_text_is_written_or_cannot_be(value: str, source: str) -> None:
    with suppress(BadTemplate):
        assert len(written(source, value, **GERMAN)) <= 200
