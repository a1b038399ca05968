"""The process: limits itself, reads a file from its input, writes a line of JSON and the picture.

Its arguments: how many bytes a moving picture may have before it is made lighter; `fonts` if they are taken.
"""

import json
import resource
import sys
from dataclasses import asdict

from app.flows.cleaning import fonts
from app.flows.cleaning.cleaned import KEPT_BYTES, Cleaned, Unfit, clean

MEMORY_BYTES = 640 * 2**20
CPU_S = 10
OUTPUT_BYTES = KEPT_BYTES + 2**16
FILES = 32
UNFIT = 3  # not 1: Python leaves with that on any bug


def main() -> int:
    """0: cleaned; UNFIT, and the line says why. Anything else: it went over its limits, or crashed."""
    _limit()
    try:
        cleaned = _cleaned(sys.stdin.buffer.read())
    except Unfit as wrong:
        print(json.dumps({"unfit": str(wrong)}))  # noqa: T201 - its output is how it answers
        return UNFIT
    told = asdict(cleaned)
    content = told.pop("content")
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + content)
    sys.stdout.buffer.flush()
    return 0


def _cleaned(data: bytes) -> Cleaned:
    if "fonts" in sys.argv and fonts.is_font(data):
        return fonts.clean(data)
    return clean(data, moving_bytes=int(sys.argv[1]))


def _limit() -> None:
    limits = {
        resource.RLIMIT_CPU: CPU_S,
        resource.RLIMIT_FSIZE: OUTPUT_BYTES,
        resource.RLIMIT_NOFILE: FILES,
        resource.RLIMIT_CORE: 0,
    }
    if sys.platform != "darwin":  # macOS knows the name and refuses every value
        limits[resource.RLIMIT_AS] = MEMORY_BYTES
    for limit, most in limits.items():
        _, hard = resource.getrlimit(limit)
        bounded = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (bounded, bounded))


if __name__ == "__main__":
    sys.exit(main())
