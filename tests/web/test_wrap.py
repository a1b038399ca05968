"""/v1/messages/{id}/wrap: an email that works when it is opened and clicked, and says what was done."""

import re
from html import unescape
from typing import Any

import pytest

from app.web.edge import Edge
from tests import make
from tests.web.conftest import BASE_URL, Caller, Told

SPRING = {"name": "Spring", "channel": "email", "category": "newsletter", "class": "promotional"}
HTML = """<!doctype html>\r
<html><body class="x">
<img data-mailtide-block="hero">
<p><a href='https://shop.example/a?x=1&amp;y=2'>Look</a> <a href="mailto:us@shop.example">write</a>
<a href="{{ unsubscribe }}">Unsubscribe</a></p>
</body></html>"""
TOUCH = {"mode": "touch", "touch_id": "t-1", "customer_id": "ana"}
MERGE = {"mode": "merge_tag", "platform": "customerio"}


@pytest.fixture
def spring(call: Caller) -> None:
    """A message and one published block."""
    call.ok("PUT", "/v1/blocks/hero", make.block())
    call.ok("POST", "/v1/blocks/hero/publish", {})
    call.ok("PUT", "/v1/messages/spring", SPRING)


def wrap(call: Caller, html: object = HTML, scope: str = "author", **how: Any) -> Told:
    body = {"html": html, **(how or TOUCH)}
    return call("POST", "/v1/messages/spring/wrap", body, scope=scope)


def fetch(call: Caller, url: str) -> tuple[str, dict[str, str], bytes]:
    """What the edge answers to a mail client."""
    path, _, query = url.removeprefix(BASE_URL).partition("?")
    environ = {
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REQUEST_METHOD": "GET",
        "HTTP_USER_AGENT": make.CHROME,
        "REMOTE_ADDR": "203.0.113.9",
    }
    told: list[Any] = []
    house = call.house
    edge = Edge(house.front, house.hot, house.spool, lambda *_: ())
    body = b"".join(edge(environ, lambda status, headers: told.extend((status, dict(headers)))))
    return told[0], told[1], body


def addresses(html: str, endpoint: str) -> list[str]:
    return [unescape(found) for found in re.findall(rf"{BASE_URL}/{endpoint}/[^\"'>]+", html)]


def test_a_wrapped_email_is_opened_and_clicked(call: Caller, spring: None, saved) -> None:
    saved("ana", tier="gold", points=7)

    made = wrap(call).json

    call.house.snapshot.refresh()
    [pixel], [picture] = addresses(made["html"], "o"), addresses(made["html"], "i")
    block_link, link = addresses(made["html"], "c")
    assert fetch(call, pixel)[1]["Content-Type"] == "image/gif"
    status, headers, body = fetch(call, picture)
    assert (status, headers["X-Mailtide-Why"], body[:4]) == ("200 OK", "rule_held", b"\x89PNG")
    assert fetch(call, block_link)[1]["Location"] == "https://shop.example/gold?c=7"
    assert fetch(call, link)[1]["Location"] == "https://shop.example/a?x=1&y=2"
    kinds = [event.type.value for event in call.waiting() if event.touch_id == "t-1"]
    assert kinds == ["impression", "impression", "click", "click"]


def test_an_email_with_merge_tags_works_once_the_platform_filled_them(
    call: Caller, spring: None, saved
) -> None:
    saved("ana", tier="gold", points=7)
    html = wrap(call, **MERGE).json["html"]
    key = call.ok("GET", "/v1/customers/ana")["customer_key"]

    sent = html.replace("{{customer.mailtide_key}}", key).replace("{{delivery_id}}", "d-1")

    call.house.snapshot.refresh()
    [picture] = addresses(sent, "i")
    assert fetch(call, picture)[1]["X-Mailtide-Why"] == "rule_held"
    assert fetch(call, addresses(sent, "c")[0])[1]["Location"] == "https://shop.example/gold?c=7"
    assert {event.touch_id for event in call.waiting() if event.type.value == "impression"} == {"d-1"}


