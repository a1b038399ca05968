"""`python -m tests.renderers.largest`: the memory that each kind takes at the largest canvas, as JSON in MB.

Each in a process of its own, after a first picture of the usual size: what all share is no part of it.
"""

import gc
import json
import os
from collections.abc import Mapping
from pathlib import Path

from renderers import KINDS, MAX_CANVAS_PX, Size
from renderers import compile as compile_design
from tests.renderers.gallery import NOW, assets

LARGEST = Size(MAX_CANVAS_PX, MAX_CANVAS_PX)
LETTERED = {
    "background": "asset:hero",
    "layers": [
        {"text": "{{ x }}", "size_px": 200, "rotation": 30, "stroke": {"colour": "#000000"}, "shadow": {}}
    ],
}
CASES: Mapping[str, tuple[str, Mapping[str, object]]] = {
    **{kind: (kind, KINDS[kind].example) for kind in KINDS},
    "layers with every effect": ("layers", LETTERED),
}
_FIXED = {"/unit": "celsius"} | {f"/items/{at}/picture": "" for at in range(6)}


def draw(kind: str, params: Mapping[str, object], size: Size) -> None:
    design = compile_design(kind, params, size=size, assets={"hero": assets()["photo"]})
    samples = KINDS[kind].templatable.items()
    values = {at: _FIXED.get(at, "Ana" if sample in ("x", "") else sample) for at, sample in samples}
    design.render(values, now=NOW)
    design.render(values, now=NOW)


def peak_mb(kind: str, params: Mapping[str, object]) -> float:
    """Of compiling and drawing twice, above what the process had before."""
    draw(kind, params, Size(*KINDS[kind].example_size))
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the highest mark starts again
    before = _status_mb("VmRSS")
    draw(kind, params, LARGEST)
    return _status_mb("VmHWM") - before


def _status_mb(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


def _in_a_child(kind: str, params: Mapping[str, object]) -> float:
    reading, writing = os.pipe()
    if os.fork() == 0:
        try:
            os.write(writing, json.dumps(peak_mb(kind, params)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        found = told.read()
    os.wait()
    return float(found)


if __name__ == "__main__":
    print(json.dumps({name: _in_a_child(*case) for name, case in CASES.items()}))
