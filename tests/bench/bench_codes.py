"""What codes, gauges and charts cost to draw again with another value, and what rivals take for the same.

QR codes are measured against segno's own PNG, bars against zxing-cpp's writer (C++), the rest against plain
Pillow: a new bitmap, fonts opened each time, and its PNG encoder at its defaults.
"""

import io
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import segno
import zxingcpp
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from renderers import Size
from renderers import compile as compile_design
from renderers.faces import FOLDER
from tests.bench.figures import beside
from tests.renderers.gallery import NOW

ROUNDS = 5
SECONDS = 0.25  # a round lasts about this long
QR_TIMES = 4
INK, WHITE, TEAL, GREY = "#0b2a3b", "#ffffff", "#0e7c86", "#e1e5e7"
FONT = str(FOLDER / "Inter-SemiBold.ttf")


@dataclass(frozen=True, slots=True)
class Case:
    """One picture, what stands in its template at the n-th draw, and the rival that draws the same."""

    name: str
    kind: str
    params: Mapping[str, object]
    size: Size
    pointer: str
    value: Callable[[int], str]
    rival: Callable[[str], bytes]
    times: int | None = None


def rows() -> list[dict[str, Any]]:
    """CPU milliseconds and bytes; the ratio is the rival's to ours where a target asks how often."""
    return [row for case in _cases() for row in _measured(case)]


def _measured(case: Case) -> list[dict[str, Any]]:
    design = compile_design(case.kind, case.params, size=case.size)

    def ours(number: int) -> bytes:
        return design.render({case.pointer: case.value(number)}, now=NOW).data

    def theirs(number: int) -> bytes:
        return case.rival(case.value(number))

    taken = [(_cpu_ms(ours), _cpu_ms(theirs)) for _ in range(ROUNDS)]
    our_ms, their_ms = (statistics.median(part) for part in zip(*taken, strict=True))
    return [
        beside(f"codes: {case.name}", our_ms, their_ms, "ms CPU", case.times),
        beside(f"codes: {case.name}, size", len(ours(7)), len(theirs(7)), "bytes"),
    ]


def _cpu_ms(work: Callable[[int], object]) -> float:
    work(0)
    calls = 0
    began, cpu = time.perf_counter(), time.process_time()
    while calls == 0 or time.perf_counter() - began < SECONDS:
        calls += 1
        work(calls)
    return (time.process_time() - cpu) / calls * 1_000


def _cases() -> list[Case]:
    till, low, points = Size(300, 90), Size(600, 100), {"target": 2000, "label": "{left} points to Gold"}
    linear = {"value": "{{ x }}", "symbology": "code128"}
    months = {"numbers": "{{ x }}", "labels": "Jan,Feb,Mar,Apr,May,Jun", "title": "Your year with us"}
    return [
        Case(
            "QR 203×203",
            "barcode",
            {"value": "{{ x }}"},
            Size(203, 203),
            "/value",
            _voucher,
            _segno,
            QR_TIMES,
        ),
        Case("Code 128 300×90, with text", "barcode", linear, till, "/value", _card, _zxing("Code128")),
        Case(
            "EAN-13 300×90, with text",
            "barcode",
            {**linear, "symbology": "ean13"},
            till,
            "/value",
            _article,
            _zxing("EAN13"),
        ),
        Case("progress 600×100", "progress", {"value": "{{ x }}", **points}, low, "/value", _points, _bar),
        Case("chart 600×220, six bars", "chart", months, Size(600, 220), "/numbers", _spend, _chart),
    ]


def _voucher(number: int) -> str:
    return f"https://shop.example/v/ANA-{number:06}"


def _card(number: int) -> str:
    return f"ANA-2026-{number:05}"


def _article(number: int) -> str:
    return f"40063813{number % 10_000:04}"


def _points(number: int) -> str:
    return str(number % 2_000)


def _spend(number: int) -> str:
    return ",".join(str((number * step) % 200 + 10) for step in (3, 7, 11, 13, 17, 19))


def _segno(value: str) -> bytes:
    out = io.BytesIO()
    code = segno.make(value, error="m", micro=False, boost_error=False)
    code.save(out, kind="png", scale=7, border=4, dark=INK)
    return out.getvalue()


def _zxing(name: str) -> Callable[[str], bytes]:
    def written(value: str) -> bytes:
        code = zxingcpp.create_barcode(value, zxingcpp.barcode_format_from_str(name))
        return _png(Pictures.fromarray(zxingcpp.write_barcode_to_image(code, scale=2, add_hrt=True)))

    return written


def _bar(value: str) -> bytes:
    picture = Pictures.new("RGB", (600, 100), WHITE)
    pen = ImageDraw.Draw(picture)
    share = int(value) / 2_000
    pen.text((24, 20), f"{2_000 - int(value):,} points to Gold", fill=INK, font=_font(26))
    pen.text((576, 22), f"{int(value):,} / 2,000", fill=INK, font=_font(22), anchor="ra")
    pen.rounded_rectangle((24, 64, 576, 86), 11, fill=GREY)
    pen.rounded_rectangle((24, 64, 46 + 530 * share, 86), 11, fill=TEAL)
    return _png(picture)


def _chart(value: str) -> bytes:
    picture = Pictures.new("RGB", (600, 220), WHITE)
    pen = ImageDraw.Draw(picture)
    pen.text((20, 22), "Your year with us", fill=INK, font=_font(18))
    numbers = [int(part) for part in value.split(",")]
    for at, number in enumerate(numbers):
        x, y = 67 + 93 * at, 176 - 98 * number / max(numbers)
        pen.rounded_rectangle((x - 28, y, x + 28, 176), 4, fill=TEAL)
        pen.text((x, y - 12), str(number), fill=INK, font=_font(14), anchor="mm")
        pen.text(
            (x, 192), ("Jan", "Feb", "Mar", "Apr", "May", "Jun")[at], fill=INK, font=_font(13), anchor="mm"
        )
    pen.line((20, 176, 580, 176), fill=INK)
    return _png(picture)


def _font(size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size_px)


def _png(picture: Pictures.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
