"""/v1/attributes: the typed catalogue; declared by people, proposed from what platforms send."""

from typing import Any

import pytest

from tests import make
from tests.web.conftest import Caller


def listed(call: Caller, source: str = "") -> dict[str, Any]:
    told = call.ok("GET", "/v1/attributes" + (f"?source={source}" if source else ""))
    return {one["path"]: one for one in told["attributes"]}


def test_what_is_built_in_is_listed_with_types_and_bounds(call: Caller) -> None:
    held = listed(call)

    assert held["cart.count"] == {
        "path": "cart.count",
        "type": "number",
        "about": "how many items are in the cart",
        "source": "built_in",
        "personal": True,
        "low": 0,
    }
    assert "human" in held["client.opener"]["values"]
    assert held["customer.*"]["is_pattern"] is True
    assert listed(call, "declared") == {}


def test_an_attribute_is_declared_and_rules_are_held_to_it(call: Caller) -> None:
    body = {"type": "number", "about": "points of the loyalty programme", "low": 0, "high": 10_000}
    declared = call.ok("PUT", "/v1/attributes/customer.points", body)

    when = {"customer.points": {"$gt": "many"}, "customer.pionts": 3}
    refused = call("PUT", "/v1/blocks/hero", make.block(variants=[{"id": "a", "when": when, **creative()}]))
    checked = call.ok("POST", "/v1/rules/check", {"when": {"customer.points": {"$gte": 20_000}}})

    assert declared == {"path": "customer.points", "source": "declared", "personal": True, **body}
    assert refused.status == 422
    assert {one["pointer"]: one["detail"] for one in refused.json["errors"]} == {
        "/variants/0/when/customer.points/$gt": "customer.points is a number; 'many' can never match",
        "/variants/0/when/customer.pionts": "unknown attribute; did you mean 'points'? "
        "If 'pionts' is another one, declare it",
    }
    assert checked["problems"] == [
        {
            "pointer": "/when/customer.points/$gte",
            "detail": "customer.points is always between 0 and 10000; 20000 can never match",
        }
    ]
    assert checked["sentence"] == "points are at least 20,000"


def test_attributes_that_customers_have_are_proposed_with_a_type(call: Caller) -> None:
    attributes = {
        "tier": "gold",
        "points": 12,
        "vip": True,
        "joined_at": "2026-01-02T10:00:00Z",
        "birthday": "1990-05-01",
        "tags": ["a"],
        "address": {"city": "Lyon"},
        "nothing": None,
    }
    call.ok("PUT", "/v1/customers/ana", {"attributes": attributes})
    call.record()

    assert {path: one["type"] for path, one in listed(call, "proposed").items()} == {
        "customer.tier": "string",
        "customer.points": "number",
        "customer.vip": "boolean",
        "customer.joined_at": "datetime",
        "customer.birthday": "datetime",
        "customer.tags": "list",
        "customer.address": "object",
    }


def test_a_block_may_name_what_no_customer_has_yet_and_its_author_is_told(call: Caller) -> None:
    call.ok("PUT", "/v1/customers/ana", {"attributes": {"tier": "gold"}})
    call.record()

    variants = [{"id": "a", "when": {"customer.shoe_size": 40}, **creative()}]
    saved = call.ok("PUT", "/v1/blocks/hero", make.block(variants=variants))

    assert saved["edition"] == 1
    assert saved["warnings"] == [
        {
            "pointer": "/variants/0/when/customer.shoe_size",
            "detail": "no customer has the attribute 'shoe_size' yet, and nobody declared it",
        }
    ]


def test_what_was_proposed_may_be_declared_and_taken_back(call: Caller) -> None:
    call.ok("PUT", "/v1/customers/ana", {"attributes": {"tier": "gold"}})
    call.record()
    call.ok("PUT", "/v1/attributes/customer.tier", {"type": "string", "values": ["gold", "new"]})
    assert listed(call)["customer.tier"]["source"] == "declared"

    assert call("DELETE", "/v1/attributes/customer.tier").status == 204

    assert "customer.tier" not in listed(call)
    assert call("DELETE", "/v1/attributes/customer.tier").status == 404


def test_who_declares_an_attribute_impersonal_may_show_it_to_unproven_customers(call: Caller) -> None:
    call.ok(
        "PUT",
        "/v1/blocks/hero",
        make.block(variants=[{"id": "a", "when": {"customer.market": "fr"}, **creative()}]),
    )
    call.ok("POST", "/v1/blocks/hero/publish", {})
    call.house.snapshot.refresh()
    before = call.house.snapshot.block("hero")

    call.ok("PUT", "/v1/attributes/customer.market", {"type": "string", "personal": False})
    call.house.snapshot.refresh()

    after = call.house.snapshot.block("hero")
    assert before is not None
    assert after is not None
    assert (before.variants[0].is_personal, after.variants[0].is_personal) == (True, False)


@pytest.mark.parametrize(
    ("path", "body", "place", "detail"),
    [
        ("cart.count", {"type": "number"}, "path", "a path is customer.<attribute>"),
        ("customer.id", {"type": "number"}, "path", "customer.id is built in"),
        ("customer.*", {"type": "number"}, "path", "a path is customer.<attribute>"),
        ("customer.a", {"type": "nubmer"}, "/type", "did you mean 'number'?"),
        ("customer.a", {}, "/type", "type is string, number"),
        ("customer.a", {"type": "number", "values": ["x"]}, "/values", "only a string"),
        ("customer.a", {"type": "string", "values": []}, "/values", "1 to 100 texts"),
        ("customer.a", {"type": "string", "low": 1}, "/low", "only a number"),
        ("customer.a", {"type": "number", "low": 2, "high": 1}, "/high", "must not be below low"),
        ("customer.a", {"type": "number", "hgih": 1}, "/hgih", "did you mean 'high'?"),
        ("customer.a", {"type": "number", "about": "x" * 301}, "/about", "300 characters"),
        ("customer.a", {"type": "number", "personal": 1}, "/personal", "true or false"),
    ],
)
def test_a_faulty_declaration_is_refused_with_its_place(
    call: Caller, path: str, body: dict[str, object], place: str, detail: str
) -> None:
    refused = call("PUT", f"/v1/attributes/{path}", body)

    assert refused.status == 422
    [error] = refused.json["errors"]
    assert (error.get("pointer") or error.get("parameter")) == place
    assert detail in error["detail"]


def creative() -> dict[str, Any]:
    return {"creative": make.creative("x")}
