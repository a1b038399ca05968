"""Publishing with care: what differs between versions, and what is looked at before one goes out."""

import itertools
from dataclasses import replace
from typing import Any

import pytest

from app.flows import keys, prechecking
from app.flows.pictures import Gallery
from app.wiring import House
from tests import make
from tests.web.conftest import Caller


def published(call: Caller, **fields: object) -> int:
    call.ok("PUT", "/v1/blocks/hero", make.block(**fields))
    version: int = call.ok("POST", "/v1/blocks/hero/publish", {"note": "try"})["version"]
    return version


def test_two_versions_and_the_draft_are_compared(call: Caller) -> None:
    published(call)
    published(call, name="Autumn", variants=[])
    call.ok("PUT", "/v1/blocks/hero", make.block(name="Autumn", variants=[], alt=""))

    told = call.ok("GET", "/v1/blocks/hero/versions/1/diff/2")
    assert told == {
        "block_id": "hero",
        "differences": [
            {"kind": "changed", "pointer": "/name", "before": "Spring hero", "after": "Autumn"},
            {"kind": "removed", "pointer": "/variants/0", "before": make.block()["variants"][0]},  # type: ignore[index]
        ],
    }
    assert call.ok("GET", "/v1/blocks/hero/versions/2/diff/draft")["differences"] == [
        {"kind": "changed", "pointer": "/alt", "before": "Your spring offer", "after": ""}
    ]
    assert call.ok("GET", "/v1/blocks/hero/versions/2/diff/2")["differences"] == []


def test_a_version_that_is_not_there_cannot_be_compared(call: Caller) -> None:
    published(call)

    assert call("GET", "/v1/blocks/hero/versions/1/diff/7").status == 404
    assert call("GET", "/v1/blocks/other/versions/1/diff/1").status == 404
    assert call("GET", "/v1/blocks/hero/versions/1/diff/last").status == 422


def checked(call: Caller) -> Any:
    return call.ok("POST", "/v1/blocks/hero/check")


def test_a_good_draft_may_be_published_and_was_drawn_for_customers(call: Caller, saved) -> None:
    for number in range(30):
        saved(f"c-{number:02}", tier="gold" if number % 2 else "silver", points=number, first_name="Ana")
    call.record()
    call.ok("PUT", "/v1/blocks/hero", make.block(render_budget_ms=2_000))

    assert checked(call) == {
        "block_id": "hero",
        "edition": 1,
        "is_publishable": True,
        "problems": [],
        "warnings": [],
        "customers": 20,
    }
    call.house.snapshot.refresh()
    assert call.house.snapshot.block("hero") is None


def test_a_picture_that_nobody_could_be_shown_keeps_a_draft_from_being_published(call: Caller, saved) -> None:
    saved("ana", tier="gold", code="ABC")
    call.record()
    params = {"value": "{{ customer.code }}", "symbology": "ean13"}
    variant = {
        "id": "gold",
        "when": {"customer.tier": "gold"},
        "creative": {"kind": "barcode", "params": params},
    }
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=[variant], height=200))

    told = checked(call)
    refused = call("POST", "/v1/blocks/hero/publish", {})

    assert not told["is_publishable"]
    assert [one["pointer"] for one in told["problems"]] == ["/variants/0/creative/params/value"]
    assert told["problems"][0]["detail"].endswith("for every sampled customer who would be shown it")
    assert (refused.status, refused.json["errors"]) == (422, told["problems"])
    assert call.ok("GET", "/v1/blocks/hero/versions")["versions"] == []


def test_weather_that_is_asked_for_only_once_the_block_is_out_is_warned_of(call: Caller, saved) -> None:
    saved("ana")
    call.record()
    creative = {"kind": "weather", "params": {"condition": "{{ weather.weather_code }}"}}
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=[{"id": "all", "creative": creative}], height=200))

    told = checked(call)

    assert told["is_publishable"]
    assert told["warnings"][-1]["pointer"] == "/variants/0/creative/params/condition"


def test_a_picture_that_some_would_not_be_shown_is_warned_of(call: Caller, saved) -> None:
    saved("ana", code="4006381333931")
    saved("bob", code="ABC")
    call.record()
    creative = {"kind": "barcode", "params": {"value": "{{ customer.code }}", "symbology": "ean13"}}
    variants = [{"id": "all", "creative": creative}]
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=variants, height=200, render_budget_ms=2_000))

    told = checked(call)
    out = call.ok("POST", "/v1/blocks/hero/publish", {})

    assert told["is_publishable"]
    assert [one["pointer"] for one in told["warnings"]] == ["/variants/0/creative/params/value"]
    assert told["warnings"][0]["detail"].endswith("in 1 of 2 pictures, so the fallback is shown")
    assert (out["version"], out["warnings"]) == (1, told["warnings"])


