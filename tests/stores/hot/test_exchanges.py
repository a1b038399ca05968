"""The open's two exchanges: what is loaded is what was recorded; an absent server is said, not suffered."""

import threading
import time

import pytest

from app.domain.events import EventType
from app.stores.absence import Unavailable
from app.stores.hot import customers, streams
from app.stores.hot.customers import CustomerPatch
from app.stores.hot.exchanges import Load, Record, load, record
from app.stores.hot.server import HotStore, connect
from tests import make


def told(choice: bytes, **fields: object) -> Record:
    return Record(make.event(customer_id="ana"), "ana", "t-1", "hero", choice=choice, at=make.NOW, **fields)  # type: ignore[arg-type]


def stored(hot: HotStore) -> bytes | None:
    return load(hot, Load("ana", touch_id="t-1", block_id="hero")).choice


def test_fields_come_back_in_the_order_asked(hot: HotStore) -> None:
    saved = make.event(EventType.CUSTOMER_SAVED, customer_id="ana")
    customers.merge(hot, CustomerPatch({"tier": "gold", "points": 3}), saved)
    hot.client.hset(hot.keys.history("ana"), "n.o", 7)

    loaded = load(hot, Load("ana", ["a.points", "a.none", "a.tier"], ["n.o"], "t-1", "hero"))

    assert loaded.state == [b"3", None, b'"gold"']
    assert loaded.history == [b"7"]
    assert loaded.choice is None


def test_the_last_shown_choice_stands(hot: HotStore) -> None:
    record(hot, told(b"one"))
    record(hot, told(b"two"))

    assert stored(hot) == b"two"


def test_a_pinned_choice_stands_and_the_loser_writes_nothing(hot: HotStore) -> None:
    record(hot, told(b"one", is_first_kept=True))

    lost = record(hot, told(b"two", is_first_kept=True))

    streams.ensure_groups(hot)
    assert lost.standing == b"one"
    assert stored(hot) == b"one"
    assert len(streams.read_new(hot, "test", count=10, block_ms=1)) == 1


def test_the_record_script_comes_back_after_a_flush(hot: HotStore) -> None:
    hot.client.script_flush()

    record(hot, told(b"one"))

    assert stored(hot) == b"one"


def test_a_customer_with_very_many_choices_keeps_the_recent_ones(hot: HotStore) -> None:
    history = hot.keys.history("ana")
    hot.client.hset(history, mapping={f"c.old-{n}|hero": "1000|x" for n in range(500)})

    record(hot, told(b"one"))

    assert hot.client.hlen(history) == 1


def test_an_absent_server_is_told_at_once_and_not_asked_again_for_a_moment() -> None:
    nowhere = connect("unix:///nonexistent/valkey.sock", partitions=16)

    with pytest.raises(Unavailable):
        load(nowhere, Load("ana", ["s"]))
    started = time.perf_counter()
    for _ in range(100):
        with pytest.raises(Unavailable):
            load(nowhere, Load("ana", ["s"]))

    assert time.perf_counter() - started < 0.2


def test_a_stalled_server_costs_one_timeout_and_not_one_a_request(valkey) -> None:
    hot = connect(valkey.url, partitions=16, line_timeout_s=0.2)
    load(hot, Load("ana", ["s"]))
    valkey.pause()
    try:
        started = time.perf_counter()
        for _ in range(20):
            with pytest.raises(Unavailable):
                load(hot, Load("ana", ["s"]))
        taken = time.perf_counter() - started
    finally:
        valkey.resume()

    assert 0.15 < taken < 1.0


def test_a_connection_gone_stale_is_replaced_without_a_word(hot: HotStore) -> None:
    load(hot, Load("ana", ["s"]))
    hot.client.client_kill_filter(_type="normal", skipme=True)

    assert load(hot, Load("ana", ["s"])).state == [None]


def test_threads_do_not_mix_up_their_answers(hot: HotStore) -> None:
    for number in range(8):
        hot.client.hset(hot.keys.state(f"c{number}"), "a.n", number)
    wrong: list[object] = []

    def ask(number: int) -> None:
        for _ in range(200):
            seen = load(hot, Load(f"c{number}", ["a.n"])).state[0]
            if seen != str(number).encode():
                wrong.append(seen)

    threads = [threading.Thread(target=ask, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
