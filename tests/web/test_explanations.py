"""/v1/events/{id}/explain: the reasons of a choice, and through what it would be another one today."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.cli.explain import lines_of
from app.domain.tokens import Kind, Ticket
from app.flows.driving import drive
from app.flows.explaining import explain
from app.flows.opens import open_image
from app.flows.visiting import Ask
from tests import make
from tests.web.conftest import Caller


@pytest.fixture
def out(call: Caller, saved: Any) -> Caller:
    """A published block and a gold customer."""
    saved("ana", tier="gold", first_name="Ana", points=420)
    call.ok("PUT", "/v1/blocks/hero", make.block(sticky={"per": "none"}))
    call.ok("POST", "/v1/blocks/hero/publish", {})
    call.house.snapshot.refresh()
    return call


def opened(call: Caller) -> str:
    """An open by ana; the id of its event."""
    house, event_id, now = call.house, make.event_id(), datetime.now(UTC)
    sent_at = now - timedelta(hours=1)
    ticket = Ticket(
        Kind.IMAGE, subject="hero", message_id="spring", customer_id="ana", touch_id="t-1", sent_at=sent_at
    )
    ask = Ask(house.keyring.sign(ticket), make.person(), now, event_id)
    drive(open_image(ask, house.front), house.hot, house.spool)
    call.record()
    return event_id


def explained(call: Caller, event_id: str) -> Any:
    return call.ok("GET", f"/v1/events/{event_id}/explain")


def test_a_choice_is_explained_and_comes_out_the_same(out: Caller) -> None:
    told = explained(out, opened(out))

    assert (told["variant"], told["why"], told["version"]) == ("gold", "rule_held", 1)
    assert told["sentence"].startswith("gold was shown, the first variant whose rule held: ")
    assert "gold" in told["sentence"].partition(": ")[2]
    assert told["read"] == {"customer.tier": "gold"}
    [term] = told["trace"][0]["terms"]
    assert (term["path"], term["seen"], term["held"]) == ("customer.tier", "gold", True)
    assert told["is_replayed"] is True
    today = told["today"]
    assert (today["variant"], today["differs"], today["through"]) == ("gold", False, [])


def test_what_changed_since_is_told_with_the_term_that_changed_it(out: Caller) -> None:
    event_id = opened(out)
    out.ok("PATCH", "/v1/customers/ana", {"attributes": {"tier": "silver"}})

    told = explained(out, event_id)

    assert told["is_replayed"] is True
    assert told["read"] == {"customer.tier": "gold"}
    assert (told["today"]["variant"], told["today"]["differs"]) == ("fallback", True)
    [term] = told["today"]["through"]
    assert (term["change"], term["path"]) == ("term", "customer.tier")
    assert (term["seen_then"], term["seen"]) == ("gold", "silver")


def test_a_later_version_is_what_today_is_answered_by(out: Caller) -> None:
    event_id = opened(out)
    out.ok("PUT", "/v1/blocks/hero", make.block(variants=[{"id": "all", "creative": make.creative("All")}]))
    out.ok("POST", "/v1/blocks/hero/publish", {})

    today = explained(out, event_id)["today"]

    assert (today["version"], today["variant"], today["differs"]) == (2, "all", True)
    assert today["through"] == [{"variant": "all", "change": "new"}, {"variant": "gold", "change": "gone"}]
    out.ok("POST", "/v1/blocks/hero/recall")
    assert explained(out, event_id)["today"]["why"] == "recalled"


def test_below_full_values_are_not_kept_and_nothing_is_claimed_of_them(out: Caller) -> None:
    out.ok("PATCH", "/v1/customers/ana", {"tracking": "pseudonymous"})

    told = explained(out, opened(out))

    assert (told["read"], told["withheld"]) == ({}, ["customer.tier"])
    assert "is_replayed" not in told
    assert told["variant"] == "gold"


def test_an_erased_customer_has_no_today_and_strange_events_are_refused(out: Caller) -> None:
    event_id = opened(out)
    out.house.hot.client.delete(out.house.hot.keys.state("ana"))

    assert "today" not in explained(out, event_id)
    assert out("GET", "/v1/events/nothing/explain").status == 404


def test_the_timeline_tells_what_a_choice_was_made_from(out: Caller) -> None:
    opened(out)

    told = out.ok("GET", "/v1/customers/ana/timeline")["events"]

    [event] = [one for one in told if one["type"] == "impression"]
    assert event["details"]["chosen"] == {"version": 1, "read": {"customer.tier": "gold"}}


def test_the_command_tells_it_in_words(out: Caller) -> None:
    event_id = opened(out)
    out.ok("PATCH", "/v1/customers/ana", {"attributes": {"tier": "silver"}})
    house = out.house

    lines = list(lines_of(explain(house.cold, house.hot, house.front, event_id, now=datetime.now(UTC))))

    assert "  gold: held" in lines
    assert "    customer.tier $eq 'gold', saw 'gold': held" in lines
    assert "Made again from version 1 and what it read, it gives the same answer." in lines
    assert lines[-2:] == [
        "Today, by version 1, it would be fallback (no_rule_held).",
        "  gold: customer.tier $eq 'gold', saw 'silver', then 'gold'",
    ]
