"""JPEGs of which only the changed rows are encoded again: bands between restart markers.

A restart marker makes what follows independent of what went before, so bands of one size, quality and tables
may be joined from several files. Format: ITU-T T.81, B.1.1.3 and E.1.4.
"""

import io
import re
from collections.abc import Collection
from itertools import pairwise

from PIL import Image as Pictures

BAND_PX = 16
QUALITY = 86

_BAND_ROWS = BAND_PX // 8  # of blocks: 4:4:4, because halved colour planes smear coloured text
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_END = b"\xff\xd9"


class Bands:
    """A picture encoded once. What is drawn on a copy of it costs the bands it lies in."""

    def __init__(self, picture: Pictures.Image) -> None:
        self._head, self._parts = _split(_encoded(picture))

    @property
    def held_bytes(self) -> int:
        return len(self._head) + sum(len(part) for part in self._parts)

    def with_changes(self, picture: Pictures.Image, changed: Collection[int]) -> bytes:
        """The file of a picture that differs in these bands only."""
        parts = list(self._parts)
        for first, last in _stretches(changed, len(parts)):
            rows = (0, first * BAND_PX, picture.width, min(picture.height, (last + 1) * BAND_PX))
            parts[first : last + 1] = _split(_encoded(picture.crop(rows)))[1]
        joined = [self._head]
        for at, part in enumerate(parts):
            joined += (part, bytes((0xFF, 0xD0 + at % 8)))
        joined[-1] = _END
        return b"".join(joined)


def _encoded(picture: Pictures.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, subsampling="4:4:4", restart_marker_rows=_BAND_ROWS)
    return out.getvalue()


def _split(data: bytes) -> tuple[bytes, list[bytes]]:
    """What stands before the pixels, and the bands. A marker in them is one: data has FF only before 00."""
    scan = data.index(b"\xff\xda")
    start = scan + 2 + int.from_bytes(data[scan + 2 : scan + 4], "big")
    return data[:start], _RESTART.split(data[start : -len(_END)])


def _stretches(changed: Collection[int], count: int) -> list[tuple[int, int]]:
    """First and last of each run of neighbours; an unchanged band between two costs less than a stop."""
    places = sorted(at for at in changed if 0 <= at < count)
    if not places:
        return []
    gaps = [(one, other) for one, other in pairwise(places) if other - one > 2]
    firsts = [places[0], *(other for _, other in gaps)]
    lasts = [*(one for one, _ in gaps), places[-1]]
    return list(zip(firsts, lasts, strict=True))
