"""Two grounds to draw on: flat colours as palette indices, and photographs and gradients as RGB.

Both stamp masks of one colour; every stamp says the ground it lies on, because a flat canvas mixes the
edges from those two colours alone. That keeps flat pictures at few colours, and so small.
"""

import math
from functools import lru_cache
from typing import Any

from PIL import Image as Pictures
from PIL import ImageDraw, _imaging

from renderers.colour import Rgb, mix
from renderers.encode import is_better_as_png, jpeg, png
from renderers.jpeg import Cells
from renderers.model import Image
from renderers.png import encode as encode_palette

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are the first ones outside."""

_STEPS = 15  # with the ground 16 colours an edge: four bits a pixel for text on one ground
_KEPT_PX = 10_000
_COLOUR_BYTES = 100  # what knowing a colour's place takes
_SPRITE_COLOURS = 24  # of an emoji on a flat canvas: five of them leave room for words
_SPRITE_EDGE = 12
_FINE = 4  # corners are drawn this much larger and reduced


class Flat:
    """Palette indices; encodes as PNG.

    At most `most` colours are drawn with, further ones by their nearest; an edge takes `steps` of them.
    """

    most = 256
    steps = _STEPS

    def __init__(self, bitmap: tuple[int, int], ground: Rgb) -> None:
        self.indices = Pictures.new("L", bitmap, 0)
        self.palette: list[Rgb] = [ground]
        self.places: dict[Rgb, int] = {}
        self.known = 0

    @classmethod
    def of(cls, picture: Pictures.Image, *, colours: int) -> "Flat":
        """An RGB picture in its most important colours."""
        reduced = picture.quantize(colours, method=Pictures.Quantize.MEDIANCUT)
        flat = cls(picture.size, (0, 0, 0))
        flat.indices = Pictures.frombytes("L", picture.size, reduced.tobytes())
        parts = reduced.getpalette() or []
        flat.palette = [(parts[at], parts[at + 1], parts[at + 2]) for at in range(0, len(parts), 3)][:colours]
        return flat

    @property
    def bitmap(self) -> tuple[int, int]:
        return self.indices.size

    @property
    def held_bytes(self) -> int:
        return self.indices.width * self.indices.height + _COLOUR_BYTES * len(self.places)

    def fill(self, box: Box, colour: Rgb) -> None:
        self.indices.paste(self._index(colour), box)

    def stamp(self, mask: Pictures.Image, at: tuple[int, int], colour: Rgb, *, on: Rgb) -> None:
        """The colour through a mask whose top left is `at`, over `on`. What lies outside is cut."""
        steps, inked = _tables(self.steps)
        covered = mask.tobytes()
        drawn = covered.translate(steps.translate(self._places(_ramp(on, colour, self.steps))))
        self._put(mask.size, drawn, at, covered.translate(inked))

    def show(self, picture: Pictures.Image, at: tuple[int, int], *, on: Rgb) -> None:
        """An RGBA picture whose top left is `at`, over `on`, in few colours. What lies outside is cut."""
        indices, colours, inked = _in_few_colours(picture.tobytes(), picture.size, on)
        places = bytes([self._index(colour) for colour in colours]).ljust(256)
        self._put(picture.size, indices.translate(places), at, inked)

    def _put(self, size: tuple[int, int], indices: bytes, at: tuple[int, int], inked: bytes) -> None:
        box = (at[0], at[1], at[0] + size[0], at[1] + size[1])
        self.indices.im.paste(_plane(size, indices), box, _plane(size, inked))

    def copy(self) -> "Flat":
        other = Flat.__new__(Flat)
        other.indices = self.indices.copy()
        other.palette, other.places, other.known = list(self.palette), dict(self.places), self.known
        other.most, other.steps = self.most, self.steps
        return other

    def paletted(self) -> Pictures.Image:
        picture = self.indices.copy()
        picture.putpalette([part for colour in self.palette for part in colour])
        return picture

    def encode(self) -> Image:
        return encode_palette(self.indices, self.palette)

    def learn(self) -> None:
        """Looks where the colours stand, if some were put in from outside, perhaps one of them twice."""
        if self.known != len(self.palette):
            self.places = {each: at for at, each in reversed(list(enumerate(self.palette)))}
            self.known = len(self.palette)

    def _places(self, ramp: tuple[Rgb, ...]) -> bytes:
        """Where the colours stand in the palette, as a table for bytes.translate."""
        self.learn()
        places, found = self.places, []
        for shade in ramp:
            place = places.get(shade)
            if place is None:
                place = self._index(shade)
            found.append(place)
        return bytes(found).ljust(256)

    def _index(self, colour: Rgb) -> int:
        """The colour's place in the palette, or its nearest neighbour's once all are taken."""
        self.learn()
        place = self.places.get(colour)
        if place is not None:
            return place
        if len(self.palette) < self.most:
            self.places[colour] = self.known
            self.palette.append(colour)
            self.known += 1
            return self.known - 1
        distances = [sum((a - b) ** 2 for a, b in zip(colour, other, strict=True)) for other in self.palette]
        return distances.index(min(distances))


def _plane(size: tuple[int, int], values: bytes) -> Any:
    """A picture that reads the bytes where they are; Pillow's `frombuffer` takes ten times as long to ask."""
    return _imaging.map_buffer(values, size, "raw", 0, ("L", 0, 1))


