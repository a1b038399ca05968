"""The packed ledger against the plain model: the same story told to both ends in the same touches.

The model is the simple form of the design: a set of touches with times and a plain record each, one
rule after the other counted by going through all of them, nothing packed, skipped or remembered.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.frequency.ledger import Mark, Words
from app.domain.frequency.windows import to_ms
from app.domain.problems import Conflict
from app.stores.hot import ledger
from app.stores.hot.server import HotStore
from tests.flows.office import Clerk

CHANNELS, CLASSES = ("email", "sms"), ("promotional", "lifecycle", "service", "transactional")
TTL = timedelta(minutes=15)
DAY = timedelta(days=1)


@dataclass
class Record:
    """One touch of the plain model."""

    at: datetime
    words: Words
    dispatch: str | None
    expires_at: datetime | None  # None once it is sent


@dataclass
class Model:
    """The reference: obvious rather than fast."""

    rules: list[dict[str, Any]]
    touches: dict[str, Record] = field(default_factory=dict)

    def reserve(self, touch: str, words: Words, dispatch: str | None, now: datetime) -> bool:
        held = self.touches.get(touch)
        if held is not None and held.expires_at is None:
            return False
        allowed = words.touch_class in ("service", "transactional") or all(
            self.has_room(rule, touch, words, dispatch, now) for rule in self.rules
        )
        if allowed:
            self.touches[touch] = Record(now, words, dispatch, now + TTL)
        return allowed

    def send(self, touch: str, words: Words, dispatch: str | None, at: datetime) -> bool:
        held = self.touches.get(touch)
        if held is not None and held.expires_at is None:
            return False
        self.touches[touch] = Record(at, words, dispatch, None)
        return True

    def release(self, touch: str, now: datetime) -> str:
        held = self.touches.get(touch)
        if held is None:
            return "gone"
        if held.expires_at is None:
            return "refused"
        del self.touches[touch]
        return "released" if now < held.expires_at else "gone"

    def has_room(
        self, rule: dict[str, Any], touch: str, words: Words, dispatch: str | None, at: datetime
    ) -> bool:
        if not matches(rule, words):
            return True
        counted = [
            (one.at, one.dispatch or name)
            for name, one in self.touches.items()
            if name != touch
            and one.words.touch_class != "transactional"
            and matches(rule, one.words)
            and (one.expires_at is None or at < one.expires_at)
            and (dispatch is None or one.dispatch != dispatch)
        ]
        if "calendar" in rule["window"]:
            day = [unit for when, unit in counted if when.date() == at.date()]
            return len(set(day)) < rule["cap"]
        span = timedelta(hours=int(rule["window"]["rolling"][2:-1]))
        ends = [at, *(when for when, _ in counted if at <= when < at + span)]
        return all(
            len({unit for when, unit in counted if end - span < when <= end}) < rule["cap"] for end in ends
        )

    def live(self, now: datetime) -> set[tuple[int, bool]]:
        return {
            (to_ms(one.at), one.expires_at is None)
            for one in self.touches.values()
            if one.expires_at is None or now < one.expires_at
        }


def matches(rule: dict[str, Any], words: Words) -> bool:
    channels, classes, tags = rule.get("channels"), rule.get("classes"), rule.get("tags")
    return (
        (not channels or words.channel in channels)
        and (not classes or words.touch_class in classes)
        and (not tags or any(tag in words.tags for tag in tags))
    )


some_words = st.builds(
    lambda channel, touch_class, tags: Words(channel, "news", touch_class, tuple(sorted(tags))),
    st.sampled_from(CHANNELS),
    st.sampled_from(CLASSES),
    st.sets(st.sampled_from(("sale", "vip")), max_size=2),
)
windows = st.sampled_from(
    [
        {"rolling": "PT1H"},
        {"rolling": "PT6H"},
        {"rolling": "PT24H"},
        {"rolling": "PT72H"},
        {"calendar": "day"},
    ]
)
some_rules = st.lists(
    st.fixed_dictionaries(
        {"cap": st.integers(0, 4), "window": windows, "on_cap": st.just("suppress")},
        optional={
            "channels": st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=2),
            "classes": st.lists(st.sampled_from(CLASSES), min_size=1, max_size=2),
            "tags": st.lists(st.sampled_from(("sale", "vip")), min_size=1, max_size=1),
        },
    ),
    max_size=4,
)
acts = st.lists(
    st.tuples(
        st.sampled_from(("ask", "ask", "ask", "confirm", "release", "report")),
        st.integers(0, 11),  # which touch
        st.integers(0, 600),  # minutes until then
        some_words,
        st.sampled_from((None, None, "d-1", "d-2")),
    ),
    max_size=25,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some_rules, acts)
def test_the_packed_ledger_and_the_plain_model_agree(
    hot: HotStore, tmp_path: Path, rules: list[dict[str, Any]], story: list[Any]
) -> None:
    hot.client.flushall()
    named = [{"id": f"r-{place}", **rule} for place, rule in enumerate(rules)]
    clerk, model, answers = Clerk(hot, tmp_path, named), Model(rules), {}

    for act, number, minutes, words, dispatch in story:
        clerk.now += timedelta(minutes=minutes)
        touch = f"t-{number}"
        if act == "ask":
            answer = clerk.ask(touch, words=words, dispatch_id=dispatch)
            assert (answer["decision"] == "send") is model.reserve(touch, words, dispatch, clerk.now)
            if answer["decision"] == "send":
                answers[touch] = (answer, words, dispatch)
        elif act == "report":
            outcome = clerk.report(touch, words=words, dispatch_id=dispatch)
            assert outcome.is_repeat is not model.send(touch, words, dispatch, clerk.now)
        elif touch in answers and act == "confirm":
            answer, held, of = answers[touch]
            outcome = clerk.confirm(answer)
            assert outcome.is_repeat is not model.send(touch, held, of, clerk.now)
        elif touch in answers:
            assert released(clerk, answers[touch][0]) == model.release(touch, clerk.now)

        held_now = ledger.read(hot, "ana").entries
        now_ms = to_ms(clerk.now)
        assert {(one.at_ms, one.is_sent) for one in held_now if one.is_live(now_ms)} == model.live(clerk.now)
        assert_no_window_is_too_full(model, clerk)


def released(clerk: Clerk, answer: Any) -> str:
    try:
        return clerk.release(answer)
    except Conflict:
        return "refused"


def assert_no_window_is_too_full(model: Model, clerk: Clerk) -> None:
    """No window ends up over its cap, but by what was not counted before it went, or passes caps."""
    excused = Mark.UNRESERVED | Mark.LATE | Mark.CHANGED
    counted = [
        entry
        for entry in ledger.read(clerk.hot, "ana").entries
        if not entry.mark & excused and entry.words.touch_class in ("promotional", "lifecycle")
    ]
    for rule in model.rules:
        if "calendar" in rule["window"]:
            continue
        span_ms = int(rule["window"]["rolling"][2:-1]) * 3_600_000
        mine = [entry for entry in counted if matches(rule, entry.words)]
        for end in mine:
            inside = {
                entry.dispatch or entry.touch
                for entry in mine
                if end.at_ms - span_ms < entry.at_ms <= end.at_ms
            }
            assert len(inside) <= rule["cap"], (rule, inside)
