"""A house with the demo in it."""

from datetime import UTC, datetime

import pytest

from app.demo.loading import load
from app.wiring import House
from tests.web.conftest import call, house

__all__ = ["call", "house"]


@pytest.fixture
def demo(house: House) -> House:
    """The demo, loaded just now."""
    load(house, now=datetime.now(UTC))
    house.snapshot.refresh()
    return house
