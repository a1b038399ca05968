"""What a visitor changes of a demo customer: read from a form, and told to the house as a platform would."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.demo.contents import PRODUCTS, Person
from app.demo.inbox import Arrived
from app.domain.state import Customer, Tracking
from app.flows import customers
from app.flows.customers import Doing, Saying
from app.wiring import House

NAME_MAX = 60
POINTS_MAX = 100_000
TIERS = ("none", "silver", "gold")
ENDS = {
    "days": ("in two days", timedelta(hours=52)),
    "hours": ("in two hours", timedelta(hours=2)),
    "seconds": ("in 30 seconds", timedelta(seconds=30)),
    "past": ("an hour ago", timedelta(hours=-1)),
}
NO_PRODUCT = "nothing"


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different; only what was said. `faults` by the name of the form's field."""

    attributes: dict[str, object] = field(default_factory=dict)
    ends: str | None = None
    cart: str | None = None
    tracking: str | None = None
    faults: dict[str, str] = field(default_factory=dict)


def read_change(form: Mapping[str, str]) -> Change:
    """Read a form; a field that is not sent changes nothing."""
    faults: dict[str, str] = {}
    attributes: dict[str, object] = {}
    if "first_name" in form:
        name = form["first_name"].strip()
        if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
            faults["first_name"] = f"A first name has 1 to {NAME_MAX} characters on one line."
        attributes["first_name"] = name
    if "points" in form:
        text = form["points"].strip()
        if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) <= POINTS_MAX):
            faults["points"] = f"Points are a whole number from 0 to {POINTS_MAX}."
        else:
            attributes["points"] = int(text)
    tier = _one_of(form, "tier", TIERS, faults)
    if tier is not None:
        attributes["tier"] = tier
    return Change(
        attributes,
        ends=_one_of(form, "ends", ("as_it_is", *ENDS), faults),
        cart=_one_of(form, "cart", (NO_PRODUCT, *PRODUCTS), faults),
        tracking=_one_of(form, "tracking", tuple(Tracking), faults),
        faults=faults,
    )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something worth trying: words for a button, and the form's fields it sends."""

    label: str
    fields: Mapping[str, str]


def suggestions(customer: Customer, arrived: Arrived | None) -> list[Suggestion]:
    """What to try with the message that is open, the most telling first."""
    tier = customer.attributes.get("tier")
    other = "silver" if tier == "gold" else "gold"
    found = [Suggestion(f"Switch to {other}", {"tier": other})]
    blocks = arrived.letter.message["blocks"] if arrived else ()
    if "demo-countdown" in blocks:
        found.append(Suggestion("End the sale in 30 seconds", {"ends": "seconds"}))
    if "demo-pick" in blocks:
        items = customer.cart.get("items")
        held = str(items[0]["item_id"]) if isinstance(items, list) and items else ""
        item_id = "lamp" if held != "lamp" else "bowl"
        found.append(Suggestion(f"Put a {item_id} in the basket", {"cart": item_id}))
    if "demo-points" in blocks:
        points = customer.attributes.get("points")
        more = min((points if isinstance(points, int) else 0) + 200, POINTS_MAX)
        found.append(Suggestion("Give 200 points", {"points": str(more)}))
    return found


def carry_out(
    house: House, person: Person, change: Change, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Save what is different. Raises NotFound, Invalid, Unavailable."""
    attributes = dict(change.attributes)
    if change.ends in ENDS:
        ends_at = (now + ENDS[change.ends][1]).replace(microsecond=0)
        attributes["sale_ends"] = ends_at.isoformat()
    system = {"tracking": change.tracking} if change.tracking else {}
    if attributes or system:
        saying = Saying(person.customer_id, attributes, system)
        customers.change(house.hot, saying, now=now, event_id=new_id())
    if change.cart is not None:
        _put_only(house, person, change.cart, now=now, new_id=new_id)


def _put_only(
    house: House, person: Person, item_id: str, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Make one product, or nothing, all that is in the cart."""
    held = customers.fetch(house.hot, person.customer_id).cart.get("items")
    in_cart = [str(one["item_id"]) for one in held] if isinstance(held, list) else []
    doings = [
        Doing(new_id(), person.customer_id, "removed_from_cart", now, one)
        for one in in_cart
        if one != item_id
    ]
    if item_id in PRODUCTS and item_id not in in_cart:
        product = PRODUCTS[item_id]
        doings.append(
            Doing(new_id(), person.customer_id, "added_to_cart", now, item_id, product.price, "EUR")
        )
    customers.take_activities(house.hot, doings, now=now)


def _one_of(form: Mapping[str, str], name: str, known: tuple[str, ...], faults: dict[str, str]) -> str | None:
    value = form.get(name)
    if value is not None and value not in known:
        faults[name] = f"Choose one of {', '.join(known)}."
        return None
    return value
