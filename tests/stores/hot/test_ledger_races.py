"""A cap is never passed because callers raced: two hundred of them at once, on one customer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from app.domain.problems import Conflict
from app.stores.hot import ledger
from app.stores.hot.server import HotStore, connect
from tests.conftest import PARTITIONS
from tests.flows.office import Clerk, is_sent
from tests.servers import ValkeyServer

CALLERS = 200
THREE_A_WEEK = {"id": "weekly", "cap": 3, "window": {"rolling": "P7D"}}


def all_at_once(clerk: Clerk, ask: Any) -> list[Any]:
    """Let every caller ask at the same moment, over connections of their own."""
    gate, few = threading.Barrier(CALLERS, timeout=30), threading.Semaphore(4)

    def caller(number: int) -> Any:
        with few:
            ledger.read(clerk.hot, "somebody else")  # connected beforehand: asking is what they race for
        gate.wait()
        return ask(number)

    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(caller, range(CALLERS)))


def test_two_hundred_callers_and_a_cap_of_three_make_three_reservations(
    hot: HotStore, tmp_path: Path
) -> None:
    clerk = Clerk(hot, tmp_path, [THREE_A_WEEK])

    answers = all_at_once(clerk, lambda number: clerk.ask(f"t-{number}"))

    assert sum(map(is_sent, answers)) == 3
    assert len(ledger.read(hot, "ana").entries) == 3
    assert {answer["reason"] for answer in answers if not is_sent(answer)} == {"CAP_REACHED"}
    assert clerk.told().count("reserved") == 3
    assert len(clerk.told()) == CALLERS + 3


def test_one_idempotency_key_asked_by_all_is_one_place_and_one_answer(hot: HotStore, tmp_path: Path) -> None:
    clerk = Clerk(hot, tmp_path, [THREE_A_WEEK])

    answers = all_at_once(clerk, lambda _: clerk.ask("t-1", idempotency_key="k"))

    assert len({answer["reservation"]["id"] for answer in answers}) == 1
    assert len(ledger.read(hot, "ana").entries) == 1
    assert clerk.told() == ["send", "reserved"]


def test_confirming_releasing_and_reporting_one_place_at_once_ends_in_one_state(
    hot: HotStore, tmp_path: Path
) -> None:
    clerk = Clerk(hot, tmp_path, [THREE_A_WEEK])
    answer = clerk.ask("t-1")

    def act(number: int) -> str:
        if number % 3 == 0:
            return "repeat" if clerk.confirm(answer).is_repeat else "sent"
        if number % 3 == 1:
            return "repeat" if clerk.report("t-1").is_repeat else "sent"
        try:
            return clerk.release(answer)
        except Conflict:
            return "refused"

    outcomes = all_at_once(clerk, act)

    assert outcomes.count("sent") == 1
    assert [one.is_sent for one in ledger.read(hot, "ana").entries] == [True]
    assert clerk.told().count("sent") == 1


def test_two_processes_share_what_they_count(valkey: ValkeyServer, hot: HotStore, tmp_path: Path) -> None:
    other = connect(valkey.url, partitions=PARTITIONS)
    clerks = [Clerk(hot, tmp_path / "a", [THREE_A_WEEK]), Clerk(other, tmp_path / "b", [THREE_A_WEEK])]

    answers = all_at_once(clerks[0], lambda number: clerks[number % 2].ask(f"t-{number}"))

    assert sum(map(is_sent, answers)) == 3
    other.close()
