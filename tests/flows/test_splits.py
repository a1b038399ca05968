"""Splits at the open: every customer an arm, the click where it promised, the holdout its fallback."""

from collections import Counter
from typing import Any

import pytest

from app.domain.events import EventType
from app.domain.tokens import Kind
from app.stores.hot.published import publish
from tests.desk import Desk
from tests.trial import block

CUSTOMERS = [f"c-{number}" for number in range(300)]


def publish_split(desk: Desk, *arms: str, per: str = "none", **fields: Any) -> None:
    document = block(*arms, **fields) | {"sticky": {"per": per}}
    publish(desk.hot, "b:hero", {"version": 2, "recalled": False, "document": document})
    desk.front.snapshot.refresh()


def shown(desk: Desk, *, touch_id: str = "t-1") -> dict[str, str]:
    """What each customer was shown, by what was recorded."""
    for customer_id in CUSTOMERS:
        desk.open(desk.token(customer_id=customer_id, touch_id=touch_id))
    return {
        str(one.customer_id): str(one.variant)
        for one in desk.events()
        if one.type is EventType.IMPRESSION and one.touch_id == touch_id
    }


@pytest.fixture(autouse=True)
def _known(desk: Desk) -> None:
    for customer_id in CUSTOMERS:
        desk.save(customer_id)


def test_arms_are_dealt_by_weight_and_are_recorded_as_variants(desk: Desk) -> None:
    publish_split(desk, "a", "b")

    counted = Counter(shown(desk).values())

    assert set(counted) == {"test/a", "test/b"}
    assert counted["test/a"] == pytest.approx(150, abs=40)


def test_the_next_message_shows_the_same_arm(desk: Desk) -> None:
    publish_split(desk, "a", "b")

    assert shown(desk) == shown(desk, touch_id="t-2")


def test_the_click_follows_the_arm(desk: Desk) -> None:
    publish_split(desk, "a", "b")
    variants = shown(desk)

    for customer_id, variant in list(variants.items())[:20]:
        sent = desk.click(desk.token(Kind.BLOCK_LINK, customer_id=customer_id))
        assert sent.url == f"https://shop.example/{variant[-1]}"


def test_who_is_held_out_sees_the_fallback_and_is_counted(desk: Desk) -> None:
    publish_split(desk, "a", "b", holdout=50)

    counted = Counter(shown(desk).values())

    assert counted["test/holdout"] == pytest.approx(150, abs=40)


def test_who_is_not_covered_goes_on_to_the_next_variant(desk: Desk) -> None:
    publish_split(desk, "a", "b", coverage=50)

    counted = Counter(shown(desk).values())

    assert counted["fallback"] == pytest.approx(150, abs=40)


def test_learnt_weights_deal_from_the_next_look_on(desk: Desk) -> None:
    publish_split(desk, "a", "b", optimise="bandit")
    learnt(desk, 0.05, 0.95)

    counted = Counter(shown(desk).values())

    assert counted["test/b"] > 260


def test_a_touch_opened_again_shows_the_arm_it_was_shown_whatever_was_learnt_meanwhile(desk: Desk) -> None:
    publish_split(desk, "a", "b", optimise="bandit", per="touch")
    before = shown(desk)
    learnt(desk, 0.05, 0.95)

    assert shown(desk) == before


def learnt(desk: Desk, *shares: float) -> None:
    held = {"number": 1, "coverage": 1.0, "arms": ["a", "b"], "shares": shares}
    publish(desk.hot, "w:hero:test", held)
    desk.front.snapshot.refresh()
