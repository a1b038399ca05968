"""/demo/: pages and gestures without a key, for the demo's own customers and its own pages only."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from app.demo import contents
from app.demo.loading import load
from app.domain.events import EventType
from app.flows import customers
from app.wiring import House
from tests.web.conftest import BASE_URL, Caller, Told

OURS = {"Sec-Fetch-Site": "same-origin"}
FORM = "application/x-www-form-urlencoded"
POSTS = ["/demo/start-over", "/demo/ana/t/change", "/demo/ana/t/open-as", "/demo/ana/t/send"]
GETS = [
    "/demo/",
    "/demo/ana/",
    "/demo/ana/t",
    "/demo/ana/t/email",
    "/demo/shop/mugs",
    "/demo/pictures/mug.png",
]

Post = Callable[..., Told]


_LOADED: list[
    tuple[dict[bytes, bytes], sqlite3.Connection]
] = []  # what the first test loaded, for those after it


@pytest.fixture
def demo(call: Caller, house: House, sqlite_url: str) -> Caller:
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as cold:
        if _LOADED:
            keys, held = _LOADED[0]
            for key, value in keys.items():
                house.hot.client.restore(key, 0, value, replace=True)
            held.backup(cold)
        else:
            load(house, now=datetime.now(UTC))
            keys = {key: house.hot.client.dump(key) for key in house.hot.client.keys("*")}  # type: ignore[union-attr]
            held = sqlite3.connect(":memory:")
            cold.backup(held)
            _LOADED.append((keys, held))
    house.snapshot.refresh()
    call.record()
    return call


@pytest.fixture
def post(demo: Caller) -> Post:
    def send(path: str, *, headers: dict[str, str] = OURS, **form: str) -> Told:
        data = "&".join(f"{name}={value}" for name, value in form.items())
        return demo("POST", path, scope=None, data=data, content_type=FORM, headers=headers)

    return send


def look(demo: Caller, path: str) -> Told:
    return demo("GET", path, scope=None)


def letter_of(demo: Caller, key: str = "ana", subject: str = "Fresh from the kiln") -> str:
    """The address of one message in an inbox."""
    rows = re.findall(
        r'href="(/demo/[^"]+)"[^>]*><span class="subject">([^<]+)', look(demo, f"/demo/{key}/").text
    )
    return next(path for path, text in rows if text.startswith(subject))


def tier(house: House) -> Any:
    return customers.fetch(house.hot, "demo-ana").attributes["tier"]


@pytest.mark.parametrize("path", GETS)
def test_without_the_demo_there_is_nothing_here(path: str, call: Caller) -> None:
    answer = look(call, path)

    assert answer.status == 404
    assert "There is no demo here" in answer.json["detail"]


@pytest.mark.parametrize("path", POSTS)
def test_without_the_demo_nothing_can_be_done(path: str, call: Caller) -> None:
    assert call("POST", path, scope=None, headers=OURS).status == 404


def test_the_first_page_shows_anas_letter(demo: Caller) -> None:
    answer = look(demo, "/demo/")

    assert answer.status == 200
    assert "Fresh from the kiln: the tidepool mugs" in answer.text
    assert 'src="/demo/ana/' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert f"frame-src 'self' {BASE_URL};" in policy
    assert " style=" not in answer.text
    assert "onclick" not in answer.text


def test_no_key_is_on_any_page(demo: Caller) -> None:
    key = demo.key("admin")

    assert key not in look(demo, "/demo/").text
    assert "Bearer" not in look(demo, "/demo/").text


def test_the_email_is_for_a_frame_of_ours_and_nothing_runs_in_it(demo: Caller) -> None:
    answer = look(demo, letter_of(demo) + "/email")

    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert re.search(r'<img[^>]+src="/i/[^"]+"', answer.text), "by whatever name the visitor came"
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
    ids=str,
)
@pytest.mark.parametrize("gesture", ["change", "start-over", "open-as", "send"])
def test_strangers_may_do_nothing(
    headers: dict[str, str], gesture: str, demo: Caller, post: Post, house: House
) -> None:
    where = "/demo/start-over" if gesture == "start-over" else f"{letter_of(demo)}/{gesture}"
    waiting = len(demo.waiting())

    answer = post(where, headers=headers, tier="silver", machine="apple", message="demo-basket")

    assert answer.status == 403
    assert "programs use the API" in answer.json["detail"]
    assert tier(house) == "gold"
    assert len(demo.waiting()) == waiting


@pytest.mark.parametrize("headers", [OURS, {"Origin": "http://localhost"}], ids=str)
def test_our_own_page_may(headers: dict[str, str], demo: Caller, post: Post, house: House) -> None:
    answer = post(f"{letter_of(demo)}/change", headers=headers, tier="silver")

    assert answer.status == 303
    assert answer.headers["Location"] == letter_of(demo)
    assert tier(house) == "silver"


def test_a_bad_form_is_told_at_the_field_and_changes_nothing(demo: Caller, post: Post, house: House) -> None:
    answer = post(f"{letter_of(demo)}/change", tier="silver", points="many")

    assert answer.status == 422
    assert "Points are a whole number" in answer.text
    assert 'value="many"' in answer.text
    assert tier(house) == "gold"


def test_a_name_with_markup_is_shown_as_text(demo: Caller, post: Post) -> None:
    post(f"{letter_of(demo)}/change", first_name="%3Cb%3EAna%3C/b%3E%22")

    assert "<b>Ana" not in look(demo, "/demo/ana/").text
    assert "&lt;b&gt;Ana" in look(demo, "/demo/ana/").text


def test_a_giant_form_is_refused(demo: Caller, post: Post, house: House) -> None:
    answer = post(f"{letter_of(demo)}/change", tier="silver", first_name="a" * 20_000)

    assert answer.status == 413
    assert tier(house) == "gold"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/demo/nobody/t/change", {}),
        ("/demo/somebody/t/send", {"message": "demo-basket"}),
        ("/demo/ana/no-touch/open-as", {"machine": "apple"}),
    ],
)
def test_only_the_demos_own_customers_and_messages_are_there(
    path: str, form: dict[str, str], post: Post
) -> None:
    assert post(path, **form).status == 404


def test_what_is_not_a_machine_or_a_next_message_is_refused(demo: Caller, post: Post) -> None:
    letter = letter_of(demo)

    assert post(f"{letter}/open-as", machine="toaster").json["errors"][0]["pointer"] == "/machine"
    assert post(f"{letter}/send", message="demo-letter").json["errors"][0]["pointer"] == "/message"


@pytest.mark.parametrize(
    ("machine", "classes"),
    [
        ("apple", {("impression", "machine_prefetch")}),
        ("gmail", {("impression", "proxy")}),
        ("scanner", {("impression", "security_scanner"), ("click", "security_scanner")}),
    ],
)
def test_a_machine_fetches_and_is_judged(
    machine: str, classes: set[tuple[str, str]], demo: Caller, post: Post
) -> None:
    post(f"{letter_of(demo)}/open-as", machine=machine)

    found = demo.waiting()
    assert {(one.type.value, one.opener.opener_class.value) for one in found if one.opener} == classes


def test_a_message_is_sent_and_lies_in_the_inbox(demo: Caller, post: Post) -> None:
    post(f"{letter_of(demo)}/send", message="demo-basket")
    demo.record()

    page = look(demo, "/demo/ana/").text

    assert "Still in your basket" in page
    assert "CAP_REACHED" in page
    assert "Free again" in page


def test_a_rule_without_a_name_is_told_by_its_id(demo: Caller, house: House) -> None:
    policy = {"rules": [{"id": "one-a-week", "cap": 1, "window": {"rolling": "P7D"}}]}
    demo.ok("PUT", "/v1/policies/default", policy)
    demo.ok("POST", "/v1/policies/default/publish", {})
    house.snapshot.refresh()

    assert "<li><span>one-a-week</span>" in look(demo, "/demo/ana/").text


def test_events_of_nobody_are_shown_to_the_private_customer_alone(demo: Caller, post: Post) -> None:
    post(f"{letter_of(demo, 'noor')}/open-as", machine="gmail")
    demo.record()

    assert "Greeting showed" in look(demo, "/demo/noor/").text
    assert "Greeting showed" not in look(demo, "/demo/ana/").text


def test_a_message_that_is_gone_shows_the_first_one(demo: Caller) -> None:
    answer = look(demo, "/demo/ana/of-an-earlier-life")

    assert answer.status == 200
    assert letter_of(demo) in answer.text


def test_before_the_recorder_came_the_page_says_what_is_missing(call: Caller, house: House) -> None:
    load(house, now=datetime.now(UTC))
    house.snapshot.refresh()

    page = look(call, "/demo/").text

    assert "mailtide worker" in page
    assert "<iframe" not in page


def test_starting_over_begins_again(demo: Caller, post: Post, house: House) -> None:
    post(f"{letter_of(demo)}/change", tier="silver")

    answer = post("/demo/start-over")

    assert (answer.status, answer.headers["Location"]) == (303, "/demo/")
    assert tier(house) == "gold"
    assert [one.type for one in demo.waiting()].count(EventType.TOUCH) == sum(
        len(person.touches) for person in contents.people().values()
    )


def test_the_shop_tells_what_it_was_told_and_nothing_else(demo: Caller) -> None:
    answer = look(demo, "/demo/shop/basket/teapot?points=%3Cb%3E")

    assert answer.status == 200
    assert "Rust teapot" in answer.text
    assert "points=&lt;b&gt;" in answer.text


def test_the_shops_pictures_are_there(demo: Caller) -> None:
    answer = demo.client.get("/demo/pictures/mug.png")

    assert answer.mimetype == "image/png"
    assert answer.get_data().startswith(b"\x89PNG")
    assert demo.client.get("/demo/pictures/none.png").status_code == 404


def test_redis_away_is_said_and_nothing_is_half_done(demo: Caller, post: Post) -> None:
    where = letter_of(demo)
    demo.valkey.kill()

    assert look(demo, "/demo/").status == 503
    assert post(f"{where}/change", tier="silver").status == 503
