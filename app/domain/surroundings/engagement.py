"""What people did with a touch and a block before: which open this is, what was clicked, bought and shown."""

from collections.abc import Mapping
from datetime import datetime

from app.domain.state import activity_field

FOLD_MS = 60_000  # fetches of one touch within a minute are one open: docs/tracking.md
OPENS, TOUCH_CLICK, BLOCK_CLICK = "m.", "k.", "b."
PURCHASES = activity_field("purchased")

PATHS: Mapping[str, str] = {
    "open.count": OPENS,
    "open.is_first": OPENS,
    "clicked.any_link": TOUCH_CLICK,
    "clicked.any_block": BLOCK_CLICK,
    "clicked.this_block": BLOCK_CLICK,
}
LAST_VARIANT = "history.last_variant"
BOUGHT = "history.purchases_since_touch"


def fields_of(paths: frozenset[str], touch_id: str, block_id: str) -> tuple[str, ...]:
    """The fields of a customer's history that these paths read of one touch's block, in a fixed order."""
    wanted = []
    for path, prefix in PATHS.items():
        if path in paths:
            wanted.append(prefix + (f"{touch_id}|{block_id}" if path == "clicked.this_block" else touch_id))
    return tuple(dict.fromkeys(wanted))


def which_open(raw: bytes | None, now: datetime, *, is_person: bool) -> int:
    """Which open of the touch this is, by people; for a machine, which one it would be."""
    last_ms, count = read_opens(raw)
    is_another = int(now.timestamp() * 1000) - last_ms > FOLD_MS
    return count + 1 if is_another or not count or not is_person else count


def read_opens(raw: bytes | None) -> tuple[int, int]:
    """When a touch was opened last, in ms, and how often by people; a moment and a number, `ms|count`."""
    last_ms, _, count = (raw or b"").partition(b"|")
    return (int(last_ms), int(count)) if last_ms.isdigit() and count.isdigit() else (0, 0)


def purchases_since(summary: Mapping[str, object], sent_at: datetime | None) -> int | None:
    """How often the customer bought since the touch was sent, of as many items as the state keeps."""
    if sent_at is None:
        return None
    listed = summary.get("items")
    items = listed if isinstance(listed, list) else []
    since = sum(1 for one in items if isinstance(one, Mapping) and _is_since(one.get("at"), sent_at))
    return since or int(_is_since(summary.get("last_at"), sent_at))


def _is_since(at: object, sent_at: datetime) -> bool:
    try:
        return isinstance(at, str) and datetime.fromisoformat(at) >= sent_at
    except (ValueError, TypeError):
        return False