def test_the_answer_says_what_was_done(call: Caller, spring: None) -> None:
    made = wrap(call).json

    assert set(made) == {"html", "headers", "links", "left", "blocks", "bytes", "warnings"}
    assert made["links"] == [{"number": 1, "url": "https://shop.example/a?x=1&y=2", "places": 1}]
    assert made["left"] == [
        {"href": "mailto:us@shop.example", "why": "other_scheme", "places": 1, "line": 4},
        {"href": "{{ unsubscribe }}", "why": "platform_tag", "places": 1, "line": 5},
    ]
    assert (made["blocks"], made["warnings"]) == (["hero"], [])
    assert made["bytes"] == len(made["html"].encode())
    assert set(made["headers"]) == {"List-Unsubscribe", "List-Unsubscribe-Post"}


def test_the_unsubscribe_header_works(call: Caller, spring: None, saved) -> None:
    saved("ana")
    header = wrap(call).json["headers"]["List-Unsubscribe"]

    call("POST", header[1:-1].removeprefix(BASE_URL), scope=None, data="List-Unsubscribe=One-Click")

    assert call.ok("GET", "/v1/customers/ana")["suppressions"][0]["scope"] == "channel:email"


def test_the_message_knows_its_blocks_afterwards(call: Caller, spring: None) -> None:
    wrap(call)

    message = call("GET", "/v1/messages/spring")
    assert message.json["blocks"] == ["hero"]
    assert message.headers["ETag"] == '"2"'
    urls = call.ok(
        "POST", "/v1/touches/urls", {"touch_id": "t-1", "customer_id": "ana", "message_id": "spring"}
    )["urls"]
    assert list(urls["blocks"]) == ["hero"]


@pytest.mark.parametrize(
    ("how", "pointer"),
    [
        ({"mode": "touch", "touch_id": "t-1"}, ""),
        ({"mode": "merge_tag"}, ""),
        ({**TOUCH, "platform": "braze"}, ""),
        ({**MERGE, "customer_id": "ana"}, ""),
        ({"mode": "fax"}, "/mode"),
        ({"mode": "merge_tag", "platform": "pigeon"}, "/platform"),
        ({"mode": "merge_tag", "platform": "custom"}, "/tags"),
        ({**MERGE, "tags": {"customer_key": "{{ a"}}, "/tags/customer_key"),
        ({**MERGE, "tags": {"key": "x"}}, "/tags/key"),
        ({**TOUCH, "customer_id": "a b"}, "/customer_id"),
        ({**TOUCH, "sent_at": "now"}, "/sent_at"),
        ({**TOUCH, "blocks": ["gone"]}, "/blocks/0"),
        ({**TOUCH, "colour": "red"}, "/colour"),
    ],
)
def test_bad_fields_are_pointed_at(call: Caller, spring: None, how: dict[str, Any], pointer: str) -> None:
    answer = wrap(call, **how)

    assert answer.status == 422, answer.text
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


@pytest.mark.parametrize("html", ["", 7, None, "x" * (2**20 + 1)])
def test_html_is_a_text_of_a_megabyte_at_most(call: Caller, spring: None, html: object) -> None:
    answer = wrap(call, html)

    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "/html"


def test_a_body_over_its_bound_is_not_read(call: Caller, spring: None) -> None:
    assert wrap(call, "x" * 3_000_000).status == 413


def test_an_unknown_block_is_refused_with_line_and_column(call: Caller, spring: None) -> None:
    answer = wrap(call, HTML.replace("hero", "heor"))

    assert answer.status == 422
    assert answer.json["errors"] == [
        {
            "pointer": "/html",
            "detail": "line 3, column 1: there is no published block 'heor': publish it first",
        }
    ]
    assert call.ok("GET", "/v1/messages/spring")["edition"] == 1


def test_an_unknown_message_is_a_404(call: Caller) -> None:
    assert wrap(call).status == 404


def test_only_authors_wrap(call: Caller, spring: None) -> None:
    assert wrap(call, scope="ingest").status == 403


def test_with_redis_away_it_is_said_that_nothing_changed(call: Caller, spring: None) -> None:
    call.valkey.kill()

    answer = wrap(call, '<a href="https://shop.example/">x</a>')

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert call.ok("GET", "/v1/messages/spring")["edition"] == 1
