"""/v1/blocks/{id}/coverage: what the real customers would be shown, counted, with nothing left behind."""

import base64
import io
from collections.abc import Callable

import pytest
from PIL import Image as Pictures

from tests import make
from tests.web.conftest import Caller


@pytest.fixture
def crowd(call: Caller, saved: Callable[..., str]) -> None:
    """Ten customers, three of them gold."""
    for number in range(10):
        saved(f"c-{number}", tier="gold" if number < 3 else "silver", points=number)
    call.record()
    call.ok("PUT", "/v1/blocks/hero", make.block())


@pytest.mark.usefixtures("crowd")
def test_every_variant_is_counted_and_shown(call: Caller) -> None:
    told = call.ok("POST", "/v1/blocks/hero/coverage", {"sample": 1_000})

    gold, fallback = told["variants"]
    assert (gold["variant"], gold["customers"], gold["share"]) == ("gold", 3, 0.3)
    assert (gold["why"], gold["example"]) == ({"rule_held": 3}, "c-0")
    assert (fallback["variant"], fallback["customers"]) == ("fallback", 7)
    assert fallback["why"] == {"no_rule_held": 7}
    assert (told["customers"], told["population"], told["is_complete"]) == (10, 10, True)
    assert told["problems"] == []
    head, _, data = gold["thumbnail"].partition(",")
    assert head == "data:image/png;base64"
    with Pictures.open(io.BytesIO(base64.b64decode(data))) as picture:
        assert picture.size == (240, 80)


@pytest.mark.usefixtures("crowd")
def test_a_sample_is_spread_over_all_and_the_same_each_time(call: Caller) -> None:
    told = [call.ok("POST", "/v1/blocks/hero/coverage", {"sample": 5}) for _ in range(2)]

    for one in told:
        del one["took_ms"]
    assert told[0] == told[1]
    assert (told[0]["customers"], told[0]["population"]) == (5, 10)
    assert told[0]["variants"][0]["customers"] == 2  # c-0 and c-2, of c-0, c-2, c-4, c-6, c-8


@pytest.mark.usefixtures("crowd")
def test_a_version_and_a_time_may_be_named(call: Caller) -> None:
    call.ok("POST", "/v1/blocks/hero/publish", {})
    late = {**make.block()["variants"][0], "from": "2027-01-01T00:00:00Z"}  # type: ignore[index]
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=[late]))

    def gold(**body: object) -> int:
        told = call.ok("POST", "/v1/blocks/hero/coverage", body)
        number: int = told["variants"][0]["customers"]
        return number

    assert gold(version=1) == 3
    assert gold(at="2026-12-31T00:00:00Z") == 0
    assert gold(at="2027-01-01T00:00:00Z") == 3
    assert call("POST", "/v1/blocks/hero/coverage", {"version": 9}).status == 404
    assert call("POST", "/v1/blocks/other/coverage", {}).status == 404


def test_what_cannot_be_made_is_told_with_its_place_and_how_often(
    call: Caller, saved: Callable[..., str]
) -> None:
    saved("ana", url="javascript:alert(1)")
    saved("bob")
    call.record()
    broken = {
        "id": "a",
        "when": {"customer.url": {"$exists": True}},
        "creative": {"kind": "image", "params": {"source": "{{ customer.url }}"}},
    }
    empty = {"id": "b", "items": {"catalog": "shop", "select": "newest"}, "creative": make.creative("x")}
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=[broken, empty]))

    told = call.ok("POST", "/v1/blocks/hero/coverage", {})

    assert [(one["variant"], one["pointer"], one["customers"]) for one in told["problems"]] == [
        ("fallback", "/variants", 1),
        ("a", "/variants/0/creative/params/source", 1),
    ]
    assert told["variants"][2]["why"] == {"too_few_items": 1}


@pytest.mark.usefixtures("crowd")
def test_nothing_is_left_behind(call: Caller) -> None:
    before = sorted(call.house.hot.client.keys("*")), len(call.waiting())

    call.ok("POST", "/v1/blocks/hero/coverage", {})

    assert (sorted(call.house.hot.client.keys("*")), len(call.waiting())) == before


def test_without_customers_there_is_nothing_to_count(call: Caller) -> None:
    call.ok("PUT", "/v1/blocks/hero", make.block())

    told = call.ok("POST", "/v1/blocks/hero/coverage", {})

    assert (told["customers"], told["population"]) == (0, 0)
    assert [one["share"] for one in told["variants"]] == [0.0, 0.0]
    assert call("POST", "/v1/blocks/hero/coverage", {"sample": 10_001}).status == 422


@pytest.mark.usefixtures("crowd")
def test_arms_and_who_is_held_out_are_counted_one_by_one(call: Caller) -> None:
    arms = [{"id": one, "weight": 1, "creative": make.creative(one)} for one in ("a", "b")]
    variants = [{"id": "test", "split": arms, "holdout": 50}, {"id": "none", "collapse": True}]
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=variants))

    told = call.ok("POST", "/v1/blocks/hero/coverage", {})

    counts = {one["variant"]: one["customers"] for one in told["variants"]}
    assert list(counts) == ["test/a", "test/b", "none", "test/holdout", "fallback"]
    assert sum(counts.values()) == 10
    assert counts["test/holdout"] > 0
    assert call.ok("POST", "/v1/blocks/hero/check")["is_publishable"]
