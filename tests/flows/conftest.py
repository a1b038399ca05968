"""The desk, for tests of flows."""

from tests.desk import desk

__all__ = ["desk"]
