"""Attributes that people declare: what may be said of one, and what is supposed of one that was only seen."""

import math
import re
from collections.abc import Mapping
from datetime import datetime

from app.domain.attributes import ANY, Attribute, AttributeType, Catalogue, Source, near
from app.domain.checks import Check
from app.domain.problems import Invalid, Problem
from app.domain.state import read_json

FIELDS = ("type", "about", "values", "low", "high", "personal")
ABOUT_MAX = 300
VALUES_MAX = 100
VALUE_MAX = 100

_PATH = re.compile(r"customer\.[A-Za-z_][A-Za-z0-9_-]{0,63}(\.(\*|[A-Za-z0-9_-]{1,64})){0,6}\Z")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?\Z")


def compile_attribute(
    path: str, document: Mapping[str, object], built_in: Catalogue, *, source: Source = Source.DECLARED
) -> Attribute:
    """Check what is said of an attribute. Raises Invalid with a pointer to each fault.

    Attributes of a customer alone can be declared: everything else is built in.
    """
    check = Check()
    if not _PATH.match(path):
        raise Invalid(
            problems=[
                Problem(
                    "{path}",
                    "a path is customer.<attribute>, deeper with dots, and * for a list's entries, "
                    "such as customer.orders.*.total",
                )
            ]
        )
    if path in built_in.attributes:
        raise Invalid(problems=[Problem("{path}", f"{path} is built in: what it is cannot be changed")])
    fields = check.known(document, FIELDS, "")
    kind = _kind(check, fields)
    about = check.text(fields, "about", "", longest=ABOUT_MAX, default="")
    values = _values(check, fields, kind)
    low, high = _bound(check, fields, "low", kind), _bound(check, fields, "high", kind)
    if low is not None and high is not None and low > high:
        check.fault("/high", "high must not be below low")
    is_personal = check.flag(fields, "personal", "", default=True)
    check.done()
    return Attribute(path, kind, about, source, is_personal, values, low, high)


def seen_type(raw: bytes) -> AttributeType | None:
    """The type that a stored value lets suppose; None for null and for what cannot be read."""
    value = read_json(raw)
    if isinstance(value, str):
        return AttributeType.DATETIME if _is_moment(value) else AttributeType.STRING
    if isinstance(value, bool):
        return AttributeType.BOOLEAN
    if isinstance(value, int | float):
        return AttributeType.NUMBER
    if isinstance(value, list):
        return AttributeType.LIST
    return AttributeType.OBJECT if isinstance(value, dict) else None


def _kind(check: Check, fields: Mapping[str, object]) -> AttributeType | None:
    told = fields.get("type")
    known = [one.value for one in AttributeType]
    if isinstance(told, str) and told in known:
        return AttributeType(told)
    hint = near(told, known) if isinstance(told, str) else ""
    check.fault("/type", "type is " + ", ".join(known[:-1]) + f" or {known[-1]}" + hint)
    return None


def _values(check: Check, fields: Mapping[str, object], kind: AttributeType | None) -> tuple[str, ...]:
    told = fields.get("values")
    if told is None:
        return ()
    if kind is not AttributeType.STRING:
        check.fault("/values", "only a string has a list of values")
        return ()
    are_texts = isinstance(told, list) and all(isinstance(one, str) and len(one) <= VALUE_MAX for one in told)
    if not are_texts or not isinstance(told, list) or not 1 <= len(told) <= VALUES_MAX:
        check.fault("/values", f"values are 1 to {VALUES_MAX} texts of at most {VALUE_MAX} characters")
        return ()
    return tuple(dict.fromkeys(told))


def _bound(check: Check, fields: Mapping[str, object], name: str, kind: AttributeType | None) -> float | None:
    told = fields.get(name)
    if told is None:
        return None
    if kind is not AttributeType.NUMBER:
        check.fault(f"/{name}", f"only a number has {name}")
    elif isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told):
        check.fault(f"/{name}", f"{name} is a number")
    elif abs(told) <= 2**53:
        return told
    else:
        check.fault(f"/{name}", f"{name} is at most 2**53")
    return None


def _is_moment(text: str) -> bool:
    if not _MOMENT.match(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def shown(held: Attribute) -> dict[str, object]:
    """An attribute as the API tells it."""
    told: dict[str, object] = {
        "path": held.path,
        "type": held.type.value if held.type else None,
        "about": held.about,
        "source": held.source.value,
        "personal": held.is_personal,
        "values": list(held.values) or None,
        "low": held.low,
        "high": held.high,
        "is_pattern": True if ANY in held.path else None,
    }
    return {name: value for name, value in told.items() if value is not None}
