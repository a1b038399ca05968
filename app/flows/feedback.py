"""What was recorded comes back: opens and clicks by people become history that rules and decisions read."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from app.domain.context.engagement import FOLD_MS
from app.domain.events import Event, EventType
from app.domain.votes import Tally, latest, vote_of
from app.stores.hot import history, votes
from app.stores.hot.history import Engagement
from app.stores.hot.server import HotStore

FOLD = timedelta(milliseconds=FOLD_MS)
_KINDS = {EventType.IMPRESSION: "o", EventType.OPEN: "o", EventType.CLICK: "k"}


def feed_back(
    hot: HotStore,
    told: Sequence[Event],
    *,
    now: datetime,
    gone: Collection[str] = frozenset(),
    tallies: Sequence[Tally] = (),
) -> int:
    """Note who opened and clicked in which touch; answers how many were news. Raises Unavailable.

    Events told again change nothing, so it is done for repeated ones too: the recorder may have
    died after SQL had them and before this. Erased customers, those `gone` too, lose their history.
    `tallies` are the sums, as SQL has them, of the polls that somebody voted in.
    """
    erased = {one.customer_id for one in told if one.type is EventType.CUSTOMER_ERASED and one.customer_id}
    history.forget(hot, sorted(erased.union(gone)))
    votes.note(hot, latest([vote for vote in map(vote_of, told) if vote]))
    votes.tell(hot, tallies)
    return history.note(hot, _worth_noting(told), now=now)


def _worth_noting(told: Sequence[Event]) -> list[Engagement]:
    """Of each touch the opens a minute apart, and the first click on each of its blocks, oldest first."""
    noted: dict[tuple[str, str, str, str], datetime] = {}
    found: list[Engagement] = []
    for one in sorted(filter(None, map(_engagement, told)), key=lambda one: one.at):
        key = (one.customer_id, one.touch_id, one.kind, one.block_id)
        is_another = key not in noted or (one.kind == "o" and one.at - noted[key] > FOLD)
        if is_another:
            noted[key] = one.at
            found.append(one)
    return found


def _engagement(event: Event) -> Engagement | None:
    kind = _KINDS.get(event.type)
    if kind is None or event.opener is None or not event.opener.is_person:
        return None
    if not event.customer_id or not event.touch_id:
        return None
    block_id = event.block_id or "" if kind == "k" else ""
    return Engagement(event.customer_id, event.touch_id, kind, event.at, block_id)  # type: ignore[arg-type]
