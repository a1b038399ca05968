"""Engagement in the hot store: which touches a person opened or clicked in, how often, and when last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.domain.context.engagement import FOLD_MS
from app.stores.hot import keys
from app.stores.hot.scripting import Argument
from app.stores.hot.server import HotStore, answering


@dataclass(frozen=True, slots=True)
class Engagement:
    """A person opened (`o`) or clicked (`k`) in a touch, on a block where it was one."""

    customer_id: str
    touch_id: str
    kind: Literal["o", "k"]
    at: datetime
    block_id: str = ""


def note(store: HotStore, engagements: Sequence[Engagement], *, now: datetime) -> int:
    """Count each touch once however often it is told; answers how many were new. Raises Unavailable.

    Of one touch the earlier fact is to come first: its opens are counted in their order.
    """
    head: list[Argument] = [keys.HISTORY_TTL_S, keys.CHOICES_MANY, _ms(now) - keys.CHOICE_KEEP_MS]
    by_partition: dict[int, list[Engagement]] = {}
    for one in engagements:
        by_partition.setdefault(store.keys.partition(one.customer_id), []).append(one)
    calls = []
    for told in by_partition.values():
        facts: list[Argument] = [word for one in told for word in _words(one)]
        calls.append(([store.keys.history(one.customer_id) for one in told], head + facts))
    with answering():
        answers = store.scripts.call_many("feedback", calls)
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
    return sum(map(int, answers))


def _words(one: Engagement) -> tuple[Argument, ...]:
    return one.kind, one.touch_id, _ms(one.at), one.block_id, FOLD_MS


def forget(store: HotStore, customer_ids: Sequence[str]) -> None:
    """Drop the history of erased customers, which late facts may have begun anew. Raises Unavailable."""
    for customer_id in customer_ids:
        with answering():
            # Somebody who came back meanwhile keeps what was learnt since.
            if not store.client.exists(store.keys.state(customer_id)):
                store.client.delete(store.keys.history(customer_id))


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
