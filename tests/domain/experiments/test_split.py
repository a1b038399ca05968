"""Splits: read whole or refused with pointers, and the same arm for the same customer."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.checks import Check
from app.domain.experiments.split import HOLDOUT, Split, assign, learnt_weights, read_split

IDS = [f"customer-{number}" for number in range(20_000)]
TWO = [{"id": "a", "weight": 50}, {"id": "b", "weight": 50}]


def split(**fields: Any) -> Split:
    check = Check()
    made = read_split(check, {"split": TWO, **fields}, "/variants/0", block_id="hero", variant_id="test")
    check.done()
    assert made is not None
    return made


def shares(of: Split, **asked: Any) -> dict[str | None, float]:
    counted = Counter(assign(of, one, **asked) for one in IDS)
    return {arm: number / len(IDS) for arm, number in counted.items()}


def test_arms_are_dealt_by_weight() -> None:
    three = split(split=[{"id": "a", "weight": 20}, {"id": "b", "weight": 30}, {"id": "c", "weight": 50}])

    assert shares(three) == pytest.approx({"a": 0.2, "b": 0.3, "c": 0.5}, abs=0.01)


def test_without_weights_all_arms_are_alike() -> None:
    assert shares(split(split=[{"id": "a"}, {"id": "b"}])) == pytest.approx({"a": 0.5, "b": 0.5}, abs=0.01)


def test_an_arm_of_no_weight_is_shown_to_nobody() -> None:
    assert shares(split(split=[{"id": "a", "weight": 1}, {"id": "b", "weight": 0}])) == {"a": 1}


def test_the_holdout_is_cut_out_of_every_arm_alike() -> None:
    expected = {"a": 0.45, "b": 0.45, HOLDOUT: 0.1}

    assert shares(split(holdout=10)) == pytest.approx(expected, abs=0.01)


def test_who_is_not_covered_is_not_in_the_experiment() -> None:
    expected = {"a": 0.2, "b": 0.2, None: 0.6}

    assert shares(split(coverage=40)) == pytest.approx(expected, abs=0.01)


def test_two_experiments_in_other_parts_of_a_namespace_share_nobody() -> None:
    first = split(namespace={"id": "spring", "start": 0, "end": 50})
    second = split(namespace={"id": "spring", "start": 50, "end": 100})

    inside = [(assign(first, one) is None) + (assign(second, one) is None) for one in IDS]

    assert set(inside) == {1}


def test_a_seed_of_its_own_deals_anew_and_a_shared_one_deals_alike() -> None:
    own, shared, also_shared = split(), split(seed="spring"), split(seed="spring", holdout=0)

    assert [assign(shared, one) for one in IDS] == [assign(also_shared, one) for one in IDS]
    assert 0.4 < sum(assign(own, one) == assign(shared, one) for one in IDS) / len(IDS) < 0.6


def test_by_touch_a_customer_may_see_another_arm_in_the_next_message() -> None:
    by_touch = split(hash_by="touch")

    assert {assign(by_touch, "ana", f"t-{number}") for number in range(20)} == {"a", "b"}
    assert len({assign(split(), "ana", f"t-{number}") for number in range(20)}) == 1


def test_learnt_weights_stand_for_the_written_ones_of_a_bandit_only() -> None:
    learnt = learnt_weights(["a", "b"], [0.9, 0.1], coverage=1)

    assert shares(split(optimise="bandit"), learnt=learnt)["a"] == pytest.approx(0.9, abs=0.01)
    assert shares(split(), learnt=learnt)["a"] == pytest.approx(0.5, abs=0.01)


def test_learnt_weights_of_other_arms_are_left_aside() -> None:
    learnt = learnt_weights(["a", "c"], [0.9, 0.1], coverage=1)

    assert shares(split(optimise="bandit"), learnt=learnt)["a"] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"split": []}, "/split"),
        ({"split": "a"}, "/split"),
        ({"split": [{"id": "a"}]}, "/split"),
        ({"split": [{"id": str(number)} for number in range(11)]}, "/split"),
        ({"split": [{"id": "a"}, {"id": "a"}]}, "/split/1/id"),
        ({"split": [{"id": "a"}, {"id": "b/c"}]}, "/split/1/id"),
        ({"split": [{"id": "a"}, {"id": "holdout"}]}, "/split/1/id"),
        ({"split": [{"id": "a"}, {"id": "b" * 129}]}, "/split/1/id"),
        ({"split": [{"id": "a"}, {"weigth": 2}]}, "/split/1/weigth"),
        ({"split": [{"id": "a", "weight": 1}, {"id": "b"}]}, "/split"),
        ({"split": [{"id": "a", "weight": 0}, {"id": "b", "weight": 0}]}, "/split"),
        ({"split": [{"id": "a", "weight": -1}, {"id": "b", "weight": 1}]}, "/split/0/weight"),
        ({"split": [{"id": "a", "weight": 0.5}, {"id": "b", "weight": 1}]}, "/split/0/weight"),
        ({"split": [{"id": "a", "weight": 10**30}, {"id": "b", "weight": 1}]}, "/split/0/weight"),
        ({"holdout": 51}, "/holdout"),
        ({"holdout": True}, "/holdout"),
        ({"holdout": float("nan")}, "/holdout"),
        ({"holdout": 10**400}, "/holdout"),
        ({"coverage": 0}, "/coverage"),
        ({"coverage": float("inf")}, "/coverage"),
        ({"coverage": "50"}, "/coverage"),
        ({"optimise": "revenue"}, "/optimise"),
        ({"optimise": ["bandit"]}, "/optimise"),
        ({"hash_by": "device"}, "/hash_by"),
        ({"seed": "x" * 129}, "/seed"),
        ({"seed": 3}, "/seed"),
        ({"namespace": "spring"}, "/namespace"),
        ({"namespace": {"id": "", "start": 0, "end": 50}}, "/namespace/id"),
        ({"namespace": {"id": "spring", "start": 50, "end": 50}}, "/namespace/end"),
        ({"namespace": {"id": "spring", "start": -1}}, "/namespace/start"),
    ],
)
def test_what_cannot_be_read_is_refused_where_it_stands(fields: dict[str, Any], pointer: str) -> None:
    check = Check()

    read_split(check, {"split": TWO, **fields}, "/variants/0", block_id="hero", variant_id="test")

    assert f"/variants/0{pointer}" in [one.pointer for one in check.problems]


def test_an_arm_with_a_long_name_in_a_variant_with_a_long_name_is_refused() -> None:
    check = Check()
    arms = {"split": [{"id": "a"}, {"id": "b" * 100}]}

    read_split(check, arms, "", block_id="hero", variant_id="v" * 100)

    assert [one.pointer for one in check.problems] == ["/split/1/id"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "weight", "start", "end", "x"]), inner, max_size=3)
        ),
        max_leaves=8,
    ),
    st.sampled_from(["split", "optimise", "holdout", "coverage", "namespace", "seed", "hash_by"]),
)
def test_reading_anything_notes_faults_and_never_raises(value: object, name: str) -> None:
    check = Check()

    made = read_split(check, {"split": TWO, name: value}, "", block_id="hero", variant_id="test")

    assert check.problems or (made is not None and assign(made, "ana", "t-1") in ("a", "b", HOLDOUT, None))
