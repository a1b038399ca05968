"""Display caps: how often people may see a variant, or click on it, before it is shown no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from app.domain.checks import Check
from app.domain.context.engagement import PURCHASES, purchases_since
from app.domain.frequency.policy import read_calendar
from app.domain.frequency.windows import (
    SPAN_MAX_MS,
    Calendar,
    Rolling,
    Window,
    Zones,
    bounds,
    duration,
    to_instant,
)
from app.domain.state import read_mapping

CAP_FIELDS = ("max_views", "max_clicks", "stop_after")
STOPS: Mapping[str, "Counted"] = {"click": "clicks", "conversion": "purchases"}
CUSTOMER_MAX = 100  # as many moments are kept of one customer
TOTAL_MAX = 1_000_000_000
TOTAL_ROLLING_MAX = 100_000  # each moment is kept

Counted = Literal["views", "clicks", "purchases"]


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `most` views or clicks of a variant: of one customer, or of all together.

    Purchases are those of the customer since they first saw it.
    """

    name: str
    """`<block>|<variant>`: neither new dates nor a new version begin the count anew."""
    counted: Counted
    most: int
    is_total: bool = False
    window: Window | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the customer's state that it reads."""
        return (PURCHASES,) if self.counted == "purchases" else ()

    def is_reached(self, raw: bytes | None, now_ms: int, zones: Zones, purchases: bytes | None) -> bool:
        """Whether a customer's count, and for purchases what they bought, has reached it."""
        count = read_count(raw)
        if self.counted != "purchases":
            return count.since(self.since_ms(now_ms, zones)) >= self.most
        if not count.moments:
            return False
        first = to_instant(min(count.moments))
        return purchases_since(read_mapping(purchases), first) >= self.most

    def since_ms(self, now_ms: int, zones: Zones) -> int | None:
        """The first millisecond that counts; None: ever."""
        if self.window is None:
            return None
        if isinstance(self.window, Rolling):
            return now_ms - self.window.span_ms + 1
        return bounds(self.window, now_ms, zones.of(self.window))[0]


@dataclass(frozen=True, slots=True)
class Count:
    """What is kept of one customer's views or clicks: how many ever, and the last hundred moments."""

    number: int = 0
    moments: tuple[int, ...] = ()

    def since(self, since_ms: int | None) -> int:
        """How many count."""
        return self.number if since_ms is None else sum(1 for at_ms in self.moments if at_ms >= since_ms)


def read_count(raw: bytes | None) -> Count:
    """A count as the hot store keeps it, `number|message|moment,moment,…`; none for what is no count."""
    number, _, rest = (raw or b"").partition(b"|")
    moments = rest.rpartition(b"|")[2].split(b",")
    if not number.isdigit():
        return Count()
    return Count(int(number), tuple(int(one) for one in moments if one.isdigit()))


def read_caps(check: Check, fields: Mapping[str, object], at: str, name: str) -> tuple[Cap, ...]:
    """The caps of a variant's fields; faults are noted."""
    made = [
        _cap(check, fields[field], f"{at}/{field}", name, "views" if field == "max_views" else "clicks")
        for field in ("max_views", "max_clicks")
        if fields.get(field) is not None
    ]
    stop = fields.get("stop_after")
    if isinstance(stop, str) and stop in STOPS:
        made.append(Cap(name, STOPS[stop], 1))
    elif stop is not None:
        check.fault(f"{at}/stop_after", 'stop_after is "click" or "conversion"')
    return tuple(cap for cap in made if cap is not None)


def _cap(check: Check, told: object, at: str, name: str, counted: Counted) -> Cap | None:
    if not isinstance(told, Mapping):
        most = _most(check, told, at, CUSTOMER_MAX)
        return Cap(name, counted, most) if most else None
    fields = check.known(told, ("max", "per", "window"), at)
    per = fields.get("per", "customer")
    if per not in ("customer", "total"):
        check.fault(f"{at}/per", 'per is "customer" or "total"')
    is_total = per == "total"
    window = _window(check, fields["window"], f"{at}/window", is_total) if fields.get("window") else None
    highest = CUSTOMER_MAX
    if is_total:
        highest = TOTAL_ROLLING_MAX if isinstance(window, Rolling) else TOTAL_MAX
    most = _most(check, fields.get("max"), f"{at}/max", highest)
    return Cap(name, counted, most, is_total, window) if most else None


def _most(check: Check, value: object, at: str, highest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= highest:
        check.fault(at, f"a cap is a whole number from 1 to {highest:,}")
        return 0
    return value


def _window(check: Check, told: object, at: str, is_total: bool) -> Window | None:
    if not isinstance(told, Mapping) or ("rolling" in told) == ("calendar" in told):
        check.fault(at, 'a window is {"rolling": "P7D"} or {"calendar": "day"}')
        return None
    if "calendar" in told:
        zone = told.get("zone", "deployment" if is_total else "customer")
        window = read_calendar(check, {**told, "zone": zone}, at)
        if is_total and window.zone == "customer":
            check.fault(f"{at}/zone", "what all customers share has one zone: deployment, or one by name")
        return window
    check.known(told, ("rolling",), at)
    span = duration(told["rolling"])
    if span is None or not timedelta() < span <= timedelta(milliseconds=SPAN_MAX_MS):
        check.fault(f"{at}/rolling", "a while such as PT24H or P7D, 92 days at most")
        return None
    return Rolling(span // timedelta(milliseconds=1))


def is_by_customer(cap: Cap) -> bool:
    """Whether the cap's window follows the customer's own calendar."""
    return isinstance(cap.window, Calendar) and cap.window.zone == "customer"