# Kept, since the same emoji is shown on the same ground to everybody.
@lru_cache(maxsize=32)
def _in_few_colours(pixels: bytes, size: tuple[int, int], on: Rgb) -> tuple[bytes, tuple[Rgb, ...], bytes]:
    """An RGBA picture over a ground: indices, their colours, and where it leaves anything."""
    picture = Pictures.frombytes("RGBA", size, pixels)
    over = Pictures.new("RGB", size, on)
    over.paste(picture, (0, 0), picture)
    few = over.quantize(_SPRITE_COLOURS, method=Pictures.Quantize.MEDIANCUT, dither=Pictures.Dither.NONE)
    parts = few.getpalette() or []
    colours = tuple((parts[at], parts[at + 1], parts[at + 2]) for at in range(0, len(parts) - 2, 3))
    inked = bytes(255 if alpha > _SPRITE_EDGE else 0 for alpha in picture.getchannel("A").tobytes())
    return few.tobytes(), colours[:_SPRITE_COLOURS], inked


# bytes.translate looks values up six times as fast as Pillow's own Image.point.
@lru_cache(maxsize=4)
def _tables(steps: int) -> tuple[bytes, bytes]:
    """For each value of a mask: its step of a ramp, and whether it leaves anything at all."""
    step_of = bytes((value * steps + 127) // 255 for value in range(256))
    return step_of, bytes(255 if step else 0 for step in step_of)


@lru_cache(maxsize=256)
def _ramp(on: Rgb, colour: Rgb, steps: int) -> tuple[Rgb, ...]:
    return tuple(mix(on, colour, step / steps) for step in range(steps + 1))


class Photo:
    """RGB; encodes as JPEG, or as PNG where it began as a drawing.

    Of a copy that was drawn on, only the cells with changes are encoded. Whoever takes `picture` may change
    it anywhere, so after that the whole is encoded.
    """

    def __init__(self, picture: Pictures.Image, *, is_drawing: bool | None = None) -> None:
        self.own = picture
        self._is_drawing = is_drawing
        self.origin: Photo | None = None
        self.changed: list[Box] = []
        self.cells: Cells | None = None

    @property
    def is_drawing(self) -> bool:
        """Whether it goes out as a PNG. Found out by trying both, where nobody has said so, and then kept."""
        if self._is_drawing is None:
            self._is_drawing = is_better_as_png(self.own)
        return self._is_drawing

    @property
    def picture(self) -> Pictures.Image:
        self.origin = self.cells = None
        return self.own

    @property
    def bitmap(self) -> tuple[int, int]:
        return self.own.size

    @property
    def held_bytes(self) -> int:
        # Pillow keeps RGB in four bytes a pixel; the cells of a photograph take a tenth of that or less.
        return 4 * self.own.width * self.own.height * 11 // 10

    def fill(self, box: Box, colour: Rgb) -> None:
        self._change(box)
        self.own.paste(colour, box)

    def stamp(self, mask: Pictures.Image, at: tuple[int, int], colour: Rgb, *, on: Rgb) -> None:  # noqa: ARG002
        box = (at[0], at[1], at[0] + mask.width, at[1] + mask.height)
        self._change(box)
        self.own.paste(colour, box, mask)

    def show(self, picture: Pictures.Image, at: tuple[int, int], *, on: Rgb) -> None:  # noqa: ARG002
        box = (at[0], at[1], at[0] + picture.width, at[1] + picture.height)
        self._change(box)
        self.own.paste(picture, box, picture)

    def copy(self) -> "Photo":
        other = Photo(self.own.copy(), is_drawing=self.is_drawing)
        if not self.is_drawing:
            other.origin = self
        return other

    def encode(self) -> Image:
        if self.is_drawing:
            return png(self.own)
        if self.origin is None:
            return jpeg(self.own)
        if self.origin.cells is None:
            self.origin.cells = Cells(self.origin.own)
        return Image(self.origin.cells.with_changes(self.own, self.changed), "image/jpeg", *self.bitmap)

    def _change(self, box: Box) -> None:
        self.cells = None
        self.changed.append(box)


Canvas = Flat | Photo


def rounded(width_px: int, height_px: int, radius_px: int) -> Pictures.Image:
    """A filled box with round corners, as a mask; small ones are kept, so nobody may change it."""
    if width_px * height_px > _KEPT_PX:
        return _rounded(width_px, height_px, radius_px)
    return _kept_rounded(width_px, height_px, radius_px)


def _rounded(width_px: int, height_px: int, radius_px: int) -> Pictures.Image:
    mask = Pictures.new("L", (width_px, height_px), 255)
    radius = min(radius_px, width_px // 2, height_px // 2)
    if radius > 0:
        disc = _disc(radius)
        for left in (0, radius):
            for top in (0, radius):
                corner = disc.crop((left, top, left + radius, top + radius))
                mask.paste(corner, (left and width_px - radius, top and height_px - radius))
    return mask


_kept_rounded = lru_cache(maxsize=24)(_rounded)  # buttons and badges: the same at the next open


# Kept by radius, not by box: a handful of small squares serve every panel.
@lru_cache(maxsize=32)
def _disc(radius: int) -> Pictures.Image:
    large = Pictures.new("L", (2 * radius * _FINE, 2 * radius * _FINE), 0)
    ImageDraw.Draw(large).ellipse((0, 0, 2 * radius * _FINE - 1, 2 * radius * _FINE - 1), fill=255)
    return large.reduce(_FINE)


def panel(canvas: Canvas, box: Box, colour: Rgb, *, on: Rgb, radius_px: int = 0) -> None:
    """A box of one colour, its corners round where a radius is given."""
    left, top, right, bottom = box
    if right <= left or bottom <= top:
        return
    if radius_px < 1:
        canvas.fill(box, colour)
    else:
        canvas.stamp(rounded(right - left, bottom - top, radius_px), (left, top), colour, on=on)


def gradient(bitmap: tuple[int, int], start: Rgb, end: Rgb, angle_deg: int) -> Pictures.Image:
    """A linear gradient as CSS draws it: 0 goes up, 90 to the right; it reaches from corner to corner."""
    width, height = bitmap
    across, down = math.sin(math.radians(angle_deg)), -math.cos(math.radians(angle_deg))
    length = abs(width * across) + abs(height * down) or 1.0
    # Each pixel's way along the gradient's line, as a value from 0 to 255: an affine view of a ramp.
    ramp = Pictures.linear_gradient("L").rotate(90)
    scale = 255 / length
    shift = 127.5 + 0.5 - scale * (across * width + down * height) / 2
    along = ramp.transform(
        bitmap,
        Pictures.Transform.AFFINE,
        (scale * across, scale * down, shift, 0, 0, 128),
        resample=Pictures.Resampling.BILINEAR,
    )
    bands = [
        along.point([round(a + (b - a) * at / 255) for at in range(256)])
        for a, b in zip(start, end, strict=True)
    ]
    return Pictures.merge("RGB", bands)
