"""Ledgers in Redis: read, decided about, and written only if nothing changed meanwhile."""

import pytest

from app.domain.events import EventType
from app.domain.frequency.ledger import Entry, Mark, Words, touch_mark
from app.domain.frequency.windows import to_ms
from app.domain.state import Suppression
from app.stores.absence import Unavailable
from app.stores.hot import customers, ledger
from app.stores.hot.codec import decode_event
from app.stores.hot.keys import LEDGER_TTL_S
from app.stores.hot.ledger import Change, Held, Task
from app.stores.hot.server import HotStore, connect
from tests import make
from tests.conftest import PARTITIONS
from tests.servers import ValkeyServer

NEWS = Words("email", "news", "promotional", ("sale",), message_id="spring")
NOW_MS = to_ms(make.NOW)


def entry(touch_id: str, words: Words = NEWS, at_ms: int = NOW_MS) -> Entry:
    return Entry(at_ms, int(Mark.SENT), at_ms, touch_mark(touch_id), 0, words)


def adding(touch_id: str, **fields: object) -> Task[int]:
    event = make.event(EventType.TOUCH, customer_id="ana", touch_id=touch_id)
    return Task(
        "ana",
        lambda held: Change(len(held.entries), (*held.entries, entry(touch_id)), [event]),
        **fields,  # type: ignore[arg-type]
    )


def stream(hot: HotStore) -> list[str | None]:
    rows = hot.client.xrange(hot.keys.stream("ana"))
    return [decode_event(fields[b"e"]).touch_id for _, fields in rows]


def test_a_ledger_and_its_events_are_written_together_and_live_as_long_as_windows(hot: HotStore) -> None:
    first = ledger.carry_out(hot, [adding("t-1")])
    second = ledger.carry_out(hot, [adding("t-2")])

    held = ledger.read(hot, "ana")
    assert (first, second) == ([0], [1])
    assert {one.touch for one in held.entries} == {touch_mark("t-1"), touch_mark("t-2")}
    assert {one.words for one in held.entries} == {NEWS}
    assert stream(hot) == ["t-1", "t-2"]
    assert LEDGER_TTL_S - 5 < hot.client.ttl(hot.keys.ledger("ana")) <= LEDGER_TTL_S


def test_another_process_reads_the_words(hot: HotStore, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.carry_out(hot, [adding("t-1")])
    monkeypatch.setattr(ledger, "_known", {})

    assert ledger.read(hot, "ana").entries == (entry("t-1"),)


def test_words_are_written_again_after_a_server_lost_its_data(
    hot: HotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.carry_out(hot, [adding("t-1")])
    hot.client.flushall()
    ledger.carry_out(hot, [adding("t-2")])
    monkeypatch.setattr(ledger, "_known", {})

    assert ledger.read(hot, "ana").entries == (entry("t-2"),)


def test_who_decided_by_what_is_no_longer_so_decides_again(hot: HotStore) -> None:
    seen: list[int] = []

    def interrupted(held: Held) -> Change[str]:
        seen.append(len(held.entries))
        if len(seen) == 1:
            ledger.carry_out(hot, [adding("theirs")])
        return Change(
            "done", (*held.entries, entry("mine")), [make.event(customer_id="ana", touch_id="mine")]
        )

    assert ledger.carry_out(hot, [Task("ana", interrupted)]) == ["done"]
    assert seen == [0, 1]
    assert stream(hot) == ["theirs", "mine"]
    assert len(ledger.read(hot, "ana").entries) == 2


def test_who_unsubscribes_while_it_is_decided_is_obeyed(hot: HotStore) -> None:
    seen: list[bytes | None] = []

    def interrupted(held: Held) -> Change[bytes | None]:
        seen.append(held.suppressions)
        if len(seen) == 1:
            event = make.event(EventType.PREFERENCE, customer_id="ana")
            standing = Suppression("s-1", "all", "unsubscribed", make.NOW)
            customers.change_suppressions(hot, event, add=[standing])
        return Change(held.suppressions, (*held.entries, entry("t")))

    [decided_by] = ledger.carry_out(hot, [Task("ana", interrupted)])

    assert seen[0] is None
    assert decided_by is not None
    assert b"unsubscribed" in decided_by


def test_an_answer_that_somebody_else_stored_meanwhile_is_seen(hot: HotStore) -> None:
    def answering(text: bytes) -> Task[bytes]:
        def work(held: Held) -> Change[bytes]:
            if "k" in held.answers:
                return Change(held.answers["k"])
            if text == b"mine":
                ledger.carry_out(hot, [answering(b"theirs")])
            return Change(text, answers={"k": text})

        return Task("ana", work, ["k"])

    assert ledger.carry_out(hot, [answering(b"mine")]) == [b"theirs"]
    assert 86_000 < hot.client.ttl(hot.keys.answer("ana", "k")) <= 86_400


def test_nothing_is_written_where_nothing_changes(hot: HotStore) -> None:
    assert ledger.carry_out(hot, [Task("ana", lambda held: Change(held.entries))]) == [()]
    assert hot.client.dbsize() == 0


def test_an_emptied_ledger_is_gone(hot: HotStore) -> None:
    ledger.carry_out(hot, [adding("t-1")])

    ledger.carry_out(hot, [Task("ana", lambda _: Change(None, ()))])

    assert hot.client.exists(hot.keys.ledger("ana")) == 0


def test_many_customers_are_written_and_answered_in_order(hot: HotStore) -> None:
    def task(number: int) -> Task[int]:
        event = make.event(customer_id=f"c-{number}")
        return Task(f"c-{number}", lambda _: Change(number, [entry(f"t-{number}")], [event]))

    assert ledger.carry_out(hot, [task(number) for number in range(600)]) == list(range(600))
    assert len(ledger.read(hot, "c-599").entries) == 1


def test_a_server_that_forgot_the_script_gets_it_again(hot: HotStore) -> None:
    ledger.carry_out(hot, [adding("t-1")])
    hot.client.script_flush()

    ledger.carry_out(hot, [adding("t-2")])

    assert stream(hot) == ["t-1", "t-2"]


def test_erasing_a_customer_takes_the_ledger_too(hot: HotStore) -> None:
    ledger.carry_out(hot, [adding("t-1")])

    customers.erase(hot, make.event(EventType.CUSTOMER_ERASED, customer_id="ana"))

    assert ledger.read(hot, "ana").entries == ()


def test_an_absent_server_is_said_at_once(valkey: ValkeyServer) -> None:
    store = connect(valkey.url, partitions=PARTITIONS)
    valkey.stop()

    with pytest.raises(Unavailable):
        ledger.carry_out(store, [adding("t-1")])
    with pytest.raises(Unavailable):
        ledger.read(store, "ana")
    store.close()


def test_a_long_absence_ends(valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.stores.hot.line.PAUSE_S", 0.0)
    store = connect(valkey.url, partitions=PARTITIONS)
    valkey.stop()

    for _ in range(150):
        with pytest.raises(Unavailable):
            ledger.read(store, "ana")
    valkey.start()

    assert ledger.read(store, "ana").entries == ()
    store.close()
