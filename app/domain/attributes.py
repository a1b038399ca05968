"""Attributes: what rules and templates may read, each with its type, its values and who it tells of."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.problems import Problem

ANY = "*"  # in a path, stands for any one name, or the number of a list's entry


class AttributeType(StrEnum):
    """What a value is. A datetime is written as RFC 3339 text."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATETIME = "datetime"
    LIST = "list"
    OBJECT = "object"


class Source(StrEnum):
    """Who says that there is such an attribute."""

    BUILT_IN = "built_in"
    DECLARED = "declared"
    PROPOSED = "proposed"  # seen in what a platform sent, and not confirmed by anybody


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing that may be read; without a type it may be of any. `low` and `high` bound a number."""

    path: str
    type: AttributeType | None
    about: str
    source: Source = Source.BUILT_IN
    is_personal: bool = False
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Catalogue:
    """Attributes by path. An exact path counts before one with `*` in it."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)

    @classmethod
    def of(cls, attributes: Iterable[Attribute]) -> "Catalogue":
        """A catalogue of these; of two with the same path the later one counts."""
        return cls({one.path: one for one in attributes})

    def with_more(self, attributes: Iterable[Attribute]) -> "Catalogue":
        """The same and these."""
        return Catalogue({**self.attributes, **{one.path: one for one in attributes}})

    def find(self, path: str) -> Attribute | None:
        """The attribute at a path, or None."""
        exact = self.attributes.get(path)
        if exact is not None:
            return exact
        steps = path.split(".")
        return next((self.attributes[one] for one in self._patterns() if _fits(one.split("."), steps)), None)

    def is_open(self, path: str) -> bool:
        """Whether a path leads into an attribute of any type, whose names nobody can list."""
        steps = path.split(".")
        above = (".".join(steps[:count]) for count in range(1, len(steps)))
        return any((held := self.find(one)) is not None and held.type is None for one in above)

    def below(self, steps: Sequence[str]) -> list[str]:
        """The names that may follow these steps, in the order of the catalogue."""
        found = (path.split(".") for path in self.attributes)
        return list(
            dict.fromkeys(
                one[len(steps)] for one in found if len(one) > len(steps) and _fits(one[: len(steps)], steps)
            )
        )

    def path_problem(self, path: str, pointer: str) -> Problem | None:
        """Why a path can never have a value, or None."""
        if self.find(path) is not None or self.is_open(path):
            return None
        steps = path.split(".")
        for count, step in enumerate(steps):
            known = self.below(steps[:count])
            if not known:
                held = ".".join(steps[:count])
                return Problem(pointer, f"{held} has no fields: {step[:40]!r} is not in it")
            if step not in known and ANY not in known:
                return Problem(pointer, _unknown(step, steps[:count], known))
        if ANY in self.below(steps) and len(steps) > 1:
            return None  # the whole of something whose parts are listed
        names = [name for name in self.below(steps) if name != ANY]
        example = f"{path}.{names[0]}" if names else f"{path}.tier"
        return Problem(pointer, f"{path!r} is not a value; name one of its fields, such as {example}")

    def is_personal(self, path: str) -> bool:
        """Whether a path tells something of the customer."""
        held = self.find(path)
        if held is not None:
            return held.is_personal
        root = path.partition(".")[0]
        return any(one.is_personal for one in self.attributes.values() if one.path.partition(".")[0] == root)

    def _patterns(self) -> Iterator[str]:
        return (path for path in self.attributes if ANY in path)


def near(name: str, known: Sequence[str], cutoff: float = 0.6) -> str:
    """A suggestion that ends a sentence, or nothing; `cutoff` is how alike it must be, 1 being the same."""
    found = difflib.get_close_matches(name[:40], [one for one in known if one != ANY], n=1, cutoff=cutoff)
    return f"; did you mean {found[0]!r}?" if found else ""


def _fits(pattern: Sequence[str], steps: Sequence[str]) -> bool:
    return len(pattern) == len(steps) and all(
        one in (ANY, step) for one, step in zip(pattern, steps, strict=True)
    )


def _unknown(step: str, above: Sequence[str], known: Sequence[str]) -> str:
    what = f"unknown field {step[:40]!r} of {'.'.join(above)}" if above else f"unknown root {step[:40]!r}"
    return what + (near(step, known) or f"; known are {', '.join(known)}")
