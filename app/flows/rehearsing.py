"""A block is tried on a sample of the real customers: what each would be shown now. Nothing is kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from app.domain.blocks import Block, Variant
from app.domain.choice import Choice, Recipient, choose
from app.domain.context import Surroundings, build
from app.domain.experiments.split import HOLDOUT
from app.domain.links import BadLink, render_link
from app.domain.problems import Problem
from app.domain.state import SYSTEM
from app.domain.surroundings.days import zone_of
from app.domain.templates import BadTemplate
from app.flows.item_previews import choosing_items, shelves_of
from app.flows.visiting import Front
from app.stores.cold import customers as cold_customers
from app.stores.cold.engine import Cold
from app.stores.hot import customers, votes
from app.stores.hot.server import HotStore

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What one customer would be shown, and the context it was chosen in."""

    customer_id: str
    choice: Choice
    context: dict[str, object]


def sampled(cold: Cold, size: int) -> tuple[list[str], int]:
    """Customers spread evenly over all of them, the same ones each time, and how many there are.

    Raises Unavailable.
    """
    with cold.reading() as connection:
        return cold_customers.sample(connection, size), cold_customers.count(connection)


def rehearse(
    cold: Cold,
    hot: HotStore,
    front: Front,
    block: Block,
    customer_ids: Sequence[str],
    *,
    now: datetime,
    message_id: str = "",
    touch_id: str | None = None,
    around: Mapping[str, object] = MappingProxyType({}),
) -> Iterator[Rehearsed]:
    """Choose for each of the customers who are still there, as for a person at an unknown device.

    `around` stands in the context in place of what is there by these names. Raises Unavailable.
    """
    shelves = shelves_of(cold, block, now) if block.selectors else []
    told = votes.read(hot, block.needs.polls)
    calendar = front.snapshot.calendar() if block.needs.is_holiday_read else {}
    message = {"id": message_id, **(front.snapshot.message(message_id) or {})}
    for first in range(0, len(customer_ids), AT_ONCE):
        some = customer_ids[first : first + AT_ONCE]
        fields = (SYSTEM, *block.needs.state, *block.item_state)
        states = customers.read_fields(hot, some, fields)
        histories = customers.read_history(hot, some, block.needs.history)
        for customer_id, state, history in zip(some, states, histories, strict=True):
            if state[0] is None:
                continue  # erased meanwhile
            context = build(
                block.needs,
                state[1 : 1 + len(block.needs.state)],
                history,
                customer_id=customer_id,
                message=message,
                touch={"id": "rehearsal", "sent_at": now, "age": 0, "opened_at": now},
                opener="human",
                now=now,
                votes=told,
                around=Surroundings(system=state[0], zone=front.world.zone, calendar=calendar),
            )
            zone = zone_of(state[0], front.world.zone)
            context |= around
            whom = Recipient(
                customer_id, touch_id or "rehearsal", zone, front.snapshot.learnt, holdout=front.holdout
            )
            choice = choose(block, context, now=now, whom=whom)
            if choice.variant.items is not None:
                held = {name: raw for name, raw in zip(fields, state, strict=True) if raw is not None}
                choice, context = choosing_items(hot, block, choice, context, held, shelves, now=now)
            yield Rehearsed(customer_id, choice, context)


def template_faults(
    variant: Variant, context: Mapping[str, object], hosts: Sequence[str]
) -> Iterator[Problem]:
    """What a variant's templates and link cannot make of one customer; pointers begin in the variant.

    `hosts` are those that links may lead to, none for all.
    """
    for pointer, template in variant.creative.templates.items():
        try:
            template.render(context)
        except BadTemplate as wrong:
            yield Problem(f"/creative/params{pointer}", str(wrong))
    if variant.link is not None:
        try:
            render_link(variant.link, context, hosts=hosts)
        except BadLink as wrong:
            yield Problem("/link", str(wrong))


def drawing_fault(variant: str, fault: str) -> Problem:
    """What a renderer said of a variant, at its place: it may begin with a pointer into the parameters."""
    pointer, found, detail = fault.partition(": ")
    if found and pointer.startswith("/"):
        return Problem(f"{variant}/creative/params{pointer}", detail)
    return Problem(f"{variant}/creative", fault)


def places(block: Block) -> dict[str, str]:
    """Everything that may be shown, by its id, with its place in the block's document; the fallback last."""
    found = {variant.id: pointer for pointer, variant in block.pictures() if variant is not block.fallback}
    fallback = f"/{block.fallback.id}"
    held_out = (one.arms[HOLDOUT].id for one in block.variants if HOLDOUT in one.arms)
    return found | dict.fromkeys(held_out, fallback) | {block.fallback.id: fallback}
