"""An uploaded file is made a plain picture, in a process of bounded memory and time, without secrets."""

import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO

import app
from app.flows.cleaning.__main__ import UNFIT
from app.flows.cleaning.cleaned import MOVING_BYTES, Cleaned

WALL_S = 20
AT_ONCE = 2  # each may take 640 MB

_HOUSE = Path(app.__file__).parent.parent
_COMMAND = (sys.executable, "-E", "-s", "-m", "app.flows.cleaning")
_places = threading.BoundedSemaphore(AT_ONCE)


class Unusable(Exception):
    """A file no plain picture can be made of; the text says why and what to do."""


def normalise(content: bytes, *, moving_bytes: int = MOVING_BYTES, is_font_taken: bool = False) -> Cleaned:
    """The plain picture of a file: upright, sRGB, no metadata, at most 2,000 pixels a side and 2 MB.

    A moving GIF of more than `moving_bytes` is made lighter. Where fonts are taken, one becomes a
    plain font of 2 MB at most. Raises Unusable.
    """
    told_how = (str(moving_bytes), *(("fonts",) if is_font_taken else ()))
    with _places, tempfile.TemporaryFile() as output:
        code = _run(content, told_how, output)
        output.seek(0)
        told = output.readline()
        if code == 0:
            return Cleaned(content=output.read(), **json.loads(told))
    if code == UNFIT:
        raise Unusable(json.loads(told)["unfit"])
    # The limits end it with a signal, or with whatever a decoder does when there is no memory left.
    raise Unusable(
        "takes more time or memory to read than an upload may: make it smaller and upload it again"
    )


def _run(content: bytes, told_how: tuple[str, ...], output: IO[bytes]) -> int | None:
    # Not forked from here: a web process has threads. An empty environment: its decoders need no secrets.
    process = subprocess.Popen(  # noqa: S603 - our own program
        (*_COMMAND, *told_how),
        cwd=_HOUSE,
        env={},
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.communicate(content, timeout=WALL_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None
    return process.returncode
