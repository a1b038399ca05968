"""What a block's paths need: the stored fields that are loaded, and the facts that are found out."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.built_in_attributes import BUILT_IN
from app.domain.context.engagement import BOUGHT, LAST_VARIANT, PURCHASES, TOUCH_PATHS
from app.domain.problems import Problem
from app.domain.state import CART, SYSTEM, activity_field, attribute_field
from app.domain.surroundings.days import COUNTRY
from app.domain.surroundings.weather import LOCATION
from app.domain.votes import MINE, answer_field

HISTORY = {"opens": "n.o", "clicks": "n.k", "last_open_at": "t.o", "last_click_at": "t.k"}
HOLIDAY = "local.is_holiday"
_AROUND = frozenset({"local", "days_since", "place", "weather", "clicked"})


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
    of_touch: frozenset[str] = frozenset()
    """The paths that tell of this touch's earlier opens and clicks."""
    dates: tuple[str, ...] = ()
    """The attributes they count days since."""
    is_choice_read: bool = False
    is_client_read: bool = False
    is_holiday_read: bool = False
    is_place_read: bool = False
    is_weather_read: bool = False
    is_surrounded: bool = False
    """Whether they ask for anything that is not stored of the customer."""


def path_problem(path: str, pointer: str) -> Problem | None:
    """Why a path can never have a value, or None."""
    return BUILT_IN.path_problem(path, pointer)


def is_personal(paths: Iterable[str]) -> bool:
    """Whether any of the paths tells something of the customer."""
    return any(BUILT_IN.is_personal(path) for path in paths)


def needs_of(paths: Iterable[str]) -> Needs:
    """The stored fields and the facts that these paths read."""
    read = frozenset(paths)
    roots = frozenset(path.partition(".")[0] for path in read)
    return Needs(
        tuple(sorted({field for path in read for field in _state_fields(path)})),
        tuple(sorted({field for path in read for field in _history_fields(path)})),
        roots,
        is_opening_read="touch.opened_at" in read,
        polls=tuple(sorted({path.split(".")[1] for path in read if _is_sum(path)})),
        of_touch=read & TOUCH_PATHS,
        dates=tuple(sorted(path.partition(".")[2] for path in read if path.startswith("days_since."))),
        is_choice_read=LAST_VARIANT in read,
        is_client_read=any(map(_is_of_client, read)),
        is_holiday_read=HOLIDAY in read,
        # Where a customer has told no place, the weather is that of the reader's address.
        is_place_read=not roots.isdisjoint({"place", "weather"}),
        is_weather_read="weather" in roots,
        is_surrounded=any(_is_around(path) for path in read),
    )


def _state_fields(path: str) -> Iterable[str]:
    root, _, rest = path.partition(".")
    first = rest.partition(".")[0]
    if root == "customer" and first:
        yield attribute_field(first)
        if first in ("timezone", "locale"):
            yield SYSTEM
    elif root == "cart":
        yield CART
    elif root == "activity" and first:
        yield activity_field(first)
    elif root == "days_since" and first:
        yield attribute_field(first)
    elif root == "weather":
        yield attribute_field(LOCATION)
    elif path == HOLIDAY:
        yield attribute_field(COUNTRY)
    elif path == BOUGHT:
        yield PURCHASES


def _history_fields(path: str) -> Iterable[str]:
    root, _, rest = path.partition(".")
    first, _, second = rest.partition(".")
    if root == "history" and first in HISTORY:
        yield HISTORY[first]
    elif root == "votes" and first and second in ("", MINE):
        yield answer_field(first)


def _is_of_client(path: str) -> bool:
    return path.startswith("client.") and path != "client.opener"


def _is_around(path: str) -> bool:
    is_learnt = path in TOUCH_PATHS or path in (LAST_VARIANT, BOUGHT)
    return is_learnt or _is_of_client(path) or path.partition(".")[0] in _AROUND


def _is_sum(path: str) -> bool:
    root, _, rest = path.partition(".")
    return root == "votes" and bool(rest) and not rest.endswith(f".{MINE}")
