"""What people buy, read and click is learnt from the event log: which items are wanted, and together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from app.domain.events import Event, EventType
from app.domain.state import activity_field, read_mapping
from app.stores.cold import catalogs, events, popularity
from app.stores.cold.engine import Cold
from app.stores.hot import catalogs as hot_catalogs
from app.stores.hot import customers
from app.stores.hot.server import HotStore

READER = "popularity"
PORTION = 1_000
PORTIONS_MAX = 20  # of one run: whoever is far behind catches up run by run
TYPES = (EventType.ACTIVITY, EventType.CLICK)
WEIGHTS = {"purchased": 5.0, "read": 1.0}  # a click counts 1
KINDS = {"purchased": "bought", "viewed": "viewed", "read": "viewed"}
COMPANIONS_MAX = 10
LOOKED_BACK = timedelta(days=30)  # older events of a log that is read for the first time count for nothing
RELATED_MAX = 20


def learn(cold: Cold, hot: HotStore, *, now: datetime) -> int:
    """Read what was recorded since last time; answers how many events told something. Raises Unavailable."""
    told = 0
    for _ in range(PORTIONS_MAX):
        with cold.reading() as connection:
            after, since = popularity.place(connection, READER), now - LOOKED_BACK
            found = events.page(connection, after=after, limit=PORTION, types=TYPES, since=since)
            # What lies between is of other types: the next look need not begin before it.
            seq = found[-1].seq if len(found) == PORTION else max(events.last_seq(connection), after)
        learnt = [one.event for one in found if _item_of(one.event)]
        scores, pairs = _scores(learnt), _pairs(hot, learnt)
        with cold.writing() as connection:
            if seq > after and popularity.move(connection, READER, after, seq):
                popularity.add_scores(connection, scores, now=now)
                popularity.add_pairs(connection, pairs, now=now)
                told += len(learnt)
        if len(found) < PORTION:
            break
    return told


def relate(cold: Cold, hot: HotStore, *, now: datetime) -> int:
    """Bring out which items go together; answers of how many. Raises Unavailable."""
    with cold.writing() as connection:
        popularity.forget_old(connection, now=now)
    count = 0
    with cold.reading() as connection:
        known = catalogs.everything(connection)
        for kind in hot_catalogs.RELATED:
            lists = dict(popularity.related(connection, kind, now=now, most=RELATED_MAX))
            for one in known:
                ids = catalogs.fetch_items(connection, one.catalog, lists).keys()
                mine = {name: lists[name] for name in lists if name in ids}
                hot_catalogs.put_related(hot, one.catalog, kind, mine)
                count += len(mine)
    return count


def _item_of(event: Event) -> str | None:
    """The item that an event is about: of a click by a person the one it led to."""
    if event.type is EventType.ACTIVITY:
        item_id = event.details.get("item_id")
        return item_id if isinstance(item_id, str) else None
    shown = event.details.get("item_ids")
    is_person = event.opener is not None and event.opener.is_person
    return str(shown[0]) if is_person and isinstance(shown, list) and shown else None


def _scores(learnt: Sequence[Event]) -> Mapping[str, float]:
    scores: Counter[str] = Counter()
    for event in learnt:
        is_click = event.type is EventType.CLICK
        weight = 1.0 if is_click else WEIGHTS.get(str(event.details.get("type")), 0.0)
        item_id = _item_of(event)
        if item_id and weight:
            scores[item_id] += weight  # type: ignore[assignment]
    return scores


def _pairs(hot: HotStore, learnt: Sequence[Event]) -> Mapping[popularity.Pair, float]:
    """Each item with those that the same customer had taken up before it."""
    taken = [one for one in learnt if one.details.get("type") in KINDS and one.customer_id]
    owners = sorted({one.customer_id for one in taken if one.customer_id})
    fields = [activity_field(kind) for kind in KINDS]
    states = dict(zip(owners, customers.read_fields(hot, owners, fields), strict=True)) if owners else {}
    pairs: Counter[popularity.Pair] = Counter()
    for event in taken:
        kind, item_id = KINDS[str(event.details["type"])], str(_item_of(event))
        held = dict(zip(KINDS, states[event.customer_id or ""], strict=True))
        for other in _companions(held, kind, item_id, event.at):
            pairs[kind, item_id, other] += 1
            pairs[kind, other, item_id] += 1
    return {pair: float(count) for pair, count in pairs.items()}


def _companions(held: Mapping[str, bytes | None], kind: str, item_id: str, at: datetime) -> list[str]:
    """What the customer had viewed or bought before, newest first; so each two are counted once."""
    before: dict[str, None] = {}
    for activity, its_kind in KINDS.items():
        listed = read_mapping(held.get(activity)).get("items") if its_kind == kind else None
        for one in listed if isinstance(listed, list) else ():
            if isinstance(one, dict) and one.get("item_id") != item_id and _is_before(one.get("at"), at):
                before[str(one.get("item_id"))] = None
    return list(before)[:COMPANIONS_MAX]


def _is_before(told: object, at: datetime) -> bool:
    try:
        return isinstance(told, str) and datetime.fromisoformat(told) <= at
    except (ValueError, TypeError):
        return False
