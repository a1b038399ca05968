"""The open context: what rules and templates may read, and which stored fields that needs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.built_in_attributes import BUILT_IN
from app.domain.problems import Problem
from app.domain.state import CART, SYSTEM, activity_field, attribute_field, read_json, read_mapping
from app.domain.votes import MINE, answer_field, read_results

_HISTORY = {"opens": "n.o", "clicks": "n.k", "last_open_at": "t.o", "last_click_at": "t.k"}


@dataclass(frozen=True, slots=True)
class Needs:
    """What a block's paths read: fields of the state and history hashes in a fixed order, and the roots."""

    state: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    roots: frozenset[str] = frozenset()
    is_opening_read: bool = False
    """Whether they ask when a person first opened the touch."""
    polls: tuple[str, ...] = ()
    """Those whose results they read."""


def path_problem(path: str, pointer: str) -> Problem | None:
    """Why a path can never have a value, or None."""
    return BUILT_IN.path_problem(path, pointer)


def is_personal(paths: Iterable[str]) -> bool:
    """Whether any of the paths tells something of the customer."""
    return any(BUILT_IN.is_personal(path) for path in paths)


def needs_of(paths: Iterable[str]) -> Needs:
    """The stored fields and the roots that these paths read."""
    state: set[str] = set()
    history: set[str] = set()
    roots: set[str] = set()
    polls: set[str] = set()
    read = set(paths)
    for path in read:
        root, _, rest = path.partition(".")
        roots.add(root)
        first = rest.partition(".")[0]
        if root == "customer" and first:
            state.add(attribute_field(first))
            if first in ("timezone", "locale"):
                state.add(SYSTEM)
        elif root == "cart":
            state.add(CART)
        elif root == "activity" and first:
            state.add(activity_field(first))
        elif root == "history" and first in _HISTORY:
            history.add(_HISTORY[first])
        elif root == "votes" and first:
            if rest != f"{first}.{MINE}":
                polls.add(first)
            if rest in (first, f"{first}.{MINE}"):
                history.add(answer_field(first))
    return Needs(
        tuple(sorted(state)),
        tuple(sorted(history)),
        frozenset(roots),
        is_opening_read="touch.opened_at" in read,
        polls=tuple(sorted(polls)),
    )


def build(
    needs: Needs,
    state: Sequence[bytes | None],
    history: Sequence[bytes | None],
    *,
    customer_id: str,
    message: Mapping[str, object] | None,
    touch: Mapping[str, object],
    opener: str,
    now: datetime,
    votes: Sequence[Mapping[str, int]] = (),
) -> dict[str, object]:
    """The context of one open, no more of it than is read. What cannot be read is missing; nothing raises."""
    held = dict(zip(needs.state, state, strict=True))
    context: dict[str, object] = {"customer": _customer(held, customer_id), "client": {"opener": opener}}
    if "open" in needs.roots:
        context["open"] = {"at": _instant(now)}
    if "touch" in needs.roots:
        context["touch"] = {name: value for name, value in _plain(touch).items() if value is not None}
    if "message" in needs.roots and message:
        context["message"] = dict(message)
    if CART in held:
        context["cart"] = _cart(read_mapping(held[CART]))
    activity = {name[2:]: read_mapping(raw) for name, raw in held.items() if name.startswith("v.") and raw}
    if activity:
        context["activity"] = activity
    if needs.history:
        context["history"] = _history(dict(zip(needs.history, history, strict=True)))
    if "votes" in needs.roots:
        context["votes"] = read_results(
            dict(zip(needs.polls, votes, strict=False)), dict(zip(needs.history, history, strict=True))
        )
    return context


def _customer(held: Mapping[str, bytes | None], customer_id: str) -> dict[str, object]:
    customer = {
        name[2:]: value
        for name, raw in held.items()
        if name.startswith("a.") and (value := read_json(raw)) is not None
    }
    if SYSTEM in held:
        system = read_mapping(held[SYSTEM])
        customer |= {name: system[name] for name in ("timezone", "locale") if system.get(name)}
    customer["id"] = customer_id
    return customer


def _cart(stored: Mapping[str, object]) -> dict[str, object]:
    listed = stored.get("items")
    items = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    prices = [one["price"] for one in items if isinstance(one.get("price"), int | float)]
    return {"items": items, "count": len(items), "value": sum(prices)}


def _history(held: Mapping[str, bytes | None]) -> dict[str, object]:
    history: dict[str, object] = {}
    for name, field in _HISTORY.items():
        if field in held:
            number = _number(held[field])
            if field.startswith("n."):
                history[name] = number or 0
            elif number is not None:
                history[name] = _instant(datetime.fromtimestamp(number / 1000, UTC))
    return history


def _number(raw: bytes | None) -> int | None:
    value = read_json(raw)
    return value if isinstance(value, int) and 0 <= value < 2**52 else None


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name: _instant(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