def test_a_file_that_is_not_there_and_a_rule_that_can_never_hold_are_problems(call: Caller) -> None:
    creative = {"kind": "image", "params": {"source": "asset:nowhere"}}
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=[{"id": "a", "creative": creative}]))

    assert [one["pointer"] for one in checked(call)["problems"]] == ["/variants/0/creative/params/source"]


def test_too_few_items_are_warned_of(call: Caller, saved) -> None:
    saved("ana")
    call.record()
    variant = {"id": "a", "items": {"catalog": "shop", "select": "newest"}, "creative": make.creative("x")}
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=[variant]))

    [warning] = checked(call)["warnings"]

    assert warning["pointer"] == "/variants"
    assert "1 of 1 sampled customers" in warning["detail"]


def test_slow_and_heavy_pictures_are_warned_of(call: Caller, house: House, saved) -> None:
    saved("ana", tier="gold", first_name="Ana", points=420)
    call.record()
    call.ok("PUT", "/v1/blocks/hero", make.block())
    ticks = itertools.count()
    heavy = replace(house.front, gallery=Gallery(house.snapshot, image_max_bytes=10))

    found = prechecking.check(
        house.cold, house.hot, heavy, "hero", now=make.NOW, clock=lambda: next(ticks) * 0.2
    )

    words = {one.detail.partition(" ")[0] for one in found.warnings}
    assert words == {"drawing", "a"}
    assert {one.pointer for one in found.warnings} == {"/variants/0/creative", "/fallback/creative"}


def test_what_is_published_is_what_was_checked(call: Caller) -> None:
    call.ok("PUT", "/v1/blocks/hero", make.block())

    stale = call("POST", "/v1/blocks/hero/publish", {}, headers={"If-Match": '"7"'})

    assert stale.status == 409
    assert call("POST", "/v1/blocks/other/check").status == 404


@pytest.fixture
def careful(call: Caller) -> Caller:
    """The platform's side where a second person approves."""
    settings = replace(call.house.settings, needs_approval=True)
    return Caller(replace(call.house, settings=settings), call.valkey)


def as_another(caller: Caller, name: str = "another") -> dict[str, str]:
    new = keys.create(caller.house.cold, name, ("author",), now=make.NOW)
    return {"Authorization": f"Bearer {new.text}"}


def test_an_edition_goes_out_only_after_somebody_else_approved_it(careful: Caller) -> None:
    careful.ok("PUT", "/v1/blocks/hero", make.block())
    another = as_another(careful)

    early = careful("POST", "/v1/blocks/hero/publish", {})
    own = careful("POST", "/v1/blocks/hero/approve")
    approved = careful.ok("POST", "/v1/blocks/hero/approve", headers={**another, "If-Match": '"1"'})

    assert early.status == 409
    assert "Edition 1 is not approved" in early.json["detail"]
    assert own.status == 403
    assert approved == {"block_id": "hero", "edition": 1, "approved_by": "another"}
    assert careful.ok("POST", "/v1/blocks/hero/publish", {})["version"] == 1


def test_a_draft_saved_again_has_to_be_approved_again(careful: Caller) -> None:
    careful.ok("PUT", "/v1/blocks/hero", make.block())
    another = as_another(careful)
    careful.ok("POST", "/v1/blocks/hero/approve", headers=another)
    careful.ok("PUT", "/v1/blocks/hero", make.block(name="changed"))

    assert careful("POST", "/v1/blocks/hero/publish", {}).status == 409
    assert careful("POST", "/v1/blocks/hero/approve", headers={**another, "If-Match": '"1"'}).status == 409
    assert careful("POST", "/v1/blocks/other/approve", headers=another).status == 404


def test_keys_of_the_same_name_are_one_person(careful: Caller) -> None:
    careful.ok("PUT", "/v1/blocks/hero", make.block())

    assert careful("POST", "/v1/blocks/hero/approve", headers=as_another(careful, "tests")).status == 403


def test_what_is_out_can_be_taken_back_without_approval(careful: Caller) -> None:
    careful.ok("PUT", "/v1/blocks/hero", make.block())
    careful.ok("POST", "/v1/blocks/hero/approve", headers=as_another(careful))
    careful.ok("POST", "/v1/blocks/hero/publish", {})

    assert careful.ok("POST", "/v1/blocks/hero/recall")["is_recalled"]
    assert careful.ok("POST", "/v1/blocks/hero/rollback", {"version": 1})["version"] == 1
