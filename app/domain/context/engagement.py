"""What people did with a touch and a block before: which open this is, what was clicked, bought and shown."""

from collections.abc import Mapping
from datetime import datetime

from app.domain.state import activity_field

FOLD_MS = 60_000  # fetches of one touch within a minute are one open: docs/tracking.md
OPENS, TOUCH_CLICK, BLOCK_CLICK = "m.", "k.", "b."
PURCHASES = activity_field("purchased")

THIS_BLOCK = "clicked.this_block"
PATHS: Mapping[str, str] = {
    "open.count": OPENS,
    "open.is_first": OPENS,
    "clicked.any_link": TOUCH_CLICK,
    "clicked.any_block": BLOCK_CLICK,
    THIS_BLOCK: BLOCK_CLICK,
}
TOUCH_PATHS = frozenset(PATHS)
LAST_VARIANT = "history.last_variant"
BOUGHT = "history.purchases_since_touch"


def fields_of(paths: frozenset[str], touch_id: str, block_id: str) -> tuple[str, ...]:
    """The fields of a customer's history that these paths read of one touch's block, in a fixed order."""
    wanted = []
    for path, prefix in PATHS.items():
        if path in paths:
            wanted.append(prefix + (f"{touch_id}|{block_id}" if path == THIS_BLOCK else touch_id))
    return tuple(dict.fromkeys(wanted))


def read(
    paths: frozenset[str], held: Mapping[str, bytes | None], now: datetime, *, is_person: bool
) -> dict[str, dict[str, object]]:
    """What `open.` and `clicked.` have of these paths, out of the fields of one touch's block."""
    told: dict[str, dict[str, object]] = {}
    by_prefix = {name[:2]: raw for name, raw in held.items() if "|" not in name}
    of_block = next((raw for name, raw in held.items() if name.startswith(BLOCK_CLICK) and "|" in name), None)
    for path in paths:
        root, _, name = path.partition(".")
        if PATHS[path] == OPENS:
            count = which_open(by_prefix.get(OPENS), now, is_person=is_person)
            value: object = count if name == "count" else count == 1
        else:
            value = (of_block if path == THIS_BLOCK else by_prefix.get(PATHS[path])) is not None
        told.setdefault(root, {})[name] = value
    return told


def which_open(raw: bytes | None, now: datetime, *, is_person: bool) -> int:
    """Which open of the touch this is, by people; for a machine, which one it would be."""
    last_ms, count = read_opens(raw)
    is_another = int(now.timestamp() * 1000) - last_ms > FOLD_MS
    return count + 1 if is_another or not count or not is_person else count


def read_opens(raw: bytes | None) -> tuple[int, int]:
    """When a touch was opened last, in ms, and how often by people; a moment and a number, `ms|count`."""
    last_ms, _, count = (raw or b"").partition(b"|")
    return (int(last_ms), int(count)) if last_ms.isdigit() and count.isdigit() else (0, 0)


def purchases_since(summary: Mapping[str, object], sent_at: datetime) -> int:
    """How often the customer bought since the touch was sent, of as many items as the state keeps."""
    listed = summary.get("items")
    items = listed if isinstance(listed, list) else []
    since = sum(1 for one in items if isinstance(one, Mapping) and _is_since(one.get("at"), sent_at))
    return since or int(_is_since(summary.get("last_at"), sent_at))


def _is_since(at: object, sent_at: datetime) -> bool:
    try:
        return isinstance(at, str) and datetime.fromisoformat(at) >= sent_at
    except (ValueError, TypeError):
        return False
