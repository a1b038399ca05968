"""Policies: a document as its author wrote it, checked whole and compiled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import available_timezones

from app.domain.checks import Check
from app.domain.frequency.classes import CHANNELS, CLASSES, switches_of
from app.domain.frequency.ledger import Words
from app.domain.frequency.windows import (
    COUNT_MAX,
    SPAN_MAX_MS,
    UNITS,
    WEEKDAYS,
    Calendar,
    Rolling,
    Window,
    duration,
)
from app.domain.ids import is_id

RULES_MAX = 50
CAP_MAX = 10_000
LABELS_MAX = 50
DEFER_MAX = timedelta(days=7)

POLICY_FIELDS = ("name", "rules")
POLICY_LATER = ("quiet_hours", "levels")
RULE_FIELDS = (
    "id", "name", "enabled", "cap", "window", "slack", "channels", "categories", "tags", "classes",
    "on_cap", "max_defer",
)  # fmt: skip
RULE_LATER = (
    "segment",
    "exempt_from",
    "headroom",
    "count_on",
    "may_be_raised_by_preference",
    "bounced_counts",
)
_MASKS_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One cap. Empty filters match everything; all filters of a rule must match."""

    id: str
    name: str
    cap: int
    window: Window
    window_document: Mapping[str, object]
    is_enabled: bool = True
    channels: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    on_cap: str | None = None
    max_defer: timedelta | None = None

    def matches(self, words: Words) -> bool:
        """Whether a touch of these words is one the rule is about."""
        return (
            (not self.channels or words.channel in self.channels)
            and (not self.categories or words.category in self.categories)
            and (not self.classes or words.touch_class in self.classes)
            and (not self.tags or not self.tags.isdisjoint(words.tags))
        )


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A policy ready to decide by."""

    policy_id: str
    version: int
    name: str
    rules: tuple[Rule, ...]
    _counted: dict[Words, frozenset[int]] = field(default_factory=dict, repr=False)

    def applying(self, words: Words) -> frozenset[int]:
        """The places of the rules that a touch of these words must obey."""
        return self.counted_by(words) if switches_of(words.touch_class).obeys_caps else frozenset()

    def counted_by(self, words: Words) -> frozenset[int]:
        """The places of the rules that count a touch of these words."""
        found = self._counted.get(words)
        if found is None:
            if len(self._counted) >= _MASKS_MAX:
                self._counted.clear()
            matching = (
                place for place, rule in enumerate(self.rules) if rule.is_enabled and rule.matches(words)
            )
            found = frozenset(matching) if switches_of(words.touch_class).counts else frozenset()
            self._counted[words] = found
        return found


def compile_policy(
    policy_id: str, document: Mapping[str, object], *, version: int, pointer: str = ""
) -> Policy:
    """Check and compile a policy. Raises Invalid with a pointer to each fault (20 at most)."""
    check = Check()
    fields = check.known(document, POLICY_FIELDS, pointer, later=POLICY_LATER)
    name = check.text(fields, "name", pointer, longest=200, default="")
    rules = tuple(_rules(check, fields.get("rules"), f"{pointer}/rules"))
    check.done()
    return Policy(policy_id, version, name, rules)


def _rules(check: Check, listed: object, at: str) -> Iterator[Rule]:
    if not isinstance(listed, list) or len(listed) > RULES_MAX:
        check.fault(at, f"a policy has a list of at most {RULES_MAX} rules")
        return
    seen: set[str] = set()
    for place, document in enumerate(listed):
        rule = _rule(check, document, f"{at}/{place}")
        if rule is None:
            continue
        if rule.id in seen:
            check.fault(f"{at}/{place}/id", f"{rule.id!r} is taken; every rule has an id of its own")
        seen.add(rule.id)
        yield rule


def _rule(check: Check, document: object, at: str) -> Rule | None:
    fields = check.known(document, RULE_FIELDS, at, later=RULE_LATER)
    rule_id = fields.get("id")
    if not isinstance(rule_id, str) or not is_id(rule_id):
        check.fault(f"{at}/id", "an id has 1 to 128 letters, digits or ._:@-")
        return None
    window = _window(check, fields, at)
    cap = _cap(check, fields, window, at)
    told = fields.get("window")
    return Rule(
        id=rule_id,
        name=check.text(fields, "name", at, longest=200, default=""),
        cap=cap or 0,
        window=window,
        window_document=told if isinstance(told, Mapping) else {},
        is_enabled=check.flag(fields, "enabled", at, default=True) and cap is not None,
        channels=_labels(check, fields, "channels", at, known=CHANNELS),
        categories=_labels(check, fields, "categories", at),
        tags=_labels(check, fields, "tags", at),
        classes=_labels(check, fields, "classes", at, known=tuple(CLASSES)),
        on_cap=_on_cap(check, fields, at),
        max_defer=_span(check, fields, "max_defer", at, longest=DEFER_MAX),
    )


def _cap(check: Check, fields: Mapping[str, object], window: Window, at: str) -> int | None:
    if isinstance(window, Rolling) and window.is_gap:
        return check.whole(fields, "cap", at, low=1, high=1, default=1)
    # 0 lets nothing pass and null turns the rule off: never the same.
    if "cap" in fields and fields["cap"] is None:
        return None
    return check.whole(fields, "cap", at, low=0, high=CAP_MAX)


def _window(check: Check, fields: Mapping[str, object], at: str) -> Window:
    told, at_window = fields.get("window"), f"{at}/window"
    if not isinstance(told, Mapping) or sum(kind in told for kind in ("rolling", "calendar", "gap")) != 1:
        check.fault(at_window, 'a window is {"rolling": "P7D"}, {"calendar": "day"} or {"gap": "PT4H"}')
        return Rolling(1)
    if "calendar" in told:
        if fields.get("slack") is not None:
            check.fault(f"{at}/slack", "slack shortens rolling windows only")
        return read_calendar(check, told, at_window)
    kind = "gap" if "gap" in told else "rolling"
    check.known(told, (kind,), at_window)
    span = _span(check, told, kind, at_window, longest=timedelta(milliseconds=SPAN_MAX_MS))
    slack = _span(check, fields, "slack", at, longest=timedelta(days=1), shortest=timedelta())
    span_ms = _ms(span or timedelta(seconds=1)) - _ms(slack or timedelta())
    if span_ms <= 0:
        check.fault(f"{at}/slack", "slack must be shorter than the window")
    return Rolling(max(span_ms, 1), is_gap=kind == "gap")


def read_calendar(check: Check, told: Mapping[str, object], at: str) -> Calendar:
    """A window of the calendar, such as `{"calendar": "day", "zone": "Europe/Paris"}`; faults are noted."""
    fields = check.known(told, ("calendar", "count", "zone", "week_start"), at)
    unit, zone, start = (
        fields["calendar"],
        fields.get("zone", "customer"),
        fields.get("week_start", WEEKDAYS[0]),
    )
    if unit not in UNITS:
        check.fault(f"{at}/calendar", f"the calendar's unit is one of {', '.join(UNITS)}")
        unit = UNITS[0]
    if start not in WEEKDAYS:
        check.fault(f"{at}/week_start", f"the first day of the week is one of {', '.join(WEEKDAYS)}")
        start = WEEKDAYS[0]
    if not isinstance(zone, str) or (
        zone not in ("customer", "deployment") and zone not in available_timezones()
    ):
        check.fault(f"{at}/zone", 'zone is "customer", "deployment" or an IANA zone, such as Europe/Paris')
        zone = "customer"
    count = check.whole(fields, "count", at, low=1, high=COUNT_MAX[str(unit)], default=1)
    return Calendar(str(unit), count, zone, WEEKDAYS.index(str(start)))


def _span(
    check: Check,
    fields: Mapping[str, object],
    name: str,
    at: str,
    *,
    longest: timedelta,
    shortest: timedelta = timedelta(seconds=1),
) -> timedelta | None:
    value = fields.get(name)
    if value is None and name in ("slack", "max_defer"):
        return None
    span = duration(value)
    if span is None or not shortest <= span <= longest:
        days = f"{longest.days} day{'s' if longest.days > 1 else ''}"
        check.fault(
            f"{at}/{name}",
            f"{name} is an ISO 8601 duration of at most {days}, such as P1D or PT4H; years and months "
            "have no fixed length",
        )
        return None
    return span


def _labels(
    check: Check, fields: Mapping[str, object], name: str, at: str, *, known: tuple[str, ...] = ()
) -> frozenset[str]:
    listed = fields.get(name, [])
    if not isinstance(listed, list) or len(listed) > LABELS_MAX or (name in fields and not listed):
        check.fault(
            f"{at}/{name}", f"{name} is a list of 1 to {LABELS_MAX} texts; leave it out to match everything"
        )
        return frozenset()
    for place, label in enumerate(listed):
        if not isinstance(label, str) or not 0 < len(label) <= 100 or (known and label not in known):
            what = f"one of {', '.join(known)}" if known else "a text of 1 to 100 characters"
            check.fault(f"{at}/{name}/{place}", f"this is {what}")
    return frozenset(label for label in listed if isinstance(label, str))


def _on_cap(check: Check, fields: Mapping[str, object], at: str) -> str | None:
    told = fields.get("on_cap")
    if told not in (None, "suppress", "defer"):
        check.fault(f"{at}/on_cap", 'on_cap is "suppress" or "defer"')
        return None
    return told if isinstance(told, str) else None


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
