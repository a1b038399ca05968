"""The tree evaluated again, term by term, by other code than the closures: what each saw, whether it held.

Slow and plain on purpose. A property test holds the two evaluations to the same answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.paths import MISSING, escaped, read
from app.domain.rules.bounds import LIST_MAX, Rule
from app.domain.rules.judging import holds_of
from app.domain.rules.operators import ATTR, GROUPS, JOINING


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison as it went: where it stands, what it asked for, what it saw, whether it held.

    `segment` names the segment whose rule it stands in; its pointer then leads into that rule.
    """

    pointer: str
    path: str
    operator: str
    expected: object
    seen: object
    held: bool
    segment: str | None = None


@dataclass(frozen=True, slots=True)
class Traced:
    """Whether the whole rule held, and every term of it in the order written."""

    held: bool
    terms: list[Term]


def trace(document: object, context: object, segments: Mapping[str, Rule] | None = None) -> list[Term]:
    """Every term of a good rule, in the order written; those of a segment follow the term that names it."""
    return evaluate(document, context, segments).terms


def evaluate(document: object, context: object, segments: Mapping[str, Rule] | None = None) -> Traced:
    """Evaluate a good rule (one that was compiled) without its closures."""
    walk = _Walk(context, segments or {})
    held = walk.condition(document, context, "")
    return Traced(held, walk.terms)


class _Walk:
    """One evaluation: nothing is cut short, so that every term is told."""

    def __init__(self, root: object, segments: Mapping[str, Rule], segment: str | None = None) -> None:
        self.terms: list[Term] = []
        self._root = root
        self._segments = segments
        self._segment = segment
        self._is_silent = 0  # inside an element of a list

    def condition(self, document: object, scope: object, at: str) -> bool:
        fields = [
            self._field(name, value, scope, f"{at}/{escaped(name)}") for name, value in _pairs(document)
        ]
        return all(fields)

    def _field(self, name: str, value: object, scope: object, at: str) -> bool:
        if name in JOINING:
            parts = value if isinstance(value, list) else []
            held = [self.condition(one, scope, f"{at}/{place}") for place, one in enumerate(parts)]
            return {"$and": all(held), "$or": any(held) or not held, "$nor": not any(held)}[name]
        if name == "$not":
            return not self.condition(value, scope, at)
        if name in GROUPS:
            return self._group(name, str(value), at)
        seen = _seen(scope, name)
        if not (isinstance(value, Mapping) and any(one.startswith("$") for one, _ in _pairs(value))):
            return self._term(name, "$eq", value, seen, at)
        if ATTR in value:
            return self._term(name, "$eq", value, seen, at)
        held = [self._operator(name, one, told, seen, at) for one, told in _pairs(value)]
        return all(held)

    def _operator(self, path: str, operator: str, expected: object, seen: object, at: str) -> bool:
        return self._term(path, operator, expected, seen, f"{at}/{escaped(operator)}")

    def _group(self, name: str, segment: str, at: str) -> bool:
        rule = self._segments[segment]
        inner = _Walk(self._root, rule.segments, segment)
        held = inner.condition(rule.document, self._root, "") is (name == "$inGroup")
        self._told(Term(at, "", name, segment, None, held, self._segment))
        if not self._is_silent:
            self.terms += inner.terms
        return held

    def _term(self, path: str, operator: str, expected: object, seen: object, at: str) -> bool:
        held = self._holds(operator, expected, seen, at)
        self._told(Term(at, path, operator, expected, seen, held, self._segment))
        return held

    def _told(self, term: Term) -> None:
        if not self._is_silent:
            self.terms.append(term)

    def _holds(self, operator: str, expected: object, seen: object, at: str) -> bool:
        if operator == "$not":
            return not self._values(expected, seen, at)
        if operator == "$size":
            return isinstance(seen, list) and self._sized(expected, len(seen), at)
        if operator == "$elemMatch":
            return isinstance(seen, list) and any(self._entry(expected, one, at) for one in seen[:LIST_MAX])
        if isinstance(expected, Mapping) and ATTR in expected:
            other = _seen(self._root, str(expected[ATTR]))
            return holds_of(operator, other, seen, self._root, is_other_missing=other is None)
        return holds_of(operator, expected, seen, self._root)

    def _values(self, expected: object, seen: object, at: str) -> bool:
        return all(self._holds(name, one, seen, at) for name, one in _pairs(expected))

    def _sized(self, expected: object, length: int, at: str) -> bool:
        return self._values(expected, length, at) if isinstance(expected, Mapping) else length == expected

    def _entry(self, expected: object, entry: object, at: str) -> bool:
        names = [name for name, _ in _pairs(expected)]
        self._is_silent += 1
        if any(name.startswith("$") and name not in (*JOINING, *GROUPS) for name in names):
            held = self._values(expected, entry, at)
        else:
            held = self.condition(expected, entry, at)
        self._is_silent -= 1
        return held


def _pairs(document: object) -> Iterator[tuple[str, object]]:
    return (
        ((str(name), value) for name, value in document.items())
        if isinstance(document, Mapping)
        else iter(())
    )


def _seen(scope: object, path: str) -> object:
    value = read(scope, tuple(path.split(".")))
    return None if value is MISSING else value
