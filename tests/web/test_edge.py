"""The edge: status, headers and bodies of /o /i /c as a mail client meets them."""

import base64
import io
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures

from app.domain.tokens import Keyring, Kind, Ticket
from app.flows.driving import drive
from app.flows.opens import open_image
from app.flows.visiting import Front
from app.web.edge import Edge
from renderers import Size
from renderers import compile as compile_design
from tests import make
from tests.desk import Desk, desk

__all__ = ["desk"]

ROOT = Path(__file__).parents[2]

Answer = tuple[str, dict[str, str], bytes]


def _urlsafe(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


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


@pytest.mark.parametrize(
    "ending", [".png", ".gif", ".jpg", ".svg", "", ".png.exe", ".png/", ".png)", ".png&utm_source=x", ". "]
)
def test_an_image_is_an_image_whatever_its_url_ends_with(desk: Desk, get, ending: str) -> None:
    desk.save(tier="gold")

    status, headers, body = get(f"/i/{desk.token()}{ending}")

    with Pictures.open(io.BytesIO(body)) as picture:
        assert Pictures.MIME[picture.format or ""] == headers["Content-Type"]
    assert (status, headers["X-Mailtide-Why"]) == ("200 OK", "rule_held")
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


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_another_method_is_405_and_records_nothing(desk: Desk, get, method: str) -> None:
    desk.save(tier="gold")
    for path in (f"/i/{desk.token()}.png", f"/c/{desk.token(Kind.BLOCK_LINK)}"):
        status, headers, _ = get(path, method=method)

        assert (status, headers["Allow"]) == ("405 Method Not Allowed", "GET, HEAD, OPTIONS")
    assert desk.events() == []


def test_other_paths_go_to_flask(get) -> None:
    assert get("/v1/customers/ana")[2] == b"flask"
    assert get("/i")[2] == b"flask"
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


def test_an_unknown_block_is_a_blank_and_a_recalled_one_its_fallback(desk: Desk, get) -> None:
    desk.save(tier="gold")
    desk.publish(version=2, is_recalled=True)

    _, gone, blank = get(f"/i/{desk.token(subject='gone')}.png")
    _, recalled, fallback = get(f"/i/{desk.token()}.png")

    assert (gone["X-Mailtide-Why"], _size(blank)) == ("unknown_block", (1, 1))
    assert (recalled["X-Mailtide-Why"], _size(fallback)) == ("recalled", (300, 100))


def test_a_missing_customer_sees_the_fallback_and_is_led_to_its_link(desk: Desk, get) -> None:
    status, headers, body = get(f"/i/{desk.token()}.png")
    _, clicked, _ = get(f"/c/{desk.token(Kind.BLOCK_LINK)}")

    assert (status, headers["X-Mailtide-Why"], _size(body)) == ("200 OK", "unknown_customer", (300, 100))
    assert clicked["Location"] == "https://shop.example/"


def test_after_a_rotation_old_urls_go_on_and_new_ones_are_signed_with_the_new_key(desk: Desk) -> None:
    desk.save(tier="gold")
    old = desk.token()
    newer = "a-newer-secret-for-tests-of-40-characters"
    rotated = replace(desk.front, keyring=Keyring([newer, make.SECRET]))
    new = rotated.keyring.sign(Ticket(Kind.IMAGE, "spring", "hero", "ana", "t-1", make.NOW))
    after_long = replace(desk.front, keyring=Keyring([newer]))

    assert _why(desk, rotated, old) == _why(desk, rotated, new) == "rule_held"
    assert (_why(desk, after_long, old), _why(desk, after_long, new)) == ("forged_token", "rule_held")
    assert _why(desk, desk.front, new) == "forged_token"


@settings(max_examples=3_000, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from("oic"),
    st.text(max_size=300) | st.binary(max_size=300).map(_urlsafe),
    st.text(max_size=40),
)
def test_thousands_of_random_tokens_never_raise(
    desk: Desk, get, endpoint: str, token: str, query: str
) -> None:
    status, headers, body = get(f"/{endpoint}/{token}", query=query)

    if endpoint == "c":
        assert (status, "Location" in headers) == ("404 Not Found", False)
    else:
        assert (status, headers["X-Mailtide-Why"]) == ("200 OK", "forged_token")
        assert _size(body) == (1, 1)


@settings(max_examples=1_000, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_a_token_changed_in_one_place_is_forged(desk: Desk, get, data: st.DataObject) -> None:
    token = desk.token()
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(
        st.characters(categories=("L", "N", "P")).filter(lambda char: char not in (token[at], "."))
    )

    _, headers, _ = get(f"/i/{token[:at]}{other}{token[at + 1 :]}.png")

    assert headers["X-Mailtide-Why"] == "forged_token"


@pytest.mark.parametrize(
    "name",
    [
        "{{ customer.points }}",
        "{% for i in (1..9999) %}x{% endfor %}",
        "\u202eevil\u2066",
        "a\x01b\x07\x1b[31m\r\nSet-Cookie: a=b",
        "👩‍👩‍👧 نور ١٢٣",
        "\u0301" * 500,
        "W" * 3_000,
        "</title><script>alert(1)</script>",
    ],
)
def test_a_customers_values_are_drawn_as_they_are(desk: Desk, get, name: str) -> None:
    desk.save(tier="gold", first_name=name, points=420)
    template = "{{ customer.first_name | default: 'You' }}, {{ customer.points }} points"
    as_it_is = compile_design("text", {"text": template}, size=Size(300, 100))

    status, headers, body = get(f"/i/{desk.token()}.png")

    assert (status, headers["X-Mailtide-Why"]) == ("200 OK", "rule_held")
    assert body == as_it_is.render({"/text": f"{name}, 420 points"}, now=make.NOW).data
    assert all("\r" not in value and "\n" not in value for value in headers.values())


def test_a_value_with_a_template_in_it_is_not_rendered_twice_in_a_link(desk: Desk, get) -> None:
    desk.save(tier="gold", points="{{ customer.id }}")

    _, headers, _ = get(f"/c/{desk.token(Kind.BLOCK_LINK)}")

    assert headers["Location"] == "https://shop.example/gold?c=%7B%7B%20customer.id%20%7D%7D"


def _size(data: bytes) -> tuple[int, int]:
    with Pictures.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture.size


def _why(desk: Desk, front: Front, token: str) -> str:
    return drive(open_image(desk.ask(token), front), desk.hot, desk.spool).why


FORKING = """
import os
from datetime import UTC, datetime
from app.web.edge import new_id
now = datetime(2026, 11, 20, tzinfo=UTC)
print(new_id(now), flush=True)
if os.fork() == 0:
    print(new_id(now), flush=True)
else:
    os.wait()
"""


def test_a_forked_process_makes_ids_of_its_own() -> None:
    made = subprocess.run(
        [sys.executable, "-c", FORKING], capture_output=True, text=True, check=True, cwd=ROOT
    )

    parent, child = made.stdout.split()
    assert (parent[:12], len(parent)) == (child[:12], len(child))
    assert parent[12:28] != child[12:28]
