"""Experiments in counts: who was shown which arm, who clicked, and what was bought afterwards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Text,
    and_,
    case,
    func,
    or_,
    select,
    type_coerce,
)

from app.domain.events import EventType
from app.domain.opener import OpenerClass
from app.stores.cold.reports import Openers, summed
from app.stores.cold.tables import events

CONVERTING = ("purchased", "converted")  # types of activity that are what the mailing was for

_PEOPLE = (OpenerClass.HUMAN.value, OpenerClass.PROXY.value)
# A scanner's fetch shows a picture to nobody; a prefetch is what its reader will see.
_READERS = (*_PEOPLE, OpenerClass.MACHINE_PREFETCH.value, OpenerClass.UNKNOWN.value)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which variants of a block, when (`since <= at < until`), and whether each touch was dealt anew."""

    block_id: str
    variants: Sequence[str]
    since: datetime
    until: datetime
    is_by_touch: bool

    @property
    def unit(self) -> list[Column[Any]]:
        """What is counted once: a customer, or a touch."""
        return [events.c.customer_id, *([events.c.touch_id] if self.is_by_touch else [])]


@dataclass(frozen=True, slots=True)
class Shown:
    """One variant's units. Each counts where it was first shown; `clicked` is of those a person has seen."""

    exposed: int = 0
    seen: int = 0
    clicked: int = 0
    clicked_unseen: int = 0


@dataclass(frozen=True, slots=True)
class Conversion:
    """Something bought or reached after a person saw a variant; `unit` is who, or in which touch."""

    variant: str
    unit: tuple[str, ...]
    details: dict[str, Any]


def impressions(connection: Connection, asked: Asked) -> dict[str, Openers]:
    """Every fetch by variant, people and machines apart; nobody's too."""
    wanted = select(events.c.variant, events.c.opener_class, func.count()).where(
        _of(asked, EventType.IMPRESSION), events.c.opener_class.is_distinct_from(OpenerClass.PROBE.value)
    )
    found: dict[str, dict[str | None, int]] = {}
    for variant, opener, number in connection.execute(
        wanted.group_by(events.c.variant, events.c.opener_class)
    ):
        found.setdefault(variant, {})[opener] = number
    return {variant: summed(by_class) for variant, by_class in found.items()}


def shown(connection: Connection, asked: Asked) -> tuple[dict[str, Shown], int]:
    """Each variant's units, and how many units were shown another variant later on."""
    first = _first_shown(asked)
    is_first, is_seen = first.c.place == 1, first.c.seen_at.is_not(None)
    wanted = select(
        first.c.variant,
        func.count().filter(is_first),
        func.count().filter(is_first, is_seen),
        func.count().filter(is_first, is_seen, first.c.clicked_at >= first.c.seen_at),
        func.count().filter(is_first, ~is_seen, first.c.clicked_at >= first.c.shown_at),
        func.count().filter(first.c.place == 2),
    )
    rows = connection.execute(wanted.group_by(first.c.variant)).all()
    return {row[0]: Shown(*row[1:5]) for row in rows}, sum(row[5] for row in rows)


def conversions(connection: Connection, asked: Asked, *, within: timedelta) -> Iterator[Conversion]:
    """What customers bought or reached within a time after they saw a variant.

    In touches dealt anew each counts for the one seen last before it.
    """
    first = _first_shown(asked)
    seen_at, at = type_coerce(first.c.seen_at, BigInteger), type_coerce(events.c.at, BigInteger)
    after = (at >= seen_at) & (at < seen_at + within // _MICROSECOND)
    # Details are JSON as one encoder writes it: no blanks, and types are words.
    details = type_coerce(events.c.details, Text)
    is_meant = or_(*(details.contains(f'"type":"{name}"', autoescape=True) for name in CONVERTING))
    order = func.row_number().over(partition_by=events.c.seq, order_by=first.c.seen_at.desc())
    unit = [first.c[one.name] for one in asked.unit]
    told = (
        select(first.c.variant, *unit, events.c.details, order.label("order"))
        .join_from(first, events, events.c.customer_id == first.c.customer_id)
        .where(first.c.place == 1, after, events.c.type == EventType.ACTIVITY.value, is_meant)
        .subquery()
    )
    for variant, *rest, told_of, _ in connection.execute(select(told).where(told.c.order == 1)):
        if told_of.get("type") in CONVERTING:
            yield Conversion(variant, tuple(rest), told_of)


def _first_shown(asked: Asked) -> CTE:
    """Each unit's variants in order: first shown to a reader, first seen and last clicked by a person."""
    is_shown = events.c.type == EventType.IMPRESSION.value
    is_by_reader, is_by_person = events.c.opener_class.in_(_READERS), events.c.opener_class.in_(_PEOPLE)
    # One pass over the block's events: SQLite would join clicks to impressions row by row.
    each = (
        select(
            *asked.unit,
            events.c.variant,
            func.min(case((is_shown, events.c.at))).label("shown_at"),
            func.min(case((is_shown & is_by_person, events.c.at))).label("seen_at"),
            func.max(case((~is_shown & is_by_person, events.c.at))).label("clicked_at"),
        )
        .where(_of(asked, EventType.IMPRESSION, EventType.CLICK), is_by_reader)
        .where(*(one.is_not(None) for one in asked.unit))
        .group_by(*asked.unit, events.c.variant)
        .subquery()
    )
    place = func.row_number().over(
        partition_by=[each.c[one.name] for one in asked.unit], order_by=[each.c.shown_at, each.c.variant]
    )
    return select(each, place.label("place")).where(each.c.shown_at.is_not(None)).cte("first_shown")


def _of(asked: Asked, *types: EventType) -> ColumnElement[bool]:
    return and_(
        events.c.block_id == asked.block_id,
        events.c.type.in_([one.value for one in types]),
        events.c.variant.in_(list(asked.variants)),
        events.c.at >= asked.since,
        events.c.at < asked.until,
    )
