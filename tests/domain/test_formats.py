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


@pytest.mark.parametrize(
    ("pattern", "german", "american"),
    [
        ("%d.%m.%Y", "24.12.2026", "24.12.2026"),
        ("%A, %-d. %B", "Donnerstag, 24. Dezember", "Thursday, 24. December"),
        ("%a %b %e %y", "Do. Dez. 24 26", "Thu Dec 24 26"),
        ("%H:%M %Z", "21:04 CET", "15:04 EST"),
        ("%-l:%M %p", "9:04 PM", "3:04 PM"),
        ("%I %k %l %S %j %u %w %V", "09 21  9 05 358 4 4 52", "03 15  3 05 358 4 4 52"),
        (
            "%F %T %R %D %z",
            "2026-12-24 21:04:05 21:04 12/24/26 +0100",
            "2026-12-24 15:04:05 15:04 12/24/26 -0500",
        ),
        ("%^a 100%%", "DO. 100%", "THU 100%"),
        ("%s", "1798142645", "1798142645"),
    ],
)
def test_a_date_is_written_by_a_pattern_with_the_names_of_the_locale(
    pattern: str, german: str, american: str
) -> None:
    filter_, value = f"date: '{pattern}'", "2026-12-24T20:04:05Z"
    assert (written(filter_, value, **GERMAN), written(filter_, value, **AMERICAN)) == (german, american)


def test_a_date_may_be_told_in_a_zone_of_its_own() -> None:
    assert written("date: '%H:%M', 'Asia/Tokyo'", "2026-12-24T20:00:00Z", **GERMAN) == "05:00"
    with pytest.raises(Invalid, match="'Asia/Tokio' is not a zone"):
        compile_template("{{ customer.x | date: '%H:%M', 'Asia/Tokio' }}")


@pytest.mark.parametrize("word", ["now", "today"])
def test_now_is_the_moment_of_the_open_and_no_clock_is_read(word: str) -> None:
    template = compile_template("{{ '" + word + "' | date: '%F %R' }}")
    opened = {"open": {"at": "2026-12-24T20:00:00+00:00"}, "customer": {"timezone": "Asia/Tokyo"}}
    assert template.render(opened) == "2026-12-25 05:00"
    assert "open.at" in template.paths
    assert template.render({}) == ""


@pytest.mark.parametrize("pattern", ["%Q", "%", "%-", "%999999999d", "%é", "%F" * 60])
def test_a_pattern_that_is_wrong_is_refused_when_it_is_saved(pattern: str) -> None:
    with pytest.raises(Invalid, match="date's pattern"):
        compile_template("{{ customer.x | date: '" + pattern + "' }}")


@pytest.mark.parametrize(
    ("locale", "forms"),
    [
        ("en", {0: "points", 1: "point", 2: "points", "1.5": "points", -1: "point"}),
        ("fr-FR", {0: "point", 1: "point", 2: "points"}),
        ("pl", {1: "point", 2: "few", 5: "many", 22: "few", 25: "many"}),
        ("ja", {1: "points", 2: "points"}),
        ("", {1: "point", 3: "points", None: ""}),
    ],
)
def test_a_word_takes_the_form_its_number_asks_for(locale: str, forms: dict[object, str]) -> None:
    source = 'plural: one: "point", few: "few", many: "many", other: "points"'
    assert {number: written(source, number, locale=locale) for number in forms} == forms


def test_a_form_not_given_is_other_and_an_unknown_one_is_refused() -> None:
    assert written('plural: one: "point", other: "points"', 3, locale="pl") == "points"
    for wrong in ('plural: one: "point"', 'plural: single: "point", other: "points"', "plural"):
        with pytest.raises(Invalid, match="plural takes forms"):
            compile_template("{{ customer.x | " + wrong + " }}")


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


def test_an_amount_may_bring_its_currency_and_both_may_be_missing() -> None:
    template = compile_template("{{ item.price | money: item.currency }}", pointer="/text")

    assert template.render({"item": {"price": 24.5, "currency": "EUR"}}) == "€24.50"
    assert template.render({"item": {}}) == ""
    with pytest.raises(BadTemplate, match="money needs a currency"):
        template.render({"item": {"price": 24.5}})


def test_a_template_with_such_a_filter_reads_the_customers_locale() -> None:
    plain, formatted = (compile_template(f"{{{{ cart.value {more}}}}}") for more in ("", "| money: 'EUR' "))

    assert plain.paths == {"cart.value"}
    assert formatted.paths == {"cart.value", "customer.locale"}
    assert SYSTEM in needs_of(formatted.paths).state


@given(st.text(max_size=50), st.sampled_from(["number", "money: 'EUR'", "local_date", "local_time"]))
def test_any_text_is_written_or_cannot_be(value: str, source: str) -> None:
    with suppress(BadTemplate):
        assert len(written(source, value, **GERMAN)) <= 200
