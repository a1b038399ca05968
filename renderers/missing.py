"""Characters that no face covers, each once, counted by script: which face is worth adding."""

import threading
import unicodedata
from collections import Counter

KNOWN_MAX = 10_000

_known: set[str] = set()
_lock = threading.Lock()


def note(char: str) -> None:
    """A character is drawn as `□`."""
    if char not in _known:
        with _lock:
            if len(_known) < KNOWN_MAX:
                _known.add(char)


def counts() -> dict[str, int]:
    """How many different ones this process met, by script."""
    with _lock:
        return dict(Counter(map(_script, _known)))


def _script(char: str) -> str:
    # The first word of a letter's name is its script; symbols have names of their own.
    if unicodedata.category(char)[0] not in "LM":
        return "symbols"
    return unicodedata.name(char, "unnamed").partition(" ")[0].lower()
