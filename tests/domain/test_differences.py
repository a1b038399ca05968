"""Two documents are compared: every place that differs, with its pointer."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.differences import differences
from tests import make

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["a", "b"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("id/~ab"), inner, max_size=3),
    max_leaves=12,
)


def told(before: object, after: object) -> list[tuple[Any, ...]]:
    return [(one.kind, one.pointer, one.before, one.after) for one in differences(before, after)]


def test_each_place_that_differs_is_told_with_its_pointer() -> None:
    after = make.block(name="Autumn", width=320, scale=2)
    del after["alt"]

    assert told(make.block(), after) == [
        ("changed", "/name", "Spring hero", "Autumn"),
        ("changed", "/width", 300, 320),
        ("removed", "/alt", "Your spring offer", None),
        ("added", "/scale", None, 2),
    ]


def test_variants_are_compared_by_their_ids_wherever_they_stand() -> None:
    gold, silver, new = {"id": "gold", "w": 1}, {"id": "silver"}, {"id": "new"}
    before, after = {"variants": [gold, silver]}, {"variants": [new, silver, {**gold, "w": 2}]}

    assert told(before, after) == [
        ("changed", "/variants/2/w", 1, 2),
        ("added", "/variants/0", None, new),
        ("moved", "/variants", ["gold", "silver"], ["silver", "gold"]),
    ]
    assert told(before, {"variants": [silver]}) == [("removed", "/variants/0", gold, None)]


def test_other_lists_are_compared_place_by_place() -> None:
    assert told([1, 2, 3], [1, 5]) == [("changed", "/1", 2, 5), ("removed", "/2", 3, None)]
    assert told([{"id": "a"}, {"id": "a"}], [{"id": "a"}]) == [("removed", "/1", {"id": "a"}, None)]


def test_values_of_different_types_differ_and_names_are_escaped() -> None:
    assert told({"a/b~c": 1}, {"a/b~c": True}) == [("changed", "/a~1b~0c", 1, True)]
    assert told({"a": None}, {}) == [("removed", "/a", None, None)]


@given(VALUES, VALUES)
def test_two_documents_differ_exactly_where_something_is_told(before: Any, after: Any) -> None:
    assert differences(before, before) == []
    assert bool(differences(before, after)) == (repr_of(before) != repr_of(after))


def repr_of(value: Any) -> str:
    import json

    return json.dumps(value, sort_keys=True)
