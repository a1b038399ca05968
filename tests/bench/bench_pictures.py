"""The pictures that are opened most, against the best that Pillow alone can do: what can be kept is kept.

Besides the usual way for a countdown (each frame drawn whole) the rivals open their fonts once, keep a layer
with everything that does not change, and draw the rest on a copy of it; GIFs in 16 colours of one palette.
"""

import io
import shutil
import statistics
import subprocess
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont, ImageSequence

from renderers import Design, Image
from renderers import compile as compile_design
from tests.bench.bench_render import (
    FONT,
    INK,
    LOW,
    RED,
    TEAL,
    WHITE,
    WIDE,
    _cpu_ms,
    _plain_countdown,
    _product,
)
from tests.bench.bench_render import _numbers as numbers
from tests.bench.figures import beside
from tests.renderers.gallery import NOW, assets

ROUNDS = 5
CARD = {"title": "{{ x }}", "price": "{{ x }}", "old_price": "€32.00", "badge": "-25%", "button": "Look"}
DEADLINE = NOW + timedelta(days=6, hours=5, minutes=1)
USUAL_TIMES, BEST_TIMES, KEPT_TIMES, SMALLER = 1_500, 200, 50_000, 15
FLAT_TIMES, PHOTO_TIMES, FLAT_SMALLER = 10, 2, 2


def rows() -> list[dict[str, Any]]:
    """CPU milliseconds and bytes beside the rivals'; a target is how many times less."""
    return [*_countdowns(), *_cards()]


def _countdowns() -> list[dict[str, Any]]:
    design = compile_design("countdown", {"deadline": DEADLINE.isoformat()}, size=LOW)
    frames = _few_colours(design)
    ms = _medians(
        {
            "usual": lambda: _plain_countdown(next(numbers)),
            "best": lambda: _saved(frames(next(numbers) % 3_000)),
            "cold": lambda: design.render({}, now=NOW + timedelta(seconds=next(numbers) * 7 % 3_000)),
            "kept": lambda: design.render({}, now=NOW),
        }
    )
    ours, usual = design.render({}, now=NOW), _plain_countdown(0)
    name = "pictures: countdown 600×120, 60 frames"
    found = [
        beside(f"{name}, beside save_all of whole frames", ms["cold"], ms["usual"], "ms CPU", USUAL_TIMES),
        beside(
            f"{name}, beside frames of 16 colours on a kept layer",
            ms["cold"],
            ms["best"],
            "ms CPU",
            BEST_TIMES,
        ),
        beside(f"{name}, first frame kept", ms["kept"], ms["usual"], "ms CPU", KEPT_TIMES),
        beside(f"{name}, size beside save_all", len(ours.data), len(usual), "bytes"),
        beside(
            f"{name}, size beside save_all with disposal=2",
            len(ours.data),
            len(_disposed(ours)),
            "bytes",
            SMALLER,
        ),
    ]
    if shutil.which("gifsicle"):
        optimised = subprocess.run(
            ["gifsicle", "-O3"], input=_saved(_whole(ours)), capture_output=True, check=True
        )
        found.append(
            beside(f"{name}, size beside gifsicle -O3", len(ours.data), len(optimised.stdout), "bytes", 1)
        )
    return found


def _cards() -> list[dict[str, Any]]:
    flat = compile_design("card", CARD, size=WIDE, assets=assets())
    photo = compile_design("card", {**CARD, "image": "asset:photo"}, size=WIDE, assets=assets())
    layers = {name: _layer(name) for name in ("flat", "photo")}
    ms = _medians(
        {
            "flat": lambda: _drawn(flat),
            "photo": lambda: _drawn(photo),
            "flat rival": lambda: _written(layers["flat"], next(numbers), "PNG"),
            "photo rival": lambda: _written(layers["photo"], next(numbers), "JPEG"),
        }
    )
    rival = _written(layers["flat"], 5, "PNG")
    return [
        beside("pictures: flat card 600×200", ms["flat"], ms["flat rival"], "ms CPU", FLAT_TIMES),
        beside(
            "pictures: flat card 600×200, size", len(_drawn(flat).data), len(rival), "bytes", FLAT_SMALLER
        ),
        beside("pictures: photo card 600×200", ms["photo"], ms["photo rival"], "ms CPU", PHOTO_TIMES),
    ]


