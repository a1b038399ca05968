"""The demo is put into a house once, follows its files, and can be started over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.demo import contents, loading, mailing, sending
from app.demo.inbox import Arrived
from app.demo.pictures import pictures
from app.domain.events import EventType
from app.domain.state import Tracking
from app.flows import customers, policies, publishing
from app.stores.cold import events, touches
from app.stores.cold.touches import TouchState
from app.stores.hot.published import revision
from app.wiring import House
from tests.web.conftest import Caller

NOW = datetime.now(UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PEOPLE = list(contents.people().values())


def touch_ids(house: House) -> set[str]:
    with house.cold.reading() as connection:
        found = touches.of_customers(connection, [one.customer_id for one in PEOPLE], since=EPOCH)
        return {one.touch_id for one in found if one.state is TouchState.SENT}


def test_a_house_has_no_demo_until_it_is_loaded(house: House) -> None:
    assert not loading.is_loaded(house.snapshot)

    loading.load(house, now=NOW)
    house.snapshot.refresh()

    assert loading.is_loaded(house.snapshot)


def test_the_customers_are_there_with_their_lives(demo: House) -> None:
    ana, noor = (customers.fetch(demo.hot, f"demo-{key}") for key in ("ana", "noor"))

    assert ana.attributes["tier"] == "gold"
    assert ana.cart["items"][0]["item_id"] == "teapot"
    assert noor.tracking is Tracking.ANONYMOUS
    assert noor.timezone == "Asia/Beirut"


def test_what_they_were_sent_counts_under_the_caps(demo: House) -> None:
    used = {
        person.key: [(rule.rule_id, rule.used) for rule in sending.outlook(demo, person, now=NOW).usage]
        for person in PEOPLE
    }

    assert used["ana"] == [("two-a-day", 0), ("four-a-week", 3)]
    assert used["chloe"] == [("two-a-day", 0), ("four-a-week", 4)]
    assert used["ben"] == [("two-a-day", 0), ("four-a-week", 2)]


def test_loading_again_writes_nothing(demo: House, call: Caller) -> None:
    call.record()
    before, ids = revision(demo.hot), touch_ids(demo)

    loading.load(demo, now=datetime.now(UTC))
    call.record()

    assert revision(demo.hot) == before
    assert touch_ids(demo) == ids
    assert len(ids) == sum(len(person.touches) for person in PEOPLE)


def test_loading_again_leaves_what_a_visitor_changed(demo: House) -> None:
    saying = customers.Saying("demo-ana", {"tier": "silver"})
    customers.change(demo.hot, saying, now=NOW, event_id="changed")

    loading.load(demo, now=datetime.now(UTC))

    assert customers.fetch(demo.hot, "demo-ana").attributes["tier"] == "silver"


def test_on_another_address_the_links_follow(demo: House) -> None:
    moved = replace(demo, settings=replace(demo.settings, base_url="http://127.0.0.1:9000"))

    loading.load(moved, now=datetime.now(UTC))

    draft = publishing.fetch(demo.cold, "demo-greeting")
    assert draft.published_version == 2
    assert draft.document["fallback"]["link"] == "http://127.0.0.1:9000/demo/shop/mugs"


def test_a_policy_that_is_there_stays(house: House) -> None:
    own = {"rules": [{"id": "own", "cap": 1, "window": {"rolling": "P1D"}}]}
    policies.save_draft(house.cold, "default", own, now=NOW, by="somebody", expected=None)

    loading.load(house, now=NOW)

    assert policies.fetch(house.cold, "default").document == own


def test_starting_over_forgets_and_begins_again(demo: House, call: Caller) -> None:
    call.record()
    before = touch_ids(demo)
    customers.change(demo.hot, customers.Saying("demo-ana", {"tier": "silver"}), now=NOW, event_id="changed")
    ana = contents.people()["ana"]
    letter = contents.letters()["demo-basket"]
    sending.send(demo, ana, letter, now=datetime.now(UTC), new_id=iter(map(str, range(9))).__next__)
    call.record()

    loading.start_over(demo, now=datetime.now(UTC) + timedelta(seconds=1))
    call.record()

    assert customers.fetch(demo.hot, "demo-ana").attributes["tier"] == "gold"
    assert len(touch_ids(demo)) == len(before)
    assert not touch_ids(demo) & before
    assert [rule.used for rule in sending.outlook(demo, ana, now=datetime.now(UTC)).usage] == [0, 3]


def test_starting_over_touches_nobody_else(demo: House) -> None:
    other = customers.Saying("somebody", {"tier": "silver"})
    customers.replace(demo.hot, other, now=NOW, event_id="saved")

    loading.start_over(demo, now=datetime.now(UTC))

    assert customers.fetch(demo.hot, "somebody").attributes == {"tier": "silver"}


@pytest.mark.parametrize("message_id", contents.letters())
def test_every_email_is_wrapped_for_its_touch(message_id: str, demo: House) -> None:
    arrived = Arrived("touch-1", contents.people()["ana"], contents.letters()[message_id], NOW)

    html = mailing.html_of(demo, arrived, now=NOW)

    base_url = demo.settings.base_url
    assert html.count(f'src="{base_url}/o/') == 1
    assert html.count(f'src="{base_url}/i/') == len(arrived.letter.message["blocks"])
    assert f'href="{base_url}/u/' in html
    assert "/demo/shop/" not in html, "every link goes by way of a click"
    assert "{{" not in html
    assert "SHOP/" not in html
    assert "PICTURES/" not in html
    assert all('alt="' in tag.partition(">")[0] for tag in html.split("<img")[1:])


def test_every_picture_that_the_files_name_is_drawn() -> None:
    named = {
        part.partition('"')[0] for part in (contents.FOLDER / "blocks.json").read_text().split('"asset:')[1:]
    }

    assert named <= set(pictures())


def test_a_sent_message_is_asked_for_held_and_reported(demo: House, call: Caller) -> None:
    ana, letter = contents.people()["ana"], contents.letters()["demo-basket"]
    ids = iter(map(str, range(9)))
    sending.send(demo, ana, letter, now=datetime.now(UTC), new_id=ids.__next__)
    call.record()

    with demo.cold.reading() as connection:
        told = [one.event for one in events.timeline(connection, "demo-ana", limit=3)]

    assert [one.type for one in told] == [EventType.TOUCH, EventType.TOUCH, EventType.DECISION]
    assert [one.details.get("state") for one in told[:2]] == ["sent", "reserved"]


def test_a_message_that_may_not_go_is_not_sent(demo: House, call: Caller) -> None:
    chloe, letter = contents.people()["chloe"], contents.letters()["demo-last-day"]
    ids = iter(map(str, range(9)))
    sending.send(demo, chloe, letter, now=datetime.now(UTC), new_id=ids.__next__)
    call.record()

    with demo.cold.reading() as connection:
        latest = events.timeline(connection, "demo-chloe", limit=1)[0].event

    assert latest.type is EventType.DECISION
    assert latest.details["decision"] == "suppress"
    assert latest.details["binding"]["rule_id"] == "four-a-week"
