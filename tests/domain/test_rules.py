"""Rules: the operators on rich and on missing data, never an exception, and a trace that agrees."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.built_in_attributes import BUILT_IN
from app.domain.problems import Invalid
from app.domain.rules import compile_rule, trace
from app.domain.rules.guide import GUIDE, attributes_table, operators_table
from app.domain.rules.operators import ATTR, GROUPS, JOINING, NESTED, OPERATORS
from app.domain.rules.tracing import evaluate
from tests.domain.rules_cases import CASES

ANA = {
    "customer": {"tier": "gold", "points": 420, "vip": True, "tags": ["a", "b"], "city": None},
    "cart": {"items": [{"item_id": "mug", "price": 12}, {"item_id": "lamp", "price": 60}], "count": 2},
}
GUIDE_PAGE = Path(__file__).parents[2] / "docs" / "rules.md"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
paths = st.sampled_from(
    [
        "customer.tier",
        "customer.points",
        "customer.none",
        "customer.at",
        "cart.items",
        "cart.items.0.price",
        "a",
    ]
)
scalars = st.sampled_from(
    [
        "gold",
        "GOLD",
        "",
        "1.2.3",
        "v1.10",
        "2026-11-01T00:00:00Z",
        "2026-11-20",
        0,
        1,
        1.0,
        12,
        420,
        -5,
        0.5,
        True,
        False,
        None,
    ]
)
orders = st.sampled_from([0, 1, 12, 420, 0.5, "gold", "m", "2026-11-01T00:00:00Z", "2026-11-01"])
texts = st.sampled_from(["g", "old", "gold", "", "1"])
pairs = st.fixed_dictionaries({"$attr": paths})
GIVEN = {
    **dict.fromkeys(("$eq", "$ne"), scalars | st.lists(scalars, max_size=2) | pairs),
    **dict.fromkeys(("$gt", "$gte", "$lt", "$lte"), orders | pairs),
    "$between": st.sampled_from([[0, 12], ["a", "m"], ["2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"]]),
    **dict.fromkeys(("$in", "$nin", "$ini", "$nini", "$all", "$alli"), st.lists(scalars, max_size=3) | pairs),
    **dict.fromkeys(("$startsWith", "$contains", "$endsWith"), texts | pairs),
    **dict.fromkeys(
        ("$regex", "$regexi", "$notRegex", "$notRegexi"), st.sampled_from(["^g", "ol", "(a+)+$", ""])
    ),
    "$within": st.sampled_from(["P30D", "-P7D", "P1M", "PT1S", "P999Y"]),
    "$olderThan": st.sampled_from(["P30D", "PT0S", "P999Y"]),
    **dict.fromkeys(
        ("$veq", "$vne", "$vgt", "$vgte", "$vlt", "$vlte"), st.sampled_from(["1.2.3", "v1.9", "2"]) | pairs
    ),
    "$exists": st.booleans(),
    "$type": st.sampled_from(["string", "number", "boolean", "array", "object", "null"]),
}
plain = st.one_of([st.fixed_dictionaries({name: given}) for name, given in GIVEN.items()])
tests_of_values = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"$not": inner}),
        st.fixed_dictionaries({"$size": st.integers(0, 3) | inner}),
        st.fixed_dictionaries(
            {"$elemMatch": inner | st.dictionaries(st.sampled_from(["price", "b"]), inner, min_size=1)}
        ),
    ),
    max_leaves=3,
)
conditions = st.recursive(
    st.dictionaries(paths, tests_of_values | scalars, min_size=1, max_size=2),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"$and": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"$or": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"$nor": st.lists(inner, max_size=2)}),
        st.fixed_dictionaries({"$not": inner}),
        st.fixed_dictionaries({"$inGroup": st.sampled_from(["vip", "new"])}),
        st.fixed_dictionaries({"$notInGroup": st.sampled_from(["vip", "new"])}),
    ),
    max_leaves=6,
)
values = st.recursive(
    scalars | st.floats() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["price", "b", "tier"]), inner, max_size=3)
    ),
    max_leaves=6,
)
contexts = st.fixed_dictionaries(
    {},
    optional={
        "customer": st.dictionaries(st.sampled_from(["tier", "points", "at"]), values, max_size=3),
        "cart": st.fixed_dictionaries({"items": values}),
        "open": st.sampled_from([{"at": "2026-11-24T12:00:00+00:00"}, {"at": 3}, {}]),
        "a": values,
    },
)
SEGMENTS = {"vip": compile_rule({"customer.tier": "gold"})}
SEGMENTS["new"] = compile_rule({"$notInGroup": "vip", "customer.points": {"$lt": 100}}, segments=SEGMENTS)


@pytest.mark.parametrize(("rule", "context", "wanted"), CASES)
def test_an_operator_does_what_the_table_says_compiled_and_traced(
    rule: object, context: object, wanted: bool
) -> None:
    assert compile_rule(rule).holds(context) is wanted
    assert evaluate(rule, context).held is wanted


def test_every_operator_is_in_the_table_of_cases_and_in_the_guide() -> None:
    told = json.dumps([rule for rule, _, _ in CASES])
    lines = {name for names, _ in GUIDE for name in names.replace("`", " ").split() if name.startswith("$")}

    for name in (*OPERATORS, *NESTED, *JOINING, ATTR):
        assert f'"{name}"' in told, name
    assert lines == {*OPERATORS, *NESTED, *JOINING, *GROUPS, ATTR}


@pytest.mark.parametrize(
    ("rule", "pointer", "detail"),
    [
        ([], "/when", "a condition is an object"),
        ({"customer.tier": {"$gtt": 1}}, "/when/customer.tier/$gtt", "did you mean '$gt'?"),
        ({"$adn": []}, "/when/$adn", "did you mean '$and'?"),
        (
            {"cart.items": {"$elemMatch": {"price": {"$gte2": 1}}}},
            "/when/cart.items/$elemMatch/price/$gte2",
            "$gte",
        ),
        ({"a b": 1}, "/when/a b", "a path is names joined by dots"),
        ({"customer.x": {"$in": "gold"}}, "/when/customer.x/$in", "takes a list"),
        ({"customer.x": {"$gt": True}}, "/when/customer.x/$gt", "takes a number or a text"),
        ({"customer.x": {"$gt": float("nan")}}, "/when/customer.x/$gt", "finite"),
        ({"customer.x": {"$exists": 1}}, "/when/customer.x/$exists", "true or false"),
        ({"customer.x": "y" * 1_001}, "/when/customer.x", "1000 characters"),
        ({"$or": {"a": 1}}, "/when/$or", "takes a list of conditions"),
        ({"$where": "sleep(9)"}, "/when/$where", "unknown operator '$where'"),
        ({"a": {"$where": "1"}}, "/when/a/$where", "unknown operator '$where'"),
        (
            {"a": {"$regex": "(?=x)"}},
            "/when/a/$regex",
            "RE2 does not take this pattern: invalid perl operator",
        ),
        ({"a": {"$regex": "("}}, "/when/a/$regex", "RE2 does not take this pattern: missing )"),
        ({"a": {"$regex": "((a{100}){100}){100}"}}, "/when/a/$regex", "RE2 does not take this pattern"),
        ({"a": {"$regex": "\ud800"}}, "/when/a/$regex", "surrogate"),
        ({"a": {"$regex": 3}}, "/when/a/$regex", "$regex takes a text"),
        ({"a": {"$between": [3, 1]}}, "/when/a/$between", "must not be above"),
        ({"a": {"$between": [1, "2"]}}, "/when/a/$between", "two numbers, two texts"),
        ({"a": {"$between": [1]}}, "/when/a/$between", "takes a list of two"),
        ({"a": {"$within": "30 days"}}, "/when/a/$within", "P30D for the last 30 days"),
        ({"a": {"$olderThan": "-P7D"}}, "/when/a/$olderThan", "P30D for more than 30 days ago"),
        ({"a": {"$vgt": 2}}, "/when/a/$vgt", 'such as "2.10.0"'),
        ({"a": {"$type": "strnig"}}, "/when/a/$type", "takes one of string, number"),
        ({"a": {"$size": -1}}, "/when/a/$size", "whole number"),
        ({"a": {"$size": True}}, "/when/a/$size", "whole number"),
        ({"a": {"$in": [["x"]]}}, "/when/a/$in", "each is a text, a number"),
        ({"a": {"$gt": 10**400}}, "/when/a/$gt", "2**63"),
        ({"a": {"$exists": {"$attr": "b"}}}, "/when/a/$exists", "not given another attribute"),
        ({"a": {"$gt": {"$attr": "b c"}}}, "/when/a/$gt", '{"$attr": "customer.goal"}'),
        ({"a": {"$gt": {"$attr": "b", "x": 1}}}, "/when/a/$gt", "nothing beside it"),
        ({"a": {"$elemMatch": {}}}, "/when/a/$elemMatch", "condition on one element"),
        ({"$inGroup": "vipp"}, "/when/$inGroup", "there is no segment 'vipp'"),
        ({"$inGroup": ["vip"]}, "/when/$inGroup", "names a segment"),
        ({"a": {"$inGroup": "vip"}}, "/when/a/$inGroup", "unknown operator '$inGroup'"),
    ],
)
def test_a_fault_is_told_with_its_place(rule: object, pointer: str, detail: str) -> None:
    with pytest.raises(Invalid) as refused:
        compile_rule(rule, pointer="/when")

    [problem] = refused.value.problems
    assert problem.pointer == pointer
    assert detail in problem.detail


def test_a_tree_of_twenty_thousand_levels_is_refused_at_once() -> None:
    rule: dict[str, object] = {}
    inner = rule
    for _ in range(20_000):
        inner["$not"] = {}
        inner = inner["$not"]  # type: ignore[assignment]

    started = time.perf_counter()
    with pytest.raises(Invalid, match="8 deep"):
        compile_rule(rule)
    assert time.perf_counter() - started < 0.5


def test_a_rule_of_very_many_terms_is_refused() -> None:
    with pytest.raises(Invalid, match="at most 200 terms"):
        compile_rule({f"customer.a{number}": number for number in range(5_000)})


def test_a_rule_knows_the_paths_it_reads() -> None:
    rule = compile_rule({"customer.tier": "gold", "cart.items": {"$elemMatch": {"price": {"$gt": 1}}}})

    assert rule.paths == {"customer.tier", "cart.items"}


@given(json_values, json_values)
def test_any_json_as_a_rule_is_refused_or_answers(document: object, context: object) -> None:
    try:
        rule = compile_rule(document)
    except Invalid:
        return
    assert rule.holds(context) in (True, False)


@given(conditions, json_values | contexts)
def test_a_good_rule_never_raises_on_any_context(condition: object, context: object) -> None:
    assert compile_rule(condition, segments=SEGMENTS).holds(context) in (True, False)


@given(conditions, contexts)
def test_compiled_and_traced_agree(condition: object, context: object) -> None:
    held = evaluate(condition, context, SEGMENTS).held

    assert compile_rule(condition, segments=SEGMENTS).holds(context) is held


@given(conditions, conditions, contexts)
def test_de_morgan(one: object, other: object, context: object) -> None:
    def held(rule: object) -> bool:
        return compile_rule(rule, segments=SEGMENTS).holds(context)

    assert held({"$not": {"$and": [one, other]}}) is held({"$or": [{"$not": one}, {"$not": other}]})
    assert held({"$nor": [one, other]}) is held({"$and": [{"$not": one}, {"$not": other}]})


@given(st.lists(conditions, max_size=4), contexts)
def test_the_order_of_conditions_changes_nothing(parts: list[object], context: object) -> None:
    for name in ("$and", "$or", "$nor"):
        one = compile_rule({name: parts}, segments=SEGMENTS).holds(context)
        assert compile_rule({name: parts[::-1]}, segments=SEGMENTS).holds(context) is one


@given(st.dictionaries(paths, plain, min_size=1, max_size=4), contexts)
def test_a_rule_of_plain_terms_holds_when_all_of_its_traced_terms_held(
    condition: dict[str, object], context: object
) -> None:
    terms = trace(condition, context)

    assert compile_rule(condition).holds(context) is all(term.held for term in terms)


def test_a_name_of_python_is_a_name_like_any_other() -> None:
    rule = compile_rule({"customer.__class__.__mro__": {"$exists": True}, "__class__": {"$exists": True}})

    assert not rule.holds(ANA)
    assert rule.holds({"customer": {"__class__": {"__mro__": 1}}, "__class__": 2})


def test_ten_megabytes_are_refused_at_once() -> None:
    large = [
        {f"a{number}": {"$gtt": "x" * 50} for number in range(100_000)},
        {"a": {"$in": ["x"] * 2_000_000}},
        {"a": "x" * 10_000_000},
        {"a": [[["x" * 10] * 900] * 900]},
        {"$or": [{}] * 2_000_000},
    ]
    for rule in large:
        started = time.perf_counter()
        with pytest.raises(Invalid):
            compile_rule(rule)
        assert time.perf_counter() - started < 0.5


def test_a_value_of_twenty_thousand_levels_is_refused_in_the_rule_and_harmless_in_the_context() -> None:
    deep: object = 1
    for _ in range(20_000):
        deep = [deep]

    with pytest.raises(Invalid, match="8 deep"):
        compile_rule({"a": {"$eq": deep}})
    assert not compile_rule({"a": [[1]]}).holds({"a": deep})
    assert compile_rule({"a": {"$ne": [[1]]}}).holds({"a": deep})


def test_a_rule_reads_what_its_segments_and_other_attributes_read() -> None:
    rule = compile_rule(
        {"$inGroup": "new", "a": {"$gt": {"$attr": "b.c"}}, "d": {"$elemMatch": {"e": {"$within": "P1D"}}}},
        segments=SEGMENTS,
    )

    assert rule.paths == {"a", "b.c", "d", "open.at", "customer.tier", "customer.points"}
    assert rule.segment_ids == {"new", "vip"}


def test_segments_inside_segments_are_bounded() -> None:
    held = {"s0": compile_rule({"a": 1})}
    for number in range(1, 9):
        held[f"s{number}"] = compile_rule({"$inGroup": f"s{number - 1}"}, segments=held)

    with pytest.raises(Invalid, match="8 deep"):
        compile_rule({"$inGroup": "s8"}, segments=held)


def test_segments_that_double_are_bounded() -> None:
    held = {"s0": compile_rule({f"a{number}": 1 for number in range(150)})}
    held["s1"] = compile_rule({"$inGroup": "s0", **{f"b{number}": 1 for number in range(150)}}, segments=held)
    for number in range(2, 5):
        both = [{"$inGroup": f"s{number - 1}"}, {"$inGroup": f"s{number - 2}"}]
        if number == 4:
            with pytest.raises(Invalid, match="1000 terms"):
                compile_rule({"$or": both}, segments=held)
        else:
            held[f"s{number}"] = compile_rule({"$or": both}, segments=held)


def test_a_trace_tells_what_each_term_saw() -> None:
    [tier, points] = trace({"customer.tier": "silver", "customer.points": {"$gte": 100}}, ANA)

    assert (tier.path, tier.operator, tier.expected, tier.seen, tier.held) == (
        "customer.tier",
        "$eq",
        "silver",
        "gold",
        False,
    )
    assert (points.pointer, points.seen, points.held) == ("/customer.points/$gte", 420, True)


def test_the_guides_examples_are_what_the_code_does() -> None:
    blocks = [part.partition("```")[0] for part in GUIDE_PAGE.read_text().split("```json\n")[1:]]
    examples = [json.loads(block) for block in blocks]
    checked = [one for one in examples if "when" in one and "holds" in one]

    assert len(checked) >= 5
    for example in checked:
        assert compile_rule(example["when"]).holds(example["for"]) is example["holds"], example


def test_a_trace_tells_the_terms_of_a_segment_behind_its_name() -> None:
    [group, tier, points] = trace({"$inGroup": "vip", "customer.points": 1}, ANA, SEGMENTS)

    assert (group.operator, group.expected, group.held, group.segment) == ("$inGroup", "vip", True, None)
    assert (tier.pointer, tier.seen, tier.held, tier.segment) == ("/customer.tier", "gold", True, "vip")
    assert (points.segment, points.held) == (None, False)


def test_the_guides_tables_are_the_codes() -> None:
    page = GUIDE_PAGE.read_text()

    assert operators_table() in page
    assert attributes_table(BUILT_IN) in page
