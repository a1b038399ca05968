"""/v1/segments: rules with a name, in force at once in what names them, and never pulled from under it."""

from typing import Any

import pytest

from tests import make
from tests.web.conftest import Caller

VIP = {"name": "Best customers", "when": {"customer.tier": "gold"}}


def block(when: object) -> dict[str, Any]:
    return make.block(variants=[{"id": "a", "when": when, "creative": make.creative("for you")}])


def variant_for(call: Caller, customer_id: str, block_id: str = "hero") -> str:
    shown = call.ok("POST", f"/v1/blocks/{block_id}/preview", {"customer_id": customer_id, "version": 1})
    return str(shown["choice"]["variant"])


def test_a_segment_is_saved_read_listed_and_deleted(call: Caller) -> None:
    saved = call.ok("PUT", "/v1/segments/vip", VIP)

    held = call("GET", "/v1/segments/vip")

    assert saved == {"segment_id": "vip", "version": 1, "edition": 1, "sentence": "tier is gold"}
    assert held.headers["ETag"] == '"1"'
    assert {**held.json, "created_at": "", "updated_at": ""} == {
        "segment_id": "vip",
        **VIP,
        "sentence": "tier is gold",
        "version": 1,
        "edition": 1,
        "created_at": "",
        "updated_at": "",
        "used_by": [],
    }
    assert [one["segment_id"] for one in call.ok("GET", "/v1/segments")["segments"]] == ["vip"]
    assert call("DELETE", "/v1/segments/vip").status == 204
    assert call("GET", "/v1/segments/vip").status == 404
    assert call("DELETE", "/v1/segments/vip").status == 404


def test_a_change_of_a_segment_is_a_version_and_what_is_out_follows_it_at_once(call: Caller) -> None:
    call.ok("PUT", "/v1/segments/vip", VIP)
    call.ok("PUT", "/v1/customers/ana", {"attributes": {"tier": "silver"}})
    call.ok("PUT", "/v1/blocks/hero", block({"$inGroup": "vip"}))
    call.ok("POST", "/v1/blocks/hero/publish", {})
    call.house.snapshot.refresh()
    before = call.house.snapshot.block("hero")
    assert variant_for(call, "ana") == "fallback"

    call.ok("PUT", "/v1/segments/vip", {"when": {"customer.level": "x", "customer.tier": "silver"}})

    after = call.house.snapshot.block("hero")
    assert before is not None
    assert after is not None
    assert before.needs.state == ("a.tier",)
    assert after.needs.state == ("a.level", "a.tier")
    call.ok("PUT", "/v1/segments/vip", {"when": {"customer.tier": "silver"}})
    assert variant_for(call, "ana") == "a"
    assert [one["version"] for one in call.ok("GET", "/v1/segments/vip/versions")["versions"]] == [3, 2, 1]


def test_a_segment_in_use_is_not_deleted_and_the_uses_are_named(call: Caller) -> None:
    call.ok("PUT", "/v1/segments/vip", VIP)
    call.ok("PUT", "/v1/segments/new", {"when": {"$notInGroup": "vip"}})
    call.ok("PUT", "/v1/blocks/hero", block({"$or": [{"$inGroup": "vip"}]}))

    refused = call("DELETE", "/v1/segments/vip")

    assert refused.status == 409
    assert "used by segment new, block hero" in refused.json["detail"]
    assert call.ok("GET", "/v1/segments/vip")["used_by"] == [
        {"kind": "segment", "id": "new"},
        {"kind": "block", "id": "hero"},
    ]