def _medians(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            taken[name].append(_cpu_ms(work))
    return {name: statistics.median(each) for name, each in taken.items()}


def _drawn(design: Design) -> Image:
    return design.render(_product(next(numbers)), now=NOW)


def _layer(name: str) -> Pictures.Image:
    """Our own card without its words, as RGB: what never changes."""
    picture = {"image": "asset:photo"} if name == "photo" else {}
    made = compile_design("card", {"title": " ", **picture}, size=WIDE, assets=assets()).render({}, now=NOW)
    with Pictures.open(io.BytesIO(made.data)) as shown:
        layer = shown.convert("RGB")
    pen = ImageDraw.Draw(layer)
    pen.rounded_rectangle((264, 130, 370, 166), 8, fill=TEAL)
    pen.text((284, 138), "Look", fill=WHITE, font=ImageFont.truetype(FONT, 15))
    pen.rounded_rectangle((12, 12, 74, 38), 13, fill=RED)
    pen.text((24, 16), "-25%", fill=WHITE, font=ImageFont.truetype(FONT, 13))
    pen.text((350, 92), "€32.00", fill=INK, font=ImageFont.truetype(FONT, 16))
    return layer


_TITLE, _PRICE = ImageFont.truetype(FONT, 22), ImageFont.truetype(FONT, 24)


def _written(layer: Pictures.Image, number: int, form: str) -> bytes:
    picture, words = layer.copy(), _product(number)
    pen = ImageDraw.Draw(picture)
    title = words["/title"]
    while _TITLE.getlength(title) > 320:
        title = title.rpartition(" ")[0]
    pen.text((264, 22), title, fill=INK, font=_TITLE)
    pen.text((264, 50), words["/title"][len(title) + 1 :], fill=INK, font=_TITLE)
    pen.text((264, 88), words["/price"], fill=RED, font=_PRICE)
    out = io.BytesIO()
    picture.save(out, form, **({"quality": 86, "subsampling": 0} if form == "JPEG" else {}))
    return out.getvalue()


def _few_colours(design: Design) -> Callable[[int], list[Pictures.Image]]:
    """Frames in 16 colours: a kept layer, and digits put on it that were drawn once."""
    whole = _whole(design.render({}, now=NOW))[0].quantize(16, dither=Pictures.Dither.NONE)
    dial = next(iter(design._drawing._clips.values()))._plate.band  # type: ignore[attr-defined]
    wide, high = dial.slot_size
    digits = []
    for each in dial.sprites:
        sprite = each.copy()
        sprite.putpalette([part for colour in dial.palette for part in colour])
        digits.append(sprite.convert("RGB").quantize(palette=whole, dither=Pictures.Dither.NONE))

    def frames(passed: int) -> list[Pictures.Image]:
        found = []
        for second in range(60):
            left = 6 * 86_400 + 5 * 3_600 + 60 - passed - second
            shown = f"{left // 86_400:02}{left // 3_600 % 24:02}{left // 60 % 60:02}{left % 60:02}"
            frame = whole.copy()
            for slot, digit in zip(dial.slots, shown, strict=True):
                frame.paste(digits[int(digit)], (slot.x, slot.y, slot.x + wide, slot.y + high))
            found.append(frame)
        return found

    return frames


def _whole(image: Image) -> list[Pictures.Image]:
    with Pictures.open(io.BytesIO(image.data)) as clip:
        found = [frame.convert("RGB") for frame in ImageSequence.Iterator(clip)]
    for frame in found:
        frame.info.clear()
    return found


def _disposed(image: Image) -> bytes:
    return _saved(_whole(image), disposal=2)


def _saved(frames: list[Pictures.Image], **how: int) -> bytes:
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=1000, loop=0, **how)
    return out.getvalue()
