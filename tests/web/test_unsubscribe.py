"""/u/<token>: one press or one click of the mail program stops messages; looking at it changes nothing."""

import shutil
from typing import Any

import pytest

from app.domain.tokens import Kind, Ticket
from app.flows.draining import drain
from tests.web.conftest import Caller, Told

ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"
SPRING = {"name": "Spring", "channel": "email", "category": "newsletter", "class": "promotional"}


@pytest.fixture
def ana(call: Caller, saved) -> str:
    """A customer, and a message known to this process."""
    call.ok("PUT", "/v1/messages/spring", SPRING)
    call.house.snapshot.refresh()
    return saved("ana", first_name="Ana")


def path(call: Caller, **fields: Any) -> str:
    ticket = {"message_id": "spring", "customer_id": "ana", "touch_id": "t-1", **fields}
    return "/u/" + call.house.keyring.sign(Ticket(Kind.UNSUBSCRIBE, **ticket))


def press(call: Caller, address: str, body: str = ONE_CLICK) -> Told:
    """What a mail program sends: no key, no cookie, no earlier request."""
    return call("POST", address, scope=None, data=body, content_type=FORM)


def look(call: Caller, address: str, method: str = "GET") -> Told:
    return call(method, address, scope=None)


def scopes(call: Caller, customer_id: str = "ana") -> list[str]:
    standing = call.ok("GET", f"/v1/customers/{customer_id}")["suppressions"]
    return [one["scope"] for one in standing]


def test_one_click_suppresses_the_channel_at_once(call: Caller, ana: str) -> None:
    answer = press(call, path(call))

    assert answer.status == 200
    assert "You are unsubscribed" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "Location" not in answer.headers
    [standing] = call.ok("GET", "/v1/customers/ana")["suppressions"]
    assert (standing["scope"], standing["reason"]) == ("channel:email", "unsubscribed")


def test_a_message_with_a_topic_suppresses_the_topic(call: Caller, ana: str) -> None:
    call.ok("PUT", "/v1/messages/spring", {**SPRING, "topic": "Weekly news"})
    call.house.snapshot.refresh()

    page = look(call, path(call))
    press(call, path(call))

    assert "Unsubscribe from Weekly news?" in page.text
    assert scopes(call) == ["topic:Weekly news"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_changes_nothing(call: Caller, ana: str, method: str) -> None:
    before = len(call.waiting())

    answer = look(call, path(call), method)

    assert answer.status == 200
    assert scopes(call) == []
    assert len(call.waiting()) == before


def test_the_page_is_a_question_with_one_button(call: Caller, ana: str) -> None:
    page = look(call, path(call))

    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.text.count("<button") == 1
    assert '<form method="post" action="">' in page.text
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("body", [ONE_CLICK, "confirm=yes", "", "x" * 100_000])
def test_whatever_the_body_says_a_post_unsubscribes(call: Caller, ana: str, body: str) -> None:
    assert press(call, path(call), body).status == 200
    assert scopes(call) == ["channel:email"]


def test_a_repeat_is_answered_alike_and_stands_once(call: Caller, ana: str) -> None:
    first, second = press(call, path(call)), press(call, path(call))

    assert (first.status, second.status) == (200, 200)
    assert first.text == second.text
    assert scopes(call) == ["channel:email"]


def test_the_wish_is_recorded_with_the_touch_it_came_from(call: Caller, ana: str) -> None:
    press(call, path(call))

    event = call.waiting()[-1]
    assert (event.type.value, event.why, event.customer_id) == ("preference", "unsubscribed", "ana")
    assert (event.touch_id, event.message_id) == ("t-1", "spring")
    assert event.details["scope"] == "channel:email"


def test_a_merge_tag_address_unsubscribes_whom_the_merge_field_names(call: Caller, ana: str) -> None:
    key = call.house.keyring.customer_key("ana")
    address = path(call, customer_id="", touch_id="")

    page = look(call, f"{address}?c={key}&t=d-1")
    answer = press(call, f"{address}?c={key}&t=d-1")

    assert (page.status, answer.status) == (200, 200)
    assert scopes(call) == ["channel:email"]
    assert call.waiting()[-1].touch_id == "d-1"


@pytest.mark.parametrize("query", ["", "?c=ana", "?c=*|MAILTIDE|*&t=*|CAMPAIGN_UID|*", "?c=" + "x" * 5_000])
def test_an_address_that_proves_nobody_leads_nowhere(call: Caller, ana: str, query: str) -> None:
    address = path(call, customer_id="", touch_id="") + query

    assert look(call, address).status == 404
    assert press(call, address).status == 404
    assert scopes(call) == []


def test_a_forged_or_foreign_token_leads_nowhere(call: Caller, ana: str) -> None:
    token = path(call).removeprefix("/u/")
    pixel = call.house.keyring.sign(Ticket(Kind.PIXEL, "spring", "", "ana", "t-1"))

    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), token[:-4], pixel, "x" * 2_000, "%00"):
        answer = press(call, f"/u/{wrong}")
        assert answer.status == 404, wrong
        assert "This link leads nowhere" in answer.text
    assert scopes(call) == []


def test_an_unknown_message_unsubscribes_from_email(call: Caller, ana: str) -> None:
    assert press(call, path(call, message_id="gone")).status == 200
    assert scopes(call) == ["channel:email"]


def test_a_customer_nobody_told_us_about_can_unsubscribe(call: Caller, ana: str) -> None:
    assert press(call, path(call, customer_id="stranger")).status == 200

    call.ok("PUT", "/v1/customers/stranger", {"attributes": {}})
    assert scopes(call, "stranger") == ["channel:email"]


def test_with_redis_away_the_wish_is_kept_and_carried_out_later(call: Caller, ana: str) -> None:
    call.valkey.kill()
    page, answer = look(call, path(call)), press(call, path(call))

    assert (page.status, answer.status) == (200, 200)
    assert "within a few minutes" in answer.text
    call.house.spool.close()
    call.valkey.start()
    assert scopes(call) == []
    drain(call.house.spool, call.house.hot)
    assert scopes(call) == ["channel:email"]
    assert [event.type.value for event in call.waiting()][-1] == "preference"
    assert "suppress" not in call.waiting()[-1].details


def test_a_wish_that_nothing_can_keep_is_not_promised(call: Caller, ana: str) -> None:
    call.valkey.kill()
    shutil.rmtree(call.house.settings.var_dir / "spool")

    answer = press(call, path(call))

    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert "nothing has changed" in answer.text
    assert answer.text.count("<button") == 1


def test_other_methods_are_refused(call: Caller, ana: str) -> None:
    assert look(call, path(call), "DELETE").status == 405
    assert scopes(call) == []
