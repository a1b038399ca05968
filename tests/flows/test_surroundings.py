"""What is around an open is found out for the blocks that read it: device, day, place, weather, history."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.opener import Client
from app.domain.state import Tracking
from app.domain.tokens import Kind
from app.flows import calendars, weather
from app.flows.driving import drive
from app.flows.feedback import feed_back
from app.flows.fetching import File, Refused, Validators
from app.flows.opens import open_image
from app.flows.places import NoPlaces, Places
from app.flows.skies import STALE_S, Skies
from app.flows.surroundings import World
from app.stores.hot import customers
from app.stores.hot import weather as cells
from app.stores.hot.customers import CustomerPatch
from app.stores.hot.published import publish
from app.stores.hot.server import HotStore
from tests import make
from tests.desk import Desk
from tests.flows import mmdb
from tests.servers import ValkeyServer

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
PARIS = {"latitude": 48.8566, "longitude": 2.3522}
RAIN = {"temperature_2m": 7.4, "weather_code": 61, "is_day": 1}


def show(desk: Desk, when: dict[str, Any] | None, version: int, **fields: Any) -> None:
    """Publish a block whose one variant has this rule."""
    variant = {"id": "it", "when": when, "creative": make.creative("It"), "link": "https://shop.example/it"}
    desk.publish(version=version, variants=[variant], **fields)


def holds(desk: Desk, when: dict[str, Any], **how: Any) -> bool:
    """Whether a rule holds at an open."""
    desk.published = getattr(desk, "published", 1) + 1  # type: ignore[attr-defined]
    show(desk, when, desk.published)  # type: ignore[attr-defined]
    return opened(desk, **how)


def opened(desk: Desk, *, now: datetime = make.NOW, client: Client | None = None, **how: Any) -> bool:
    """Whether an open shows the variant."""
    ask = desk.ask(how.get("token") or desk.token(), client, now)
    return drive(open_image(ask, desk.front), desk.hot, desk.spool).why == "rule_held"


def save(
    desk: Desk, customer_id: str = "ana", system: dict[str, Any] | None = None, **attributes: object
) -> None:
    event = make.event(customer_id=customer_id)
    told = {"tracking": Tracking.FULL.value, **(system or {})}
    customers.merge(desk.hot, CustomerPatch(attributes, told), event)


@pytest.mark.parametrize(
    ("user_agent", "when", "is_so"),
    [
        (IPHONE, {"client.device": "phone", "client.os": "ios", "client.environment": "browser"}, True),
        (make.CHROME, {"client.device": "phone"}, False),
        (make.CHROME, {"client.browser": {"$in": ["chrome", "edge"]}}, True),
        (make.GMAIL, {"client.mail_client": "gmail", "client.device": {"$exists": False}}, True),
        (make.GMAIL, {"client.environment": "proxy", "client.opener": "proxy"}, True),
    ],
)
def test_rules_read_the_readers_device_and_program(
    desk: Desk, user_agent: str, when: dict[str, Any], is_so: bool
) -> None:
    save(desk)

    assert holds(desk, when, client=Client(user_agent=user_agent)) is is_so


def test_the_day_is_the_customers_and_without_a_zone_the_deployments(desk: Desk) -> None:
    desk.front = replace(desk.front, world=World(zone="Asia/Tokyo"))
    save(desk, "ana", {"timezone": "America/New_York"})
    save(desk, "ben")
    ben = desk.token(customer_id="ben")
    at = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    evening = {"local.hour": 18, "local.weekday": "friday", "local.date": "2026-11-20"}
    morning = {"local.hour": 8, "local.weekday": "saturday", "local.time": {"$gte": "08:00", "$lt": "09:00"}}

    assert holds(desk, evening, now=at)
    assert not holds(desk, evening, now=at, token=ben)
    assert holds(desk, morning, now=at, token=ben)


def test_days_are_counted_from_dates_of_the_customer(desk: Desk) -> None:
    save(desk, joined_on="2026-11-10", last_order_at="2026-11-19T22:00:00Z", nickname="ana")

    assert holds(desk, {"days_since.joined_on": 10, "days_since.last_order_at": {"$lte": 1}})
    assert holds(desk, {"days_since.nickname": {"$exists": False}, "days_since.nothing": {"$exists": False}})


def test_holidays_are_published_by_a_worker_where_a_block_asks_for_them(desk: Desk) -> None:
    save(desk, "ana", {"locale": "fr-FR"})
    christmas = datetime(2026, 12, 25, 12, tzinfo=UTC)
    before = calendars.renew(desk.hot, desk.front.snapshot, now=make.NOW)
    unknown = holds(desk, {"local.is_holiday": {"$exists": False}}, now=christmas)

    first = calendars.renew(desk.hot, desk.front.snapshot, now=make.NOW)
    again = calendars.renew(desk.hot, desk.front.snapshot, now=make.NOW)
    desk.front.snapshot.refresh()

    assert (before, unknown) == ("no block asks for holidays", True)
    assert first.startswith("holidays of 2")
    assert again == "published already"
    assert holds(desk, {"local.is_holiday": True}, now=christmas)
    assert holds(desk, {"local.is_holiday": False}, now=christmas + timedelta(days=2))


def test_the_country_of_a_holiday_may_be_an_attribute_or_the_zones(desk: Desk) -> None:
    show(desk, {"local.is_holiday": True}, 2)
    calendars.renew(desk.hot, desk.front.snapshot, now=make.NOW)
    desk.front.snapshot.refresh()
    independence_day = datetime(2026, 7, 4, 16, tzinfo=UTC)
    save(desk, "ana", {"timezone": "America/New_York"})
    save(desk, "ben", {"timezone": "America/New_York", "locale": "en-US"}, country="GB")

    assert opened(desk, now=independence_day)
    assert not opened(desk, now=independence_day, token=desk.token(customer_id="ben"))


@pytest.fixture
def placed(desk: Desk, tmp_path: Path) -> Desk:
    """A desk that knows where some addresses lie."""
    file = mmdb.write(
        tmp_path / "places.mmdb", {"203.0.113.0/24": mmdb.PARIS, "2001:4860::/32": mmdb.NEW_YORK}
    )
    desk.front = replace(desk.front, world=World(places=Places(file)))
    save(desk)
    return desk


def test_rules_read_where_the_readers_address_lies(placed: Desk) -> None:
    reader = Client(user_agent=make.CHROME, ip="203.0.113.9")

    assert holds(
        placed, {"place.country": "FR", "place.city": "Paris", "place.latitude": {"$gt": 48}}, client=reader
    )
    assert holds(placed, {"place.city": "New York"}, client=replace(reader, ip="2001:4860::8888"))
    for ip in ("198.51.100.1", "", "not an address", "::ffff:1.2.3.4"):
        assert holds(placed, {"place.country": {"$exists": False}}, client=replace(reader, ip=ip))


def test_behind_a_proxy_nothing_is_said_of_the_place(placed: Desk) -> None:
    for user_agent in (make.GMAIL, make.APPLE):
        client = Client(user_agent=user_agent, ip="203.0.113.9")
        assert holds(placed, {"place.country": {"$exists": False}}, client=client)


def test_a_newer_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    file = mmdb.write(tmp_path / "places.mmdb", {"203.0.113.0/24": mmdb.PARIS})
    places = Places(file)
    before, same = places.place("203.0.113.9"), places.refresh()

    mmdb.write(tmp_path / "new.mmdb", {"203.0.113.0/25": mmdb.NEW_YORK}).replace(file)
    news = places.refresh()

    assert (before["city"], same, news) == ("Paris", False, True)
    assert places.place("203.0.113.9")["city"] == "New York"
    (tmp_path / "junk").write_bytes(b"not a database" * 100)
    (tmp_path / "junk").replace(file)
    with pytest.raises(NoPlaces, match="no MaxMind DB"):
        places.refresh()
    assert places.place("203.0.113.9")["city"] == "New York"
    file.unlink()
    with pytest.raises(NoPlaces, match="cannot be read"):
        places.refresh()


class Provider:
    """Answers as Open-Meteo does, for as many places as are asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: bytes | None = None

    def fetch(self, url: str) -> File:
        self.asked.append(url)
        if self.answer is not None:
            return File(self.answer, Validators(), 60.0)
        count = url.partition("latitude=")[2].partition("&")[0].count(",") + 1
        one = {"latitude": 48.9, "current": {"time": "2026-11-20T09:00", **RAIN, "other": "x"}}
        return File(json.dumps([one] * count if count > 1 else one).encode(), Validators(), 60.0)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def skies(desk: Desk) -> list[float]:
    """A desk with skies whose clock the test sets."""
    clock = [1_000.0]
    desk.front = replace(desk.front, world=World(skies=Skies(clock=lambda: clock[0])))
    return clock


