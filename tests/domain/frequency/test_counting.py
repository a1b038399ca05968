"""When a rule is free again: never too early, never later than need be, whatever is in the ledger."""

from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.frequency.counting import all_free, has_room, next_free
from app.domain.frequency.ledger import Entry, Mark, touch_mark
from app.domain.frequency.windows import Zones
from tests.domain.frequency.schedules import policy, words

HALF_HOUR_MS = 1_800_000
# Saturday 31 October 2026, 00:00 UTC: the night in which New York's clocks go back.
START_MS = 1_793_404_800_000
ZONES = Zones(ZoneInfo("America/New_York"), ZoneInfo("UTC"))

windows = st.sampled_from(
    [
        {"rolling": "PT30M"},
        {"rolling": "PT6H"},
        {"rolling": "P1D"},
        {"rolling": "P3D"},
        {"calendar": "day"},
        {"calendar": "day", "count": 2},
        {"calendar": "week", "week_start": "sunday"},
    ]
)
some_rules = st.fixed_dictionaries({"cap": st.integers(1, 4), "window": windows})
touches = st.lists(st.tuples(st.integers(0, 250), st.sampled_from((0, 0, 0, 7, 8))), max_size=14)


def ledger(told: list[tuple[int, int]]) -> list[Entry]:
    entries = [
        Entry(START_MS + step * HALF_HOUR_MS, int(Mark.SENT), 0, touch_mark(str(place)), dispatch, words())
        for place, (step, dispatch) in enumerate(told)
    ]
    return sorted(entries)


@settings(max_examples=150, deadline=None)
@given(some_rules, touches, st.integers(0, 250), st.sampled_from((0, 7)))
def test_a_rule_is_free_at_the_first_instant_that_keeps_the_cap(
    told: dict[str, Any], sent: list[tuple[int, int]], step: int, dispatch: int
) -> None:
    [rule], entries = policy(told).rules, ledger(sent)
    from_ms = START_MS + step * HALF_HOUR_MS

    free_ms = next_free(rule, entries, from_ms, ZONES, dispatch=dispatch)

    assert free_ms is not None
    assert has_room(rule, entries, free_ms, ZONES, dispatch=dispatch)
    for early_ms in range(from_ms, free_ms, HALF_HOUR_MS):
        assert not has_room(rule, entries, early_ms, ZONES, dispatch=dispatch)


@settings(max_examples=100, deadline=None)
@given(st.lists(some_rules, min_size=1, max_size=3), touches, st.integers(0, 250))
def test_several_rules_are_free_together_at_the_first_instant_that_keeps_all(
    told: list[dict[str, Any]], sent: list[tuple[int, int]], step: int
) -> None:
    rules, entries = policy(*told), ledger(sent)
    from_ms = START_MS + step * HALF_HOUR_MS

    free_ms = all_free(rules, words(), entries, from_ms, ZONES)

    assert free_ms is not None
    assert all(has_room(rule, entries, free_ms, ZONES) for rule in rules.rules)
    for early_ms in range(from_ms, free_ms, HALF_HOUR_MS):
        assert not all(has_room(rule, entries, early_ms, ZONES) for rule in rules.rules)


def test_a_rule_that_lets_nothing_pass_is_never_free() -> None:
    rules = policy({"cap": 0, "window": {"rolling": "P1D"}})

    assert next_free(rules.rules[0], [], START_MS, ZONES) is None
    assert all_free(rules, words(), [], START_MS, ZONES) is None
