"""The pictures that are kept as goldens, and how to make them again.

After a change that is meant to be seen: `python -m tests.renderers.gallery` writes them to
tests/renderers/goldens; look at every one before it is committed.
"""

import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from PIL import Image as Pictures
from PIL import ImageDraw, ImageSequence

from renderers import Image, Size
from renderers import compile as compile_design
from tests.renderers.gallery_boards import boards
from tests.renderers.gallery_signs import signs

FOLDER = Path(__file__).parent / "goldens"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ANA = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft"
CARD = {"title": "Tidepool mug, glazed by hand", "price": "€24.00", "button": "Take another look"}
SALE = {**CARD, "old_price": "€32.00", "badge": "-25%"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One picture: what is asked for, and of a moving one the first and the last frame."""

    name: str
    kind: str
    params: Mapping[str, object]
    size: Size
    values: Mapping[str, str] = field(default_factory=dict)
    needs_fonts: bool = False
    """Whether it has characters that only the faces of `mailtide[fonts]` draw."""

    def image(self) -> Image:
        design = compile_design(self.kind, self.params, size=self.size, assets=assets())
        return design.render(self.values, now=NOW)

    def pictures(self) -> Iterator[tuple[str, Pictures.Image]]:
        every = frames(self.image())
        yield f"{self.name}.png", every[0]
        if len(every) > 1:
            yield f"{self.name}-last.png", every[-1]


def frames(image: Image) -> list[Pictures.Image]:
    with Pictures.open(io.BytesIO(image.data)) as picture:
        found = [frame.convert("RGB") for frame in ImageSequence.Iterator(picture)]
    for frame in found:
        frame.info.pop("transparency", None)  # of the rectangle, not of the frame that was composed
    return found


@cache
def assets() -> Mapping[str, bytes]:
    """A photograph of a kind (no two pixels alike), a drawing of few colours, and a small moving GIF."""
    return {"photo": _jpeg(_dunes((240, 150))), "drawing": _png(_drawing()), "moving": _moving()}


def samples() -> list[Sample]:
    return [*_texts(), *_cards(), *_countdowns(), *_images(), *_signs(), *_scripts()]


def _texts() -> list[Sample]:
    small = Size(480, 140)
    texts = {
        "plain": ({"text": "{{ x }}"}, {"/text": "Ana, 420 points"}),
        "name": ({"text": ANA, "background": "#f4f8f8"}, {}),
        "german": (
            {
                "text": "Nur heute: Donaudampfschifffahrtskapitäne sparen beim Rindfleischgesetz kräftig",
                "background": {"from": "#0e7c86", "to": "#0b2a3b", "angle": 120},
                "align": "start",
            },
            {},
        ),
        "arabic": (
            {"text": "مرحبا آنا، لديك 420 نقطة (Gold) حتى الجمعة", "align": "start", "background": "#0e7c86"},
            {},
        ),
        "scripts": ({"text": "Γειά Здравей שלום नमस्ते สวัสดี 🎉 ♥ 𓂀𓆣", "background": "#e9e2d3"}, {}),
        "long": ({"text": "A text that goes on and on. " * 40, "min_size_px": 18, "padding_px": 16}, {}),
        "photo": ({"text": "Good evening, Ana", "background": "asset:photo", "weight": "bold"}, {}),
    }
    found = [
        Sample(name=f"text-{name}", kind="text", params=params, size=small, values=values)
        for name, (params, values) in texts.items()
    ]
    twice = Size(300, 80, 2)
    return [*found, Sample(name="text-2x", kind="text", params={"text": "Ana, 420 points"}, size=twice)]


def _scripts() -> list[Sample]:
    """Scripts of the extra: the same ideographs in four languages, and lines that break between them."""
    texts = {
        "simplified": "夏季特卖：手工上釉的陶杯，本周刚出窑。“直”接 420 积分，￥168",
        "traditional": "夏季特賣：手工上釉的陶杯，這週剛出窯。「直」接 420 點，NT$650",
        "japanese": "夏のセール：手仕事の釉薬マグ、今週窯から出ました。「直」送 420ポイント、￥3,200",
        "korean": "여름 세일: 손으로 빚은 머그, 이번 주 가마에서 막 나왔습니다. 420 포인트, ₩32,000",
        "bengali": "গ্রীষ্মের ছাড়: হাতে গড়া মগ, এই সপ্তাহে চুল্লি থেকে",
        "tamil": "கோடை விற்பனை: கையால் செய்த குவளை",
    }
    look = {"align": "start", "background": "#f4f8f8", "size_px": 30}
    found = [
        Sample(
            name=f"script-{name}", kind="text", params={**look, "text": text}, size=Size(480, 140, 2),
            needs_fonts=True,
        )
        for name, text in texts.items()
    ]  # fmt: skip
    card = {
        "title": "手仕事の釉薬マグ、海の色",
        "price": "￥3,200",
        "old_price": "￥4,000",
        "badge": "25％引",
    }
    labels = {"days": "日", "hours": "時間", "minutes": "分", "seconds": "秒"}
    clock = {"deadline": "2026-11-29T15:01:30Z", "labels": labels}
    return [
        *found,
        Sample(name="script-card", kind="card", params=card, size=Size(480, 160), needs_fonts=True),
        Sample(
            name="script-countdown", kind="countdown", params=clock, size=Size(480, 100), needs_fonts=True
        ),
    ]


def _cards() -> list[Sample]:
    lying = Size(480, 160)
    arabic = {
        "title": "كوب فخاري مزجج يدويًا بلون البحر",
        "price": "٢٤٫٠٠ €",
        "old_price": "٣٢٫٠٠ €",
        "badge": "خصم ٢٥٪",
        "button": "ألق نظرة أخرى",
        "image": "asset:photo",
    }
    long = {**SALE, "title": ANA, "price": "1.234.567,00 €", "old_price": "2.345.678,99 €", "button": ANA}
    dark = {**SALE, "background": "#0b2a3b", "page": "#081c27", "image": "asset:drawing"}
    return [
        Sample(name="card-plain", kind="card", params=CARD, size=lying),
        Sample(name="card-sale", kind="card", params={**SALE, "image": "asset:photo"}, size=lying),
        Sample(name="card-arabic", kind="card", params=arabic, size=lying),
        Sample(name="card-long", kind="card", params=long, size=lying),
        Sample(name="card-standing", kind="card", params=dark, size=Size(240, 340)),
        Sample(name="card-2x", kind="card", params=SALE, size=Size(300, 110, 2)),
        Sample(name="card-title", kind="card", params={"title": "Just a title"}, size=Size(200, 70)),
    ]


def _countdowns() -> list[Sample]:
    wide = Size(480, 100)
    german = {"days": "Tage", "hours": "Stunden", "minutes": "Minuten", "seconds": "Sekunden"}
    arabic = {"days": "أيام", "hours": "ساعات", "minutes": "دقائق", "seconds": "ثوان"}
    in_days = "2026-11-29T15:01:30Z"
    told = {
        "plain": {"deadline": in_days},
        "light": {"deadline": "2027-03-23T10:01:10Z", "labels": german, "background": "#f4f8f8"},
        "arabic": {"deadline": in_days, "labels": arabic, "background": "#ffffff"},
        "ending": {
            "deadline": "2026-11-23T10:00:20Z",
            "background": "asset:photo",
            "expired": {"text": "The sale has ended"},
        },
        "expired": {"deadline": "1970-01-01T00:00:00Z", "expired": {"text": "Die Aktion ist leider vorbei"}},
        "zeros": {"deadline": "2026-11-23T10:00:00Z", "background": "#0e7c86"},
        "pill": {
            "deadline": in_days,
            "shape": "pill",
            "background": "asset:photo",
            "expired": {"text": "Over"},
        },
        "bare": {"deadline": in_days, "shape": "plain", "background": "#f4f8f8", "frames": 30},
        "instead": {"deadline": in_days, "instead": "Ends on Sunday at 3 pm"},
    }
    found = [
        Sample(name=f"countdown-{name}", kind="countdown", params=params, size=wide)
        for name, params in told.items()
    ]
    gradient = {"from": "#0e7c86", "to": "#0b2a3b", "angle": 100}
    twice = {"deadline": in_days, "units": ["hours", "minutes", "seconds"], "background": gradient}
    return [*found, Sample(name="countdown-2x", kind="countdown", params=twice, size=Size(240, 60, 2))]


def _images() -> list[Sample]:
    small = Size(200, 80)
    sand = "#e9e2d3"
    return [
        Sample(name="image-cover", kind="image", params={"source": "asset:photo"}, size=small),
        Sample(
            name="image-contain",
            kind="image",
            params={"source": "asset:drawing", "fit": "contain", "background": sand},
            size=small,
        ),
    ]


def _signs() -> list[Sample]:
    return [
        Sample(name=name, kind=kind, params=params, size=size, values=values)
        for name, kind, params, size, values in (*signs(), *boards())
    ]


def _dunes(size: tuple[int, int]) -> Pictures.Image:
    picture = Pictures.new("RGB", size)
    wide, high = size
    picture.putdata([_dune(x / wide, y / high) for y in range(high) for x in range(wide)])
    return picture


def _dune(x: float, y: float) -> tuple[int, int, int]:
    light = 0.5 + 0.25 * math.sin(6 * x + 9 * y) + 0.2 * math.sin(17 * y - 4 * x)
    return int(70 + 120 * light), int(90 + 80 * light), int(110 + 30 * light - 40 * y)


def _drawing() -> Pictures.Image:
    picture = Pictures.new("RGBA", (240, 240), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((20, 20, 220, 220), fill="#0e7c86")
    pen.rectangle((80, 100, 160, 200), fill="#f4f8f8")
    return picture


def _moving() -> bytes:
    out = io.BytesIO()
    first, second = (Pictures.new("P", (60, 20), index) for index in (0, 1))
    for frame in (first, second):
        frame.putpalette([255, 255, 255, 14, 124, 134])
    first.save(out, "GIF", save_all=True, append_images=[second], duration=500, loop=0)
    return out.getvalue()


def _png(picture: Pictures.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _jpeg(picture: Pictures.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def write() -> None:
    FOLDER.mkdir(exist_ok=True)
    for sample in samples():
        for name, picture in sample.pictures():
            picture.quantize(256, dither=Pictures.Dither.NONE).save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    write()
