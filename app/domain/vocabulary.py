"""The vocabulary of a deployment: the segments and the attributes that its rules may name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from app.domain.attributes import Catalogue
from app.domain.built_in_attributes import BUILT_IN
from app.domain.problems import Invalid, Problem
from app.domain.rules import Rule, compile_rule
from app.domain.rules.operators import GROUPS

Document = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Segments, compiled, by id; and the catalogue."""

    segments: Mapping[str, Rule] = field(default_factory=dict)
    catalogue: Catalogue = BUILT_IN


def compile_segments(rules: Mapping[str, object]) -> dict[str, Rule]:
    """Segments from their conditions, by id.

    Raises Invalid, with pointers that begin with the id of a segment: one that names itself by whatever
    way, one that is not there, or a fault in a condition.
    """
    compiled: dict[str, Rule] = {}
    for segment_id in in_order(rules):
        compiled[segment_id] = compile_rule(rules[segment_id], pointer=f"/{segment_id}", segments=compiled)
    return compiled


def in_order(rules: Mapping[str, object]) -> list[str]:
    """The ids, each behind those it names. Raises Invalid for a circle."""
    order: dict[str, None] = {}
    for first in rules:
        _place(first, rules, order)
    return list(order)


def _place(first: str, rules: Mapping[str, object], order: dict[str, None]) -> None:
    # Without recursion: a chain may be as long as there are segments.
    path = {first: iter(sorted(named(rules[first])))} if first not in order else {}
    while path:
        current = next(reversed(path))
        following = next((one for one in path[current] if one in rules and one not in order), None)
        if following is None:
            order[current] = None
            del path[current]
        elif following in path:
            circle = [*list(path)[list(path).index(following) :], following]
            raise Invalid(
                problems=[
                    Problem(f"/{following}", f"a segment may not be in itself: {' names '.join(circle)}")
                ]
            )
        else:
            path[following] = iter(sorted(named(rules[following])))


def named(document: object) -> frozenset[str]:
    """The segments that stand anywhere in a document: a rule, or a block with rules in it."""
    return frozenset(_named(document))


def _named(document: object) -> Iterator[str]:
    level = [document]
    while level:
        pairs = chain.from_iterable(one.items() for one in level if isinstance(one, Mapping))
        inner = [value for one in level if isinstance(one, list) for value in one]
        for name, value in pairs:
            if name in GROUPS and isinstance(value, str):
                yield value
            inner.append(value)
        level = inner
