"""Choosing: first match wins, and every choice says why."""

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.blocks import compile_block
from app.domain.choice import (
    Choice,
    Recipient,
    StoredChoice,
    Why,
    choose,
    explain_choice,
    pack,
    pinning,
    unpack,
)
from app.domain.context import build
from app.domain.experiments.split import learnt_weights
from tests import make

GOLD = {"customer": {"tier": "gold"}}


def block(**fields: object):
    return compile_block("hero", make.block(**fields), version=1, is_recalled=False)


def variants(*ids: str) -> list[dict[str, object]]:
    return [{"id": one, "creative": make.creative(one)} for one in ids]


def test_the_first_variant_whose_rule_holds_is_shown() -> None:
    two = block(
        variants=[
            {"id": "none", "when": {"customer.tier": "x"}, "creative": make.creative("x")},
            *variants("a", "b"),
        ]
    )

    choice = choose(two, GOLD, now=make.NOW)

    assert (choice.variant.id, choice.why) == ("a", Why.RULE_HELD)


def test_no_rule_held_shows_the_fallback() -> None:
    choice = choose(block(), {"customer": {}}, now=make.NOW)

    assert (choice.variant.id, choice.why) == ("fallback", Why.NO_RULE_HELD)


@pytest.mark.parametrize(("hours", "is_shown"), [(-1, False), (0, True), (1, True), (2, False)])
def test_from_is_inside_and_until_is_not(hours: int, is_shown: bool) -> None:
    times = {"from": make.NOW.isoformat(), "until": (make.NOW + timedelta(hours=2)).isoformat()}
    timed = block(variants=[{**variants("a")[0], **times}])

    choice = choose(timed, GOLD, now=make.NOW + timedelta(hours=hours))

    assert (choice.variant.id == "a") is is_shown


def test_a_pinned_variant_that_is_gone_or_over_is_chosen_anew() -> None:
    sticky = block(sticky={"per": "touch"}, variants=variants("a", "b"))
    pinned = StoredChoice(1, "b", "rule_held", make.NOW, None)

    assert choose(sticky, GOLD, now=make.NOW, pinned=pinned).why is Why.STICKY
    gone = StoredChoice(1, "c", "rule_held", make.NOW, None)
    assert choose(sticky, GOLD, now=make.NOW, pinned=gone).variant.id == "a"


def test_an_explanation_names_every_variant_and_what_its_terms_saw() -> None:
    [row] = explain_choice(block(), GOLD, now=make.NOW)

    assert (row["variant"], row["held"]) == ("gold", True)
    assert row["terms"][0]["seen"] == "gold"  # type: ignore[index]


@given(st.text(max_size=20), st.none() | st.text(max_size=40))
def test_a_stored_choice_comes_back(variant: str, link: str | None) -> None:
    choice = StoredChoice(3, variant, "rule_held", make.NOW, link)

    assert unpack(pack(choice)) == choice


@given(st.binary(max_size=60))
def test_garbage_is_no_stored_choice(raw: bytes) -> None:
    assert unpack(raw) is None


@given(st.lists(st.none() | st.binary(max_size=30), min_size=6, max_size=6))
def test_a_context_is_built_of_any_stored_bytes(stored: list[bytes | None]) -> None:
    needs = compile_block(
        "hero",
        make.block(
            variants=[
                {
                    "id": "a",
                    "when": {
                        "customer.tier": 1,
                        "customer.locale": "fr",
                        "cart.count": 1,
                        "activity.viewed.count": 1,
                        "history.opens": 1,
                        "history.last_open_at": "x",
                    },
                    "creative": make.creative("x"),
                }
            ]
        ),
        version=1,
    ).needs
    state = (stored * 2)[: len(needs.state)]
    history = (stored * 2)[: len(needs.history)]

    context = build(
        needs, state, history, customer_id="ana", message=None, touch={}, opener="human", now=make.NOW
    )

    assert context["customer"]["id"] == "ana"  # type: ignore[index]


SPLIT = {
    "id": "test",
    "split": [
        {"id": "a", "weight": 1, "creative": make.creative("a"), "link": "https://shop.example/a"},
        {"id": "b", "weight": 1, "collapse": True},
    ],
}
CUSTOMERS = [Recipient(f"c-{number}") for number in range(400)]


def test_an_arm_is_a_variant_named_after_both_and_the_same_one_for_the_same_customer() -> None:
    one = block(variants=[SPLIT])

    dealt = [choose(one, GOLD, now=make.NOW, whom=whom) for whom in CUSTOMERS]
    again = [choose(one, GOLD, now=make.NOW, whom=whom).variant.id for whom in CUSTOMERS]

    counts = Counter(choice.variant.id for choice in dealt)
    assert set(counts) == {"test/a", "test/b"}
    assert min(counts.values()) > 150
    assert [choice.variant.id for choice in dealt] == again
    assert {choice.why for choice in dealt} == {Why.RULE_HELD}


