"""/v1/catalogs/{catalog}/feed: said, read, asked for at once, confirmed, removed."""

from datetime import UTC, datetime

import pytest

from app.flows.feeds import polling, saying
from app.flows.fetching import File, Validators
from app.stores.hot import jobs
from tests.web.conftest import Caller

FEED = {"url": "https://shop.example/feed.csv", "format": "csv", "mapping": {"item_id": "sku"}}
PATH = "/v1/catalogs/shop/feed"


def look(call: Caller, content: bytes) -> None:
    file = File(content, Validators(), 0.0)
    now = datetime.now(UTC)
    polling.poll_due(call.house.cold, call.house.hot, lambda *_: file, now=now, is_over=lambda: False)


def lines(count: int) -> bytes:
    return b"sku,title\n" + b"".join(b"item-%d,Item %d\n" % (number, number) for number in range(count))


def test_a_feed_is_said_and_waits_for_a_worker_that_is_told(call: Caller) -> None:
    said = call.ok("PUT", PATH, FEED, scope="ingest")

    assert said["status"] == "waiting"
    assert {name: said[name] for name in FEED} == FEED
    assert said["every"] == "PT1H"
    assert saying.JOB in jobs.asked(call.house.hot)
    assert call.ok("GET", "/v1/catalogs/shop")["items"] == 0
    assert call.ok("GET", PATH) == said


def test_how_the_last_look_ended_is_told(call: Caller) -> None:
    call.ok("PUT", PATH, FEED)
    look(call, lines(3) + b",No id\n")

    told = call.ok("GET", PATH)

    counts = ("items", "added", "changed", "removed", "unchanged", "refused")
    assert [told[name] for name in counts] == [3, 3, 0, 0, 0, 1]
    assert (told["status"], told["last_good_at"]) == ("good", told["polled_at"])
    assert told["problems"] == [{"record": 4, "detail": "/item_id is needed"}]
    assert call.ok("GET", "/v1/catalogs/shop/items/item-0")["source"] == "feed"


def test_a_failure_is_told_in_a_sentence(call: Caller) -> None:
    call.ok("PUT", PATH, FEED)
    look(call, b"<!doctype html><p>Not found</p>")

    told = call.ok("GET", PATH)

    assert (told["status"], told["failures"]) == ("failed", 1)
    assert told["reason"] == "it is a web page (HTML), and no feed"
    assert "last_good_at" not in told


def test_a_feed_that_shrank_is_confirmed(call: Caller) -> None:
    call.ok("PUT", PATH, FEED)
    look(call, lines(20))
    call.ok("POST", f"{PATH}/poll")
    look(call, lines(4))
    held = call.ok("GET", PATH)

    call.ok("POST", f"{PATH}/confirm")
    look(call, lines(4))

    assert (held["status"], held["held"]) == ("held", {"had": 20, "has": 4})
    assert held["reason"] == "it has 4 items, and had 20"
    assert call.ok("GET", PATH)["removed"] == 16
    assert call("POST", f"{PATH}/confirm").status == 409


def test_a_feed_is_removed_and_what_has_none_is_not_found(call: Caller) -> None:
    call.ok("PUT", PATH, FEED)
    look(call, lines(3))

    call.ok("DELETE", PATH)

    for method, path in (
        ("GET", PATH),
        ("DELETE", PATH),
        ("POST", f"{PATH}/poll"),
        ("POST", f"{PATH}/confirm"),
    ):
        assert call(method, path).status == 404
    assert call.ok("GET", "/v1/catalogs/shop")["items"] == 3


def test_a_catalogue_takes_its_feed_along(call: Caller) -> None:
    call.ok("PUT", PATH, FEED)

    call.ok("DELETE", "/v1/catalogs/shop")

    assert call("GET", PATH).status == 404


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"url": "http://shop.example/feed.csv"}, "/url"),
        ({"format": "xls"}, "/format"),
        ({"every": "PT1S"}, "/every"),
        ({"mapping": {"sku": "item_id"}}, "/mapping/sku"),
        ({"interval": "PT1H"}, "/interval"),
    ],
)
def test_a_fault_is_pointed_at_and_nothing_is_kept(
    call: Caller, fields: dict[str, object], pointer: str
) -> None:
    answer = call("PUT", PATH, FEED | fields)

    assert answer.status == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert call("GET", PATH).status == 404
