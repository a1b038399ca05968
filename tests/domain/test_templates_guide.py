"""docs/templates.md: every filter stands in it, and every example writes what it says."""

import re
from pathlib import Path

import pytest

from app.domain.formats import FILTERS
from app.domain.templates import _ENVIRONMENT, ITEMS_MAX, OUTPUT_MAX, SOURCE_MAX, compile_template

GUIDE = Path(__file__).parents[2].joinpath("docs", "templates.md").read_text()
CONTEXT = {
    "customer": {
        "note": "<b>Tea</b> & more",
        "colours": ["red", "blue", "Amber", "red"],
        "gaps": ["a", None, "b"],
    },
    "cart": {"items": [{"title": "Mug", "price": 24}, {"title": "Bowl", "price": 18}]},
}
OTHERS = re.findall(r"^\| `(\w+)` \| `(.+)` \| `(.*)` \|$", GUIDE, re.MULTILINE)
LOCAL = re.findall(r"^\| `(\{\{ [a-z_.]+ \\\| (\w+).*?)`.* \| (.+) \| (.+) \|$", GUIDE, re.MULTILINE)
GERMAN = {"locale": "de-DE", "timezone": "Europe/Berlin"}
AMERICAN = {"locale": "en-US", "timezone": "America/New_York"}
VALUES = {"price": 24.5, "offer_ends": "2026-12-24T20:00:00Z"}


def test_every_filter_stands_in_the_guide() -> None:
    assert {name for _, name, _, _ in LOCAL} == set(FILTERS)
    assert [name for name, _, _ in OTHERS] == sorted(_ENVIRONMENT.filters.keys() - FILTERS - {"link_value"})


@pytest.mark.parametrize(("name", "example", "written"), OTHERS)
def test_an_example_uses_its_filter_and_writes_what_the_guide_says(
    name: str, example: str, written: str
) -> None:
    source = example.replace(r"\|", "|")

    assert re.search(rf"\| {name}\b", source)
    assert compile_template(source).render(CONTEXT) == written


@pytest.mark.parametrize(("example", "name", "german", "american"), LOCAL)
def test_a_customers_numbers_and_dates_are_written_as_the_guide_says(
    example: str, name: str, german: str, american: str
) -> None:
    template = compile_template(example.replace(r"\|", "|"))
    points = (1, 3) if name == "plural" else (1_234_567.5,)

    for customer, wanted in ((GERMAN, german), (AMERICAN, american)):
        told = [template.render({"customer": {**VALUES, **customer, "points": one}}) for one in points]
        assert ", ".join(told).replace("\u00a0", " ").replace("\u202f", " ") == wanted


def test_the_guide_names_every_tag_and_limit_of_the_code() -> None:
    tags = _ENVIRONMENT.tags.keys() - {"content", "illegal", "output", "#"}
    listed = GUIDE[GUIDE.index("Tags are") : GUIDE.index("are not available")]

    assert tags <= set(re.findall(r"`(\w+)`", listed))
    for what, most in (
        ("characters of a template", SOURCE_MAX),
        ("characters it writes, and any filter", OUTPUT_MAX),
        ("entries of a list that a filter makes", ITEMS_MAX),
    ):
        assert f"| {what} | {most:,} |" in GUIDE
