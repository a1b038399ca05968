"""What each class of message obeys and counts toward."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Switches:
    """The switches of one class. Hard suppressions are no cap: no switch reaches them."""

    obeys_caps: bool
    counts: bool
    needs_consent: bool
    obeys_unsubscribe: bool
    obeys_pause: bool


_MARKETING = Switches(
    obeys_caps=True, counts=True, needs_consent=True, obeys_unsubscribe=True, obeys_pause=True
)

CLASSES: Mapping[str, Switches] = {
    "promotional": _MARKETING,
    "lifecycle": _MARKETING,
    "service": Switches(
        obeys_caps=False, counts=True, needs_consent=False, obeys_unsubscribe=True, obeys_pause=False
    ),
    "transactional": Switches(
        obeys_caps=False, counts=False, needs_consent=False, obeys_unsubscribe=False, obeys_pause=False
    ),
}
CHANNELS = ("email", "sms", "push", "call", "visit")
FAILS_OPEN = "transactional"  # the only class that goes out while nobody can look


def switches_of(touch_class: str | None) -> Switches:
    """The switches of a class; one that nobody knows is treated as the strictest."""
    return CLASSES.get(touch_class or "", _MARKETING)
