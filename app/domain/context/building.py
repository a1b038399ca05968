"""The context of one open: stored fields and the facts around it, no more of either than is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from app.domain.context import engagement
from app.domain.context.needs import HISTORY, Needs
from app.domain.state import CART, SYSTEM, attribute_field, read_json, read_mapping
from app.domain.surroundings.days import COUNTRY, country_of, days_since, is_holiday, read_local, zone_of
from app.domain.surroundings.weather import read_weather
from app.domain.votes import read_results

Raw = bytes | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of an open besides the customer's stored fields; what is unknown stays empty.

    `system` is the customer's system field, `zone` the deployment's zone, `of_touch` the history's fields
    that tell of this touch, `last_variant` what its block showed last.
    """

    system: Raw = None
    zone: str = "UTC"
    client: Mapping[str, object] = field(default_factory=dict)
    is_person: bool = True
    place: Mapping[str, object] = field(default_factory=dict)
    weather: Mapping[str, object] = field(default_factory=dict)
    calendar: Mapping[str, object] = field(default_factory=dict)
    of_touch: Mapping[str, Raw] = field(default_factory=dict)
    last_variant: str | None = None


NOTHING = Surroundings()


def build(
    needs: Needs,
    state: Sequence[Raw],
    history: Sequence[Raw],
    *,
    customer_id: str,
    message: Mapping[str, object] | None,
    touch: Mapping[str, object],
    opener: str,
    now: datetime,
    votes: Sequence[Mapping[str, int]] = (),
    around: Surroundings = NOTHING,
) -> dict[str, object]:
    """The context of one open, no more of it than is read. What cannot be read is missing; nothing raises."""
    held = dict(zip(needs.state, state, strict=True))
    learnt = dict(zip(needs.history, history, strict=True))
    context: dict[str, object] = {
        "customer": _customer(held, customer_id),
        "client": {**around.client, "opener": opener},
    }
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
        context["history"] = _history(learnt)
    if "votes" in needs.roots:
        context["votes"] = read_results(dict(zip(needs.polls, votes, strict=False)), learnt)
    if needs.is_surrounded:
        _add_around(context, needs, held, touch, around, now)
    return context


def _add_around(
    context: dict[str, object],
    needs: Needs,
    held: Mapping[str, Raw],
    touch: Mapping[str, object],
    around: Surroundings,
    now: datetime,
) -> None:
    """What is computed from the facts around the open."""
    zone = zone_of(around.system, around.zone)
    if "local" in needs.roots:
        context["local"] = _local(needs, held, around, now, zone)
    if needs.dates:
        since = {name: days_since(read_json(held[attribute_field(name)]), now, zone) for name in needs.dates}
        context["days_since"] = {name: days for name, days in since.items() if days is not None}
    if "place" in needs.roots and around.place:
        context["place"] = dict(around.place)
    if "weather" in needs.roots and around.weather:
        context["weather"] = read_weather(around.weather)
    if needs.of_touch:
        _add_engagement(context, needs, around, now)
    if "history" in needs.roots and (engagement.PURCHASES in held or needs.is_choice_read):
        _add_history(context, needs, held, touch, around)


def _local(
    needs: Needs, held: Mapping[str, Raw], around: Surroundings, now: datetime, zone: tzinfo
) -> dict[str, object]:
    local = read_local(now, zone)
    if needs.is_holiday_read:
        zones = around.calendar.get("zones")
        told = read_json(held[attribute_field(COUNTRY)])
        country = country_of(told, around.system, zone, zones if isinstance(zones, Mapping) else None)
        is_one = is_holiday(around.calendar, country, str(local["date"]))
        local |= {} if is_one is None else {"is_holiday": is_one}
    return local


def _add_engagement(context: dict[str, object], needs: Needs, around: Surroundings, now: datetime) -> None:
    told = engagement.read(needs.of_touch, around.of_touch, now, is_person=around.is_person)
    for root, values in told.items():
        earlier = context.get(root)
        context[root] = {**(earlier if isinstance(earlier, dict) else {}), **values}


def _add_history(
    context: dict[str, object],
    needs: Needs,
    held: Mapping[str, Raw],
    touch: Mapping[str, object],
    around: Surroundings,
) -> None:
    earlier = context.get("history")
    history = dict(earlier) if isinstance(earlier, dict) else {}
    if needs.is_choice_read and around.last_variant is not None:
        history["last_variant"] = around.last_variant
    sent_at = touch.get("sent_at")
    if engagement.PURCHASES in held and isinstance(sent_at, datetime):
        summary = read_mapping(held[engagement.PURCHASES])
        history["purchases_since_touch"] = engagement.purchases_since(summary, sent_at)
    context["history"] = history


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
    for name, stored in HISTORY.items():
        if stored in held:
            number = _number(held[stored])
            if stored.startswith("n."):
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
