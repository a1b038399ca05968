"""Blocks and policies: drafts with editions, versions that stay, rollback, recall."""

import threading
import time
from datetime import timedelta
from types import ModuleType

import pytest

from app.domain.problems import Conflict
from app.stores.cold import blocks, policies
from app.stores.cold.drafts import StaleEdition
from app.stores.cold.engine import Cold, RefusedRows
from tests import make

LATER = make.NOW + timedelta(hours=1)


@pytest.fixture(params=[blocks, policies], ids=["blocks", "policies"])
def noun(request: pytest.FixtureRequest) -> ModuleType:
    module: ModuleType = request.param
    return module


def test_a_draft_comes_back_as_it_was_saved(cold: Cold, noun: ModuleType) -> None:
    document = {"name": "Ḥéllo ✨", "n": 1.5, "list": [None, True, {"deep": "\u0000"}]}

    with cold.writing() as connection:
        edition = noun.save_draft(connection, "hero", document, now=make.NOW, by="key-1")

    with cold.reading() as connection:
        draft = noun.fetch(connection, "hero")
    assert edition == 1
    assert (draft.id, draft.document, draft.edition, draft.updated_by) == ("hero", document, 1, "key-1")
    assert (draft.published_version, draft.created_at, draft.updated_at) == (None, make.NOW, make.NOW)


def test_each_save_is_a_new_edition_and_keeps_the_day_of_birth(cold: Cold, noun: ModuleType) -> None:
    with cold.writing() as connection:
        noun.save_draft(connection, "hero", {"a": 1}, now=make.NOW)
        edition = noun.save_draft(connection, "hero", {"a": 2}, now=LATER, expected=1)
        draft = noun.fetch(connection, "hero")

    assert (edition, draft.document, draft.created_at, draft.updated_at) == (2, {"a": 2}, make.NOW, LATER)


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_saving_over_what_somebody_else_changed_is_a_conflict(
    cold: Cold, noun: ModuleType, expected: int
) -> None:
    with cold.writing() as connection:
        noun.save_draft(connection, "hero", {"a": 1}, now=make.NOW)
        noun.save_draft(connection, "hero", {"a": 2}, now=make.NOW)

    with pytest.raises(StaleEdition, match="edition 2") as stale, cold.writing() as connection:
        noun.save_draft(connection, "hero", {"a": 3}, now=make.NOW, expected=expected)

    assert isinstance(stale.value, Conflict)
    assert stale.value.current == 2
    with cold.reading() as connection:
        assert noun.fetch(connection, "hero").document == {"a": 2}


@pytest.mark.parametrize("edition", [0, 1])
def test_of_two_who_save_the_same_edition_at_once_one_is_told(
    cold: Cold, noun: ModuleType, edition: int
) -> None:
    with cold.writing() as connection:
        if edition:
            noun.save_draft(connection, "hero", {}, now=make.NOW)
    outcomes: list[str] = []

    def save(author: str) -> None:
        try:
            with cold.writing() as connection:
                saved = noun.save_draft(connection, "hero", {"by": author}, now=make.NOW, expected=edition)
                outcomes.append(f"saved as {saved}")
                time.sleep(0.1)
        except StaleEdition as stale:
            outcomes.append(f"stale, now {stale.current}")

    threads = [threading.Thread(target=save, args=(author,)) for author in ("ana", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == [f"saved as {edition + 1}", f"stale, now {edition + 1}"]


def test_published_versions_stay_as_they_were(cold: Cold, noun: ModuleType) -> None:
    with cold.writing() as connection:
        noun.save_draft(connection, "hero", {"a": 1}, now=make.NOW)
        first = noun.publish(connection, "hero", now=make.NOW, by="ana", note="first")
        noun.save_draft(connection, "hero", {"a": 2}, now=LATER)
        second = noun.publish(connection, "hero", now=LATER, by="bob", note="second")
        noun.save_draft(connection, "hero", {"a": 3}, now=LATER)

    with cold.reading() as connection:
        versions = noun.versions(connection, "hero")
        [out] = noun.published(connection)
    assert (first, second) == (1, 2)
    assert [(one.version, one.document, one.note, one.at, one.by) for one in versions] == [
        (2, {"a": 2}, "second", LATER, "bob"),
        (1, {"a": 1}, "first", make.NOW, "ana"),
    ]
    assert (out.version, out.document) == (2, {"a": 2})


def test_a_rollback_publishes_the_old_version_and_keeps_the_numbers_growing(
    cold: Cold, noun: ModuleType
) -> None:
    with cold.writing() as connection:
        for number in (1, 2):
            noun.save_draft(connection, "hero", {"a": number}, now=make.NOW)
            noun.publish(connection, "hero", now=make.NOW)
        went = noun.point_to(connection, "hero", 1)
        [out] = noun.published(connection)
        third = noun.publish(connection, "hero", now=make.NOW)
        nowhere = noun.point_to(connection, "hero", 9)

    assert (went, out.version, out.document, third, nowhere) == (True, 1, {"a": 1}, 3, False)


def test_what_is_not_there_cannot_be_published(cold: Cold, noun: ModuleType) -> None:
    with cold.writing() as connection:
        assert noun.publish(connection, "hero", now=make.NOW) is None
        assert noun.fetch(connection, "hero") is None
        assert noun.version(connection, "hero", 1) is None
        assert list(noun.published(connection)) == []


def test_a_recalled_block_says_so_until_it_is_published_again(cold: Cold) -> None:
    with cold.writing() as connection:
        blocks.save_draft(connection, "hero", {}, now=make.NOW)
        blocks.publish(connection, "hero", now=make.NOW)
        is_known = blocks.recall(connection, "hero")
        [recalled] = blocks.published(connection)
        blocks.publish(connection, "hero", now=make.NOW)
        [again] = blocks.published(connection)
        is_other_known = blocks.recall(connection, "other")

    assert (is_known, recalled.is_recalled, again.is_recalled, is_other_known) == (True, True, False, False)


def test_drafts_are_listed_page_by_page(cold: Cold, noun: ModuleType) -> None:
    with cold.writing() as connection:
        for name in ("c", "a", "b"):
            noun.save_draft(connection, name, {}, now=make.NOW)

    with cold.reading() as connection:
        first = noun.page(connection, limit=2)
        rest = noun.page(connection, after=first[-1].id, limit=2)

    assert [draft.id for draft in first + rest] == ["a", "b", "c"]


def test_a_published_version_cannot_be_changed_by_anybody(cold: Cold, noun: ModuleType) -> None:
    with cold.writing() as connection:
        noun.save_draft(connection, "hero", {"a": 1}, now=make.NOW)
        noun.publish(connection, "hero", now=make.NOW, note="first")
    table = "block_versions" if noun is blocks else "policy_versions"

    with pytest.raises(RefusedRows), cold.writing() as connection:
        connection.exec_driver_sql(f"UPDATE {table} SET note = 'another'")

    with cold.reading() as connection:
        assert noun.version(connection, "hero", 1).note == "first"
