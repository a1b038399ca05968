"""The tree against the catalogue: attributes nobody has, values that can never be, types that do not fit.

A rule that was compiled is asked here what its author may have meant. What is certain to be wrong is a
problem; what the catalogue only supposes (attributes nobody declared, types it inferred) is a warning.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.domain.attributes import ANY, Attribute, Catalogue, Source, near
from app.domain.paths import escaped
from app.domain.problems import Problem
from app.domain.rules.fitting import misfit
from app.domain.rules.operators import ATTR, GROUPS, JOINING

NEAR = 0.8  # how alike a name must be to one that is known to be taken for a slip of the pen


@dataclass(frozen=True, slots=True)
class Findings:
    """What a rule should be refused for, and what its author should look at."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def check(document: object, catalogue: Catalogue, *, pointer: str = "") -> Findings:
    """Hold a good rule (one that was compiled) against the catalogue."""
    walk = _Walk(catalogue)
    walk.condition(document, pointer, ())
    return walk.findings


def check_path(path: str, catalogue: Catalogue, *, pointer: str = "") -> list[Problem]:
    """What the author of a template that reads this path should look at."""
    walk = _Walk(catalogue)
    walk.is_known(path, pointer, ())
    return walk.findings.problems + walk.findings.warnings


def unknown_paths(document: object, catalogue: Catalogue, *, pointer: str = "") -> list[Problem]:
    """The paths of a good rule that can never have a value, each with its place; not those inside lists."""
    walk = _Walk(catalogue)
    walk.condition(document, pointer, ())
    return walk.impossible


class _Walk:
    """One look at a rule; `above` are the steps to the list whose entry is looked at."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.findings = Findings()
        self.impossible: list[Problem] = []
        self._catalogue = catalogue
        told = (one for one in catalogue.attributes.values() if one.source is not Source.BUILT_IN)
        self._has_customers = any(told)

    def condition(self, document: object, at: str, above: tuple[str, ...]) -> None:
        for name, value in _pairs(document):
            here = f"{at}/{escaped(name)}"
            if name in JOINING:
                for place, one in enumerate(value if isinstance(value, list) else []):
                    self.condition(one, f"{here}/{place}", above)
            elif name == "$not":
                self.condition(value, here, above)
            elif name not in GROUPS:
                self._path(name, value, here, above)

    def _path(self, name: str, value: object, at: str, above: tuple[str, ...]) -> None:
        path = ".".join((*above, name))
        if not self.is_known(path, at, above):
            return
        held = self._catalogue.find(path)
        if isinstance(value, Mapping) and any(one.startswith("$") for one, _ in _pairs(value)):
            if ATTR in value:
                self._operator(path, held, "$eq", value, at)
            else:
                self._values(path, held, value, at)
        else:
            self._operator(path, held, "$eq", value, at)

    def _values(self, path: str, held: Attribute | None, value: object, at: str) -> None:
        for name, expected in _pairs(value):
            self._operator(path, held, name, expected, f"{at}/{escaped(name)}")

    def _operator(self, path: str, held: Attribute | None, name: str, expected: object, at: str) -> None:
        if name == "$not":
            self._values(path, held, expected, at)
            return
        other = None
        if isinstance(expected, Mapping) and ATTR in expected:
            other = str(expected[ATTR])
            if not self.is_known(other, f"{at}/{ATTR}", ()):
                return
        if held is not None:
            self._fits(held, name, expected, self._catalogue.find(other) if other else None, at)
        if name == "$elemMatch":
            self._entry(path, expected, at)

    def _entry(self, path: str, expected: object, at: str) -> None:
        above = (*path.split("."), ANY)
        names = [name for name, _ in _pairs(expected)]
        if any(name.startswith("$") and name not in (*JOINING, *GROUPS) for name in names):
            entry = ".".join(above)
            self._values(entry, self._catalogue.find(entry), expected, at)
        else:
            self.condition(expected, at, above)

    def _fits(self, held: Attribute, name: str, expected: object, other: Attribute | None, at: str) -> None:
        detail = misfit(held, name, expected, other)
        if detail is None:
            return
        is_certain = Source.PROPOSED not in (held.source, other.source if other else None)
        (self.findings.problems if is_certain else self.findings.warnings).append(Problem(at, detail))

    def is_known(self, path: str, at: str, above: tuple[str, ...]) -> bool:
        """Whether the catalogue has the path, or may; what is to be said of it is noted."""
        problem = self._catalogue.path_problem(path, at)
        if problem is not None:
            if not above:
                self.impossible.append(problem)
            self.findings.problems.append(_of_entry(problem, path, above, self._catalogue))
            return False
        held = self._catalogue.find(path)
        if above or not path.startswith("customer.") or (held is not None and ANY not in held.path):
            return True
        return self._is_of_customer(path, at)

    def _is_of_customer(self, path: str, at: str) -> bool:
        name = path.split(".")[1]
        known = [one for one in self._catalogue.below(("customer",)) if one != ANY]
        if name in known:
            return True  # something inside an attribute that is known, and whose parts are not
        meant = near(name, known, NEAR)
        if meant:
            self.findings.problems.append(
                Problem(at, f"unknown attribute{meant} If {name!r} is another one, declare it")
            )
            return False
        if not self._has_customers:
            return True  # before the first customer came, every name is as good as another
        self.findings.warnings.append(
            Problem(at, f"no customer has the attribute {name!r} yet, and nobody declared it")
        )
        return True


def _of_entry(problem: Problem, path: str, above: tuple[str, ...], catalogue: Catalogue) -> Problem:
    """The same of a list's entry, whose path nobody wrote."""
    if not above:
        return problem
    known = [one for one in catalogue.below(above) if one != ANY]
    step = path.split(".")[len(above)]
    hint = near(step, known) or f"; known are {', '.join(known)}"
    return Problem(problem.pointer, f"unknown attribute{hint}")


def _pairs(document: object) -> Iterator[tuple[str, object]]:
    if not isinstance(document, Mapping):
        return iter(())
    return ((str(name), value) for name, value in document.items())
