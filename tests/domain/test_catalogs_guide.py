"""docs/catalogs.md names every field, list and way of leaving out that there is."""

from pathlib import Path

import pytest

from app.domain.catalogs.feeds import FEED_FIELDS, FORMATS
from app.domain.catalogs.items import FIELDS
from app.domain.catalogs.selectors import EXCLUDABLE, LEARNT, PERSONAL, SELECTOR_FIELDS, SHARED

PAGE = (Path(__file__).parents[2] / "docs" / "catalogs.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*FIELDS, *LEARNT, *SHARED, *PERSONAL, *FORMATS])
def test_every_field_list_and_format_is_in_the_guide(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("name", [*SELECTOR_FIELDS, *FEED_FIELDS])
def test_every_field_that_an_author_writes_is_in_the_guide(name: str) -> None:
    assert f"`{name}`" in PAGE or f'"{name}":' in PAGE


def test_what_may_be_left_out_besides_is_in_the_guide() -> None:
    assert all(f"`{name}`" in PAGE or name in ("bought", "read") for name in EXCLUDABLE)
