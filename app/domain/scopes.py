"""Scopes: what an API key may do."""

from collections.abc import Iterable
from enum import StrEnum


class Scope(StrEnum):
    """One kind of work; `admin` includes all the others."""

    INGEST = "ingest"
    DECIDE = "decide"
    AUTHOR = "author"
    REPORT = "report"
    ADMIN = "admin"


def allows(held: Iterable[str], wanted: Scope) -> bool:
    """Whether a key with these scopes may do this."""
    scopes = set(held)
    return wanted.value in scopes or Scope.ADMIN.value in scopes
