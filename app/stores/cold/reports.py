"""Reports: what became of one message, people, proxies and machines apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, distinct, func, select

from app.domain.events import EventType
from app.domain.opener import OpenerClass
from app.stores.cold.tables import events, links, messages, touches
from app.stores.cold.touches import TouchState

TOP_LINKS = 20


@dataclass(frozen=True, slots=True)
class Openers:
    """Requests by who made them; `machine` is prefetches, scanners, previews and bots together."""

    human: int = 0
    proxy: int = 0
    machine: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class VariantReport:
    """How often one variant of one block was shown, and how often its link was followed."""

    block_id: str
    variant: str
    impressions: Openers
    clicks: Openers


@dataclass(frozen=True, slots=True)
class LinkReport:
    """One target; `unique_clicks` counts the touches in which a person followed it."""

    url: str
    clicks: Openers
    unique_clicks: int


@dataclass(frozen=True, slots=True)
class MessageReport:
    """One message. `opens` and `unique_clicks` count touches that a person opened or clicked in."""

    message_id: str
    touches_sent: int
    touches_reserved: int
    impressions: Openers
    opens: Openers
    clicks: Openers
    unique_opens: int
    unique_clicks: int
    variants: Sequence[VariantReport]
    links: Sequence[LinkReport]
    first_at: datetime | None
    last_at: datetime | None


_GROUPS = {
    OpenerClass.HUMAN.value: "human",
    OpenerClass.PROXY.value: "proxy",
    OpenerClass.UNKNOWN.value: "unknown",
    None: "unknown",
}
# With the customer: a platform's send key may be the same for many.
_TOUCH = func.coalesce(events.c.customer_id, "") + "|" + events.c.touch_id
_PEOPLE = (OpenerClass.HUMAN.value, OpenerClass.PROXY.value)
# A HEAD is nobody's visit: it stays in the events and out of the sums.
_IS_VISIT = events.c.opener_class.is_distinct_from(OpenerClass.PROBE.value)


def message(connection: Connection, message_id: str) -> MessageReport | None:
    """The report of one message, or None when neither a draft nor a fact knows it."""
    of_message = events.c.message_id == message_id
    first_at, last_at = _span(connection, of_message)
    counts = _touch_counts(connection, message_id)
    is_known = select(messages.c.edition).where(messages.c.message_id == message_id)
    if first_at is None and not counts and connection.scalar(is_known) is None:
        return None
    return MessageReport(
        message_id=message_id,
        touches_sent=counts.get(TouchState.SENT.value, 0),
        touches_reserved=counts.get(TouchState.RESERVED.value, 0),
        impressions=_openers(connection, of_message, EventType.IMPRESSION),
        opens=_openers(connection, of_message, EventType.OPEN),
        clicks=_openers(connection, of_message, EventType.CLICK),
        unique_opens=_unique_people(connection, of_message, EventType.OPEN),
        unique_clicks=_unique_people(connection, of_message, EventType.CLICK),
        variants=_variants(connection, of_message),
        links=_links(connection, message_id, of_message),
        first_at=first_at,
        last_at=last_at,
    )


def _span(connection: Connection, where: ColumnElement[bool]) -> tuple[datetime | None, datetime | None]:
    is_visit = events.c.type.in_([EventType.IMPRESSION.value, EventType.CLICK.value])
    row = connection.execute(
        select(func.min(events.c.at), func.max(events.c.at)).where(where, is_visit)
    ).one()
    return row[0], row[1]


def _touch_counts(connection: Connection, message_id: str) -> dict[str, int]:
    wanted = select(touches.c.state, func.count()).where(touches.c.message_id == message_id)
    return dict(connection.execute(wanted.group_by(touches.c.state)).all())


def _openers(connection: Connection, where: ColumnElement[bool], event_type: EventType) -> Openers:
    wanted = select(events.c.opener_class, func.count()).where(
        where, events.c.type == event_type.value, _IS_VISIT
    )
    return summed(dict(connection.execute(wanted.group_by(events.c.opener_class)).all()))


def _unique_people(connection: Connection, where: ColumnElement[bool], event_type: EventType) -> int:
    wanted = select(func.count(distinct(_TOUCH))).where(
        where, events.c.type == event_type.value, events.c.opener_class.in_(_PEOPLE)
    )
    return connection.scalar(wanted) or 0


def _variants(connection: Connection, where: ColumnElement[bool]) -> list[VariantReport]:
    names = (events.c.block_id, events.c.variant)
    wanted = (
        select(*names, events.c.type, events.c.opener_class, func.count())
        .where(where, events.c.block_id.is_not(None), events.c.variant.is_not(None), _IS_VISIT)
        .where(events.c.type.in_([EventType.IMPRESSION.value, EventType.CLICK.value]))
        .group_by(*names, events.c.type, events.c.opener_class)
    )
    found: dict[tuple[str, str], dict[str, dict[str | None, int]]] = {}
    for block_id, variant, event_type, opener, number in connection.execute(wanted):
        found.setdefault((block_id, variant), {}).setdefault(event_type, {})[opener] = number
    return [
        VariantReport(
            block_id,
            variant,
            impressions=summed(by_type.get(EventType.IMPRESSION.value, {})),
            clicks=summed(by_type.get(EventType.CLICK.value, {})),
        )
        for (block_id, variant), by_type in sorted(found.items())
    ]


def _links(connection: Connection, message_id: str, where: ColumnElement[bool]) -> list[LinkReport]:
    is_click = and_(where, events.c.type == EventType.CLICK.value, events.c.url.is_not(None), _IS_VISIT)
    unique = func.count(distinct(_TOUCH)).filter(events.c.opener_class.in_(_PEOPLE))
    top = select(events.c.url, unique).where(is_click).group_by(events.c.url)
    top = top.order_by(unique.desc(), func.count().desc(), events.c.url).limit(TOP_LINKS)
    uniques: dict[str, int] = dict(connection.execute(top).all())
    wanted = (
        select(events.c.url, events.c.opener_class, func.count())
        .where(is_click, events.c.url.in_(uniques))
        .group_by(events.c.url, events.c.opener_class)
    )
    clicks: dict[str, dict[str | None, int]] = {}
    for url, opener, number in connection.execute(wanted):
        clicks.setdefault(url, {})[opener] = number
    quiet = select(links.c.url).where(links.c.message_id == message_id, links.c.url.not_in(uniques))
    unclicked = connection.scalars(quiet.order_by(links.c.number).limit(TOP_LINKS - len(uniques)))
    followed = [LinkReport(url, summed(clicks[url]), number) for url, number in uniques.items()]
    return followed + [LinkReport(url, Openers(), 0) for url in unclicked]


def summed(by_class: dict[str | None, int]) -> Openers:
    """Counts by opener class in the groups of a report."""
    sums = {"human": 0, "proxy": 0, "machine": 0, "unknown": 0}
    for opener_class, number in by_class.items():
        sums[_GROUPS.get(opener_class, "machine")] += number
    return Openers(**sums)
