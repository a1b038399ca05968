"""The edge: status, headers and bodies of /o /i /c as a mail client meets them."""

import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from PIL import Image as Pictures

from app.domain.tokens import Kind
from app.web.client_address import client_ip
from app.web.edge import Edge
from tests import make
from tests.desk import Desk, desk

__all__ = ["desk"]

Answer = tuple[str, dict[str, str], bytes]


def rest(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"flask"]


@pytest.fixture
def get(desk: Desk) -> Callable[..., Answer]:
    edge = Edge(desk.front, desk.hot, desk.spool, rest)

    def call(path: str, method: str = "GET", query: str = "", **headers: str) -> Answer:
        seen: dict[str, Any] = {}

        def start_response(status: str, told: list[tuple[str, str]]) -> None:
            seen.update(status=status, headers=dict(told))

        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REMOTE_ADDR": "203.0.113.9",
            "HTTP_USER_AGENT": make.CHROME,
            **headers,
        }
        body = b"".join(edge(environ, start_response))
        return seen["status"], seen["headers"], body

    return call


@pytest.mark.parametrize("ending", [".png", ".gif", ".jpg", ".svg", "", ".png.exe"])
def test_an_image_is_an_image_whatever_its_url_ends_with(desk: Desk, get, ending: str) -> None:
    desk.save(tier="gold")

    status, headers, body = get(f"/i/{desk.token()}{ending}")

    with Pictures.open(io.BytesIO(body)) as picture:
        assert Pictures.MIME[picture.format or ""] == headers["Content-Type"]
    assert status == "200 OK"
    assert int(headers["Content-Length"]) == len(body)


def test_nothing_a_proxy_could_keep_is_sent(desk: Desk, get) -> None:
    for path in (
        f"/i/{desk.token()}.png",
        f"/o/{desk.token(Kind.PIXEL, '')}.gif",
        f"/c/{desk.token(Kind.BLOCK_LINK)}",
    ):
        _, headers, _ = get(path)

        assert "no-store" in headers["Cache-Control"]
        assert headers["Expires"] == "0"
        assert "ETag" not in headers


@pytest.mark.parametrize("token", ["", "x", "%00", "a" * 5_000, "../../etc/passwd", "…", "AAAA.png"])
def test_a_forged_image_is_a_real_picture_with_status_200(get, token: str) -> None:
    status, headers, body = get(f"/i/{token}")

    assert status == "200 OK"
    assert headers["X-Mailtide-Why"] == "forged_token"
    with Pictures.open(io.BytesIO(body)) as picture:
        picture.load()


def test_a_head_request_has_the_headers_and_no_body(desk: Desk, get) -> None:
    desk.save(tier="gold")
    _, full, body = get(f"/i/{desk.token()}.png")

    status, headers, nothing = get(f"/i/{desk.token()}.png", method="HEAD")

    assert (status, nothing) == ("200 OK", b"")
    assert headers["Content-Length"] == str(len(body)) == full["Content-Length"]
    assert len(desk.events()) == 1


def test_a_click_is_a_302_and_tells_the_shop_nothing_of_the_token(desk: Desk, get) -> None:
    desk.save(tier="gold", points=420)
    get(f"/i/{desk.token()}.png")

    status, headers, body = get(f"/c/{desk.token(Kind.BLOCK_LINK)}")

    assert (status, body) == ("302 Found", b"")
    assert headers["Location"] == "https://shop.example/gold?c=420"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_a_forged_link_is_a_plain_page_that_says_so(get) -> None:
    status, headers, body = get("/c/forged")

    assert status == "404 Not Found"
    assert "Location" not in headers
    assert b"This link leads nowhere" in body


def test_merge_fields_come_from_the_query(desk: Desk, get) -> None:
    desk.save(tier="gold")
    token = desk.token(customer_id="", touch_id="", sent_at=None)

    _, headers, _ = get(
        f"/i/{token}.png", query=f"c={desk.front.keyring.customer_key('ana')}&t=t-9&utm_source=x"
    )

    assert headers["X-Mailtide-Why"] == "rule_held"


@pytest.mark.parametrize("query", ["c", "c=%", "&&&", "c=" + "x" * 9_000, "c=%ff%fe&t=%00", "c=a&c=b&t="])
def test_any_query_gets_a_picture(desk: Desk, get, query: str) -> None:
    token = desk.token(customer_id="", touch_id="", sent_at=None)

    status, headers, _ = get(f"/i/{token}.png", query=query)

    assert (status, headers["X-Mailtide-Why"]) == ("200 OK", "unknown_customer")


def test_a_prefetch_is_recorded_as_a_machine(desk: Desk, get) -> None:
    desk.save(tier="gold")

    get(f"/i/{desk.token()}.png", HTTP_SEC_PURPOSE="prefetch;prerender")

    [event] = desk.events()
    assert event.opener is not None
    assert event.opener.reason == "purpose_header"


def test_posts_and_other_paths_go_to_flask(desk: Desk, get) -> None:
    assert get(f"/c/{desk.token(Kind.BLOCK_LINK)}", method="POST")[2] == b"flask"
    assert get("/v1/customers/ana")[2] == b"flask"
    assert get("/")[2] == b"flask"


def test_a_bug_in_the_open_still_sends_the_blocks_fallback(
    desk: Desk, get, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    desk.save(tier="gold")
    monkeypatch.setattr("app.flows.opens.context_of", broken)

    status, headers, body = get(f"/i/{desk.token()}.png")

    with Pictures.open(io.BytesIO(body)) as picture:
        assert picture.size == (300, 100)
    assert (status, headers["X-Mailtide-Why"]) == ("200 OK", "failed")


@pytest.mark.parametrize(
    ("forwarded", "trusted", "wanted"),
    [
        ("198.51.100.7", 0, "10.0.0.1"),
        ("198.51.100.7", 1, "198.51.100.7"),
        ("6.6.6.6, 198.51.100.7", 1, "198.51.100.7"),
        ("6.6.6.6, 198.51.100.7, 10.0.0.2", 2, "198.51.100.7"),
        ("198.51.100.7", 2, "10.0.0.1"),
        ("<script>", 1, "10.0.0.1"),
        ("", 1, "10.0.0.1"),
    ],
)
def test_a_forwarded_address_is_believed_only_from_trusted_proxies(
    forwarded: str, trusted: int, wanted: str
) -> None:
    environ = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}

    assert client_ip(environ, trusted) == wanted
