"""Segments are compiled each behind those it names; circles are refused, however long."""

import pytest

from app.domain.problems import Invalid
from app.domain.vocabulary import compile_segments, in_order, named


def test_a_segment_is_compiled_behind_those_it_names() -> None:
    rules = {"a": {"$inGroup": "b"}, "b": {"$or": [{"$notInGroup": "c"}, {"x": 1}]}, "c": {"y": 2}}

    compiled = compile_segments(rules)

    assert in_order(rules) == ["c", "b", "a"]
    assert compiled["a"].paths == {"x", "y"}
    assert compiled["a"].holds({"y": 3})
    assert not compiled["a"].holds({"y": 2})


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"a": {"$inGroup": "a"}}, "a names a"),
        ({"a": {"$inGroup": "b"}, "b": {"$notInGroup": "a"}}, "a names b names a"),
        (
            {"x": {"$inGroup": "a"}, "a": {"$not": {"$inGroup": "b"}}, "b": {"$inGroup": "a"}},
            "a names b names a",
        ),
    ],
)
def test_a_circle_is_refused(rules: dict[str, object], told: str) -> None:
    with pytest.raises(Invalid, match=told):
        compile_segments(rules)


def test_a_circle_of_ten_thousand_is_refused_too() -> None:
    rules: dict[str, object] = {f"s{number}": {"$inGroup": f"s{number + 1}"} for number in range(10_000)}
    rules["s10000"] = {"$inGroup": "s0"}

    with pytest.raises(Invalid, match="may not be in itself"):
        in_order(rules)


def test_a_segment_that_is_not_there_is_named_with_its_place() -> None:
    with pytest.raises(Invalid) as refused:
        compile_segments({"a": {"$or": [{"$inGroup": "b"}]}})

    [problem] = refused.value.problems
    assert (problem.pointer, problem.detail) == ("/a/$or/0/$inGroup", "there is no segment 'b'")


def test_names_are_found_anywhere_in_a_document() -> None:
    document = {"variants": [{"when": {"$or": [{"$inGroup": "a"}, {"$not": {"$notInGroup": "b"}}]}}, 3, None]}

    assert named(document) == {"a", "b"}
