"""Finished canvases, to be copied and drawn on at every open: packed, and unpacked while they are in use."""

import io
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from isal import isal_zlib
from PIL import Image as Pictures

from renderers.canvas import Canvas, Flat, Photo
from renderers.colour import Rgb
from renderers.jpeg import Cells

READY_BYTES = 6 * 2**20
"""About so much a process keeps unpacked, of all stills together."""

_LEVEL = 1
_OBJECTS_BYTES = 2_000  # what stands around the pixels, with the rest of a design

_Kept = TypeVar("_Kept", bound=Canvas)


class Still(Generic[_Kept]):
    """A canvas that nobody changes any more.

    It holds its pixels packed, exactly as they were, and for a photograph its cells of JPEG too. The first
    copy unpacks them, in some 2 ms for a photograph of 600 by 200 pixels; the next ones find them ready.
    """

    def __init__(self, canvas: _Kept) -> None:
        self.bitmap = canvas.bitmap
        self._packed = _Flat.of(canvas) if isinstance(canvas, Flat) else _Photo.of(canvas)

    @property
    def held_bytes(self) -> int:
        return self._packed.held_bytes + _OBJECTS_BYTES

    def copy(self) -> _Kept:
        """A canvas of one's own."""
        return cast("_Kept", _READY.canvas(self).copy())

    def unpacked(self) -> Canvas:
        return self._packed.canvas()


@dataclass(frozen=True, slots=True)
class _Flat:
    bitmap: tuple[int, int]
    palette: tuple[Rgb, ...]
    indices: bytes

    @classmethod
    def of(cls, canvas: Flat) -> "_Flat":
        return cls(canvas.bitmap, tuple(canvas.palette), isal_zlib.compress(canvas.indices.tobytes(), _LEVEL))

    @property
    def held_bytes(self) -> int:
        return len(self.indices) + 100 * len(self.palette)

    def canvas(self) -> Flat:
        canvas = Flat(self.bitmap, self.palette[0])
        canvas.indices = Pictures.frombytes("L", self.bitmap, isal_zlib.decompress(self.indices))
        canvas.palette = list(self.palette)
        canvas.learn()
        return canvas


@dataclass(frozen=True, slots=True)
class _Photo:
    pixels: bytes
    """As a PNG: its filters take half off a photograph, where packing alone takes next to nothing."""
    cells: Cells | None

    @classmethod
    def of(cls, canvas: Photo) -> "_Photo":
        out = io.BytesIO()
        canvas.own.save(out, "PNG", compress_level=_LEVEL)
        return cls(out.getvalue(), None if canvas.is_drawing else Cells(canvas.own))

    @property
    def held_bytes(self) -> int:
        return len(self.pixels) + (self.cells.held_bytes if self.cells else 0)

    def canvas(self) -> Photo:
        with Pictures.open(io.BytesIO(self.pixels), formats=("PNG",)) as picture:
            picture.load()
            canvas = Photo(picture.copy(), is_drawing=self.cells is None)
        canvas.cells = self.cells
        return canvas


class Ready:
    """The canvases copied last. The newest stays however large it is: it is about to be copied again."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._held: OrderedDict[Still[Any], Canvas] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def canvas(self, still: Still[Any]) -> Canvas:
        with self._lock:
            found = self._held.get(still)
            if found is not None:
                self._held.move_to_end(still)
                return found
        found = still.unpacked()
        with self._lock:
            if still not in self._held:
                self._held[still] = found
                self._bytes += found.held_bytes
            while self._bytes > self._max_bytes and len(self._held) > 1:
                _, dropped = self._held.popitem(last=False)
                self._bytes -= dropped.held_bytes
        return found


_READY = Ready(READY_BYTES)
