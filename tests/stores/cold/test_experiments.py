"""Arms in counts: people and machines apart, everybody once, and what was bought after it was seen."""

from datetime import timedelta

from app.domain.events import Event
from app.stores.cold import experiments
from app.stores.cold.engine import Cold
from app.stores.cold.experiments import Asked, Shown
from app.stores.cold.reports import Openers
from tests import make
from tests.trial import AHEAD, PROBE, PROXY, SCANNER, clicked, did, keep, shown

WEEK = timedelta(days=7)


def asked(*, is_by_touch: bool = False, since_minute: float = -60) -> Asked:
    since = make.NOW + timedelta(minutes=since_minute)
    return Asked("hero", ["test/a", "test/b"], since, make.NOW + timedelta(days=1), is_by_touch)


def counted(cold: Cold, *facts: Event, **how: object) -> tuple[dict[str, Shown], int]:
    keep(cold, facts)
    with cold.reading() as connection:
        return experiments.shown(connection, asked(**how))  # type: ignore[arg-type]


def bought(cold: Cold, *facts: Event, is_by_touch: bool = False) -> list[tuple[str, tuple[str, ...]]]:
    keep(cold, facts)
    with cold.reading() as connection:
        found = experiments.conversions(connection, asked(is_by_touch=is_by_touch), within=WEEK)
        return sorted((one.variant, one.unit) for one in found)


def test_everybody_counts_once_however_often_they_open(cold: Cold) -> None:
    found, moved = counted(
        cold,
        *(shown("a", "ana", minute=minute) for minute in range(3)),
        shown("a", "ana", touch_id="t-2"),
        shown("a", "ben", PROXY),
        *(clicked("a", "ana", minute=minute) for minute in (3, 4)),
    )

    assert (found, moved) == ({"test/a": Shown(exposed=2, seen=2, clicked=1)}, 0)


def test_a_prefetch_exposes_and_is_not_seen_and_a_click_after_it_counts_apart(cold: Cold) -> None:
    found, _ = counted(
        cold,
        shown("a", "ana", AHEAD),
        clicked("a", "ana"),
        shown("a", "ben", AHEAD),
        shown("a", "ben", minute=1),
        clicked("a", "ben", minute=2),
        shown("a", "cleo", AHEAD),
    )

    assert found == {"test/a": Shown(exposed=3, seen=1, clicked=1, clicked_unseen=1)}


def test_scanners_and_probes_expose_nobody_and_click_nothing(cold: Cold) -> None:
    found, _ = counted(
        cold,
        shown("a", "ana", SCANNER),
        shown("a", "ben", PROBE),
        shown("a", "cleo"),
        clicked("a", "cleo", SCANNER),
        clicked("a", "cleo", AHEAD),
    )

    assert found == {"test/a": Shown(exposed=1, seen=1)}


def test_a_click_before_the_arm_was_seen_is_none_of_its_clicks(cold: Cold) -> None:
    found, _ = counted(cold, clicked("a", "ana", minute=-5), shown("a", "ana"))

    assert found == {"test/a": Shown(exposed=1, seen=1)}


def test_who_is_shown_another_arm_later_counts_for_the_first(cold: Cold) -> None:
    found, moved = counted(
        cold, shown("a", "ana"), shown("b", "ana", minute=5, touch_id="t-2"), clicked("b", "ana", minute=6)
    )

    assert (found["test/a"], found["test/b"], moved) == (Shown(exposed=1, seen=1), Shown(), 1)


def test_by_touch_each_touch_counts(cold: Cold) -> None:
    found, moved = counted(
        cold,
        shown("a", "ana"),
        shown("b", "ana", minute=5, touch_id="t-2"),
        clicked("b", "ana", minute=6, touch_id="t-2"),
        is_by_touch=True,
    )

    assert found == {"test/a": Shown(1, 1), "test/b": Shown(1, 1, 1)}
    assert moved == 0


def test_what_was_before_the_phase_does_not_count(cold: Cold) -> None:
    found, _ = counted(cold, shown("a", "ana"), shown("a", "ben", minute=20), since_minute=10)

    assert found == {"test/a": Shown(1, 1)}


def test_nobodys_impressions_are_counted_as_impressions_only(cold: Cold) -> None:
    keep(
        cold,
        [shown("a", None), shown("a", "ana", SCANNER), shown("a", "ana", PROBE), shown("b", "ben", PROXY)],
    )

    with cold.reading() as connection:
        fetched = experiments.impressions(connection, asked())
        units, _ = experiments.shown(connection, asked())

    assert fetched == {"test/a": Openers(human=1, machine=1), "test/b": Openers(proxy=1)}
    assert units == {"test/b": Shown(1, 1)}


def test_what_is_bought_counts_after_it_was_seen_and_within_the_time(cold: Cold) -> None:
    week = 7 * 24 * 60
    found = bought(
        cold,
        shown("a", "ana"),
        did("ana", minute=-1),
        did("ana", minute=0),
        did("ana", "converted", minute=week - 1),
        did("ana", minute=week),
        did("ana", "viewed"),
        did("ana", "viewed", item_id='x","type":"purchased"'),
        shown("b", "ben", AHEAD),
        did("ben"),
        did("cleo"),
    )

    assert found == [("test/a", ("ana",))] * 2


def test_what_is_bought_counts_for_the_touch_seen_last_before_it(cold: Cold) -> None:
    found = bought(
        cold,
        shown("a", "ana", touch_id="t-1"),
        shown("b", "ana", touch_id="t-2", minute=10),
        did("ana", minute=5),
        did("ana", minute=15),
        did("ana", minute=16),
        is_by_touch=True,
    )

    assert found == [("test/a", ("ana", "t-1")), ("test/b", ("ana", "t-2")), ("test/b", ("ana", "t-2"))]
