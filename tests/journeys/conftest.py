"""One deployment for each journey."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.deployment import Deployment


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """A started deployment; its processes end with the test."""
    deployment = Deployment(tmp_path)
    try:
        yield deployment.start()
    finally:
        deployment.stop()
