"""Phases: like is counted with like, from the version on that deals as the present one does."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.experiments.phases import Edition, Phase, phases_of
from tests import make
from tests.trial import block


def phases(*documents: dict[str, Any]) -> list[Phase]:
    editions = [
        Edition(number, document, make.NOW + timedelta(hours=number))
        for number, document in enumerate(documents, start=1)
    ]
    return phases_of("hero", editions)


def hour(number: int) -> object:
    return make.NOW + timedelta(hours=number)


def test_a_version_that_changes_only_pictures_goes_on_with_the_count() -> None:
    (phase,) = phases(block("a", "b"), {**block("a", "b"), "alt": "Another"})

    assert (phase.since, phase.version, phase.until) == (hour(1), 2, None)


@pytest.mark.parametrize(
    "changed",
    [
        block("a", "b", holdout=5),
        block("a", "b", coverage=50),
        block("a", "b", seed="anew"),
        block("a", "b", hash_by="touch"),
        block("a", "b", optimise="bandit"),
        block("a", "c"),
        block("a", "b", "c"),
    ],
)
def test_a_version_that_deals_otherwise_begins_to_count_anew(changed: dict[str, Any]) -> None:
    (phase,) = phases(block("a", "b"), block("a", "b"), changed)

    assert (phase.since, phase.version) == (hour(3), 3)


def test_a_bandit_goes_on_with_other_weights_and_begins_anew_with_other_arms() -> None:
    (same,) = phases(block("a", "b", optimise="bandit"), block("a", "b", optimise="bandit", coverage=50))
    (other,) = phases(block("a", "b", optimise="bandit"), block("a", "c", optimise="bandit"))

    assert (same.since, other.since) == (hour(1), hour(2))


def test_an_experiment_that_was_taken_out_has_an_end_and_one_put_in_again_begins_anew() -> None:
    (ended,) = phases(block("a", "b"), make.block(), make.block())
    (again,) = phases(block("a", "b"), make.block(), block("a", "b"))

    assert (ended.since, ended.until) == (hour(1), hour(2))
    assert (again.since, again.until) == (hour(3), None)


@pytest.mark.parametrize(
    "document",
    [{}, {"variants": None}, {"variants": [None, {"id": 3, "split": []}, {"id": "x", "split": [{}]}]}],
)
def test_what_is_no_split_is_passed_over(document: dict[str, Any]) -> None:
    assert phases(document) == []
