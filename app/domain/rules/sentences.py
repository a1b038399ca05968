"""A rule in plain English: "tier is gold and the cart holds an item whose price is at least 50"."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.rules.operators import ATTR, GROUPS, JOINING
from app.domain.rules.phrases import phrase
from app.domain.rules.wording import called, conjugated, entry

SENTENCE_MAX = 4_000

Subject = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the sentence; `joiner` is what holds it together where it is of several."""

    text: str
    joiner: str = ""


def sentence(document: object) -> str:
    """A good rule in words, at most 4,000 characters. A negation is taken to the terms it is of."""
    text = _condition(document, called, is_held=True).text
    return text if len(text) <= SENTENCE_MAX else text[:SENTENCE_MAX] + " …"


def _condition(document: object, subject: Subject, *, is_held: bool) -> _Part:
    parts = [_field(name, value, subject, is_held=is_held) for name, value in _pairs(document)]
    return _together(parts, "and" if is_held else "or", "always" if is_held else "never")


def _field(name: str, value: object, subject: Subject, *, is_held: bool) -> _Part:
    if name in JOINING:
        return _several(name, value, subject, is_held=is_held)
    if name == "$not":
        return _condition(value, subject, is_held=not is_held)
    if name in GROUPS:
        is_in = is_held is (name == "$inGroup")
        return _Part(f"the customer is {'' if is_in else 'not '}in the segment {value}")
    return _operators(name, subject(name), _operators_of(value), is_held=is_held)


def _several(name: str, value: object, subject: Subject, *, is_held: bool) -> _Part:
    each_held = is_held is not (name == "$nor")
    conditions = value if isinstance(value, list) else []
    parts = [_condition(one, subject, is_held=each_held) for one in conditions]
    is_all = is_held is (name != "$or")
    if not parts:
        return _Part("always" if is_held else "never")
    return _together(parts, "and" if is_all else "or", "")


def _operators(path: str, subject: str, value: object, *, is_held: bool) -> _Part:
    parts = [_operator(path, subject, name, one, is_held=is_held) for name, one in _pairs(value)]
    return _together(parts, "and" if is_held else "or", "always" if is_held else "never")


def _operator(path: str, subject: str, name: str, expected: object, *, is_held: bool) -> _Part:
    if name == "$not":
        return _operators(path, subject, expected, is_held=not is_held)
    if name == "$elemMatch":
        return _Part(_entries(path, subject, expected, is_held=is_held))
    if name == "$size" and isinstance(expected, Mapping):
        return _operators("", f"the number of entries of {subject}", expected, is_held=is_held)
    return _Part(f"{subject} {conjugated(phrase(name, expected, is_held=is_held), subject)}")


def _entries(path: str, subject: str, expected: object, *, is_held: bool) -> str:
    names = [name for name, _ in _pairs(expected)]
    if any(name.startswith("$") and name not in (*JOINING, *GROUPS) for name in names):
        inner = _operators("", "that", expected, is_held=True)
    else:
        inner = _condition(expected, lambda one: f"whose {called(one)}", is_held=True)
    holds = conjugated("{holds}", subject)
    return f"{subject} {holds} {entry(path, is_held=is_held)} {inner.text}"


def _together(parts: Sequence[_Part], joiner: str, empty: str) -> _Part:
    if not parts:
        return _Part(empty)
    if len(parts) == 1:
        return parts[0]
    # "a and b or c" could be read in two ways; "a and b and c" only in one.
    texts = [one.text if one.joiner in ("", joiner) else f"({one.text})" for one in parts]
    # "tier is gold or silver or city is Paris" wants a comma where the eye should rest.
    is_parted = joiner == "or" and any(" or " in one.text and not one.joiner for one in parts)
    return _Part(f"{',' if is_parted else ''} {joiner} ".join(texts), joiner)


def _operators_of(value: object) -> object:
    if isinstance(value, Mapping) and ATTR not in value and any(str(one).startswith("$") for one in value):
        return value
    return {"$eq": value}


def _pairs(document: object) -> Iterator[tuple[str, object]]:
    if not isinstance(document, Mapping):
        return iter(())
    return ((str(name), value) for name, value in document.items())
