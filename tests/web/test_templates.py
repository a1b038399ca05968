"""/v1/templates/test: a template is tried on given values."""

import pytest

from tests import make
from tests.web.conftest import Caller

PATH = "/v1/templates/test"
DATA = {"customer": {"points": 1420, "locale": "de-DE"}}


def test_a_template_is_tried_on_given_values(call: Caller) -> None:
    words = '{{ customer.points | plural: one: "Punkt", other: "Punkte" }}'

    told = call.ok("POST", PATH, {"template": "{{ customer.points | number }} " + words, "data": DATA})

    assert told == {"text": "1.420 Punkte"}
    assert call.ok("POST", PATH, {"template": "Hello {{ customer.name }}"}) == {"text": "Hello "}


@pytest.mark.parametrize(
    ("body", "pointer", "told"),
    [
        ({"template": "{{ a | nofilter }}"}, "/template", "unknown filter 'nofilter'"),
        ({"template": "{{ a"}, "/template", "expected '}}'"),
        ({"template": "{{ a | money: 'EUR' }}", "data": {"a": "x"}}, "/template", "is not a number"),
        (
            {"template": "{{ (1..a) | join }}", "data": {"a": 9_999_999_999}},
            "/template",
            "a range has at most 2000 numbers",
        ),
        ({"template": "x" * 8_001}, "/template", "8000 characters at most"),
        ({"template": "a", "data": []}, "/data", ""),
        ({}, "/template", ""),
    ],
)
def test_what_cannot_be_rendered_is_refused_with_a_reason(
    call: Caller, body: object, pointer: str, told: str
) -> None:
    refused = call("POST", PATH, body)

    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] == pointer
    assert told in refused.json["errors"][0]["detail"]


def test_trying_templates_is_for_authors(call: Caller) -> None:
    assert call("POST", PATH, {"template": "a"}, scope="ingest").status == 403
    assert call("POST", PATH, {"template": "a"}, scope="author").status == 200


def test_attributes_that_no_customer_has_are_warned_of_when_a_block_is_saved(call: Caller) -> None:
    for name in ("first_name", "points"):
        call.ok("PUT", f"/v1/attributes/customer.{name}", {"type": "string", "about": "x"})
    variant = {
        "id": "all",
        "creative": make.creative("{{ customer.frist_name }}, {{ customer.points }}"),
        "link": "https://shop.example/?c={{ customer.colour }}",
    }

    told = call.ok("PUT", "/v1/blocks/hero", make.block(variants=[variant]))

    assert [one["pointer"] for one in told["warnings"]] == [
        "/variants/0/creative/params/text",
        "/variants/0/link",
    ]
    assert "did you mean 'first_name'?" in told["warnings"][0]["detail"]
    assert "no customer has the attribute 'colour' yet" in told["warnings"][1]["detail"]
