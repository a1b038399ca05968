"""Redis away: pictures and links go out, their events wait on disk and arrive once."""

import pytest

from app.domain.state import Tracking
from app.flows.draining import drain
from app.stores.absence import Unavailable
from tests import make
from tests.desk import Desk


def test_while_redis_is_away_readers_get_the_fallback_and_its_link(desk: Desk, valkey) -> None:
    desk.save(tier="gold")

    valkey.kill()
    shown, sent, pixel = desk.open(), desk.click(), desk.pixel()

    assert (shown.why, sent.url, pixel.why) == ("state_unavailable", "https://shop.example/", "pixel")
    assert [event.type.value for event in desk.spooled()] == ["impression", "click", "impression"]


def test_what_waited_is_in_the_streams_once_redis_is_back(desk: Desk, valkey) -> None:
    desk.save(tier="gold")
    valkey.kill()
    desk.open()
    desk.click()
    desk.spool.close()
    with pytest.raises(Unavailable):
        drain(desk.spool, desk.hot)

    valkey.start()
    moved = drain(desk.spool, desk.hot)

    assert moved.events == 2
    assert [(event.type.value, event.customer_id) for event in desk.events()] == [
        ("impression", "ana"),
        ("click", "ana"),
    ]


def test_a_tracking_level_that_could_not_be_read_is_honoured_later(desk: Desk, valkey) -> None:
    desk.save("ana", tracking=Tracking.OFF.value)
    desk.save("bob", tracking=Tracking.ANONYMOUS.value)
    valkey.kill()
    desk.open()
    desk.open(desk.token(customer_id="bob"))
    desk.spool.close()

    valkey.start()
    drain(desk.spool, desk.hot)

    assert [(event.customer_id, dict(event.details)) for event in desk.events()] == [(None, {})]


def test_after_redis_returns_opens_are_personal_again(desk: Desk, valkey) -> None:
    desk.save(tier="gold")
    valkey.kill()
    desk.open()

    valkey.start()
    make.wait_until(lambda: desk.open().why == "rule_held")
