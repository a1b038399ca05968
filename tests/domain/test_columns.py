"""Columns: which type cells are of, what they say, and attribute names for any title."""

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.columns import BadCell, Cells, Kind, attribute_names, switch
from app.domain.customers import ATTRIBUTE_NAME, attribute_problems

CELLS = Cells()


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "0", "1"], Kind.INTEGER),
        (["12", "-7", ""], Kind.INTEGER),
        (["12", "1.5"], Kind.NUMBER),
        (["1e3", ".5"], Kind.NUMBER),
        (["yes", "No", "TRUE"], Kind.BOOLEAN),
        (["2024-01-05", "2024-01-05 10:00"], Kind.DATETIME),
        (["2024-01-05T10:00:00Z", "2024-01-05T10:00:00.25+0100"], Kind.DATETIME),
        (["01234", "75001"], Kind.STRING),  # postcodes
        (["+33612345678"], Kind.STRING),
        (["4111111111111111"], Kind.INTEGER),
        (["41111111111111112222"], Kind.STRING),  # more than a number keeps
        (["2024-02-31"], Kind.STRING),
        (["1", "yes"], Kind.STRING),
        (["12", "n/a"], Kind.STRING),
        (["nan", "inf"], Kind.STRING),
        (["", "  "], Kind.STRING),
        ([], Kind.STRING),
    ],
)
def test_a_column_is_of_the_narrowest_type_that_all_its_cells_are(cells: list[str], kind: Kind) -> None:
    assert CELLS.infer(cells) is kind


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Kind.INTEGER, "420", 420),
        (Kind.NUMBER, "420", 420),
        (Kind.NUMBER, "-0.5", -0.5),
        (Kind.NUMBER, "1e2", 100.0),
        (Kind.BOOLEAN, "Yes", True),
        (Kind.BOOLEAN, "0", False),
        (Kind.STRING, "007", "007"),
        (Kind.DATETIME, "2024-01-05", "2024-01-05"),
        (Kind.DATETIME, "2024-01-05T10:00:00+01:00", "2024-01-05T09:00:00+00:00"),
        (Kind.DATETIME, "2024-01-05 10:00", "2024-01-05T10:00:00+00:00"),
    ],
)
def test_a_cell_says_a_value(kind: Kind, cell: str, value: object) -> None:
    read = CELLS.reader(kind)(cell)

    assert read == value
    assert type(read) is type(value)


def test_a_time_without_an_offset_is_of_the_deployments_zone() -> None:
    cells = Cells(timezone(timedelta(hours=2)))

    assert cells.reader(Kind.DATETIME)("2024-01-05 10:00") == "2024-01-05T08:00:00+00:00"


def test_a_decimal_comma_is_read_where_it_is_said() -> None:
    assert Cells(has_decimal_comma=True).infer(["12,5", "3"]) is Kind.NUMBER
    assert Cells(has_decimal_comma=True).reader(Kind.NUMBER)("12,5") == 12.5
    assert CELLS.infer(["12,5"]) is Kind.STRING


@pytest.mark.parametrize(
    ("kind", "cell", "told"),
    [
        (Kind.INTEGER, "12.5", "'12.5' is not a whole number"),
        (Kind.INTEGER, "9" * 16, "is not a whole number"),
        (Kind.NUMBER, "1,5", "is not a number, such as 12.5"),
        (Kind.NUMBER, ".", "is not a number"),
        (Kind.NUMBER, "e5", "is not a number"),
        (Kind.BOOLEAN, "maybe", "is neither yes nor no"),
        (Kind.DATETIME, "0001-01-01T00:00+23:59", "is not a date or time"),
        (Kind.DATETIME, "05/01/2024", "is not a date or time, such as 2026-11-20"),
    ],
)
def test_a_cell_of_another_type_says_what_it_is_not(kind: Kind, cell: str, told: str) -> None:
    with pytest.raises(BadCell, match=told):
        CELLS.reader(kind)(cell)


@given(st.sampled_from(Kind), st.text(max_size=60))
def test_any_cell_is_refused_or_an_attribute_may_be_it(kind: Kind, cell: str) -> None:
    try:
        value = Cells(has_decimal_comma=True).reader(kind)(cell)
    except BadCell:
        return

    if kind is not Kind.STRING:
        assert attribute_problems({"a": value}, "") == []


@given(st.lists(st.text(max_size=80), max_size=20))
def test_any_titles_become_fit_and_different_names(titles: list[str]) -> None:
    names = attribute_names(titles, taken=["taken"])

    assert len(set(names)) == len(names) == len(titles)
    assert all(ATTRIBUTE_NAME.match(name) for name in names)
    assert "taken" not in names


def test_names_stay_readable() -> None:
    titles = ["First Name", "firstName", "Größe (cm)", "имя", "2nd choice", "tier", "tier", ""]

    assert attribute_names(titles) == [
        "first_name",
        "firstName",
        "grosse_cm",
        "column_4",
        "_2nd_choice",
        "tier",
        "tier_2",
        "column_8",
    ]


@pytest.mark.parametrize("cell", ["yes", "TRUE", "1", "on", "y"])
def test_consent_is_told_in_many_words(cell: str) -> None:
    assert switch(cell) is True
