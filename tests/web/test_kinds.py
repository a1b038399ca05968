"""Kinds whose parameters are lists, over HTTP: saved, refused with pointers, drawn for each customer."""

from typing import Any

from tests import make
from tests.web.conftest import Caller

POLL = {
    "kind": "poll",
    "params": {
        "question": "Which glaze?",
        "answers": [{"text": "Sea", "votes": "{{ customer.sea }}"}, {"text": "Clay", "votes": 1}],
    },
}


def variant(creative: dict[str, Any]) -> dict[str, Any]:
    return {"id": "all", "creative": creative, "link": "https://shop.example/"}


def preview(call: Caller, customer: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = call.ok("POST", "/v1/blocks/hero/preview", {"customer": customer})
    return seen


def test_a_template_in_a_list_takes_its_value_from_the_customer(call: Caller) -> None:
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=[variant(POLL)], height=200))

    none, some = (preview(call, {"attributes": {"sea": votes}}) for votes in (0, 3))
    wrong = preview(call, {"attributes": {"sea": "many"}})

    assert none["choice"]["variant"] == some["choice"]["variant"] == "all"
    assert none["image"] != some["image"]
    assert (wrong["choice"]["variant"], wrong["choice"]["why"]) == ("fallback", "cannot_render")


def test_a_fault_in_a_list_is_told_by_its_whole_pointer(call: Caller) -> None:
    layers = [{"text": "{{ customer.first_name }}"}, {"text": "x", "size_px": 4, "box": {"x": 1}}]
    wrong = {"kind": "layers", "params": {"layers": layers}}

    refused = call("PUT", "/v1/blocks/hero", make.block(variants=[variant(wrong)]))

    pointers = {error["pointer"] for error in refused.json["errors"]}
    at = "/variants/0/creative/params/layers/1"
    assert refused.status == 422
    assert {f"{at}/size_px", f"{at}/box/y", f"{at}/box/width", f"{at}/box/height"} == pointers


def test_each_customer_reads_a_price_in_the_own_locale(call: Caller) -> None:
    creative = make.creative("{{ customer.price | money: 'EUR' }}")
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=[variant(creative)]))
    price = {"attributes": {"price": 1234.5}}

    german, american, plain = (
        preview(call, {**price, **told})["image"] for told in ({"locale": "de-DE"}, {"locale": "en-US"}, {})
    )

    assert german != american == plain


def test_a_saved_customers_locale_is_read_at_an_open(call: Caller) -> None:
    creative = make.creative("{{ customer.points | number }}")
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=[variant(creative)]))
    images = []
    for locale in ("de-DE", "en-US"):
        call.ok("PUT", "/v1/customers/ana", {"attributes": {"points": 1234}, "locale": locale})
        seen = call.ok("POST", "/v1/blocks/hero/preview", {"customer_id": "ana"})
        images.append(seen["image"])

    assert images[0] != images[1]
