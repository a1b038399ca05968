"""Arbitrary parameters raise only BadParams when compiled, arbitrary values only CannotRender when drawn."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from renderers import KINDS, BadParams, CannotRender, Size
from renderers import compile as compile_design
from renderers.params import replace_templates
from tests.renderers.drawing import opened
from tests.renderers.gallery import NOW, assets

WORDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "#0e7c86",
            "#fff",
            "asset:photo",
            "asset:",
            "asset:moving",
            "{{ x }}",
            "{% x",
            "bold",
            "center",
            "cover",
            "2026-12-24T20:00:00Z",
            "9999-12-31T23:59:59Z",
            "Europe/Paris",
            "days",
            "seconds",
            "start",
            "contain",
        ]
    ),
)
VALUES = st.recursive(
    st.one_of(WORDS, st.none(), st.booleans(), st.integers(-5, 300), st.integers(), st.floats()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(st.sampled_from(["from", "to", "angle", "text", "days"]), st.text(max_size=5)),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=6,
)
NAMES = sorted({name for kind in KINDS.values() for name in kind.schema()["properties"]})  # type: ignore[attr-defined]
PARAMS = st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text(max_size=5)), VALUES, max_size=8)
SIZES = st.builds(Size, st.integers(-1, 260), st.integers(-1, 120), st.integers(0, 3))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([*KINDS, "none"]), PARAMS, SIZES)
def test_arbitrary_parameters_are_a_design_or_are_refused(
    kind: str, params: dict[str, object], size: Size
) -> None:
    try:
        design = compile_design(kind, params, size=size, assets=assets())
    except BadParams as refusal:
        problems = refusal.problems
    else:
        problems = ()
        _draw(design, {"/text": "Ana", "/title": "Ana"}, size)
    assert all(problem.detail for problem in problems)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(sorted(name for name in KINDS if KINDS[name].example)),
    st.data(),
    SIZES.filter(lambda size: size.width_px > 119 and size.height_px > 59),
)
def test_nearly_right_parameters_are_a_design_or_are_refused(
    kind: str, data: st.DataObject, size: Size
) -> None:
    params = _plain(kind)
    name = data.draw(st.sampled_from(sorted(KINDS[kind].schema()["properties"])))  # type: ignore[call-overload]
    params[name] = data.draw(VALUES)

    try:
        design = compile_design(kind, params, size=size, assets=assets())
    except BadParams:
        return
    _draw(design, dict.fromkeys(KINDS[kind].templatable, "Ana"), size)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_arbitrary_values_are_a_picture_or_cannot_be_drawn(kind: str, data: st.DataObject) -> None:
    params = _plain(kind)
    present = [pointer for pointer in KINDS[kind].templatable if _put(params, pointer, "{{ x }}")]
    size = Size(*KINDS[kind].example_size)
    design = compile_design(kind, params, size=size, assets=assets())

    values = {pointer: data.draw(WORDS) for pointer in present}
    values.pop(data.draw(st.sampled_from(["", *values])), None)

    _draw(design, values, size)


def _plain(kind: str) -> dict[str, Any]:
    """A kind's example without templates, its pictures among the ones there are."""
    example = replace_templates(KINDS[kind].example, KINDS[kind].templatable)
    return json.loads(json.dumps(example).replace("asset:hero", "asset:photo"))  # type: ignore[no-any-return]


def _put(params: Any, pointer: str, value: str) -> bool:
    """Sets what a pointer names, where what holds it is there."""
    *way, last = pointer[1:].split("/")
    for part in way:
        if isinstance(params, list):
            if int(part) >= len(params):
                return False
            params = params[int(part)]
        else:
            params = params.setdefault(part, {})
    params[last] = value
    return True


def _draw(design: object, values: dict[str, str], size: Size) -> None:
    try:
        image = design.render(values, now=NOW)  # type: ignore[attr-defined]
    except CannotRender as reason:
        told = str(reason)
    else:
        told = "/"
        assert opened(image).size == (image.width_px, image.height_px)
        assert (image.width_px, image.height_px) in (size.bitmap, (1, 1))
    assert told.startswith("/")
