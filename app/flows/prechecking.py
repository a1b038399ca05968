"""Before a draft goes out: rules, links and pictures are looked at, and drawn for real customers.

A problem keeps a draft from being published; a warning is worth a look. What depends on one customer or
on how busy the machine is warns; what nobody could be shown is a problem.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.blocks import Block, compile_block
from app.domain.choice import Choice, Why
from app.domain.link_hosts import link_problems
from app.domain.problems import Invalid, Problem
from app.flows import publishing
from app.flows.pictures import Gallery
from app.flows.rehearsing import Rehearsed, drawing_fault, places, rehearse, sampled, template_faults
from app.flows.slow_work import Late
from app.flows.visiting import Front
from app.flows.vocabulary import check_block, check_templates, vocabulary_of
from app.stores.absence import Unavailable
from app.stores.cold.drafts import Draft
from app.stores.cold.engine import Cold
from app.stores.hot.server import HotStore
from renderers import CannotRender

SAMPLE = 500  # customers that are chosen for
PICTURES = 20  # of those, that are drawn for, every variant's customers by turns
DRAWING_S = 10.0  # no more is drawn after that
FINDINGS_MAX = 20

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Checked:
    """What keeps an edition from being published, what is worth a look, and for how many it was drawn."""

    edition: int
    problems: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()
    customers: int = 0


@dataclass(slots=True)
class _Drawn:
    """What became of one variant's pictures."""

    count: int = 0
    slowest_s: float = 0.0
    heaviest: int = 0
    faults: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def failed(self) -> int:
        return sum(self.faults.values())


def check(
    cold: Cold,
    hot: HotStore,
    front: Front,
    block_id: str,
    *,
    now: datetime,
    link_hosts: Sequence[str] = (),
    clock: Clock = time.perf_counter,
) -> Checked:
    """Look at the draft as publishing would; nothing is written. Raises NotFound, Unavailable."""
    draft = publishing.fetch(cold, block_id)
    try:
        block, warnings = _read(cold, draft, front, link_hosts)
    except Invalid as wrong:
        return Checked(draft.edition, wrong.problems)
    customer_ids, _ = sampled(cold, SAMPLE)
    tried = list(rehearse(cold, hot, front, block, customer_ids, now=now))
    found = _tried(block, tried, link_hosts)
    drawn, customers = _drawn(block, _by_turns(tried), front, now, clock)
    problems = list(_undrawable(block, drawn))
    found += _drawing_warnings(block, drawn, front.gallery.image_max_bytes)
    return Checked(draft.edition, problems, [*warnings, *found][:FINDINGS_MAX], customers)


def publish(
    cold: Cold,
    hot: HotStore,
    front: Front,
    block_id: str,
    *,
    now: datetime,
    by: str,
    note: str,
    expected: int | None,
    link_hosts: Sequence[str] = (),
    needs_approval: bool = False,
) -> tuple[int, Sequence[Problem]]:
    """Check the draft and let exactly what was checked out; answers the version and the warnings.

    Raises NotFound, Invalid with every problem, Conflict when the draft is at another edition, Unavailable.
    """
    publishing.require_hot(hot)
    checked = check(cold, hot, front, block_id, now=now, link_hosts=link_hosts)
    if checked.problems and expected in (None, checked.edition):
        raise Invalid(problems=checked.problems)
    version = publishing.publish_draft(
        cold,
        hot,
        block_id,
        now=now,
        by=by,
        note=note,
        expected=checked.edition if expected is None else expected,
        link_hosts=link_hosts,
        needs_approval=needs_approval,
    )
    return version, checked.warnings


def _read(cold: Cold, draft: Draft, front: Front, link_hosts: Sequence[str]) -> tuple[Block, list[Problem]]:
    """The block, and warnings about its rules. Raises Invalid."""
    with cold.reading() as connection:
        vocabulary = vocabulary_of(connection)
        block = compile_block(draft.id, draft.document, version=0, vocabulary=vocabulary)
        warnings = check_block(draft.document, vocabulary.catalogue)
        warnings += check_templates(block, vocabulary.catalogue)
        problems = publishing.check_pictures(connection, block, block.pictures(), are_assets_required=True)
        problems += link_problems(draft.document, link_hosts)
    if problems:
        raise Invalid(problems=problems)
    try:
        front.snapshot.refresh()  # pictures that were uploaded just now
    except Unavailable as away:
        raise Unavailable(f"{away}; nothing was checked") from away
    return block, warnings


