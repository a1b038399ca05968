"""Choosing: first match wins, and every choice says why."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.blocks import compile_block
from app.domain.choice import StoredChoice, Why, choose, explain_choice, pack, unpack
from app.domain.context import build
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
