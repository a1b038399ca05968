"""A preview is shown as on any device, in any place and weather, at any time."""

from typing import Any

import pytest

from tests import make
from tests.web.conftest import Caller

IPAD = (
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)

JOINED = {"attributes": {"joined": "2026-11-01"}}


def draft(call: Caller, when: dict[str, Any]) -> None:
    variant = {"id": "it", "when": when, "creative": make.creative("It"), "link": "https://shop.example/"}
    call.ok("PUT", "/v1/blocks/hero", make.block(variants=[variant]))


def seen(call: Caller, **body: object) -> dict[str, Any]:
    told = call.ok("POST", "/v1/blocks/hero/preview", {"customer": {}, **body})["choice"]
    return dict(told)


@pytest.mark.parametrize(
    ("when", "body", "holds"),
    [
        ({"client.device": "phone"}, {"client": {"device": "phone"}}, True),
        ({"client.device": "tablet", "client.os": "ios"}, {"client": {"user_agent": IPAD}}, True),
        ({"client.device": "phone"}, {"client": {"user_agent": IPAD, "device": "phone"}}, True),
        ({"client.device": {"$exists": False}}, {"client": {"user_agent": IPAD, "opener": "proxy"}}, True),
        ({"place.city": "Paris", "place.country": "FR"}, {"place": {"city": "Paris", "country": "FR"}}, True),
        ({"place.country": "FR"}, {"place": {"country": "DE"}}, False),
        ({"weather.condition": "rain"}, {"weather": {"condition": "rain"}}, True),
        ({"weather.condition": "snow"}, {"weather": {"weather_code": 73}}, True),
        ({"weather.temperature_2m": {"$lt": 0}}, {"weather": {"temperature_2m": -3}}, True),
        ({"local.hour": 10}, {"at": "2026-11-20T09:02:00Z", "customer": {"timezone": "Europe/Paris"}}, True),
        ({"days_since.joined": 20}, {"at": "2026-11-21T09:00:00Z", "customer": JOINED}, True),
        ({"open.is_first": True, "clicked.this_block": False}, {}, True),
    ],
)  # fmt: skip
def test_what_is_around_may_be_made_up(
    call: Caller, when: dict[str, Any], body: dict[str, object], holds: bool
) -> None:
    draft(call, when)

    assert (seen(call, **body)["variant"] == "it") is holds


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"client": {"device": "toaster"}}, "/client/device"),
        ({"client": {"user_agent": "x" * 600}}, "/client/user_agent"),
        ({"weather": {"temperature_2m": 1_000}}, "/weather/temperature_2m"),
        ({"weather": {"temperatur": 1}}, "/weather/temperatur"),
        ({"place": {"latitude": 91}}, "/place/latitude"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    call: Caller, body: dict[str, object], pointer: str
) -> None:
    draft(call, {"client.device": "phone"})

    refused = call("POST", "/v1/blocks/hero/preview", {"customer": {}, **body})

    assert refused.status == 422
    assert pointer in refused.text


def test_the_trace_says_why_a_place_is_not_known(call: Caller) -> None:
    draft(call, {"place.country": "FR", "client.opener": "human"})

    [place, asks] = seen(call)["trace"][0]["terms"]

    assert (place["seen"], place["unknown_because"]) == (None, "the setting PLACE_FILE names no file")
    assert "unknown_because" not in asks


def test_the_trace_says_why_weather_is_not_known(call: Caller) -> None:
    draft(call, {"weather.condition": "rain"})

    [term] = seen(call)["trace"][0]["terms"]

    assert term["unknown_because"].startswith("the customer has no location")
