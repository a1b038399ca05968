"""Moving GIFs that are too heavy: which step is taken, and what stays as it was."""

import io
from collections.abc import Callable

import pytest
from PIL import Image as Pictures
from PIL import ImageChops, ImageSequence, ImageStat

from app.flows.cleaning import thinning
from app.flows.cleaning.cleaned import Unfit, clean
from app.flows.normalising import normalise
from renderers import gif
from tests.flows.files import noise, saved, see_through

Frames = list[Pictures.Image]
SIDE = 64


def drifting(count: int = 24) -> Frames:
    """Frames of many colours, each a little further to the right."""
    wide = Pictures.merge(
        "RGB",
        (
            Pictures.linear_gradient("L").rotate(90).resize((SIDE + 4 * count, SIDE)),
            Pictures.radial_gradient("L").resize((SIDE + 4 * count, SIDE)),
            Pictures.linear_gradient("L").resize((SIDE + 4 * count, SIDE)),
        ),
    )
    return [wide.crop((4 * at, 0, 4 * at + SIDE, SIDE)) for at in range(count)]


def blinking(count: int = 24) -> Frames:
    """Noise of four colours that stands still, and a square that comes and goes."""
    ground = noise((SIDE, SIDE)).quantize(4).convert("RGB")
    frames = [ground.copy() for _ in range(count)]
    for frame in frames[::2]:
        frame.paste((200, 30, 30), (8, 8, 24, 24))
    return frames


def heavy(frames: Frames, **how: object) -> bytes:
    """A GIF as careless programs write them: every frame whole."""
    told = {"duration": 80, "loop": 0, "disposal": 2, **how}
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:], **told)


def shown(content: bytes) -> Frames:
    with Pictures.open(io.BytesIO(content)) as picture:
        return [frame.convert("RGB") for frame in ImageSequence.Iterator(picture)]


def delays(content: bytes) -> list[int]:
    with Pictures.open(io.BytesIO(content)) as picture:
        return [int(frame.info["duration"]) for frame in ImageSequence.Iterator(picture)]


def test_what_is_within_the_budget_is_kept_byte_for_byte() -> None:
    data = heavy(drifting())

    assert clean(data, moving_bytes=len(data)).content == data


def test_a_clip_of_few_colours_loses_bytes_and_no_pixel() -> None:
    data = heavy(blinking())

    made = clean(data, moving_bytes=len(data) // 4)

    assert made.changes == ["made lighter, with 255 colours"]
    assert len(made.content) <= len(data) // 4
    assert [one.tobytes() for one in shown(made.content)] == [one.tobytes() for one in blinking()]
    assert delays(made.content) == [80] * 24


@pytest.mark.parametrize("share", [0.9, 0.6, 0.4, 0.2, 0.1])
def test_colours_go_first_then_frames_and_the_clip_takes_as_long_as_before(share: float) -> None:
    data = heavy(drifting())
    budget = int(len(data) * share)

    made = clean(data, moving_bytes=budget)

    every = shown(made.content)
    assert len(made.content) <= budget
    assert sum(delays(made.content)) == 24 * 80
    assert every[0].size == (made.width, made.height) == (SIDE, SIDE)
    kept = drifting()[:: 24 // len(every)]
    for ours, before in zip(every, kept, strict=True):
        assert max(ImageStat.Stat(ImageChops.difference(ours, before)).mean) < 32


def test_a_smaller_budget_never_takes_an_earlier_step() -> None:
    data = heavy(drifting())
    told = []
    for budget in range(len(data), 1_000, -len(data) // 30):
        change = "".join(clean(data, moving_bytes=budget).changes)
        if change not in told:
            told.append(change)

    assert told[0] == ""
    assert told[1:] == [
        text
        for text in (
            "made lighter, with 255 colours",
            "made lighter, with 127 colours",
            "made lighter, with 63 colours",
            "made lighter, with 63 colours and 12 frames instead of 24",
            "made lighter, with 31 colours and 12 frames instead of 24",
            "made lighter, with 31 colours and 6 frames instead of 24",
        )
        if text in told
    ]
    assert len(told) >= 5


def test_what_no_step_makes_light_enough_is_as_light_as_it_gets() -> None:
    frames = [noise((SIDE, SIDE)).rotate(90 * at) for at in range(8)]
    data = heavy(frames)

    made = clean(data, moving_bytes=1_000)

    assert 1_000 < len(made.content) < len(data) / 4
    assert made.changes == ["made lighter, with 31 colours and 2 frames instead of 8"]


@pytest.mark.parametrize("loop", [0, 3, None])
def test_it_starts_again_as_often_as_before(loop: int | None) -> None:
    how = {} if loop is None else {"loop": loop}
    frames = drifting()
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=80, **how)

    with Pictures.open(io.BytesIO(clean(data, moving_bytes=8_000).content)) as picture:
        assert picture.info.get("loop") == loop


def test_a_frame_that_no_browser_shows_so_briefly_counts_as_they_show_it() -> None:
    made = clean(heavy(drifting(), duration=[0, *[40] * 23]), moving_bytes=2_000)

    assert sum(delays(made.content)) == 100 + 23 * 40


def test_what_can_be_seen_through_stays_as_it_is() -> None:
    frames = [see_through(frame) for frame in drifting()]
    data = heavy(frames)

    assert clean(data, moving_bytes=2_000).content == data


def test_a_clip_over_two_megabytes_is_taken_where_a_step_brings_it_below(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.flows.cleaning.cleaned.KEPT_BYTES", 20_000)
    data = heavy(drifting())

    assert len(clean(data, moving_bytes=15_000).content) <= 20_000 < len(data)
    with pytest.raises(Unfit, match="moves and has"):
        clean(heavy([noise((300, 200)).rotate(180 * at) for at in range(3)]))


@pytest.mark.parametrize("made_of", [drifting, blinking])
def test_the_same_clip_becomes_the_same_bytes_in_the_process_that_reads_uploads(
    made_of: Callable[[], Frames],
) -> None:
    data = heavy(made_of())

    plain = normalise(data, moving_bytes=9_000)

    assert plain == clean(data, moving_bytes=9_000)
    assert gif.outline(plain.content).size == (SIDE, SIDE)


def test_a_long_clip_begins_at_a_later_step(monkeypatch: pytest.MonkeyPatch) -> None:
    data = heavy(drifting())
    monkeypatch.setattr(thinning, "PIXELS_TO_TRY", 24 * SIDE * SIDE)

    assert clean(data, moving_bytes=len(data) - 1).changes == [
        "made lighter, with 31 colours and 6 frames instead of 24"
    ]
