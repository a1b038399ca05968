"""Every kind of picture with values that are hard on it: long, empty, of other scripts, too large or late."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.templates import compile_template
from renderers import KINDS, BadParams, CannotRender, Image, Size, assets_of
from renderers import compile as compile_design

LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren"
EXAMPLE = "as its example"

# What a pointer's last name must be for words of another script to stand there; prices and codes stay.
_WORDY = {
    "text", "title", "headline", "label", "question", "place", "caption", "note", "button",
    "days", "hours", "minutes", "seconds",
}  # fmt: skip
_NUMERIC = {"value", "votes", "temperature", "count", "rating", "numbers"}
_CODES_OF = "barcode"  # its value is a code, and no number

_WORDS: Mapping[str, tuple[str, ...]] = {
    "a name without an end": (LONG,),
    "Arabic": ("كوب فخاري مزجج يدويًا", "من الفرن هذا الأسبوع", "ألق نظرة أخرى"),
    "Hebrew": ("ספל חרס בעבודת יד", "חם מהתנור השבוע", "מבט נוסף"),
    "Hindi and Thai": ("हाथ से बना मग", "ถ้วยดินเผา", "สวัสดี नमस्ते"),
    "Chinese, Japanese and Korean": (
        "手工上釉的陶杯，本周刚出窑",
        "手仕事のマグ、今週の窯から",
        "손으로 빚은 머그",
    ),
    "emoji, and letters without a face": ("Tea time 🎉 ☕ ♥", "𓂀 𓆣", "👋🏽 Ana"),
    "nothing": ("",),
}
_NUMBERS: Mapping[str, str] = {
    "zero": "0",
    "ten digits": "9999999999",
    "below zero": "-3",
    "no number": "NaN",
}
_PAST = "1970-01-01T00:00:00Z"

CUSTOMER: Mapping[str, Any] = {
    "customer": {
        "first_name": "Ana",
        "points": 1420,
        "card_number": "TIDE-2026-00420",
        "voucher": "ANA-20-TIDE",
        "rating": 4.5,
        "spend": [24, 38, 12, 64, 48, 72],
        "months": ["Jun", "Jul", "Aug", "Sep", "Oct", "Nov"],
        "order_status": "3",
        "order_day": "on Friday",
    },
    "activity": {
        "viewed": {
            "items": [
                {"title": "Red clay teapot", "stock": 3},
                {"title": "A second one for guests", "stock": 9},
            ]
        }
    },
}


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One picture of the show at one and at two bitmap pixels a CSS pixel; `why` there is none otherwise."""

    kind: str
    name: str
    size: Size
    once: Image | None
    twice: Image | None
    why: str = ""


def exhibits(assets: Mapping[str, bytes], *, now: datetime) -> Iterator[Exhibit]:
    """Kind by kind, its example first, then whatever of the values changes anything in it.

    `assets` has the picture of each kind's example by the kind's name, and one named `hero` for the others.
    """
    for name in KINDS:
        for title, params in _versions(name):
            yield _exhibit(name, title, params, assets, now)


def _exhibit(
    kind: str, title: str, params: Mapping[str, Any], assets: Mapping[str, bytes], now: datetime
) -> Exhibit:
    size = Size(*KINDS[kind].example_size)
    present = {name: assets.get(kind, assets["hero"]) for name in assets_of(params)}
    try:
        once, twice = (
            compile_design(
                kind, params, size=Size(size.width_px, size.height_px, scale), assets=present
            ).render({}, now=now)
            for scale in (1, 2)
        )
    except (BadParams, CannotRender) as wrong:
        return Exhibit(kind, title, size, None, None, str(wrong))
    return Exhibit(kind, title, size, once, twice)


def _versions(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    example = _rendered(KINDS[kind].example)
    yield EXAMPLE, example
    wordy = [at for at in KINDS[kind].templatable if _last(at) in _WORDY and _has(example, at)]
    numeric = [at for at in KINDS[kind].templatable if _last(at) in _NUMERIC and _has(example, at)]
    if wordy:
        for title, words in _WORDS.items():
            yield title, _with(example, {at: words[number % len(words)] for number, at in enumerate(wordy)})
    if numeric and kind != _CODES_OF:
        for title, number in _NUMBERS.items():
            yield title, _with(example, dict.fromkeys(numeric, number))
    if "/deadline" in KINDS[kind].templatable:
        yield "expired", _with(example, {"/deadline": _PAST})


def _rendered(params: Any) -> Any:
    """The parameters with every template filled in for the customer of the show."""
    if isinstance(params, str):
        return compile_template(params).render(CUSTOMER)
    if isinstance(params, Mapping):
        return {name: _rendered(part) for name, part in params.items()}
    return [_rendered(part) for part in params] if isinstance(params, list) else params


def _with(params: dict[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(params))
    for pointer, value in values.items():
        holder, last = _holder(copied, pointer)
        holder[last] = value
    return copied


def _has(params: dict[str, Any], pointer: str) -> bool:
    try:
        holder, last = _holder(params, pointer)
        holder[last]
    except (KeyError, IndexError):
        return False
    return True


def _holder(params: Any, pointer: str) -> tuple[Any, Any]:
    """What holds a pointer's last part, and that part as it is asked for."""
    *way, last = pointer[1:].split("/")
    for part in way:
        params = params[int(part) if isinstance(params, list) else part]
    return params, int(last) if isinstance(params, list) else last


def _last(pointer: str) -> str:
    return pointer.rpartition("/")[2]
