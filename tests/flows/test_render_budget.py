"""A picture that takes too long: the fallback goes out in time, the picture is there for the next open."""

import time
from collections.abc import Iterator
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from app.flows import designs
from app.flows.pictures import Gallery
from app.flows.slow_work import Late, SlowWork
from renderers import Image
from tests import make
from tests.desk import Desk


class Brush:
    """A design as slow as it is told; counts how often it was drawn with."""

    is_timed = False
    held_bytes = 10

    def __init__(self, digest: str, slow_s: float) -> None:
        self.digest = digest
        self.slow_s = slow_s
        self.drawn = 0

    def render(self, *_: object, **__: object) -> Image:
        self.drawn += 1
        time.sleep(self.slow_s)
        return Image(self.digest.encode(), "image/png", 300, 100)


@pytest.fixture
def brush(monkeypatch: pytest.MonkeyPatch) -> Brush:
    """Every variant but the fallback is drawn by it."""
    brush = Brush("slow", 0.3)
    compiled = designs.compile_design

    def compile_design(kind: str, params: dict[str, object], **rest: Any) -> Any:
        return brush if "customer.points" in str(params) else compiled(kind, params, **rest)

    monkeypatch.setattr(designs, "compile_design", compile_design)
    return brush


@pytest.fixture
def budgeted(desk: Desk) -> Iterator[Desk]:
    slow = SlowWork(waiting_max=4)
    desk.front = replace(desk.front, gallery=Gallery(desk.front.snapshot, slow=slow))
    desk.publish(version=2, render_budget_ms=50)
    desk.save(tier="gold", points=1)
    yield desk
    slow.close()


def test_past_its_budget_an_open_shows_the_fallback_and_the_next_one_the_picture(
    budgeted: Desk, brush: Brush
) -> None:
    started = time.perf_counter()
    first = budgeted.open()
    took_s = time.perf_counter() - started

    assert first.why == "render_budget"
    assert 0.05 <= took_s < 0.25
    assert first.image.data.startswith(b"\x89PNG")
    make.wait_until(lambda: budgeted.open().image.data == b"slow")
    assert budgeted.open().why == "rule_held"
    assert brush.drawn == 1, "it was drawn once, for all who asked"


def test_a_click_on_the_fallback_that_came_for_want_of_time_leads_where_the_fallback_leads(
    budgeted: Desk, brush: Brush
) -> None:
    budgeted.open()
    assert budgeted.click().url == "https://shop.example/"

    make.wait_until(lambda: budgeted.open().why == "rule_held")
    assert budgeted.click().url != "https://shop.example/"


def test_a_sticky_block_stays_with_what_was_chosen_and_not_with_the_fallback(
    budgeted: Desk, brush: Brush
) -> None:
    budgeted.publish(version=3, render_budget_ms=50, sticky={"per": "touch"})

    assert budgeted.open().why == "render_budget"
    budgeted.save(tier="none")
    make.wait_until(lambda: budgeted.open().image.data == b"slow")

    assert budgeted.open().why == "sticky"


def test_a_picture_within_its_budget_is_shown_and_then_drawn_without_another_thread(
    budgeted: Desk, brush: Brush
) -> None:
    brush.slow_s = 0.0

    assert budgeted.open().why == "rule_held"
    budgeted.save(points=2)
    assert budgeted.open().why == "rule_held"
    [kept] = [kept for kept in budgeted.front.gallery._designs.values() if kept.design is brush]
    assert kept.usual_s < 0.01


def test_what_cannot_be_drawn_in_the_other_thread_falls_back_all_the_same(budgeted: Desk) -> None:
    creative = {"kind": "countdown", "params": {"deadline": "{{ customer.deadline }}"}}
    budgeted.publish(version=3, variants=[{"id": "timer", "creative": creative}])
    budgeted.save(deadline="not a date")

    assert budgeted.open().why == "cannot_render"


def test_the_fallback_is_drawn_however_long_it_takes(budgeted: Desk, brush: Brush) -> None:
    budgeted.publish(
        version=3, render_budget_ms=50, fallback={"creative": make.creative("{{ customer.points }}")}
    )
    budgeted.save(tier="none")

    assert budgeted.open().image.data == b"slow"


def test_too_many_slow_work_are_not_waited_for() -> None:
    slow = SlowWork(waiting_max=2)
    go_on = Event()
    image = Image(b"it", "image/png", 1, 1)

    def draw() -> Image:
        go_on.wait(5)
        return image

    for key in ("a", "b"):
        with pytest.raises(Late):
            slow.done(key, draw, within_s=0.01)
    with pytest.raises(Late):
        slow.done("c", draw, within_s=5)
    go_on.set()
    make.wait_until(lambda: _is_drawn(slow, image))
    slow.close()


def _is_drawn(slow: SlowWork, image: Image) -> bool:
    try:
        return slow.done("c", lambda: image, within_s=1) is image
    except Late:
        return False