def _tried(block: Block, tried: Sequence[Rehearsed], hosts: Sequence[str]) -> list[Problem]:
    """What templates, links and items did not give to how many of the customers."""
    at = places(block)
    counts: dict[Problem, int] = defaultdict(int)
    for one in tried:
        if one.choice.why is Why.TOO_FEW_ITEMS:
            counts[Problem("/variants", "there are too few items, so the fallback is shown")] += 1
        for fault in template_faults(one.choice.variant, one.context, hosts):
            counts[Problem(at[one.choice.variant.id] + fault.pointer, fault.detail)] += 1
    return [
        Problem(one.pointer, f"{one.detail}: for {count} of {len(tried)} sampled customers")
        for one, count in counts.items()
    ]


def _by_turns(tried: Sequence[Rehearsed]) -> list[Rehearsed]:
    """Customers to draw for: the first of every variant, then the second, and so on."""
    queues: dict[str, list[Rehearsed]] = defaultdict(list)
    for one in tried:
        queues[one.choice.variant.id].append(one)
    longest = max(map(len, queues.values()), default=0)
    turns = (queue[place] for place in range(longest) for queue in queues.values() if place < len(queue))
    return [one for one, _ in zip(turns, range(PICTURES), strict=False)]


def _drawn(
    block: Block, chosen: Sequence[Rehearsed], front: Front, now: datetime, clock: Clock
) -> tuple[dict[str, _Drawn], int]:
    """The pictures of the chosen and of the fallback, until there is no time left."""
    gallery = Gallery(
        front.snapshot, image_max_bytes=front.gallery.image_max_bytes, remote=front.gallery.remote
    )
    found: dict[str, _Drawn] = defaultdict(_Drawn)
    ends_s = clock() + DRAWING_S
    gallery.warm(block, now)  # as every process does before the first open
    nobody = Rehearsed("", Choice(block.fallback, Why.UNKNOWN_CUSTOMER), {})
    customers = 0
    for one in (nobody, *chosen):
        if clock() > ends_s:
            break
        _draw(gallery, block, one, found[one.choice.variant.id], now, clock)
        customers += one is not nobody
    return found, customers


def _draw(gallery: Gallery, block: Block, one: Rehearsed, drawn: _Drawn, now: datetime, clock: Clock) -> None:
    started_s = clock()
    drawn.count += 1
    try:
        image = gallery.picture(block, one.choice.variant, one.context, now)
    except CannotRender as wrong:
        drawn.faults[str(wrong)] += 1
        return
    except Late:
        drawn.faults["/source: the picture is being fetched"] += 1
        return
    drawn.slowest_s = max(drawn.slowest_s, clock() - started_s)
    drawn.heaviest = max(drawn.heaviest, len(image.data))


def _undrawable(block: Block, drawn: dict[str, _Drawn]) -> Iterator[Problem]:
    """Variants that could be drawn for nobody who would be shown them, not for want of what may yet come."""
    at = places(block)
    for variant_id, one in drawn.items():
        faults = [fault for fault in one.faults if not _may_yet_come(block, variant_id, fault)]
        if one.failed == one.count and faults:
            fault = drawing_fault(at[variant_id], faults[0])
            yield Problem(fault.pointer, f"{fault.detail}: for every sampled customer who would be shown it")


def _may_yet_come(block: Block, variant_id: str, fault: str) -> bool:
    """Whether opens bring what is missing: a remote picture, or the reader's place and its weather."""
    return fault.startswith("/source") or (block.needs.is_place_read and variant_id != block.fallback.id)


def _drawing_warnings(block: Block, drawn: dict[str, _Drawn], max_bytes: int) -> Iterator[Problem]:
    at = places(block)
    for variant_id, one in drawn.items():
        here = f"{at[variant_id]}/creative"
        for fault, count in one.faults.items():
            if one.failed < one.count or _may_yet_come(block, variant_id, fault):
                told = drawing_fault(at[variant_id], fault)
                yield Problem(
                    told.pointer,
                    f"{told.detail}: in {count} of {one.count} pictures, so the fallback is shown",
                )
        if one.slowest_s * 1000 > block.render_budget_ms:
            yield Problem(
                here,
                f"drawing took {one.slowest_s * 1000:.0f} ms; an open that waits longer than "
                f"{block.render_budget_ms} ms (render_budget_ms) shows the fallback",
            )
        if one.heaviest > max_bytes:
            yield Problem(here, f"a picture has {one.heaviest} bytes, and IMAGE_MAX_BYTES is {max_bytes}")
