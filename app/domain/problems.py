"""Refusals: what is wrong with what was sent, and where."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: an RFC 6901 pointer into what was sent, and a plain sentence."""

    pointer: str
    detail: str


class Refused(Exception):
    """The request cannot be carried out; the web's table gives each subclass its status."""

    title = "Refused"

    def __init__(self, detail: str = "", problems: Sequence[Problem] = ()) -> None:
        self.problems = tuple(problems)
        self.detail = detail or "; ".join(f"{one.pointer}: {one.detail}" for one in self.problems[:5])
        super().__init__(self.detail or self.title)

    @classmethod
    def at(cls, pointer: str, detail: str) -> "Refused":
        """One fault at one place."""
        return cls(problems=(Problem(pointer, detail),))


class Invalid(Refused):
    """Fields with values that cannot be."""

    title = "Some fields are not valid"


class Malformed(Refused):
    """Not the format it claims to be."""

    title = "The request cannot be read"


class NotFound(Refused):
    """No such thing."""

    title = "Not found"


class Conflict(Refused):
    """It contradicts what is there."""

    title = "It conflicts with what is there"


class TooLarge(Refused):
    """Over a size limit."""

    title = "Too large"


class Forbidden(Refused):
    """The key may not do this."""

    title = "Not allowed"
