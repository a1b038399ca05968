"""Block documents: compiled when good; every fault told with its place when not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.blocks import compile_block
from app.domain.problems import Invalid
from tests import make

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "variants",
                    "fallback",
                    "creative",
                    "kind",
                    "params",
                    "id",
                    "when",
                    "link",
                    "sticky",
                    "width",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def problems(document: object) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        compile_block("hero", document, version=1)  # type: ignore[arg-type]
    return {problem.pointer: problem.detail for problem in refused.value.problems}


def variant(**fields: object) -> dict[str, object]:
    return make.block(variants=[{"id": "a", "creative": make.creative("x"), **fields}])


def split(*arms: dict[str, object], **fields: object) -> dict[str, object]:
    """A block whose variant has an arm `a` and another one; a field of `...` is left out."""
    listed = [{"id": "a", "creative": make.creative("x")}, *(arms or ({"id": "b"},))]
    document = {"id": "v", "creative": make.creative("x"), "split": listed, **fields}
    return make.block(variants=[{name: value for name, value in document.items() if value is not ...}])


def test_a_block_reads_only_the_fields_its_variants_name() -> None:
    block = compile_block("hero", make.block(), version=3)

    assert block.version == 3
    assert block.needs.state == ("a.first_name", "a.points", "a.tier")
    assert block.needs.history == ()
    assert [one.id for one in block.variants] == ["gold"]
    assert list(block.variants[0].creative.templates) == ["/text"]


def test_history_cart_and_activity_are_read_where_they_lie() -> None:
    when = {
        "history.opens": 0,
        "cart.count": {"$gt": 1},
        "activity.viewed.count": {"$gt": 2},
        "customer.locale": "fr",
    }

    needs = compile_block("hero", variant(when=when), version=1).needs

    assert needs.state == ("a.locale", "k", "s", "v.viewed")
    assert needs.history == ("n.o",)


@pytest.mark.parametrize(
    ("document", "pointer", "detail"),
    [
        (make.block(width=0), "/width", "whole number from 1 to 2000"),
        (make.block(width=1_500, scale=2), "/width", "over 2000 pixels"),
        (make.block(heigth=3), "/heigth", "did you mean 'height'?"),
        (make.block(variants={}), "/variants", "list of at most 50"),
        (make.block(variants=[{}] * 51), "/variants", "list of at most 50"),
        (make.block(fallback=None), "/fallback", "every block has a fallback"),
        (make.block(fallback={}), "/fallback", "every block has a fallback"),
        (make.block(sticky={"per": "week"}), "/sticky/per", "touch"),
        (make.block(sticky={"per": "touch", "for": "1 day"}), "/sticky/for", "PT24H"),
        (make.block(sticky={"per": "touch", "for": "P93D"}), "/sticky/for", "92 days"),
        (make.block(sticky={"per": "none", "for": "P1D"}), "/sticky/for", "nothing stays"),
        (make.block(holdout=51), "/holdout", "from 0 to 50"),
        (make.block(holdout=True), "/holdout", "percentage"),
        (variant(hours=[]), "/variants/0/hours", "1 to 20 windows"),
        (variant(hours=[{"days": ["sunday"]}]), "/variants/0/hours/0/days", "sun"),
        (variant(collapse=False), "/variants/0/collapse", "true, or left out"),
        (variant(collapse=True), "/variants/0/creative", "what collapses has no creative"),
        (variant(collapse=True, link="https://shop.example/"), "/variants/0/link", "fallback leads"),
        (make.block(variants=[{"id": "a"}]), "/variants/0/creative", "creative, split, collapse"),
        (variant(split=[]), "/variants/0/split", "2 to 10 arms"),
        (split(), "/variants/0/creative", "its arms have"),
        (split(creative=...), "/variants/0/split/1/creative", "creative, collapse"),
        (
            split({"id": "b", "creative": {"kind": 3}}, creative=...),
            "/variants/0/split/1/creative/kind",
            "kind",
        ),
        (split({"id": "holdout", "collapse": True}, creative=...), "/variants/0/split/1/id", "another id"),
        (split({"id": "a", "collapse": True}, creative=...), "/variants/0/split/1/id", "taken"),
        (variant(coverage=50), "/variants/0/coverage", "belongs to a split"),
        (variant(id="fallback"), "/variants/0/id", "taken"),
        (variant(id="a b"), "/variants/0/id", "1 to 128"),
        (
            variant(when={"customer.tier": {"$gtt": 1}}),
            "/variants/0/when/customer.tier/$gtt",
            "did you mean '$gt'?",
        ),
        (variant(when={"custmer.tier": 1}), "/variants/0/when/custmer.tier", "did you mean 'customer'?"),
        (variant(when={"cart.itmes": 1}), "/variants/0/when/cart.itmes", "did you mean 'items'?"),
        (variant(**{"from": "2026-11-01"}), "/variants/0/from", "offset"),
        (variant(until="tomorrow"), "/variants/0/until", "offset"),
        (variant(link="javascript:alert(1)"), "/variants/0/link", "https://"),
        (variant(link=3), "/variants/0/link", "web address"),
        (variant(stop_after="open"), "/variants/0/stop_after", "click"),
        (variant(stop_after=["click"]), "/variants/0/stop_after", "conversion"),
        (variant(offer="spring"), "/variants/0/offer", "not available in this version"),
        (variant(block="other"), "/variants/0/block", "not available in this version"),
        (variant(max_views=0), "/variants/0/max_views", "from 1 to 100"),
        (variant(max_views=True), "/variants/0/max_views", "whole number"),
        (variant(max_clicks={"max": 101}), "/variants/0/max_clicks/max", "from 1 to 100"),
        (variant(max_views={"per": "total"}), "/variants/0/max_views/max", "1,000,000,000"),
        (variant(max_views={"max": 3, "per": "week"}), "/variants/0/max_views/per", "total"),
        (variant(max_views={"max": 3, "windw": 1}), "/variants/0/max_views/windw", "did you mean 'window'"),
        (variant(max_views={"max": 3, "window": {"gap": "P1D"}}), "/variants/0/max_views/window", "rolling"),
        (
            variant(max_views={"max": 3, "window": {"rolling": "P93D"}}),
            "/variants/0/max_views/window/rolling",
            "92 days",
        ),
        (
            variant(max_views={"max": 3, "per": "total", "window": {"calendar": "day", "zone": "customer"}}),
            "/variants/0/max_views/window/zone",
            "one zone",
        ),
        (
            variant(max_views={"max": 3, "window": {"calendar": "year"}}),
            "/variants/0/max_views/window/calendar",
            "day, week, month",
        ),
        (make.block(sticky={"refresh_on_cap": 1}), "/sticky/refresh_on_cap", "true or false"),
        (
            variant(creative={"kind": "text", "params": {"text": "{{ a | nope }}"}}),
            "/variants/0/creative/params/text",
            "nope",
        ),
        (variant(creative={"kind": 3}), "/variants/0/creative/kind", "kind"),
        (variant(creative={"kind": "text", "params": []}), "/variants/0/creative/params", "object"),
    ],
)
def test_a_fault_is_told_with_its_place(document: object, pointer: str, detail: str) -> None:
    assert detail in problems(document)[pointer]


def test_from_must_be_before_until() -> None:
    told = problems(variant(**{"from": "2026-12-01T00:00:00Z", "until": "2026-11-01T00:00:00Z"}))

    assert told["/variants/0/until"] == "until must be later than from"


def test_several_faults_are_told_at_once() -> None:
    assert set(problems(make.block(width=0, height="x", alt=3))) == {"/width", "/height", "/alt"}


@given(json_values)
def test_any_json_is_compiled_or_refused(document: object) -> None:
    refused: tuple[object, ...] = ()
    try:
        compile_block("hero", document, version=1)  # type: ignore[arg-type]
    except Invalid as wrong:
        refused = wrong.problems
    assert len(refused) <= 20
