"""What a picture costs: compiled and drawn at once, drawn again with other values, and in plain Pillow.

The rivals are what a program without a render engine of its own writes: a new bitmap, text shrunk until
it fits, and Pillow's encoder at its defaults.
"""

import io
import itertools
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont, ImageOps

from renderers import Image, Size
from renderers import compile as compile_design
from renderers.faces import FOLDER
from tests.bench.figures import beside
from tests.renderers.gallery import NOW, assets

ROUNDS = 5
SECONDS = 0.3  # a round lasts about this long
WIDE, LOW = Size(600, 200), Size(600, 120)
INK, WHITE, RED, TEAL = "#0b2a3b", "#ffffff", "#c9402a", "#0e7c86"
FONT = str(FOLDER / "Inter-SemiBold.ttf")

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Case:
    """One picture, with what stands in its templates at the n-th draw, and the rival that draws the same."""

    name: str
    kind: str
    params: Mapping[str, object]
    size: Size
    values: Callable[[int], dict[str, str]]
    rival: Callable[[int], bytes]


def rows() -> list[dict[str, Any]]:
    """CPU milliseconds and bytes; the ratio is ours to the rival's."""
    return [row for case in _cases() for row in _measured(case)]


def _measured(case: Case) -> list[dict[str, Any]]:
    def compiled() -> Image:
        design = compile_design(case.kind, case.params, size=case.size, assets=assets())
        return design.render(case.values(next(_numbers)), now=NOW)

    def again() -> Image:
        number = next(_numbers)
        return design.render(case.values(number), now=NOW + timedelta(seconds=number % 3_000))

    design = compile_design(case.kind, case.params, size=case.size, assets=assets())
    taken: dict[str, list[float]] = {"compiled": [], "again": [], "rival": []}
    for _ in range(ROUNDS):
        taken["rival"].append(_cpu_ms(lambda: case.rival(next(_numbers))))
        taken["compiled"].append(_cpu_ms(compiled))
        taken["again"].append(_cpu_ms(again))
    ms = {name: statistics.median(each) for name, each in taken.items()}
    ours, theirs = len(again().data), len(case.rival(next(_numbers)))
    return [
        beside(f"render: {case.name}, compiled and drawn", ms["compiled"], ms["rival"], "ms CPU"),
        beside(f"render: {case.name}, drawn again", ms["again"], ms["rival"], "ms CPU"),
        beside(f"render: {case.name}, size", ours, theirs, "bytes"),
    ]


def _cpu_ms(work: Callable[[], object]) -> float:
    work()
    calls = 0
    began, cpu = time.perf_counter(), time.process_time()
    while calls == 0 or time.perf_counter() - began < SECONDS:
        work()
        calls += 1
    return (time.process_time() - cpu) / calls * 1_000


def _cases() -> list[Case]:
    card = {"title": "{{ x }}", "price": "{{ x }}", "old_price": "€32.00", "badge": "-25%", "button": "Look"}
    return [
        Case("text 600×200 on colour", "text", {"text": "{{ x }}"}, WIDE, _greeting, _plain_text),
        Case("card 600×200, drawn picture", "card", card, WIDE, _product, _plain_card),
        Case(
            "card 600×200, photograph", "card", {**card, "image": "asset:photo"}, WIDE, _product, _photo_card
        ),
        Case(
            "image 600×200, photograph",
            "image",
            {"source": "asset:photo"},
            WIDE,
            lambda _: {},
            lambda _: _jpeg(_photo((600, 200))),
        ),
        Case(
            "countdown 600×120, 60 frames",
            "countdown",
            {"deadline": (NOW + timedelta(days=6, hours=5, minutes=1)).isoformat()},
            LOW,
            lambda _: {},
            _plain_countdown,
        ),
    ]


def _greeting(number: int) -> dict[str, str]:
    return {"/text": f"Ana, you have {number:,} points"}


def _product(number: int) -> dict[str, str]:
    return {"/title": f"Tidepool mug, glazed by hand, no. {number}", "/price": f"€{number % 90 + 10}.00"}


def _plain_text(number: int) -> bytes:
    picture = Pictures.new("RGB", (600, 200), INK)
    _fitted(ImageDraw.Draw(picture), _greeting(number)["/text"], (24, 60), 552, 40, WHITE)
    return _png(picture)


def _plain_card(number: int) -> bytes:
    picture = Pictures.new("RGB", (600, 200), WHITE)
    ImageDraw.Draw(picture).rectangle((0, 0, 199, 199), fill=TEAL)
    return _png(_with_words(picture, number))


def _photo_card(number: int) -> bytes:
    picture = Pictures.new("RGB", (600, 200), WHITE)
    picture.paste(_photo((200, 200)), (0, 0))
    return _jpeg(_with_words(picture, number))


def _with_words(picture: Pictures.Image, number: int) -> Pictures.Image:
    pen, words = ImageDraw.Draw(picture), _product(number)
    _fitted(pen, words["/title"], (224, 40), 352, 24, INK)
    _fitted(pen, words["/price"], (224, 84), 160, 26, RED)
    _fitted(pen, "€32.00", (340, 90), 120, 16, INK)
    pen.rounded_rectangle((224, 130, 330, 166), 8, fill=TEAL)
    _fitted(pen, "Look", (244, 138), 80, 15, WHITE)
    pen.rounded_rectangle((12, 12, 74, 38), 13, fill=RED)
    _fitted(pen, "-25%", (24, 16), 50, 13, WHITE)
    return picture


def _fitted(
    pen: ImageDraw.ImageDraw, text: str, at: tuple[int, int], wide: int, size_px: int, colour: str
) -> None:
    font = ImageFont.truetype(FONT, size_px)
    while size_px > 8 and pen.textlength(text, font=font) > wide:
        size_px -= 1
        font = ImageFont.truetype(FONT, size_px)
    pen.text(at, text, fill=colour, font=font)


def _plain_countdown(number: int) -> bytes:
    """A frame a second, each drawn whole, given to Pillow to save."""
    font, small = ImageFont.truetype(FONT, 56), ImageFont.truetype(FONT, 13)
    frames = []
    for second in range(60):
        left = 6 * 86_400 + 5 * 3_600 + 60 - second - number % 3_000
        frame = Pictures.new("RGB", (600, 120), INK)
        pen = ImageDraw.Draw(frame)
        parts = (left // 86_400, left // 3_600 % 24, left // 60 % 60, left % 60)
        for at, (value, label) in enumerate(zip(parts, ("Days", "Hours", "Minutes", "Seconds"), strict=True)):
            pen.rounded_rectangle((36 + at * 134, 16, 158 + at * 134, 104), 8, fill="#233f4f")
            pen.text((97 + at * 134, 50), f"{value:02}", fill=WHITE, font=font, anchor="mm")
            pen.text((97 + at * 134, 92), label, fill=WHITE, font=small, anchor="mm")
        frames.append(frame)
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=1000, loop=0)
    return out.getvalue()


def _photo(size: tuple[int, int]) -> Pictures.Image:
    with Pictures.open(io.BytesIO(assets()["photo"])) as picture:
        return ImageOps.fit(picture.convert("RGB"), size, Pictures.Resampling.LANCZOS)


def _png(picture: Pictures.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _jpeg(picture: Pictures.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=86, subsampling=0)
    return out.getvalue()
