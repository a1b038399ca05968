"""Customers' snapshots follow their revisions; erasing forgets everything and stays done."""

from datetime import timedelta

from app.domain.state import Suppression
from app.stores.cold import customers, dead_letters, decisions, events, suppressions, touches
from app.stores.cold.customers import Snapshot
from app.stores.cold.dead_letters import DeadLetter
from app.stores.cold.decisions import DecisionRow
from app.stores.cold.engine import Cold
from app.stores.cold.suppressions import Standing
from app.stores.cold.touches import Touch
from tests import make


def snapshot(customer_id: str = "ana", *, revision: int = 1, points: int = 0) -> Snapshot:
    return Snapshot(customer_id, ["s", "{}", "r", str(revision), "a.points", str(points)], revision, make.NOW)


def test_a_snapshot_comes_back_field_by_field(cold: Cold) -> None:
    told = Snapshot("ana", ["s", "{}", "r", "7", "a.name", '"Anaïs"'], 7, make.NOW)

    with cold.writing() as connection:
        customers.save_many(connection, [told])
        held = customers.fetch(connection, "ana")

    assert held == told
    assert held.fields == {"s": b"{}", "r": b"7", "a.name": '"Anaïs"'.encode()}


def test_a_later_revision_replaces_and_an_earlier_one_does_not(cold: Cold) -> None:
    with cold.writing() as connection:
        for revision in (5, 9, 7, 9):
            customers.save_many(connection, [snapshot(revision=revision, points=revision)])
        held = customers.fetch(connection, "ana")
        revisions = customers.revisions(connection, ["ana", "bob"])

    assert held is not None
    assert (held.revision, held.fields["a.points"]) == (9, b"9")
    assert revisions == {"ana": 9}


def test_everyone_is_walked_through_page_by_page(cold: Cold) -> None:
    with cold.writing() as connection:
        customers.save_many(connection, [snapshot(f"c-{number}") for number in range(5)])

        pages = [[one.customer_id for one in page] for page in customers.everyone(connection, at_once=2)]
        assert customers.count(connection) == 5

    assert pages == [["c-0", "c-1"], ["c-2", "c-3"], ["c-4"]]


def fill(cold: Cold, customer_id: str) -> None:
    """One row in every table that may know a customer."""
    event = make.event(customer_id=customer_id)
    times = {"at": make.NOW, "received_at": make.NOW}
    decision = DecisionRow(
        event_id=f"d-{customer_id}", customer_id=customer_id, decision="send", reason="OK", **times
    )
    letter = DeadLetter(
        stream="e:{p00}", entry_id=f"1-{customer_id}", payload=b"?", reason="bad", at=make.NOW,
        customer_id=customer_id,
    )  # fmt: skip
    with cold.writing() as connection:
        events.insert_once(connection, [events.row_of(event)])
        customers.save_many(connection, [snapshot(customer_id)])
        touch = Touch(touch_id=f"t-{customer_id}", customer_id=customer_id, changed_at=make.NOW)
        touches.save_many(connection, [touch])
        decisions.insert_once(connection, [decision])
        standing = Standing(customer_id, [Suppression("s-1", "all", "unsubscribed", make.NOW)], make.NOW)
        suppressions.replace_many(connection, [standing])
        dead_letters.insert_once(connection, [letter])


def rows_with(cold: Cold, customer_id: str) -> dict[str, int]:
    with cold.reading() as connection:
        return {
            table: connection.exec_driver_sql(
                f"SELECT count(*) FROM {table} WHERE customer_id = '{customer_id}'"
            ).scalar_one()
            for table in ("events", "customers", "touches", "decisions", "suppressions", "dead_letters")
        }


def test_erasing_a_customer_leaves_no_row_of_theirs_and_none_of_others_goes(cold: Cold) -> None:
    fill(cold, "ana")
    fill(cold, "bob")

    with cold.writing() as connection:
        customers.erase(connection, "ana", at=make.NOW + timedelta(seconds=1))

    assert set(rows_with(cold, "ana").values()) == {0}
    assert set(rows_with(cold, "bob").values()) == {1}


def test_what_was_learnt_after_the_erasure_stays(cold: Cold) -> None:
    fill(cold, "ana")

    with cold.writing() as connection:
        customers.erase(connection, "ana", at=make.NOW - timedelta(seconds=1))

    assert set(rows_with(cold, "ana").values()) == {1}


def test_an_erasure_is_remembered_without_the_id(cold: Cold) -> None:
    at = make.NOW

    with cold.writing() as connection:
        customers.erase(connection, "ana", at=at)
        customers.erase(connection, "ana", at=at - timedelta(days=1))
        known = customers.erased(connection, ["ana", "bob"])
        last = customers.last_erasure(connection)
        kept = connection.exec_driver_sql("SELECT digest FROM erasures").scalars().all()

    assert (known, last) == ({"ana": at}, at)
    assert "ana" not in str(kept)
