"""Suppressions follow the customers' states: they come, are lifted, and none is lost."""

from datetime import timedelta

from app.domain.state import Suppression
from app.stores.cold import suppressions
from app.stores.cold.engine import Cold
from app.stores.cold.suppressions import Standing, StoredSuppression
from tests import make

LATER = make.NOW + timedelta(days=1)
STOP = Suppression("s-1", "channel:sms", "stop", make.NOW)
PAUSE = Suppression("s-2", "all", "paused", make.NOW, LATER)


def tell(cold: Cold, *listed: Suppression, at=make.NOW) -> list[StoredSuppression]:
    with cold.writing() as connection:
        suppressions.replace_many(connection, [Standing("ana", listed, at)])
        return suppressions.of_customer(connection, "ana")


def test_what_stands_is_kept_with_its_end(cold: Cold) -> None:
    held = tell(cold, STOP, PAUSE)

    assert held == [StoredSuppression("ana", STOP, None), StoredSuppression("ana", PAUSE, None)]


def test_what_is_no_longer_listed_was_lifted_and_stays_on_record(cold: Cold) -> None:
    tell(cold, STOP, PAUSE)

    held = tell(cold, PAUSE, at=LATER)

    assert [(one.suppression, one.lifted_at) for one in held] == [(STOP, LATER), (PAUSE, None)]


def test_the_same_list_again_changes_nothing(cold: Cold) -> None:
    first = tell(cold, STOP)

    assert tell(cold, STOP, at=LATER) == first


def test_a_suppression_that_comes_back_stands_again(cold: Cold) -> None:
    tell(cold, STOP)
    tell(cold)

    [held] = tell(cold, STOP)

    assert held.lifted_at is None


def test_a_customer_without_any_costs_nothing(cold: Cold) -> None:
    assert tell(cold) == []