@pytest.mark.parametrize(
    ("when", "pointer", "detail"),
    [
        ({"$inGroup": "vip"}, "/when", "a segment may not be in itself: new names vip names new"),
        ({"$inGroup": "vpi"}, "/when/$inGroup", "there is no segment 'vpi'; did you mean 'vip'?"),
        ({"customer.tier": {"$gtt": 1}}, "/when/customer.tier/$gtt", "did you mean '$gt'?"),
        ({"cart.count": -1}, "/when/cart.count", "cart.count is never below 0; -1 can never match"),
    ],
)
def test_a_faulty_segment_is_refused_with_its_place(
    call: Caller, when: object, pointer: str, detail: str
) -> None:
    call.ok("PUT", "/v1/segments/new", {"when": {"customer.tier": "new"}})
    call.ok("PUT", "/v1/segments/vip", {"when": {"$notInGroup": "new"}})

    refused = call("PUT", "/v1/segments/new", {"when": when})

    assert refused.status == 422
    [error] = refused.json["errors"]
    assert error["pointer"] == pointer
    assert detail in error["detail"]
    assert call.ok("GET", "/v1/segments/new")["version"] == 1


def test_a_segment_in_itself_is_refused(call: Caller) -> None:
    refused = call("PUT", "/v1/segments/vip", {"when": {"$inGroup": "vip"}})

    assert refused.status == 422
    assert "vip names vip" in refused.json["detail"]


def test_a_block_that_names_no_segment_there_is_is_refused(call: Caller) -> None:
    refused = call("PUT", "/v1/blocks/hero", block({"$inGroup": "vip"}))

    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] == "/variants/0/when/$inGroup"


def test_a_segment_that_grew_too_large_for_a_block_that_is_out_is_refused(call: Caller) -> None:
    def large(count: int) -> dict[str, object]:
        return {f"customer.a{number}": 1 for number in range(count)}

    parts = [f"s{number}" for number in range(6)]
    for part in parts:
        call.ok("PUT", f"/v1/segments/{part}", {"when": large(140)})
    call.ok("PUT", "/v1/blocks/hero", block({"$or": [{"$inGroup": part} for part in parts]}))
    call.ok("POST", "/v1/blocks/hero/publish", {})
    call.ok("PUT", "/v1/segments/s0", {"when": large(190)})
    call.ok("PUT", "/v1/segments/s1", {"when": large(190)})

    refused = call("PUT", "/v1/segments/s2", {"when": large(200)})

    assert refused.status == 409
    assert "Block hero" in refused.json["detail"]
    assert "1000 terms" in refused.json["detail"]


def test_somebody_elses_change_is_not_overwritten(call: Caller) -> None:
    call.ok("PUT", "/v1/segments/vip", VIP)
    call.ok("PUT", "/v1/segments/vip", VIP)

    stale = call("PUT", "/v1/segments/vip", VIP, headers={"If-Match": '"1"'})

    assert stale.status == 409


def test_a_version_that_names_a_deleted_segment_cannot_go_out_again(call: Caller) -> None:
    call.ok("PUT", "/v1/segments/vip", VIP)
    call.ok("PUT", "/v1/blocks/hero", block({"$inGroup": "vip"}))
    call.ok("POST", "/v1/blocks/hero/publish", {})
    call.ok("PUT", "/v1/blocks/hero", block({"customer.tier": "gold"}))
    call.ok("POST", "/v1/blocks/hero/publish", {})
    assert call("DELETE", "/v1/segments/vip").status == 204

    refused = call("POST", "/v1/blocks/hero/rollback", {"version": 1})

    assert refused.status == 409
    assert "there is no segment 'vip'" in refused.json["detail"]


def test_a_trace_tells_the_terms_of_the_segment_too(call: Caller) -> None:
    call.ok("PUT", "/v1/segments/vip", VIP)

    tried = call.ok(
        "POST",
        "/v1/rules/test",
        {"when": {"$inGroup": "vip"}, "attributes": {"customer": {"tier": "gold"}}},
    )

    assert tried["holds"] is True
    assert tried["sentence"] == "the customer is in the segment vip"
    assert [(one["operator"], one.get("segment")) for one in tried["trace"]] == [
        ("$inGroup", None),
        ("$eq", "vip"),
    ]


def test_a_key_that_may_not_write_may_not_save_a_segment(call: Caller) -> None:
    assert call("PUT", "/v1/segments/vip", VIP, scope="ingest").status == 403
