"""Moving GIFs made lighter: written anew with few colours and only what changes, then with fewer frames."""

import struct
from dataclasses import dataclass

from PIL import Image as Pictures
from PIL import ImageChops

from renderers import gif

# One colour is left for "unchanged": so many are exactly 8, 7, 6 and 5 bits a pixel.
STEPS = ((255, 1), (127, 1), (63, 1), (63, 2), (31, 2), (31, 4))
"""Colours, and of how many frames one is kept. The first changes what few can see."""

PIXELS_TO_TRY = 200_000_000  # of all frames of all steps: 4 s; longer clips begin at a later step
_SAMPLED = 4
_FASTEST_CS = 2  # browsers show what is faster for 100 ms
_USUAL_CS = 10
_MOST_CS = 0xFFFF


@dataclass(frozen=True, slots=True)
class Thinned:
    """A lighter file; `change` says in words what was done."""

    content: bytes
    change: str


def thinned(picture: Pictures.Image, max_bytes: int) -> Thinned | None:
    """A moving GIF at the first step that fits, or at the last; None where it can be seen through."""
    frames = getattr(picture, "n_frames", 1)
    sample = _sample(picture, frames)
    if sample is None:
        return None
    delays = [_delay_cs(picture, number) for number in range(frames)]
    affordable = PIXELS_TO_TRY // (frames * picture.width * picture.height)
    steps = [(colours, every) for colours, every in STEPS if every < frames][-max(1, affordable) :]
    for colours, every in steps:
        is_last = (colours, every) == steps[-1]
        palette = sample.quantize(colours, method=Pictures.Quantize.MEDIANCUT)
        shown = [(at, min(sum(delays[at : at + every]), _MOST_CS)) for at in range(0, frames, every)]
        content = _written(picture, palette, shown, None if is_last else max_bytes)
        if content is not None:
            return Thinned(content, _told(colours, frames, every))
    return None


def _told(colours: int, frames: int, every: int) -> str:
    fewer = f" and {-(-frames // every)} frames instead of {frames}" if every > 1 else ""
    return f"made lighter, with {colours} colours{fewer}"


def _sample(picture: Pictures.Image, frames: int) -> Pictures.Image | None:
    """Some frames under each other, whose colours are chosen from; None where one can be seen through."""
    wide, high = picture.size
    found = Pictures.new("RGB", (wide, high * _SAMPLED))
    for place in range(_SAMPLED):
        frame = _frame(picture, place * (frames - 1) // (_SAMPLED - 1))
        if frame is None:
            return None
        found.paste(frame, (0, place * high))
    return found


def _frame(picture: Pictures.Image, number: int) -> Pictures.Image | None:
    """A frame with all that lies below it; None where it can be seen through."""
    picture.seek(number)
    whole = picture.convert("RGBA")
    if whole.getchannel("A").getextrema() != (255, 255):
        return None
    return whole.convert("RGB")


def _written(
    picture: Pictures.Image, palette: Pictures.Image, shown: list[tuple[int, int]], max_bytes: int | None
) -> bytes | None:
    """The file of these frames, each with how long it is shown; None as soon as it has too many bytes."""
    parts = palette.getpalette() or []
    table = [(parts[at], parts[at + 1], parts[at + 2]) for at in range(0, len(parts), 3)]
    unchanged, bits = len(table), gif.bits_for(len(table) + 1)
    blocks = [gif.header(picture.size, [*table, (0, 0, 0)])]
    if "loop" in picture.info:
        blocks.append(gif.LOOP_FOREVER[:-3] + struct.pack("<HB", picture.info["loop"] & 0xFFFF, 0))
    taken, below = len(blocks[0]), None
    for number, shown_cs in shown:
        frame = _frame(picture, number)
        if frame is None:
            return None
        indices = _indices(frame, palette)
        step = _step(indices, below, bits, unchanged)
        blocks += (gif.control(shown_cs, unchanged), step)
        taken, below = taken + gif.CONTROL_LENGTH + len(step), indices
        if max_bytes is not None and taken > max_bytes:
            return None
    return b"".join((*blocks, gif.TRAILER))


def _delay_cs(picture: Pictures.Image, number: int) -> int:
    picture.seek(number)
    delay = int(picture.info.get("duration", 0)) // 10
    return delay if delay >= _FASTEST_CS else _USUAL_CS


def _indices(frame: Pictures.Image, palette: Pictures.Image) -> Pictures.Image:
    reduced = frame.quantize(palette=palette, dither=Pictures.Dither.NONE)
    return Pictures.frombytes("L", reduced.size, reduced.tobytes())


def _step(indices: Pictures.Image, below: Pictures.Image | None, bits: int, unchanged: int) -> bytes:
    """The rectangle that changes; a frame that changes nothing leaves one pixel as it is."""
    if below is None:
        return gif.rectangle(indices, (0, 0), bits)
    same = ImageChops.difference(indices, below).point([255, *[0] * 255])
    box = ImageChops.invert(same).getbbox() or (0, 0, 1, 1)
    changed = indices.crop(box)
    changed.paste(unchanged, (0, 0), same.crop(box))
    return gif.rectangle(changed, (box[0], box[1]), bits)
