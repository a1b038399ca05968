"""A timer that starts when a person first opens: the rows of the table in docs/rendering.md, one by one."""

from datetime import datetime, timedelta
from urllib.parse import unquote

import pytest

from app.domain.events import EventType
from app.domain.opener import Client
from app.domain.tokens import Kind
from app.flows.feedback import feed_back
from renderers.gif import outline
from tests import make
from tests.desk import Desk

APPLE = Client(user_agent=make.APPLE, ip="17.0.0.1")
GMAIL = Client(user_agent=make.GMAIL, ip="66.249.84.1")
PERSON = make.person()
LINK = "https://shop.example/?from={{ touch.opened_at }}"
LATER = timedelta(minutes=59, seconds=50)


@pytest.fixture
def timed(desk: Desk) -> Desk:
    """A block whose timer runs for an hour from the first open."""
    desk.save()
    timer = {"kind": "countdown", "params": {"deadline": "{{ touch.opened_at }}", "plus_hours": 1}}
    shown = {"id": "own", "creative": timer, "link": LINK}
    hidden = {"creative": {"kind": "collapse", "params": {}}}
    desk.publish(version=9, variants=[shown], fallback=hidden, width=200, height=50)
    return desk


def open_at(desk: Desk, at: datetime, client: Client = PERSON, **fields: object) -> int:
    """How many frames the clip has that goes out: 60, or what is left and one of noughts."""
    return outline(desk.open(desk.token(**fields), client, now=at).image.data).frames


def start(desk: Desk, **fields: object) -> str:
    """What a click's address says the timer started from."""
    url = desk.click(desk.token(Kind.BLOCK_LINK, **fields)).url
    assert url is not None
    return unquote(url.partition("=")[2])


def told(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def feed(desk: Desk) -> None:
    feed_back(desk.hot, desk.events(), now=make.NOW)


@pytest.mark.parametrize("client", [PERSON, GMAIL])
def test_the_first_open_by_a_person_shows_the_whole_time_and_starts_it(timed: Desk, client: Client) -> None:
    first = open_at(timed, make.NOW, client)

    assert (first, start(timed)) == (60, told(make.NOW))
    assert open_at(timed, make.NOW + LATER) == 11


def test_a_fetch_ahead_shows_the_whole_time_and_starts_nothing(timed: Desk) -> None:
    ahead = [open_at(timed, make.NOW + n * LATER, APPLE) for n in range(3)]
    feed(timed)
    opened = make.NOW + 5 * LATER

    assert (ahead, open_at(timed, opened)) == ([60, 60, 60], 60)
    assert start(timed) == told(opened)


def test_a_fetch_by_a_machine_after_the_start_shows_the_time_that_is_left(timed: Desk) -> None:
    open_at(timed, make.NOW)

    assert open_at(timed, make.NOW + LATER, APPLE) == 11


def test_opens_agree_before_and_after_the_recorder_has_told(timed: Desk) -> None:
    open_at(timed, make.NOW)
    before = open_at(timed, make.NOW + LATER), start(timed)
    feed(timed)
    after = open_at(timed, make.NOW + LATER), start(timed)

    assert before == after == (11, told(make.NOW))


def test_what_was_shown_stands_though_another_picture_was_opened_a_moment_before(timed: Desk) -> None:
    timed.pixel(make.person())
    open_at(timed, make.NOW + timedelta(seconds=2))
    feed(timed)
    open_at(timed, make.NOW + LATER)

    assert start(timed) == told(make.NOW + timedelta(seconds=2))


def test_a_touch_opened_before_the_block_was_there_started_then(timed: Desk) -> None:
    timed.pixel(make.person())
    feed(timed)

    assert open_at(timed, make.NOW + LATER) == 11
    assert start(timed) == told(make.NOW)


def test_of_opens_told_late_the_earliest_counts(timed: Desk) -> None:
    opens = [
        make.event(EventType.IMPRESSION, customer_id="ana", touch_id="t-1", opener=opener, at=at)
        for opener, at in ((_person(timed), make.NOW + timedelta(minutes=5)), (_person(timed), make.NOW))
    ]
    for one in opens:
        feed_back(timed.hot, [one], now=make.NOW)

    assert open_at(timed, make.NOW + LATER) == 11


def _person(desk: Desk) -> object:
    desk.pixel(make.person(), touch_id="other")
    return desk.events()[-1].opener


def test_each_touch_has_a_timer_of_its_own(timed: Desk) -> None:
    open_at(timed, make.NOW)

    assert open_at(timed, make.NOW + LATER, touch_id="t-2") == 60


def test_with_merge_tags_the_customer_and_the_sending_are_the_touch(timed: Desk) -> None:
    keys = {"customer_key": timed.front.keyring.customer_key("ana")}
    token = timed.token(customer_id="", touch_id="")
    opens = [("spring-1", make.NOW), ("spring-1", make.NOW + LATER), ("spring-2", make.NOW + LATER)]

    frames = [outline(timed.open(token, now=at, send_key=key, **keys).image.data).frames for key, at in opens]

    assert frames == [60, 11, 60]


def test_a_click_with_pictures_off_starts_nothing(timed: Desk) -> None:
    start(timed)

    assert open_at(timed, make.NOW + LATER) == 60


def test_whoever_wants_nothing_remembered_sees_the_whole_time_at_every_open(timed: Desk) -> None:
    timed.save(tracking="anonymous")
    open_at(timed, make.NOW)

    assert open_at(timed, make.NOW + LATER) == 60
    assert not timed.hot.client.exists(timed.hot.keys.history("ana"))


def test_a_block_without_such_a_timer_keeps_no_moment(desk: Desk) -> None:
    desk.save()
    desk.open()

    assert list(desk.hot.client.hkeys(desk.hot.keys.history("ana"))) == [b"c.t-1|hero"]


def test_two_first_opens_at_once_agree_from_then_on(timed: Desk) -> None:
    timed.publish(
        "other", variants=[{"id": "o", "creative": make.creative("{{ touch.opened_at }}"), "link": LINK}]
    )
    open_at(timed, make.NOW)
    timed.open(timed.token(subject="other"), now=make.NOW + timedelta(seconds=1))
    timed.open(timed.token(subject="other"), now=make.NOW + LATER)

    assert start(timed, subject="other") == start(timed) == told(make.NOW)
