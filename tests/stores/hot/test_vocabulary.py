"""A process's snapshot: blocks follow the segments and attributes they name, also from its disk copy."""

from pathlib import Path
from typing import Any

from app.domain.blocks import Block
from app.stores.hot.published import Snapshot, publish
from app.stores.hot.server import HotStore
from tests import make


def segment(hot: HotStore, segment_id: str, when: dict[str, Any]) -> None:
    publish(hot, f"s:{segment_id}", {"version": 1, "document": {"when": when}})


def block(hot: HotStore, when: dict[str, Any]) -> None:
    variants = [{"id": "a", "when": when, "creative": make.creative("x")}]
    publish(hot, "b:hero", {"version": 1, "recalled": False, "document": make.block(variants=variants)})


def snapshot(hot: HotStore, path: Path | None = None) -> tuple[Snapshot, list[str]]:
    faults: list[str] = []
    return Snapshot(hot, path, log=lambda name, reason: faults.append(f"{name}: {reason}")), faults


def shown(held: Snapshot) -> Block:
    found = held.block("hero")
    assert found is not None
    return found


def test_a_block_published_before_its_segment_in_the_same_round_is_compiled_with_it(hot: HotStore) -> None:
    block(hot, {"$inGroup": "vip"})
    segment(hot, "vip", {"customer.tier": "gold"})
    held, faults = snapshot(hot)

    held.refresh()

    assert shown(held).needs.state == ("a.tier",)
    assert faults == []


def test_a_block_follows_a_segment_through_another(hot: HotStore) -> None:
    segment(hot, "vip", {"customer.tier": "gold"})
    segment(hot, "best", {"$inGroup": "vip", "customer.points": {"$gt": 9}})
    block(hot, {"$inGroup": "best"})
    held, faults = snapshot(hot)
    held.refresh()
    before = shown(held)

    segment(hot, "vip", {"customer.level": 3})
    held.refresh()

    assert before.needs.state == ("a.points", "a.tier")
    assert shown(held).needs.state == ("a.level", "a.points")
    assert faults == []


def test_a_segment_that_cannot_be_compiled_leaves_what_was_there(hot: HotStore) -> None:
    segment(hot, "vip", {"customer.tier": "gold"})
    block(hot, {"$inGroup": "vip"})
    held, faults = snapshot(hot)
    held.refresh()

    segment(hot, "vip", {"$fromTheFuture": 1})
    held.refresh()

    assert shown(held).needs.state == ("a.tier",)
    assert faults == ["segments: /vip/$fromTheFuture: unknown operator '$fromTheFuture'"]


def test_a_restarted_process_knows_segments_and_attributes_from_its_disk(
    hot: HotStore, tmp_path: Path
) -> None:
    segment(hot, "vip", {"customer.market": "fr"})
    block(hot, {"$inGroup": "vip"})
    publish(hot, "t:customer.market", {"type": "string", "personal": False})
    held, _ = snapshot(hot, tmp_path / "published.json")
    held.refresh()

    again, faults = snapshot(hot, tmp_path / "published.json")

    assert shown(again).segment_ids == {"vip"}
    assert not shown(again).variants[0].is_personal
    assert faults == []
