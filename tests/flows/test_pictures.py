"""The gallery keeps designs and pictures within bounds, however many there are."""

from app.domain.blocks import compile_block
from app.domain.choice import Choice, Why
from app.flows import pictures
from app.flows.pictures import Gallery
from tests import make
from tests.desk import Desk

BOUND = 40_000


def test_pictures_of_ever_new_values_stay_within_the_bound(desk: Desk) -> None:
    gallery = Gallery(desk.front.snapshot, max_bytes=BOUND)
    block = desk.front.snapshot.block("hero")
    assert block is not None
    choice = Choice(block.variants[0], Why.RULE_HELD)

    for points in range(100):
        gallery.draw(block, choice, {"customer": {"points": points}}, make.NOW)
    kept = gallery._pictures.values()

    assert sum(len(image.data) for image in kept) <= gallery._bytes <= BOUND
    assert 5 < len(kept) < 100
    before = gallery.hits
    gallery.draw(block, choice, {"customer": {"points": 99}}, make.NOW)
    assert gallery.hits == before + 1


def test_designs_of_ever_new_versions_stay_within_the_bound(desk: Desk, monkeypatch) -> None:
    monkeypatch.setattr(pictures, "DESIGNS_BYTES", 10_000)
    gallery = Gallery(desk.front.snapshot)

    for version in range(1, 12):
        block = compile_block("hero", make.block(), version=version)
        gallery.draw(block, Choice(block.fallback, Why.NO_RULE_HELD), {}, make.NOW)

    assert gallery._design_bytes == sum(kept.design.held_bytes for kept in gallery._designs.values())
    assert 0 < gallery._design_bytes <= 10_000
    assert 1 < len(gallery._designs) < 11


def test_a_design_larger_than_the_bound_is_kept_alone(desk: Desk, monkeypatch) -> None:
    monkeypatch.setattr(pictures, "DESIGNS_BYTES", 100)
    gallery = Gallery(desk.front.snapshot)
    block = compile_block("hero", make.block(), version=1)

    for variant in (block.variants[0], block.fallback):
        gallery.draw(block, Choice(variant, Why.RULE_HELD), {"customer": {}}, make.NOW)

    assert len(gallery._designs) == 1


def test_a_block_that_is_warm_is_drawn_without_compiling(desk: Desk) -> None:
    gallery = Gallery(desk.front.snapshot)
    block = desk.front.snapshot.block("hero")
    assert block is not None

    gallery.warm(block, make.NOW)
    gallery.warm(block, make.NOW)

    assert len(gallery._designs) == 2
    assert all(kept.is_quick(10.0) for kept in gallery._designs.values())
    assert (gallery.hits, gallery.misses) == (0, 0)


def test_what_needs_a_customer_is_compiled_all_the_same(desk: Desk) -> None:
    gallery = Gallery(desk.front.snapshot)
    timer = {"kind": "countdown", "params": {"deadline": "{{ customer.deadline }}"}}
    block = compile_block("hero", make.block(variants=[{"id": "timer", "creative": timer}]), version=3)

    gallery.warm(block, make.NOW)

    assert len(gallery._designs) == 2
