"""Checking documents by hand: collects every fault with its pointer instead of stopping at the first."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from app.domain.paths import escaped
from app.domain.problems import Invalid, Problem

PROBLEMS_MAX = 20

Made = TypeVar("Made")


class Check:
    """The faults of one document so far; `done` raises them together."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def fault(self, pointer: str, detail: str) -> None:
        """Note one fault."""
        self.add(Problem(pointer, detail))

    def add(self, problem: Problem) -> None:
        """Note a fault somebody else found."""
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(problem)

    def done(self) -> None:
        """Raise Invalid with all faults, if there are any."""
        if self.problems:
            raise Invalid(problems=self.problems)

    def known(
        self, document: object, names: Sequence[str], at: str, *, later: Sequence[str] = ()
    ) -> Mapping[str, object]:
        """The document's fields, each of a known name; an empty one when it is no object."""
        if not isinstance(document, Mapping):
            self.fault(at, f"this is an object with {', '.join(names)}")
            return {}
        for name in document:
            if name in later:
                self.fault(f"{at}/{escaped(name)}", f"{name} is not available in this version; leave it out")
            elif name not in names:
                near = difflib.get_close_matches(str(name)[:64], names, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(names)}"
                self.fault(f"{at}/{escaped(str(name))}", "unknown field" + hint)
        return document

    def whole(
        self,
        fields: Mapping[str, object],
        name: str,
        at: str,
        *,
        low: int,
        high: int,
        default: int | None = None,
    ) -> int:
        """A whole number between two bounds."""
        value = fields.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.fault(f"{at}/{name}", f"{name} is a whole number from {low} to {high}")
            return low
        return value

    def text(self, fields: Mapping[str, object], name: str, at: str, *, longest: int, default: str) -> str:
        """A text of a bounded length."""
        value = fields.get(name, default)
        if not isinstance(value, str) or len(value) > longest:
            self.fault(f"{at}/{name}", f"{name} is a text of at most {longest} characters")
            return default
        return value

    def flag(self, fields: Mapping[str, object], name: str, at: str, *, default: bool) -> bool:
        """True or false."""
        value = fields.get(name, default)
        if not isinstance(value, bool):
            self.fault(f"{at}/{name}", f"{name} is true or false")
            return default
        return value

    def instant(self, fields: Mapping[str, object], name: str, at: str) -> datetime | None:
        """A time with an offset, or none."""
        value = fields.get(name)
        if value is None:
            return None
        try:
            instant = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None:
            self.fault(f"{at}/{name}", "a time has a date and an offset, such as 2026-11-01T00:00:00+01:00")
            return None
        return instant

    def tried(self, make: Callable[..., Made], source: Any, *, pointer: str) -> Made | None:
        """What `make` makes of the source; its faults are noted instead of raised."""
        try:
            return make(source, pointer=pointer)
        except Invalid as wrong:
            for problem in wrong.problems:
                self.add(problem)
            return None
