"""What ends a command with a plain line: everything else is a bug and keeps its traceback."""

from app.domain.problems import Refused
from app.settings import WrongSettings
from app.stores.absence import Unavailable


class Failed(Exception):
    """The command cannot be carried out; the message says what to do."""


def failure_of(error: Exception) -> str | None:
    """What to tell of an error, or None for a bug."""
    if isinstance(error, Failed | WrongSettings | Unavailable | Refused):
        return f"mailtide: {error}"
    if isinstance(error, OSError) and error.filename:
        return f"mailtide: {error.filename}: {error.strerror}"
    return None
