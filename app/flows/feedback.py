"""What was recorded comes back: opens and clicks by people become history that rules and decisions read."""

from collections.abc import Collection, Sequence
from datetime import datetime

from app.domain.events import Event, EventType
from app.domain.votes import Tally, latest, vote_of
from app.stores.hot import history, votes
from app.stores.hot.history import Engagement
from app.stores.hot.server import HotStore

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
    first: dict[tuple[str, str, str], Engagement] = {}
    for event in told:
        engagement = _engagement(event)
        if engagement is not None:
            key = (engagement.customer_id, engagement.touch_id, engagement.kind)
            held = first.get(key)
            if held is None or engagement.at < held.at:
                first[key] = engagement
    votes.note(hot, latest([vote for vote in map(vote_of, told) if vote]))
    votes.tell(hot, tallies)
    return history.note(hot, list(first.values()), now=now)


def _engagement(event: Event) -> Engagement | None:
    kind = _KINDS.get(event.type)
    if kind is None or event.opener is None or not event.opener.is_person:
        return None
    if not event.customer_id or not event.touch_id:
        return None
    return Engagement(event.customer_id, event.touch_id, kind, event.at)  # type: ignore[arg-type]
