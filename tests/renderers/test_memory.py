"""No kind takes more than 64 MB at the largest canvas, and no example more than 400 kB while it is kept."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from renderers import KINDS, Size
from renderers import compile as compile_design
from tests.renderers.drawing import assets

MOST_MB = 64
KEPT_BYTES = 400_000


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="Linux tells a process's highest mark")
def test_the_largest_canvas_takes_at_most_64_mb() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.renderers.largest"], capture_output=True, check=True, timeout=300
    )

    peaks = json.loads(told.stdout)

    assert set(peaks) >= set(KINDS)
    assert {name: mb for name, mb in peaks.items() if mb > MOST_MB} == {}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_design_is_kept_in_400_kb(kind: str) -> None:
    size = Size(*KINDS[kind].example_size)

    design = compile_design(kind, KINDS[kind].example, size=size, assets={"hero": assets()["photo"]})

    assert design.held_bytes <= KEPT_BYTES