def test_who_does_not_take_part_goes_on_and_who_is_held_out_sees_the_fallback() -> None:
    one = block(variants=[{**SPLIT, "coverage": 50, "holdout": 20}, *variants("rest")])

    dealt = [choose(one, GOLD, now=make.NOW, whom=whom) for whom in CUSTOMERS]

    counts = Counter(choice.variant.id for choice in dealt)
    assert set(counts) == {"test/a", "test/b", "test/holdout", "rest"}
    held_out = [choice for choice in dealt if choice.variant.id == "test/holdout"]
    assert {choice.why for choice in held_out} == {Why.HOLDOUT}
    assert all(choice.variant.creative is one.fallback.creative for choice in held_out)


def test_a_pinned_arm_stays_also_when_the_weights_change() -> None:
    arms = [{**arm, "weight": weight} for arm, weight in zip(SPLIT["split"], (0, 1), strict=True)]  # type: ignore[call-overload]
    one = block(sticky={"per": "touch"}, variants=[{"id": "test", "split": arms}])
    pinned = StoredChoice(1, "test/a", "rule_held", make.NOW, None)

    kept = choose(one, GOLD, now=make.NOW, whom=CUSTOMERS[0], pinned=pinned)
    anew = choose(one, GOLD, now=make.NOW, whom=CUSTOMERS[0])

    assert (kept.variant.id, kept.why, anew.variant.id) == ("test/a", Why.STICKY, "test/b")


@pytest.mark.parametrize("variant", ["test", "test/c", "a/test", "a/", "fallback/a"])
def test_an_arm_that_is_gone_is_chosen_anew(variant: str) -> None:
    one = block(sticky={"per": "touch"}, variants=[SPLIT, *variants("a")])
    pinned = StoredChoice(1, variant, "rule_held", make.NOW, None)

    assert choose(one, GOLD, now=make.NOW, pinned=pinned).why in (Why.RULE_HELD, Why.STICKY)
    assert choose(one, GOLD, now=make.NOW, pinned=pinned).variant.id != "test"


def test_a_bandit_deals_by_what_it_learnt() -> None:
    one = block(variants=[{**SPLIT, "optimise": "bandit"}])
    learnt = learnt_weights(["a", "b"], [0.0, 1.0], coverage=1.0)

    dealt = {
        choose(
            one, GOLD, now=make.NOW, whom=Recipient(whom.customer_id, learnt={"hero:test": learnt}.get)
        ).variant.id
        for whom in CUSTOMERS
    }

    assert dealt == {"test/b"}


@pytest.mark.parametrize(
    ("zone", "is_shown"), [("UTC", False), ("America/New_York", True), ("Asia/Tokyo", False)]
)
def test_hours_run_by_the_customers_clock(zone: str, is_shown: bool) -> None:
    # A Friday, 9:02 in London.
    one = block(variants=[{**variants("night")[0], "hours": [{"days": ["fri"], "end": "06:00"}]}])

    choice = choose(one, GOLD, now=make.NOW, whom=Recipient("ana", zone=ZoneInfo(zone)))

    assert one.has_hours
    assert (choice.variant.id == "night") is is_shown


def test_a_holdout_stays_and_only_grows() -> None:
    def held_out(percent: float) -> set[str]:
        one = block(holdout=percent, variants=variants("a"))
        told = [(whom, choose(one, GOLD, now=make.NOW, whom=whom)) for whom in CUSTOMERS]
        return {whom.customer_id for whom, choice in told if choice.why is Why.HOLDOUT}

    few, more = held_out(10), held_out(50)

    assert 20 <= len(few) <= 60
    assert 160 <= len(more) <= 240
    assert few < more
    assert held_out(0) == set()


def test_what_an_arm_reads_is_loaded_and_makes_the_variant_personal() -> None:
    arms = [
        {"id": "a", "creative": make.creative("{{ customer.points }}")},
        {"id": "b", "creative": make.creative("x"), "link": "https://shop.example/?t={{ customer.tier }}"},
    ]

    one = block(variants=[{"id": "test", "split": arms}])

    assert one.needs.state == ("a.points", "a.tier")
    assert all(arm.is_personal for arm in one.variants[0].arms.values())
    assert choose(one, GOLD, now=make.NOW, is_proven=False).variant.id == "fallback"


def test_only_what_stays_keeps_its_first_moment() -> None:
    pinned = StoredChoice(1, "a", "rule_held", make.NOW - timedelta(hours=3), None)
    one = block(variants=variants("a"))

    stays = pinning(Choice(one.variants[0], Why.STICKY), pinned, make.NOW)
    anew = pinning(Choice(one.variants[0], Why.RULE_HELD), pinned, make.NOW)

    assert stays == ("rule_held", pinned.at)
    assert anew == ("rule_held", make.NOW)
