"""How large a rule may be, and what one is once it is compiled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

TERMS_MAX = 200
DEPTH_MAX = 8
LIST_MAX = 1_000
TEXT_MAX = 1_000
EXPANDED_MAX = 1_000  # terms of a rule and of all segments below it
REACH_MAX = 8  # segments inside segments

# (what is looked at, the whole context) -> whether it holds. The second is for what may stand
# anywhere in a rule and still be about the open: other attributes, this moment, segments.
Test = Callable[[object, object], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled condition: the paths it reads, also by its segments, and whether it holds for a context."""

    paths: frozenset[str]
    holds: Callable[[object], bool]
    document: object = None
    terms: int = 0
    reach: int = 0
    segments: Mapping[str, "Rule"] = field(default_factory=dict)
    """The segments it names itself, by name."""

    @property
    def segment_ids(self) -> frozenset[str]:
        """Every segment it depends on, also through others."""
        return frozenset(self.segments).union(*(one.segment_ids for one in self.segments.values()))


def never(_: object, __: object) -> bool:
    """What stands where a fault was found."""
    return False


def always(_: object, __: object) -> bool:
    """What an empty condition does."""
    return True
