"""A touch's row follows its states: reserved and released by turns, sent for good."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from app.stores.cold import touches
from app.stores.cold.engine import Cold
from app.stores.cold.touches import Touch, TouchState, fold
from tests import make

R, X, S = TouchState.RESERVED, TouchState.RELEASED, TouchState.SENT


def account(state: TouchState, minute: int, **fields: object) -> Touch:
    at = make.NOW + timedelta(minutes=minute)
    times = {R: {"reserved_at": at}, X: {}, S: {"sent_at": at}}[state]
    return Touch(touch_id="t-1", customer_id="ana", state=state, changed_at=at, **{**times, **fields})  # type: ignore[arg-type]


def kept(cold: Cold, *accounts: Touch) -> Touch:
    with cold.writing() as connection:
        for one in accounts:
            touches.save_many(connection, [one])
        held = touches.fetch(connection, "ana", "t-1")
    assert held is not None
    return held


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ([R], R),
        ([R, S], S),
        ([R, X], X),
        ([R, X, R], R),
        ([R, S, X], S),
        ([S, S], S),
        ([X, S], S),
        ([R, X, S], S),
    ],
)
def test_the_state_is_what_the_last_account_may_make_it(
    cold: Cold, states: list[TouchState], state: TouchState
) -> None:
    held = kept(cold, *(account(one, minute) for minute, one in enumerate(states)))

    assert held.state is state


def test_the_order_in_which_accounts_arrive_does_not_matter(cold: Cold) -> None:
    accounts = [account(R, 0), account(S, 1, is_over_cap=True), account(X, 2)]

    outcomes = set()
    for order in permutations(accounts):
        held = kept(cold, *order)
        outcomes.add((held.state, held.sent_at, held.is_over_cap))
        with cold.writing() as connection:
            connection.exec_driver_sql("DELETE FROM touches")

    assert outcomes == {(S, make.NOW + timedelta(minutes=1), True)}


def test_a_confirmation_keeps_what_only_the_reservation_told(cold: Cold) -> None:
    reserved = account(R, 0, channel="email", category="news", tags=("a", "b"), expires_at=make.NOW)
    confirmed = account(S, 1, message_id="spring")

    held = kept(cold, reserved, confirmed)

    assert (held.channel, held.category, held.tags, held.message_id) == (
        "email",
        "news",
        ("a", "b"),
        "spring",
    )
    assert (held.reserved_at, held.sent_at, held.expires_at) == (make.NOW, confirmed.sent_at, None)


def test_folding_accounts_first_gives_the_same_row(cold: Cold) -> None:
    accounts = [
        account(R, 0, channel="email", tags=("a",), is_unreserved=False),
        account(X, 1),
        account(S, 2, category="news", is_over_cap=True),
        account(S, 3, category="other"),
    ]
    one_by_one = kept(cold, *accounts)
    with cold.writing() as connection:
        connection.exec_driver_sql("DELETE FROM touches")

    folded = accounts[0]
    for later in accounts[1:]:
        folded = fold(folded, later)

    assert kept(cold, folded) == one_by_one == folded


def test_a_touch_id_that_another_customer_has_is_another_touch(cold: Cold) -> None:
    mine = account(R, 0)
    theirs = Touch(touch_id="t-1", customer_id="bob", changed_at=make.NOW + timedelta(days=1))

    assert kept(cold, mine, theirs) == mine
    with cold.reading() as connection:
        assert touches.fetch(connection, "bob", "t-1") == theirs


def test_touches_of_customers_are_found_by_time(cold: Cold) -> None:
    day = timedelta(days=1)
    rows = [
        Touch(touch_id="old", customer_id="ana", changed_at=make.NOW, sent_at=make.NOW - 9 * day),
        Touch(touch_id="new", customer_id="ana", changed_at=make.NOW, sent_at=make.NOW),
        Touch(touch_id="held", customer_id="bob", state=R, changed_at=make.NOW, reserved_at=make.NOW),
        Touch(touch_id="gone", customer_id="bob", state=X, changed_at=make.NOW, reserved_at=make.NOW),
        Touch(touch_id="other", customer_id="eve", changed_at=make.NOW, sent_at=make.NOW),
    ]
    with cold.writing() as connection:
        touches.save_many(connection, rows)

        found = touches.of_customers(connection, ["ana", "bob"], since=make.NOW - day)

        assert [one.touch_id for one in found] == ["new", "held"]


def test_customers_who_were_touched_lately_are_listed_in_pages(cold: Cold) -> None:
    told = {"ana": (S, 0), "bo": (R, 0), "cy": (X, 0), "di": (S, -90)}
    with cold.writing() as connection:
        for customer_id, (state, minute) in told.items():
            one = replace(account(state, minute), touch_id=f"t-{customer_id}", customer_id=customer_id)
            touches.save_many(connection, [one])

        since = make.NOW - timedelta(hours=1)
        first = touches.customers_touched(connection, since=since, limit=1)
        rest = touches.customers_touched(connection, since=since, after=first[-1])

    assert (first, rest) == (["ana"], ["bo"])
