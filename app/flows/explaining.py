"""Why somebody was shown what: the choice is made again from what its event kept, and as of today."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.blocks import Block, compile_block
from app.domain.choice import Choice, Recipient, Why, choose, explain_choice
from app.domain.events import Event, EventType
from app.domain.evidence import CHOSEN, context_of
from app.domain.problems import Invalid, NotFound
from app.domain.rules.sentences import sentence
from app.domain.state import SYSTEM
from app.domain.surroundings.days import zone_of
from app.flows.rehearsing import rehearse
from app.flows.visiting import Front
from app.flows.vocabulary import vocabulary_of
from app.stores.cold import blocks, events
from app.stores.cold.engine import Cold
from app.stores.hot import customers
from app.stores.hot.server import HotStore

Row = Mapping[str, Any]

# What is around an open stays as it was: only the customer, the time and the block are of today.
_AROUND = ("client", "place", "weather", "touch", "message")

_WORDS: Mapping[str, str] = {
    "no_rule_held": "no rule held, so the fallback was shown",
    "sticky": "it was shown before, and choices of this block stay",
    "holdout": "the customer is one of those held out, who see the fallback",
    "recalled": "the block was recalled, so the fallback was shown",
    "unknown_customer": "the customer was not known, so the fallback was shown",
    "unknown_touch": "the touch was not known, so the fallback was shown",
    "state_unavailable": "Redis was away, so the fallback was shown",
    "cannot_render": "the picture could not be drawn, so the fallback was shown",
    "render_budget": "the picture was not ready in time, so the fallback was shown",
    "too_few_items": "there were too few items, so the fallback was shown",
}


@dataclass(frozen=True, slots=True)
class Today:
    """What the same open would show now, whether that is something else, and through what."""

    version: int
    variant: str
    why: str
    differs: bool
    through: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Explained:
    """A choice and its reasons.

    `is_replayed`: whether it comes out the same from what was kept; None where that is not all it was made
    from. `withheld` are paths whose values were not kept.
    """

    event: Event
    sentence: str
    version: int | None = None
    read: Row = field(default_factory=dict)
    withheld: Sequence[str] = ()
    trace: Sequence[Row] = ()
    is_replayed: bool | None = None
    today: Today | None = None


def explain(cold: Cold, hot: HotStore, front: Front, event_id: str, *, now: datetime) -> Explained:
    """Explain the choice of one impression. Raises NotFound, Invalid, Unavailable."""
    with cold.reading() as connection:
        found = events.find(connection, event_id)
    if found is None:
        raise NotFound(f"There is no event {event_id}. What happened just now is recorded within seconds.")
    event = found.event
    if event.type is not EventType.IMPRESSION or event.block_id is None:
        raise Invalid(f"The event {event_id} chose nothing: only impressions of blocks have a choice.")
    chosen = event.details.get(CHOSEN)
    if not isinstance(chosen, Mapping):
        return Explained(event, _words(event, None))
    return _explained(cold, hot, front, event, chosen, now)


def _explained(
    cold: Cold, hot: HotStore, front: Front, event: Event, chosen: Row, now: datetime
) -> Explained:
    version = int(chosen["version"])
    block = _block(cold, event.block_id or "", version)
    read, withheld = chosen.get("read", {}), chosen.get("withheld", [])
    if block is None:
        return Explained(event, _words(event, None), version, read, withheld)
    context = context_of(read)
    whom = _recipient(hot, front, event, chosen)
    trace = explain_choice(block, context, now=event.at, whom=whom)
    again = choose(block, context, now=event.at, whom=whom, is_proven=not chosen.get("unproven"))
    # A choice that stayed, or that could not be drawn, was not made from these values.
    is_made_here = event.why in (Why.RULE_HELD, Why.NO_RULE_HELD, Why.HOLDOUT) and not withheld
    return Explained(
        event,
        _words(event, block),
        version,
        read,
        withheld,
        trace,
        _is_same(again, event.variant) if is_made_here else None,
        _today(cold, hot, front, event, context, trace, now),
    )


def _today(
    cold: Cold, hot: HotStore, front: Front, event: Event, then: Row, before: Sequence[Row], now: datetime
) -> Today | None:
    """None where the customer or the block is not there any more."""
    with cold.reading() as connection:
        draft = blocks.fetch(connection, event.block_id or "")
    number = draft.published_version if draft is not None else None
    block = _block(cold, event.block_id or "", number) if number is not None else None
    if block is None or draft is None or number is None or event.customer_id is None:
        return None
    around = {root: then[root] for root in _AROUND if root in then}
    tried = rehearse(
        cold,
        hot,
        front,
        block,
        [event.customer_id],
        now=now,
        message_id=event.message_id or "",
        touch_id=event.touch_id,
        around=around,
    )
    one = next(tried, None)
    if one is None:
        return None
    choice = Choice(block.fallback, Why.RECALLED) if draft.is_recalled else one.choice
    whom = _recipient(hot, front, event, {})
    after = explain_choice(block, one.context, now=now, whom=whom)
    return Today(
        number,
        choice.variant.id,
        choice.why.value,
        not _is_same(choice, event.variant),
        list(_changes(before, after)),
    )


def _changes(before: Sequence[Row], after: Sequence[Row]) -> Iterator[Row]:
    """Terms and times that come out otherwise now, and variants that are new or gone."""
    earlier = {row["variant"]: row for row in before}
    for row in after:
        was = earlier.pop(row["variant"], None)
        if was is None:
            yield {"variant": row["variant"], "change": "new"}
            continue
        if was["is_running"] != row["is_running"]:
            yield {"variant": row["variant"], "change": "began" if row["is_running"] else "ended"}
        held = {_term(term): term for term in was["terms"]}
        for term in row["terms"]:
            old = held.get(_term(term))
            if old is None or old["held"] != term["held"]:
                told = {"variant": row["variant"], "change": "term", **term}
                yield told if old is None else told | {"seen_then": old["seen"], "held_then": old["held"]}
    for variant in earlier:
        yield {"variant": variant, "change": "gone"}


def _term(term: Row) -> tuple[str, str, str, str]:
    return term["pointer"], term["path"], term["operator"], repr(term["expected"])


def _is_same(choice: Choice, variant: str | None) -> bool:
    """Arms of one split count as the same answer: which one is dealt may be learnt anew."""
    shown, _, arm = (variant or "").partition("/")
    again, _, dealt = choice.variant.id.partition("/")
    return shown == again and bool(arm) == bool(dealt)


def _recipient(hot: HotStore, front: Front, event: Event, chosen: Row) -> Recipient:
    fields = customers.fetch_fields(hot, event.customer_id) if event.customer_id else {}
    zone = zone_of(fields.get(SYSTEM), front.world.zone)
    barred = frozenset(chosen.get("barred", ()))
    return Recipient(
        event.customer_id or "", event.touch_id, zone, front.snapshot.learnt, barred, holdout=front.holdout
    )


def _block(cold: Cold, block_id: str, number: int) -> Block | None:
    with cold.reading() as connection:
        version = blocks.version(connection, block_id, number)
        if version is None:
            return None
        vocabulary = vocabulary_of(connection)
    try:
        return compile_block(block_id, version.document, version=number, vocabulary=vocabulary)
    except Invalid:
        return None  # it names a segment that was deleted meanwhile


def _words(event: Event, block: Block | None) -> str:
    if event.why == Why.RULE_HELD:
        name = (event.variant or "").partition("/")[0]
        rule = next((one.when for one in block.variants if one.id == name), None) if block else None
        said = f": {sentence(rule)}" if rule is not None else ", which has no rule, and none before it held"
        return f"{event.variant} was shown, the first variant whose rule held{said}."
    words = _WORDS.get(event.why or "", event.why or "nothing is known of why")
    return f"{event.variant} was shown: {words}."
