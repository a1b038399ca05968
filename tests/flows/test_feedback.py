"""People's opens and clicks become history, once a touch."""

from datetime import timedelta

from app.domain.events import Event, EventType
from app.domain.opener import Opener, OpenerClass
from app.flows.feedback import feed_back
from app.stores.hot.server import HotStore
from tests import make

HUMAN = Opener(OpenerClass.HUMAN, "certain", "browser")
ROBOT = Opener(OpenerClass.BOT, "certain", "http_library_user_agent")
MS = int(make.NOW.timestamp() * 1000)


def fact(event_type: EventType, touch_id: str = "t-1", *, minute: int = 0, opener: Opener = HUMAN) -> Event:
    at = make.NOW + timedelta(minutes=minute)
    return make.event(event_type, customer_id="ana", touch_id=touch_id, opener=opener, at=at)


def history(hot: HotStore) -> dict[bytes, bytes]:
    return hot.client.hgetall(hot.keys.history("ana"))  # type: ignore[return-value]


def test_a_touch_counts_once_however_often_it_is_opened(hot: HotStore) -> None:
    told = [
        fact(EventType.IMPRESSION, minute=5),
        fact(EventType.IMPRESSION),
        fact(EventType.IMPRESSION, "t-2"),
    ]

    news = feed_back(hot, told, now=make.NOW)

    assert news == 2
    assert history(hot)[b"n.o"] == b"2"
    assert history(hot)[b"o.t-1"] == b"%d" % MS


def test_the_same_batch_again_changes_nothing(hot: HotStore) -> None:
    told = [fact(EventType.IMPRESSION), fact(EventType.CLICK, minute=1)]
    feed_back(hot, told, now=make.NOW)
    before = history(hot)

    news = feed_back(hot, told, now=make.NOW)

    assert (news, history(hot)) == (0, before)


def test_opens_and_clicks_are_counted_apart_with_their_last_times(hot: HotStore) -> None:
    feed_back(hot, [fact(EventType.CLICK, minute=2), fact(EventType.IMPRESSION, minute=1)], now=make.NOW)
    feed_back(hot, [fact(EventType.CLICK, "t-0", minute=1)], now=make.NOW)

    held = history(hot)
    assert (held[b"n.k"], held[b"t.k"]) == (b"2", b"%d" % (MS + 120_000))
    assert (held[b"n.o"], held[b"t.o"]) == (b"1", b"%d" % (MS + 60_000))


def test_machines_and_touches_of_nobody_teach_nothing(hot: HotStore) -> None:
    nobody = make.event(EventType.CLICK, touch_id="t-1", opener=HUMAN)

    news = feed_back(hot, [fact(EventType.CLICK, opener=ROBOT), nobody], now=make.NOW)

    assert (news, hot.client.dbsize()) == (0, 0)


def test_history_lives_as_long_as_a_reader_may_come_back(hot: HotStore) -> None:
    feed_back(hot, [fact(EventType.CLICK)], now=make.NOW)

    assert 399 * 86_400 < hot.client.ttl(hot.keys.history("ana")) <= 400 * 86_400


def test_a_long_history_lets_go_of_old_touches_and_keeps_the_counts(hot: HotStore) -> None:
    old = [fact(EventType.CLICK, f"t-{number}", minute=-300 * 24 * 60) for number in range(401)]
    feed_back(hot, old, now=make.NOW - timedelta(days=300))

    feed_back(hot, [fact(EventType.CLICK, "fresh")], now=make.NOW)

    held = history(hot)
    assert held[b"n.k"] == b"402"
    assert len(held) == 3


def test_an_erased_customer_keeps_no_history(hot: HotStore) -> None:
    feed_back(hot, [fact(EventType.CLICK)], now=make.NOW)

    feed_back(hot, [make.event(EventType.CUSTOMER_ERASED, customer_id="ana")], now=make.NOW)

    assert history(hot) == {}


def test_an_erased_customer_who_came_back_keeps_what_was_learnt_since(hot: HotStore) -> None:
    feed_back(hot, [fact(EventType.CLICK)], now=make.NOW)
    hot.client.hset(hot.keys.state("ana"), "s", "{}")

    feed_back(hot, [make.event(EventType.CUSTOMER_ERASED, customer_id="ana")], now=make.NOW)

    assert history(hot)[b"n.k"] == b"1"


def test_what_the_opens_of_an_erased_customer_left_is_forgotten(hot: HotStore) -> None:
    hot.client.hset(hot.keys.history("ana"), "c.t-1|hero", "1|[]")

    feed_back(hot, [], now=make.NOW, gone={"ana"})

    assert history(hot) == {}


def test_opens_of_a_touch_are_counted_a_minute_apart_and_once(hot: HotStore) -> None:
    """An open fetches every picture of the message; told again, nothing is counted again."""
    first = [fact(EventType.IMPRESSION), fact(EventType.IMPRESSION), fact(EventType.IMPRESSION, minute=3)]
    later = [fact(EventType.IMPRESSION, minute=10), fact(EventType.IMPRESSION, opener=ROBOT, minute=20)]

    for told in (first, later, first, later):
        feed_back(hot, told, now=make.NOW)

    assert history(hot)[b"m.t-1"] == b"%d|3" % (MS + 600_000)


def test_clicks_are_known_by_block_and_touch(hot: HotStore) -> None:
    on_block = make.event(EventType.CLICK, customer_id="ana", touch_id="t-1", opener=HUMAN, block_id="hero")
    on_link = make.event(EventType.CLICK, customer_id="ana", touch_id="t-2", opener=HUMAN)

    feed_back(hot, [on_block, on_link], now=make.NOW)

    held = history(hot)
    assert (held[b"b.t-1"], held[b"b.t-1|hero"]) == (b"%d" % MS, b"%d" % MS)
    assert b"b.t-2" not in held
    assert (held[b"k.t-1"], held[b"k.t-2"], held[b"n.k"]) == (b"%d" % MS, b"%d" % MS, b"2")
