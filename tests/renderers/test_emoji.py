"""Emoji in colour, where a face has them: drawn on every sort of canvas, and only where they are meant."""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image as Pictures

from renderers import Size, emoji, faces, shaping
from renderers import compile as compile_design
from renderers.faces import Weight
from renderers.runs import Asked, pieces
from renderers.shaping import PLAIN, clean, draw
from tests.renderers import fonts

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PINK = (255, 0, 128)


def forget() -> None:
    """Nothing that was found or drawn with other faces is kept."""
    for name, module in list(sys.modules.items()):
        if name.startswith("renderers"):
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()
    for masks in (shaping._LINES, shaping._WORDS):
        masks._held.clear()
        masks._bytes = 0


@pytest.fixture(autouse=True)
def _in_colour(tmp_path: Path) -> Iterator[None]:
    (tmp_path / "emoji.ttf").write_bytes(fonts.coloured())
    forget()
    faces.look_in(tmp_path)
    yield
    faces.look_in(None)
    forget()


def in_colour(text: str) -> list[str]:
    found = pieces(clean(text), Asked(Weight.BOLD), rtl=False)
    return [piece.text for piece in found if piece.face.is_colour]


def pink(kind: str, params: dict[str, object], *, size: Size | None = None) -> int:
    """How many pixels of the picture's first frame are about as pink as the emoji of these tests."""
    data = compile_design(kind, params, size=size or Size(300, 100)).render({}, now=NOW).data
    shown = Pictures.open(io.BytesIO(data)).convert("RGB")
    pixels = shown.get_flattened_data()
    return sum(max(abs(a - b) for a, b in zip(pixel, PINK, strict=True)) < 60 for pixel in pixels)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tea ☕ 🎉", ["☕", "🎉"]),
        ("❤ ❤\ufe0f", ["❤\ufe0f"]),
        ("🎉\ufe0e", []),
        ("1 #1 A 1\ufe0f\u20e3", []),
        ("👍\U0001f3fd!", ["👍\U0001f3fd"]),
        ("👩\u200d❤\ufe0f\u200d👨", ["👩\u200d❤\ufe0f\u200d👨"]),
        ("🎉 🎉", ["🎉", "🎉"]),
    ],
)
def test_emoji_are_in_colour_where_they_are_meant(text: str, expected: list[str]) -> None:
    assert in_colour(text) == expected


def test_a_row_of_emoji_is_drawn_one_by_one() -> None:
    assert emoji.each("👍\U0001f3fd👩\u200d👨🇩🇪🇫🇷🎉") == ["👍\U0001f3fd", "👩\u200d👨", "🇩🇪", "🇫🇷", "🎉"]


@pytest.mark.parametrize(
    "background", ["#ffffff", {"from": "#ffffff", "to": "#dddddd", "angle": 90}], ids=["palette", "gradient"]
)
def test_they_are_drawn_on_colours_and_gradients(background: object) -> None:
    words: dict[str, object] = {"background": background, "size_px": 40}

    assert pink("text", {**words, "text": "Ana 🎉"}) > 500
    assert pink("text", {**words, "text": "Ana"}) == 0


def test_they_are_drawn_in_the_labels_of_a_moving_picture() -> None:
    labels = {"days": "🎉"}

    assert pink("countdown", {"deadline": "2026-11-29T15:01:30Z", "labels": labels}) > 20


def test_outlined_and_turned_words_have_them_in_one_colour() -> None:
    layer = {"text": "🎉 Ana", "rotation": 5, "colour": "#000000"}

    assert pink("layers", {"background": "#ffffff", "layers": [layer]}) == 0


def test_they_stand_where_letters_would_and_grow_with_them() -> None:
    small, large = (draw("A🎉", size, PLAIN, rtl=False).sprites[0] for size in (20, 40))

    assert 0 < small.x_px < large.x_px
    assert small.y_px < 0
    assert large.picture.height == pytest.approx(2 * small.picture.height, abs=2)


def test_many_different_ones_leave_a_picture_its_words() -> None:
    shown = {"text": "🎉☕👍👩👨 Ana" * 20, "background": "#ffffff", "colour": "#000000"}

    data = compile_design("text", shown, size=Size(300, 100)).render({}, now=NOW).data

    assert (0, 0, 0) in Pictures.open(io.BytesIO(data)).convert("RGB").get_flattened_data()
