"""A poll over HTTP: the addresses of its answers, votes through them, the picture and the report of it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.flows.feedback import feed_back
from app.flows.recording import record
from app.stores.hot import streams
from app.web.edge import Edge
from tests import make
from tests.web.conftest import Caller

SPRING = {"name": "Spring", "channel": "email", "category": "newsletter", "class": "promotional"}
BALLOT = {"poll": "glaze", "answers": ["tidepool", "red-clay"]}
BOARD = {
    "kind": "poll",
    "params": {
        "answers": [
            {"text": "Tidepool", "votes": "{{ votes.glaze.tidepool }}"},
            {"text": "Red clay", "votes": "{{ votes.glaze['red-clay'] }}"},
        ]
    },
}


@pytest.fixture
def get(call: Caller) -> Callable[..., tuple[str, bytes]]:
    """Asks for an address as a browser does; the status, and where it leads or what it shows."""
    house = call.house
    edge = Edge(house.front, house.hot, house.spool, lambda *_: [b"flask"])

    def ask(url: str, user_agent: str = make.CHROME) -> tuple[str, bytes]:
        seen: dict[str, Any] = {}
        parts = urlsplit(url)
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "REMOTE_ADDR": "203.0.113.9",
            "HTTP_USER_AGENT": user_agent,
        }
        body = b"".join(edge(environ, lambda status, headers: seen.update(status=status, **dict(headers))))
        return seen["status"], seen.get("Location", "").encode() or body

    return ask


@pytest.fixture
def urls(call: Caller) -> Callable[[str], dict[str, Any]]:
    """The addresses of the board in an email to a customer."""
    draft = make.block(
        variants=[{"id": "board", "creative": BOARD, "link": "https://shop.example/thanks"}],
        vote=BALLOT,
        width=300,
        height=200,
    )
    call.ok("PUT", "/v1/blocks/board", draft)
    call.ok("POST", "/v1/blocks/board/publish", {})
    call.ok("PUT", "/v1/messages/spring", {**SPRING, "blocks": ["board"]})

    def of(customer_id: str) -> dict[str, Any]:
        call.ok("PUT", f"/v1/customers/{customer_id}", {"attributes": {}})
        touch = {"touch_id": f"t-{customer_id}", "customer_id": customer_id, "message_id": "spring"}
        told: dict[str, Any] = call.ok("POST", "/v1/touches/urls", touch)["urls"]["blocks"]["board"]
        return told

    return of


def work(call: Caller) -> None:
    """What a recorder does."""
    now, hot = datetime.now(UTC), call.house.hot
    streams.ensure_groups(hot)
    entries = streams.read_new(hot, "tests", count=500, block_ms=1)
    told = record(call.house.cold, entries, now=now)
    feed_back(hot, told.told, now=now, gone=told.gone, tallies=told.tallies)
    streams.finish(hot, entries)


def test_answers_have_links_of_their_own_and_a_vote_is_seen_and_reported(call: Caller, urls, get) -> None:
    ana, bob = urls("ana"), urls("bob")
    before = get(ana["image"])

    sent = get(ana["answers"]["tidepool"])
    get(bob["answers"]["red-clay"])
    get(bob["answers"]["tidepool"])
    get(bob["answers"]["red-clay"], user_agent="python-requests/2.32")
    work(call)

    assert sent == ("302 Found", b"https://shop.example/thanks")
    assert before[0] == "200 OK"
    assert get(ana["image"]) != before
    report = call.ok("GET", "/v1/reports/polls/glaze", scope="report")
    assert report.pop("last_at") > "2026"
    assert report == {
        "poll": "glaze",
        "votes": 2,
        "answers": [
            {"answer": "tidepool", "votes": 2, "percent": 100.0, "is_offered": True},
            {"answer": "red-clay", "votes": 0, "percent": 0.0, "is_offered": True},
        ],
        "blocks": ["board"],
    }


def test_an_answer_that_is_offered_no_more_is_still_reported(call: Caller, urls, get) -> None:
    get(urls("ana")["answers"]["red-clay"])
    work(call)
    call.ok("PUT", "/v1/blocks/board", make.block(vote={"poll": "glaze", "answers": ["moss", "tidepool"]}))
    call.ok("POST", "/v1/blocks/board/publish", {})
    call.house.snapshot.refresh()

    answers = call.ok("GET", "/v1/reports/polls/glaze")["answers"]
    assert [(one["answer"], one["votes"], one["is_offered"]) for one in answers] == [
        ("moss", 0, True),
        ("tidepool", 0, True),
        ("red-clay", 1, False),
    ]


def test_an_address_says_what_it_likes_and_nothing_else_is_counted(call: Caller, urls, get) -> None:
    link = urls("ana")["link"]
    hostile = [
        "a",
        "a=",
        "a=%00",
        "a=moss&a=nothing",
        "a=" + "x" * 5_000,
        "a[]=tidepool",
        "a=%F0%28%8C%28",
        "&=&a",
    ]
    for query in hostile:
        assert get(f"{link}?{query}")[0] == "302 Found"
    work(call)

    assert call.ok("GET", "/v1/reports/polls/glaze")["votes"] == 0


def test_who_votes_is_in_the_customers_export(call: Caller, urls, get) -> None:
    get(urls("ana")["answers"]["tidepool"])
    work(call)

    export = call.ok("GET", "/v1/customers/ana/export")
    assert export["engagement"]["v.glaze"].endswith("|tidepool")
    assert export["events"][-1]["details"]["vote"] == {"poll": "glaze", "answer": "tidepool"}


@pytest.mark.parametrize("poll", ["none", "GLAZE", "g" * 65, "%00"])
def test_an_unknown_poll_has_no_report(call: Caller, poll: str) -> None:
    assert call("GET", f"/v1/reports/polls/{poll}").status in (404, 422)


def test_a_block_with_one_answer_needs_no_links_of_its_own(call: Caller, urls) -> None:
    call.ok("PUT", "/v1/blocks/board", make.block(vote={"poll": "nps", "answer": "9"}))
    call.ok("POST", "/v1/blocks/board/publish", {})
    call.house.snapshot.refresh()

    assert set(urls("ana")) == {"image", "link"}
