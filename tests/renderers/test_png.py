"""Our palette PNGs: what they decode to is what was drawn, whoever reads them."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures

from renderers import Size, png, render
from renderers.canvas import Flat
from renderers.writing import Setting, write
from tests.renderers.drawing import opened
from tests.renderers.gallery import NOW

COLOURS = [(at, 255 - at, at * 7 % 256) for at in range(256)]


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(1, 40),
    height=st.integers(1, 20),
    colours=st.integers(1, 256),
    step=st.integers(1, 97),
)
def test_a_picture_decodes_to_what_was_drawn(width: int, height: int, colours: int, step: int) -> None:
    pixels = bytes(at * step % colours for at in range(width * height))
    indices = Pictures.frombytes("L", (width, height), pixels)

    image = png.encode(indices, COLOURS[:colours])

    shown = opened(image).convert("RGB").tobytes()
    assert shown == b"".join(bytes(COLOURS[index]) for index in pixels)


WORDS = st.text(st.sampled_from("Ana Bo 7€,.-é的ش🎉"), max_size=20)


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(WORDS, max_size=5), scale=st.integers(1, 3))
def test_a_canvas_decodes_to_what_pillow_writes_of_it(texts: list[str], scale: int) -> None:
    canvas = Flat((150 * scale, 60 * scale), (244, 248, 248))
    setting = Setting(max_px=14 * scale, min_px=8)
    for at, text in enumerate(texts):
        box = (0, 10 * at * scale, 150 * scale, (10 * at + 14) * scale)
        write(canvas, text, box, setting, COLOURS[at * 40], on=(244, 248, 248))

    ours, plain = opened(canvas.encode()), canvas.paletted()

    assert ours.convert("RGB").tobytes() == plain.convert("RGB").tobytes()


def test_the_depth_is_no_more_than_the_colours_need() -> None:
    indices = Pictures.new("L", (8, 8), 0)

    depths = [png.encode(indices, COLOURS[:count]).data[24] for count in (1, 2, 3, 4, 5, 16, 17, 256)]

    assert depths == [1, 1, 2, 2, 4, 4, 8, 8]


@pytest.mark.skipif(not shutil.which("pngcheck"), reason="pngcheck is not installed: .ci/run installs it")
def test_pngcheck_finds_nothing_wrong(tmp_path: Path) -> None:
    for name, params in (("text", {"text": "Ana"}), ("card", {"title": "Mug", "badge": "-25%"})):
        image = render(name, params, size=Size(301, 101), now=NOW)
        path = tmp_path / f"{name}.png"
        path.write_bytes(image.data)

        done = subprocess.run(["pngcheck", str(path)], capture_output=True, text=True, check=False)

        assert done.returncode == 0, done.stdout
        assert done.stdout.startswith("OK")
