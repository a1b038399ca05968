"""Coverage: how many of the real customers a block gives what, before any of them is shown it."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.blocks import Block
from app.domain.choice import Why
from app.flows.pictures import Gallery
from app.flows.rehearsing import Rehearsed, drawing_fault, places, rehearse, sampled, template_faults
from app.flows.slow_work import Late
from app.flows.visiting import Front
from app.stores.cold.engine import Cold
from app.stores.hot.server import HotStore
from renderers import CannotRender, Image
from renderers.thumbnails import thumbnail

CHOOSING_S = 15.0  # no more customers are looked at after that
DRAWING_S = 5.0
THUMBNAILS_MAX = 12
FAULTS_MAX = 50

Clock = Callable[[], float]


@dataclass(slots=True)
class Share:
    """What one variant would be shown to."""

    variant: str
    customers: int = 0
    why: Counter[str] = field(default_factory=Counter)
    example: Rehearsed | None = None
    thumbnail: Image | None = None


@dataclass(slots=True)
class Fault:
    """What could not be made, for how many customers, and one of them."""

    variant: str
    pointer: str
    detail: str
    example: str
    customers: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every variant in the block's order, the fallback last. `population` is how many customers there are."""

    shares: list[Share]
    faults: list[Fault]
    customers: int
    population: int
    is_complete: bool


def cover(
    cold: Cold,
    hot: HotStore,
    front: Front,
    block: Block,
    *,
    size: int,
    now: datetime,
    message_id: str = "",
    clock: Clock = time.perf_counter,
) -> Coverage:
    """Choose for a sample of the customers, within bounds of time. Nothing is kept. Raises Unavailable."""
    customer_ids, population = sampled(cold, size)
    at = places(block)
    shares = {variant_id: Share(variant_id) for variant_id in at}
    faults: dict[tuple[str, str], Fault] = {}
    ends_s = clock() + CHOOSING_S
    customers, is_complete = 0, True
    for one in rehearse(cold, hot, front, block, customer_ids, now=now, message_id=message_id):
        _count(shares[one.choice.variant.id], one)
        _note_faults(faults, at, one, front.gallery.link_hosts)
        customers += 1
        if clock() > ends_s:
            is_complete = False
            break
    _draw(shares, block, front, now, clock, faults)
    return Coverage(
        list(shares.values()), list(faults.values())[:FAULTS_MAX], customers, population, is_complete
    )


def _count(share: Share, one: Rehearsed) -> None:
    share.customers += 1
    share.why[one.choice.why.value] += 1
    share.example = share.example or one


def _note_faults(
    faults: dict[tuple[str, str], Fault], at: dict[str, str], one: Rehearsed, hosts: Sequence[str]
) -> None:
    variant = one.choice.variant
    if one.choice.why is Why.TOO_FEW_ITEMS:
        _note(faults, variant.id, "/variants", "there are too few items", one.customer_id)
    for found in template_faults(variant, one.context, hosts):
        _note(faults, variant.id, at[variant.id] + found.pointer, found.detail, one.customer_id)


def _note(
    faults: dict[tuple[str, str], Fault], variant: str, pointer: str, detail: str, customer_id: str
) -> None:
    fault = faults.setdefault((pointer, detail), Fault(variant, pointer, detail, customer_id))
    fault.customers += 1


def _draw(
    shares: dict[str, Share],
    block: Block,
    front: Front,
    now: datetime,
    clock: Clock,
    faults: dict[tuple[str, str], Fault],
) -> None:
    """A small picture of each variant, as one of its customers would see it."""
    gallery = Gallery(
        front.snapshot, image_max_bytes=front.gallery.image_max_bytes, remote=front.gallery.remote
    )
    ends_s = clock() + DRAWING_S
    at = places(block)
    shown = sorted((one for one in shares.values() if one.example), key=lambda one: -one.customers)
    for share in shown[:THUMBNAILS_MAX]:
        example = share.example
        if example is None or clock() > ends_s:
            return
        is_fallback = example.choice.variant is block.fallback
        try:
            image = gallery.picture(
                block, example.choice.variant, {} if is_fallback else example.context, now
            )
        except (CannotRender, Late) as wrong:
            fault = drawing_fault(at[share.variant], str(wrong) or "the picture is being fetched")
            _note(faults, share.variant, fault.pointer, fault.detail, example.customer_id)
            continue
        share.thumbnail = thumbnail(image)
