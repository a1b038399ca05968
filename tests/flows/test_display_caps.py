"""Display caps: what people see is counted, once, never beyond the cap, and a machine's fetch is no view."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from app.domain.blocks import holdout_of
from app.domain.events import EventType
from app.domain.opener import Client
from app.domain.tokens import Kind
from app.flows.driving import Flow, Keep, drive
from app.flows.feedback import feed_back
from app.flows.opens import Shown, open_image
from app.stores.absence import Unavailable
from app.stores.hot import customers
from app.stores.hot.exchanges import Load
from app.stores.hot.server import connect
from app.stores.hot.spool import Spool
from tests import make
from tests.conftest import PARTITIONS
from tests.desk import Desk, front_on
from tests.servers import ValkeyServer

APPLE = Client(user_agent=make.APPLE, ip="17.0.0.1")
TOTAL = {"max": 3, "per": "total"}


def offer(name: str = "offer", **fields: Any) -> dict[str, Any]:
    return {"id": name, "creative": make.creative(name), "link": f"https://shop.example/{name}", **fields}


def publish(desk: Desk, *variants: dict[str, Any], version: int = 2, **fields: Any) -> None:
    desk.publish(version=version, variants=[*variants], **{"sticky": {"per": "touch"}, **fields})


def opened(desk: Desk, touch_id: str = "t-1", *, client: Client | None = None, **fields: Any) -> str:
    """What one fetch shows."""
    now = fields.pop("now", make.NOW)
    token = desk.token(touch_id=touch_id, **{"message_id": f"m-{touch_id}", **fields})
    desk.open(token, client, now=now)
    return str(desk.events()[-1].variant)


def touches(number: int) -> list[str]:
    return [f"t-{one}" for one in range(number)]


@pytest.mark.parametrize("cap", [2, {"max": 2}, {"max": 2, "per": "total"}])
def test_after_its_last_view_a_variant_is_shown_no_more(desk: Desk, cap: object) -> None:
    publish(desk, offer(max_views=cap), offer("next"))
    desk.save()

    assert [opened(desk, one) for one in touches(4)] == ["offer", "offer", "next", "next"]


def test_the_same_touch_is_counted_once_and_keeps_what_it_showed(desk: Desk) -> None:
    publish(desk, offer(max_views=1))
    desk.save()

    seen = [opened(desk, now=make.NOW + timedelta(hours=hour)) for hour in range(4)]

    assert seen == ["offer"] * 4
    assert opened(desk, "t-2") == "fallback"
    assert opened(desk, now=make.NOW + timedelta(hours=9)) == "offer"


def test_where_a_reached_cap_is_to_refresh_the_touch_goes_on_to_the_next(desk: Desk) -> None:
    publish(desk, offer(max_views=1), offer("next"), sticky={"per": "touch", "refresh_on_cap": True})
    desk.save()

    assert [opened(desk), opened(desk)] == ["offer", "next"]


@pytest.mark.parametrize("cap", [1, {"max": 1, "per": "total"}])
def test_a_machines_fetch_pins_and_is_no_view(desk: Desk, cap: object) -> None:
    publish(desk, offer(max_views=cap))
    desk.save()
    ahead = [opened(desk, one, client=APPLE) for one in touches(3)]

    person = opened(desk, "t-0")
    others = [opened(desk, "t-1"), opened(desk, "t-2", client=APPLE)]

    assert ahead == ["offer"] * 3
    assert person == "offer"
    # Nobody saw it there yet, and there are no more views to be had.
    assert others == ["fallback", "fallback"]


@pytest.mark.parametrize("per", ["customer", "total"])
def test_views_of_one_message_within_half_an_hour_count_once(desk: Desk, per: str) -> None:
    publish(desk, offer(max_views={"max": 2, "per": per}), sticky={"per": "none"})
    desk.save()

    def at(minutes: int) -> str:
        return opened(desk, now=make.NOW + timedelta(minutes=minutes))

    assert [at(0), at(10), at(29)] == ["offer"] * 3
    assert [at(31), at(62)] == ["offer", "fallback"]


def test_two_touches_of_one_message_within_half_an_hour_count_once(desk: Desk) -> None:
    publish(desk, offer(max_views=2))
    desk.save()

    seen = [opened(desk, one, message_id="spring") for one in touches(3)]

    assert [*seen, opened(desk, "t-9"), opened(desk, "t-10")] == ["offer"] * 4 + ["fallback"]


@pytest.mark.parametrize("per", ["customer", "total"])
def test_a_rolling_window_lets_go_of_what_is_past(desk: Desk, per: str) -> None:
    publish(desk, offer(max_views={"max": 2, "per": per, "window": {"rolling": "PT24H"}}))
    desk.save()

    def at(touch_id: str, hours: float) -> str:
        return opened(desk, touch_id, now=make.NOW + timedelta(hours=hours))

    assert [at("t-1", 0), at("t-2", 1), at("t-3", 23)] == ["offer", "offer", "fallback"]
    assert [at("t-4", 24), at("t-5", 24.5), at("t-6", 25)] == ["offer", "fallback", "offer"]


@pytest.mark.parametrize(("per", "zone"), [("customer", "Asia/Tokyo"), ("total", "Europe/Paris")])
def test_a_calendar_window_begins_anew_at_midnight_of_its_zone(desk: Desk, per: str, zone: str) -> None:
    publish(desk, offer(max_views={"max": 1, "per": per, "window": {"calendar": "day", "zone": zone}}))
    desk.save()
    before = datetime.fromisoformat(
        "2026-11-20T14:59:59+00:00" if per == "customer" else "2026-11-20T22:59:59Z"
    )

    seen = [
        opened(desk, f"t-{number}", now=before + timedelta(seconds=second))
        for number, second in enumerate((-9, 0, 1, 2))
    ]

    assert seen == ["offer", "fallback", "offer", "fallback"]


@pytest.mark.parametrize("per", ["customer", "total"])
def test_new_dates_and_versions_do_not_begin_the_count_anew(desk: Desk, per: str) -> None:
    cap = {"max": 1, "per": per}
    publish(desk, offer(max_views=cap))
    desk.save()
    opened(desk)

    until = (make.NOW + timedelta(days=9)).isoformat()
    publish(desk, offer(max_views=cap, until=until), version=3)
    assert opened(desk, "t-2") == "fallback"

    publish(desk, offer(max_views={**cap, "max": 2}), version=4)
    assert [opened(desk, "t-3"), opened(desk, "t-4")] == ["offer", "fallback"]


@pytest.mark.parametrize("per", ["customer", "total"])
def test_clicks_by_people_are_counted_once_a_message(desk: Desk, per: str) -> None:
    publish(desk, offer(max_clicks={"max": 2, "per": per}))
    desk.save()

    def click(touch_id: str, client: Client | None = None) -> str | None:
        token = desk.token(Kind.BLOCK_LINK, touch_id=touch_id, message_id=f"m-{touch_id}")
        return desk.click(token, client).url

    for touch_id in touches(2):
        assert opened(desk, touch_id) == "offer"
        assert [click(touch_id), click(touch_id)] == ["https://shop.example/offer"] * 2
    assert opened(desk, "t-8", client=APPLE) == "fallback"

    # What was shown goes on to lead where it promised.
    assert click("t-0") == "https://shop.example/offer"


def test_an_arm_is_counted_for_its_split(desk: Desk) -> None:
    arms = [{"id": arm, "creative": make.creative(arm)} for arm in ("a", "b")]
    publish(desk, {"id": "test", "split": arms, "hash_by": "touch", "max_views": 3})
    desk.save()

    seen = [opened(desk, one) for one in touches(5)]

    assert {one.partition("/")[0] for one in seen[:3]} == {"test"}
    assert seen[3:] == ["fallback", "fallback"]


def test_of_whom_nothing_is_kept_no_cap_could_be_held(desk: Desk) -> None:
    publish(desk, offer(max_views=9), offer("next"))
    desk.save(tracking="anonymous")

    assert opened(desk) == "next"


def test_an_erased_customers_count_is_gone_with_them(desk: Desk) -> None:
    publish(desk, offer(max_views=1))
    desk.save()
    opened(desk)

    desk.hot.client.delete(desk.hot.keys.history("ana"))

    assert opened(desk, "t-2") == "offer"


@pytest.mark.parametrize("cap", [1, {"max": 1, "per": "total"}])
def test_with_the_store_away_at_the_last_moment_what_is_capped_is_not_shown(desk: Desk, cap: object) -> None:
    publish(desk, offer(max_views=cap))
    desk.save()
    flow = open_image(desk.ask(desk.token()), desk.front)

    shown = drive(_cut_off(flow), desk.hot, desk.spool)

    assert shown.why == "no_rule_held"
    assert [event.variant for event in desk.spooled()] == ["fallback"]


def _cut_off(flow: Flow[Shown]) -> Flow[Shown]:
    """A flow that finds the store away after its first answer; what it would keep on disk is kept."""
    step = next(flow)
    try:
        while True:
            if isinstance(step, Load | Keep):
                step = flow.send((yield step))
            else:
                step = flow.throw(Unavailable("away"))
    except StopIteration as done:
        shown: Shown = done.value
        return shown


@pytest.mark.parametrize("per", ["customer", "total"])
def test_told_again_to_the_recorder_nothing_is_counted_twice(desk: Desk, per: str) -> None:
    publish(desk, offer(max_views={"max": 2, "per": per}))
    desk.save()
    opened(desk)

    for _ in range(3):
        feed_back(desk.hot, desk.events(), now=make.NOW)

    assert [opened(desk, "t-2"), opened(desk, "t-3")] == ["offer", "fallback"]


@pytest.mark.parametrize("sticky", ["touch", "customer", "none"])
@pytest.mark.parametrize("per", ["customer", "total"])
def test_a_cap_holds_among_two_hundred_opens_at_once(desk: Desk, per: str, sticky: str) -> None:
    publish(desk, offer(max_views={"max": 20, "per": per}), offer("next"), sticky={"per": sticky})
    desk.save()
    for number in range(200):
        desk.save(f"c-{number}")
    tokens = [
        desk.token(
            touch_id=f"t-{number}",
            message_id=f"m-{number}",
            customer_id="ana" if per == "customer" else f"c-{number}",
        )
        for number in range(200)
    ]

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(desk.open, tokens))

    seen = [event.variant for event in desk.events()]
    assert len(seen) == 200
    assert seen.count("offer") == 20
    assert seen.count("next") == 180


def _open_all(url: str, tokens: list[str], folder: str) -> None:
    hot = connect(url, partitions=PARTITIONS)
    front = front_on(hot)
    front.snapshot.refresh()
    desk = Desk(hot, Spool(Path(folder)), front)
    for token in tokens:
        desk.open(token)


def test_a_cap_holds_among_processes(desk: Desk, valkey: ValkeyServer, tmp_path: Path) -> None:
    publish(desk, offer(max_views={"max": 15, "per": "total"}))
    for number in range(60):
        desk.save(f"c-{number}")
    tokens = [desk.token(customer_id=f"c-{n}", touch_id=f"t-{n}", message_id=f"m-{n}") for n in range(60)]
    context = get_context("spawn")
    children = [
        context.Process(target=_open_all, args=(valkey.url, tokens[part::3], str(tmp_path / f"s{part}")))
        for part in range(3)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join(60)

    seen = [event.variant for event in desk.events()]
    assert (len(seen), seen.count("offer")) == (60, 15)


def test_a_block_without_caps_asks_for_nothing_more(desk: Desk) -> None:
    block = desk.front.snapshot.block("hero")
    assert block is not None
    assert block.caps == ()
    asked = next(open_image(desk.ask(desk.token()), desk.front))
    assert isinstance(asked, Load)
    assert (asked.history, asked.tallies) == ((), ())


def test_after_a_click_a_variant_stops_for_the_customer_who_clicked(desk: Desk) -> None:
    publish(desk, offer(stop_after="click"))
    desk.save()
    desk.save("ben")
    opened(desk)

    desk.click(desk.token(Kind.BLOCK_LINK))

    assert opened(desk, "t-2") == "fallback"
    assert opened(desk, "t-3", customer_id="ben") == "offer"


def bought(desk: Desk, at: datetime, customer_id: str = "ana") -> None:
    details = {"activity_id": make.event_id(), "type": "purchased", "item_id": "mug"}
    event = make.event(EventType.ACTIVITY, customer_id=customer_id, at=at, received_at=at, details=details)
    customers.add_activities(desk.hot, [event])


def test_after_a_purchase_a_variant_stops_for_who_had_seen_it(desk: Desk) -> None:
    publish(desk, offer(stop_after="conversion"))
    desk.save()
    desk.save("ben")
    bought(desk, make.NOW - timedelta(days=1))
    assert [opened(desk), opened(desk, "t-2", now=make.NOW + timedelta(hours=1))] == ["offer", "offer"]

    bought(desk, make.NOW + timedelta(hours=2))
    bought(desk, make.NOW + timedelta(hours=2), "ben")

    assert opened(desk, "t-3", now=make.NOW + timedelta(hours=3)) == "fallback"
    assert opened(desk, "t-4", customer_id="ben", now=make.NOW + timedelta(hours=3)) == "offer"


def test_a_stop_goes_with_a_cap_of_views_and_one_of_clicks(desk: Desk) -> None:
    total = {"max": 1, "per": "total"}
    publish(desk, offer(stop_after="click", max_views=3, max_clicks=total), offer("next"))
    desk.save()
    desk.save("ben")
    opened(desk)

    desk.click(desk.token(Kind.BLOCK_LINK))

    assert opened(desk, "t-2") == "next"
    assert opened(desk, "t-3", customer_id="ben") == "next"


def test_the_deployments_holdout_sees_every_blocks_fallback(desk: Desk) -> None:
    publish(desk, offer())
    desk.front = replace(desk.front, holdout=holdout_of(50, ""))
    for number in range(60):
        desk.save(f"c-{number}")

    seen = [opened(desk, f"t-{number}", customer_id=f"c-{number}") for number in range(60)]

    assert 15 <= seen.count("fallback") <= 45
    assert {event.why for event in desk.events() if event.variant == "fallback"} == {"holdout"}
    assert opened(desk, "t-99", customer_id="c-0") == seen[0]