IT_RAINS = {"weather.condition": "rain", "weather.temperature_2m": {"$lt": 10}}
URL = "https://weather.example/v1/forecast"


def test_weather_is_missing_until_a_worker_fetched_it_then_read(
    desk: Desk, skies: list[float], provider: Provider
) -> None:
    save(desk, location=PARIS)
    first = holds(desk, IT_RAINS)

    fetched = weather.renew(desk.hot, provider.fetch, URL)
    skies[0] += 6

    assert (first, fetched) == (False, 1)
    assert provider.asked[0].startswith(f"{URL}?latitude=48.9&longitude=2.4&current=temperature_2m,")
    assert holds(desk, IT_RAINS)


def test_the_cell_is_asked_for_once_a_minute_and_fetched_every_ten(
    desk: Desk, skies: list[float], provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(desk, location=PARIS)
    show(desk, IT_RAINS, 2)
    opened(desk)
    weather.renew(desk.hot, provider.fetch, URL)
    skies[0] += 6
    opened(desk)
    looks = []
    monkeypatch.setattr(cells, "read", lambda *asked: looks.append(asked))

    for _ in range(5):
        assert opened(desk)

    assert looks == []
    assert weather.renew(desk.hot, provider.fetch, URL) == 0
    monkeypatch.setattr(weather, "FRESH_S", -1.0)
    assert weather.renew(desk.hot, provider.fetch, URL) == 1


def test_weather_is_stale_then_missing(desk: Desk, skies: list[float], valkey: ValkeyServer) -> None:
    save(desk, location=PARIS)
    cells.keep(desk.hot, [("48.9,2.4", RAIN)])
    show(desk, IT_RAINS, 2)
    assert opened(desk)
    sky = desk.front.world.skies

    skies[0] += STALE_S - 10
    assert sky.values("48.9,2.4") == RAIN
    skies[0] += 20
    assert sky.values("48.9,2.4") == {}


def test_without_a_place_of_their_own_it_is_the_weather_of_the_address(
    placed: Desk, provider: Provider
) -> None:
    show(placed, IT_RAINS, 2)
    reader = Client(user_agent=make.CHROME, ip="203.0.113.9")
    cells.keep(placed.hot, [("48.9,2.3", RAIN)])

    assert opened(placed, client=reader)
    assert not opened(placed, client=replace(reader, ip="198.51.100.1"))


def test_weather_that_no_block_reads_is_not_asked_for(desk: Desk, provider: Provider) -> None:
    save(desk, location=PARIS)
    holds(desk, {"local.hour": 9})

    assert weather.renew(desk.hot, provider.fetch, URL) == 0
    assert provider.asked == []


def test_many_cells_are_fetched_together_and_the_forgotten_let_go(
    hot: HotStore, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(130):
        cells.read(hot, f"{number - 60}.0,2.0")

    assert weather.renew(hot, provider.fetch, f"{URL}?apikey=x") == 130
    assert [url.count(".0,") > 0 for url in provider.asked] == [True, True]
    assert provider.asked[0].startswith(f"{URL}?apikey=x&latitude=")
    seen = cells.read(hot, "5.0,2.0")
    assert seen is not None
    assert seen.values == RAIN
    monkeypatch.setattr(weather, "WANTED_S", -1.0)
    weather.renew(hot, provider.fetch, URL)
    assert hot.client.exists("{weather}:cells") == 0


def test_wanted_cells_are_bounded(hot: HotStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "CELLS_MAX", 3)
    for number in range(9):
        cells.read(hot, f"{number}.0,2.0")

    assert hot.client.zcard("{weather}:wanted") == 3


@pytest.mark.parametrize(
    "answer",
    [b"", b"<html>", b"[]", b"{}", b"[[[", b'[{"current": {}}]', b'{"error": true}', b"[" * 100_000],
)
def test_an_answer_that_is_no_weather_changes_nothing(
    hot: HotStore, provider: Provider, answer: bytes
) -> None:
    cells.keep(hot, [("1.0,2.0", RAIN)])
    cells.read(hot, "1.0,2.0")
    cells.read(hot, "3.0,4.0")
    cells.read(hot, "5.0,6.0")
    provider.answer = answer

    with pytest.raises(Refused, match="weather provider"):
        weather.renew(hot, provider.fetch, URL)

    seen = cells.read(hot, "1.0,2.0")
    assert seen is not None
    assert seen.values == RAIN


def fact(desk: Desk, now: datetime) -> None:
    """What was recorded comes back, as a worker does it."""
    feed_back(desk.hot, desk.events(), now=now)


def test_the_first_open_is_the_first_until_it_is_over_and_machines_do_not_count(desk: Desk) -> None:
    save(desk)
    show(desk, {"open.is_first": True, "open.count": 1}, 2)
    apple, person = Client(user_agent=make.APPLE), make.person()

    assert opened(desk, client=apple)
    fact(desk, make.NOW)
    assert opened(desk, client=person, now=make.NOW + timedelta(minutes=5))
    fact(desk, make.NOW)
    assert opened(desk, client=person, now=make.NOW + timedelta(minutes=5, seconds=20))
    assert not opened(desk, client=person, now=make.NOW + timedelta(minutes=9))
    assert not opened(desk, client=apple, now=make.NOW + timedelta(minutes=5, seconds=20))


def test_the_third_open_of_a_touch_is_the_third(desk: Desk) -> None:
    save(desk)
    show(desk, {"open.count": {"$gte": 3}}, 2)
    shown = []
    for minutes in (0, 10, 20):
        now = make.NOW + timedelta(minutes=minutes)
        shown.append(opened(desk, now=now))
        fact(desk, now)

    other = desk.token(touch_id="t-2")
    assert shown == [False, False, True]
    assert not opened(desk, now=make.NOW + timedelta(minutes=30), token=other)


def test_a_click_on_the_block_is_known_at_the_next_open(desk: Desk) -> None:
    save(desk)
    desk.publish("footer")
    show(desk, {"clicked.this_block": False, "clicked.any_block": False}, 2)
    before = opened(desk)
    desk.click()
    fact(desk, make.NOW)

    assert before
    assert not opened(desk)
    assert holds(desk, {"clicked.this_block": True, "clicked.any_block": True, "clicked.any_link": True})
    assert holds(desk, {"clicked.any_block": False}, token=desk.token(touch_id="t-2"))


def test_a_click_on_another_block_of_the_message_is_told_apart(desk: Desk) -> None:
    save(desk)
    desk.publish("footer")
    desk.click(desk.token(Kind.BLOCK_LINK, "footer"))
    fact(desk, make.NOW)

    assert holds(desk, {"clicked.this_block": False, "clicked.any_block": True})


def test_a_machines_click_is_nobodys(desk: Desk) -> None:
    save(desk)
    desk.click(client=Client(user_agent="python-requests/2.32"))
    fact(desk, make.NOW)

    assert holds(desk, {"clicked.any_link": False})


def test_the_variant_shown_last_is_read(desk: Desk) -> None:
    save(desk)
    first = {
        "id": "first",
        "when": {"history.last_variant": {"$exists": False}},
        "creative": make.creative("1"),
    }
    second = {"id": "second", "when": {"history.last_variant": "first"}, "creative": make.creative("2")}
    desk.publish(version=2, variants=[first, second])

    shown = []
    for _ in range(3):
        desk.open()
        shown.append(desk.events()[-1].variant)

    assert shown == ["first", "second", "fallback"]


def test_what_was_bought_since_the_touch_is_counted(desk: Desk) -> None:
    save(desk)
    bought = [{"item_id": "a", "at": (make.NOW + timedelta(hours=1)).isoformat()}]
    key = desk.hot.keys.state("ana")
    desk.hot.client.hset(key, "v.purchased", json.dumps({"count": 3, "items": bought}))

    assert holds(desk, {"history.purchases_since_touch": 1, "activity.purchased.count": 3})
    assert holds(
        desk, {"history.purchases_since_touch": 0}, token=desk.token(sent_at=make.NOW + timedelta(days=1))
    )


def test_with_redis_away_weather_is_what_the_process_saw_last(
    desk: Desk, skies: list[float], valkey: ValkeyServer
) -> None:
    save(desk, location=PARIS)
    show(desk, None, 2)
    valkey.kill()

    assert desk.open().why == "state_unavailable"


def test_templates_read_the_same(desk: Desk) -> None:
    save(desk, "ana", {"timezone": "Europe/Paris"})
    variant = {
        "id": "it", "creative": make.creative("{{ local.weekday }} {{ local.time }} {{ client.device }}"),
        "link": "https://shop.example/?d={{ client.device }}&h={{ local.hour }}&n={{ open.count }}",
    }  # fmt: skip
    desk.publish(version=2, variants=[variant])

    desk.open(client=Client(user_agent=IPHONE))

    assert desk.click().url == "https://shop.example/?d=phone&h=10&n=1"


def test_a_published_calendar_of_nonsense_is_no_calendar(desk: Desk) -> None:
    save(desk, "ana", {"locale": "fr-FR"})
    publish(desk.hot, "h:holidays", {"countries": 7, "zones": []})
    desk.front.snapshot.refresh()

    assert holds(desk, {"local.is_holiday": {"$exists": False}})
