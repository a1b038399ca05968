"""Every frame of a countdown against its drawing, pixel for pixel: read by Pillow and by gifsicle."""

import io
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures
from PIL import ImageSequence

from renderers import Design, Size, gif
from renderers import compile as compile_design
from renderers.ticking import CountdownDrawing
from tests.renderers.gallery import NOW, assets

ALL = ["days", "hours", "minutes", "seconds"]
UNITS = [ALL[start:end] for start in range(4) for end in range(start + 1, 5)]
ARABIC = {"days": "أيام", "hours": "ساعات", "minutes": "دقائق", "seconds": "ثوان"}
DAY, HOUR = 86_400, 3_600
CLIPS = st.fixed_dictionaries(
    {
        "frames": st.integers(30, 120),
        "loop": st.booleans(),
        "units": st.sampled_from(UNITS),
        "labels": st.sampled_from([{}, ARABIC]),
        "background": st.sampled_from(
            ["#0b2a3b", "#ffffff", {"from": "#0e7c86", "to": "#d6452b"}, "asset:photo"]
        ),
        "expired": st.sampled_from([{"text": "Over"}, {"collapse": True}, {"image": "asset:photo"}, None]),
        "shape": st.sampled_from(["rounded", "square", "pill"]),
    }
)
# Near the roll-overs of minutes, hours and days, near the end, and anywhere.
LEFT = st.one_of(
    st.integers(0, 130),
    st.integers(-70, 70).map(HOUR.__add__),
    st.integers(-70, 70).map(DAY.__add__),
    st.integers(0, 999),
)


def pillow(data: bytes, first: int) -> list[Pictures.Image]:
    """So many frames from the first on."""
    with Pictures.open(io.BytesIO(data)) as picture:
        frames = [frame.convert("RGB") for frame in ImageSequence.Iterator(picture)]
        return frames[:first]


def gifsicle(data: bytes, first: int) -> list[Pictures.Image]:
    """gifsicle composes the frames, and each is written whole."""
    for told in (["-", f"#0-{first - 1}"], ["--unoptimize"]):
        done = subprocess.run(["gifsicle", *told], input=data, capture_output=True, check=True)
        assert not done.stderr, done.stderr.decode()
        data = done.stdout
    return pillow(data, first)


DECODERS = [
    pytest.param(pillow, id="pillow"),
    pytest.param(
        gifsicle,
        id="gifsicle",
        marks=pytest.mark.skipif(
            not shutil.which("gifsicle"), reason="gifsicle is not installed: .ci/run installs it"
        ),
    ),
]


def expected(design: Design, left: int, frames: int, *, has_ending: bool) -> list[bytes]:
    """The frames as the dial draws them, one by one; the ending's picture is not among them."""
    drawing = design._drawing
    assert isinstance(drawing, CountdownDrawing)
    (first_count, *_), clip = next(reversed(drawing._clips.items()))
    dial = drawing._dial(drawing.texts, (first_count, *(2 for _ in drawing.units[1:])))
    seconds = [left - passed for passed in range(min(frames, left))]
    if left < frames and not has_ending:
        seconds.append(0)
    drawn = []
    for each in seconds:
        frame = dial.show(clip._digits(each))
        frame.putpalette([part for colour in dial.palette for part in colour])
        drawn.append(frame.convert("RGB").tobytes())
    return drawn


@pytest.mark.parametrize("decode", DECODERS)
@settings(max_examples=25, deadline=None)
@given(params=CLIPS, left=LEFT)
@example(params={"units": ALL, "frames": 120}, left=DAY + 50)
@example(params={"units": ALL, "frames": 60, "labels": ARABIC}, left=10 * HOUR + 40)
@example(params={"units": ALL, "frames": 60, "expired": {"collapse": True}}, left=0)
def test_every_frame_is_the_drawing(
    decode: Callable[[bytes, int], list[Pictures.Image]], params: dict[str, Any], left: int
) -> None:
    left %= 1_000 * {"seconds": 1, "minutes": 60, "hours": HOUR, "days": DAY}[params["units"][0]]
    if not {"collapse", "image"}.isdisjoint(params.get("expired") or {}):
        left = max(left, 1)  # at the deadline itself there is no clip any more, but a picture or nothing
    whole = {**params, "deadline": (NOW + timedelta(seconds=left)).isoformat()}
    design = compile_design("countdown", whole, size=Size(260, 70), assets=assets())

    data = design.render({}, now=NOW).data
    frames = params["frames"] if "seconds" in params["units"] else 1
    wanted = expected(design, left, frames, has_ending=bool(params.get("expired")))
    count = min(frames, left) + (left < frames)
    assert gif.outline(data).frames == count
    if wanted:
        assert [frame.tobytes() for frame in decode(data, len(wanted))] == wanted


@pytest.mark.parametrize("decode", DECODERS)
def test_large_bitmaps_that_fill_the_table_are_read_too(
    decode: Callable[[bytes, int], list[Pictures.Image]],
) -> None:
    params = {
        "deadline": (NOW + timedelta(days=1, seconds=5)).isoformat(),
        "background": "asset:photo",
        "frames": 30,
    }
    design = compile_design("countdown", params, size=Size(600, 200, 3), assets=assets())

    shown = [frame.tobytes() for frame in decode(design.render({}, now=NOW).data, 30)]

    assert shown == expected(design, DAY + 5, 30, has_ending=False)


@pytest.mark.skipif(not shutil.which("gifsicle"), reason="gifsicle is not installed: .ci/run installs it")
@pytest.mark.parametrize("params", [{}, {"shape": "plain"}, {"background": "#ffffff", "units": ALL[1:]}])
def test_a_clip_is_no_larger_than_what_gifsicle_makes_of_its_frames(params: dict[str, Any]) -> None:
    deadline = NOW + timedelta(hours=6, minutes=5, seconds=20)
    design = compile_design("countdown", {"deadline": deadline.isoformat(), **params}, size=Size(600, 120))
    ours = design.render({}, now=NOW).data
    whole = io.BytesIO()
    every = pillow(ours, 60)
    for frame in every:
        frame.info.clear()
    every[0].save(whole, "GIF", save_all=True, append_images=every[1:], duration=1000, loop=0)

    done = subprocess.run(["gifsicle", "-O3"], input=whole.getvalue(), capture_output=True, check=True)

    assert len(ours) <= len(done.stdout)
