"""The show of every kind: hard values stand where words and numbers do, and nothing breaks it."""

import json
from datetime import UTC, datetime

import pytest

from app.demo.pictures import pictures
from app.flows.exhibiting import EXAMPLE, LONG, Exhibit, exhibits
from renderers import KINDS

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def shown() -> list[Exhibit]:
    return list(exhibits({"hero": pictures()["demo-window"]}, now=NOW))


def test_every_kind_is_shown_as_its_example_first(shown: list[Exhibit]) -> None:
    firsts = {}
    for one in shown:
        firsts.setdefault(one.kind, one)

    assert list(firsts) == list(KINDS)
    assert all(one.name == EXAMPLE and one.once is not None for one in firsts.values())


def test_each_is_shown_at_one_and_at_two_pixels(shown: list[Exhibit]) -> None:
    for one in shown:
        if one.once is not None and one.twice is not None and one.kind != "collapse":
            assert (one.once.width_px, one.once.height_px) == one.size.bitmap
            assert (one.twice.width_px, one.twice.height_px) == (
                2 * one.size.width_px,
                2 * one.size.height_px,
            )


def test_what_cannot_be_drawn_says_why(shown: list[Exhibit]) -> None:
    without = [one for one in shown if one.once is None]

    assert {one.name for one in without} <= {"no number", "ten digits", "below zero", "zero", "nothing"}
    assert all(one.why.startswith("/") for one in without)
    assert all(not one.why for one in shown if one.once is not None)


@pytest.mark.parametrize("kind", ["text", "card", "layers", "banner", "weather", "poll", "grid", "countdown"])
def test_hard_words_change_the_pictures_of_kinds_with_words(kind: str, shown: list[Exhibit]) -> None:
    worded = {one.name: one.once for one in shown if one.kind == kind and one.once is not None}

    assert {"a name without an end", "Arabic", "Hebrew"} <= set(worded)
    assert len({image.data for image in worded.values()}) >= len(worded) - 1


def test_a_deadline_is_shown_past(shown: list[Exhibit]) -> None:
    assert [one.kind for one in shown if one.name == "expired"] == ["countdown"]


def test_no_example_is_changed_by_the_show() -> None:
    before = json.dumps({name: kind.example for name, kind in KINDS.items()})

    list(exhibits({"hero": pictures()["demo-window"]}, now=NOW))

    assert json.dumps({name: kind.example for name, kind in KINDS.items()}) == before
    assert LONG not in before
