"""A block is looked at before anybody is sent it: for a stored customer or one made up, at any time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.blocks import Block, compile_block
from app.domain.choice import Choice, Recipient, choose, explain_choice
from app.domain.context import build
from app.domain.customers import attribute_problems
from app.domain.problems import Invalid, NotFound
from app.domain.state import CART, SYSTEM, TAKEN, activity_field, attribute_field
from app.domain.surroundings.days import zone_of
from app.flows import publishing
from app.flows.item_previews import with_items
from app.flows.pictures import Gallery
from app.flows.preview_surroundings import Scene, around, why_missing
from app.flows.visiting import Front
from app.flows.vocabulary import vocabulary_of
from app.stores.absence import Unavailable
from app.stores.cold import blocks
from app.stores.cold.engine import Cold
from app.stores.hot import customers, votes
from app.stores.hot.codec import encode
from app.stores.hot.server import HotStore
from renderers import Image


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A customer who does not exist."""

    attributes: Mapping[str, object] = field(default_factory=dict)
    timezone: str | None = None
    locale: str | None = None
    cart: Mapping[str, object] = field(default_factory=dict)
    activity: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """For whom, when and of what; without a customer the block is shown to somebody unknown."""

    at: datetime
    customer_id: str | None = None
    made_up: MadeUp | None = None
    message_id: str | None = None
    scene: Scene = field(default_factory=Scene)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be shown, and every rule with what it saw."""

    choice: Choice
    trace: Sequence[Mapping[str, object]]
    link: str | None
    image: Image


def preview(cold: Cold, hot: HotStore, front: Front, block_id: str, occasion: Occasion) -> Preview:
    """Choose and draw without recording anything. Raises NotFound, Invalid, Unavailable."""
    block = compiled_block(cold, block_id, occasion.version)
    context = _context(hot, front, block, occasion)
    _look_for_news(front)
    whom = _recipient(hot, front, occasion)
    choice = choose(block, context, now=occasion.at, whom=whom)
    if context is not None and choice.variant.items is not None:
        fields = _fields(hot, occasion) or {}
        choice, context = with_items(cold, hot, block, choice, context, fields, now=occasion.at)
    # A gallery of its own: a draft has no version that its pictures could be kept under.
    gallery = Gallery(
        front.snapshot,
        image_max_bytes=front.gallery.image_max_bytes,
        remote=front.gallery.remote,
        link_hosts=front.gallery.link_hosts,
    )
    choice, image = gallery.draw(block, choice, context or {}, occasion.at)
    trace = explain_choice(block, context, now=occasion.at, whom=whom) if context is not None else []
    _add_reasons(trace, front, occasion.scene)
    return Preview(choice, trace, gallery.link(block, choice, context or {}), image)


def _add_reasons(trace: Sequence[Mapping[str, Any]], front: Front, scene: Scene) -> None:
    """Beside a place or weather that was not known, why it was not."""
    for term in (term for row in trace for term in row["terms"]):
        if term["seen"] is None and (reason := why_missing(front, scene, term["path"])):
            term["unknown_because"] = reason


def compiled_block(cold: Cold, block_id: str, number: int | None) -> Block:
    """The draft, or a version, ready to choose from. Raises NotFound, Invalid, Unavailable."""
    with cold.reading() as connection:
        vocabulary = vocabulary_of(connection)
        version = blocks.version(connection, block_id, number) if number is not None else None
    if number is None:
        draft = publishing.fetch(cold, block_id)
        return compile_block(block_id, draft.document, version=0, vocabulary=vocabulary)
    if version is None:
        raise NotFound(f"There is no version {number} of a block {block_id}.")
    return compile_block(block_id, version.document, version=number, vocabulary=vocabulary)


def _context(hot: HotStore, front: Front, block: Block, occasion: Occasion) -> dict[str, object] | None:
    fields = _fields(hot, occasion)
    if fields is None:
        return None
    history = customers.fetch_history(hot, occasion.customer_id) if occasion.customer_id else {}
    message_id = occasion.message_id or ""
    return build(
        block.needs,
        [fields.get(name) for name in block.needs.state],
        [history.get(name) for name in block.needs.history],
        customer_id=occasion.customer_id or "preview",
        message={"id": message_id, **(front.snapshot.message(message_id) or {})},
        touch={"id": "preview", "sent_at": occasion.at, "age": 0, "opened_at": occasion.at},
        opener=occasion.scene.opener,
        now=occasion.at,
        votes=votes.read(hot, block.needs.polls),
        around=around(hot, front, block, occasion.scene, fields),
    )


def _recipient(hot: HotStore, front: Front, occasion: Occasion) -> Recipient:
    system = (_fields(hot, occasion) or {}).get(SYSTEM)
    zone = zone_of(system, front.world.zone)
    return Recipient(occasion.customer_id or "preview", "preview", zone, front.snapshot.learnt)


def _fields(hot: HotStore, occasion: Occasion) -> dict[str, bytes] | None:
    if occasion.made_up is not None:
        return _made_up_fields(occasion.made_up)
    if occasion.customer_id is None:
        return None
    fields = customers.fetch_fields(hot, occasion.customer_id)
    if SYSTEM not in fields:
        raise NotFound(f"There is no customer {occasion.customer_id}.")
    return fields


def _made_up_fields(customer: MadeUp) -> dict[str, bytes]:
    problems = attribute_problems(customer.attributes, "/customer/attributes")
    if problems:
        raise Invalid(problems=problems)
    system = {"timezone": customer.timezone, "locale": customer.locale}
    fields = {attribute_field(name): encode(value) for name, value in customer.attributes.items()}
    fields |= {activity_field(name): encode(value) for name, value in customer.activity.items()}
    fields[TAKEN] = encode(_taken(customer.activity))
    return fields | {SYSTEM: encode(system), CART: encode(customer.cart)}


def _taken(activity: Mapping[str, object]) -> list[object]:
    """The items that somebody made up has bought or read."""
    told = [activity.get(kind) for kind in ("purchased", "read")]
    listed = [one.get("items") for one in told if isinstance(one, dict)]
    rows = [row for items in listed if isinstance(items, list) for row in items if isinstance(row, dict)]
    return [row.get("item_id") for row in rows]


def _look_for_news(front: Front) -> None:
    try:
        front.snapshot.refresh()
    except Unavailable:
        # Pictures uploaded in this second may be missing; all others are here.
        return
