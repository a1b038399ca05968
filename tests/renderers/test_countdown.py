"""The kind countdown: what each second shows, and what happens at its end."""

from datetime import datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures
from PIL import ImageChops, ImageStat

from renderers import PIXEL, CannotRender, Image, Size
from renderers import compile as compile_design
from renderers.ticking import CountdownDrawing
from tests.renderers.drawing import drawn, opened, refused
from tests.renderers.gallery import NOW, assets, frames

SMALL = Size(200, 50)


def at(left: timedelta) -> str:
    return (NOW + left).isoformat()


def clip(left: timedelta, **params: object) -> Image:
    return drawn("countdown", size=SMALL, deadline=at(left), **params)


def same(one: Pictures.Image, other: Pictures.Image) -> bool:
    return one.tobytes() == other.tobytes()


def test_a_clip_is_a_gif_of_sixty_frames_a_second_each_that_starts_again() -> None:
    image = clip(timedelta(days=3))

    assert image.mimetype == "image/gif"
    assert len(frames(image)) == 60
    assert opened(image).info["duration"] == 1000
    assert opened(image).info["loop"] == 0


def test_the_first_frame_is_whole() -> None:
    picture = opened(clip(timedelta(days=3)))

    assert picture.size == (200, 50)
    assert not same(picture.convert("RGB"), Pictures.new("RGB", picture.size))


@settings(max_examples=12, deadline=None)
@given(
    left=st.integers(0, 999 * 86_400 - 1),
    passed=st.integers(0, 29),
    units=st.sampled_from(
        [["days", "hours", "minutes", "seconds"], ["hours", "minutes", "seconds"], ["seconds"]]
    ),
)
@example(left=86_400 * 100 + 3, passed=2, units=["days", "hours", "minutes", "seconds"])
@example(left=86_400 + 5, passed=20, units=["days", "hours", "minutes", "seconds"])
@example(left=100, passed=1, units=["seconds"])
@example(left=3_610, passed=25, units=["hours", "minutes", "seconds"])
@example(left=10, passed=10, units=["days", "hours", "minutes", "seconds"])
def test_every_frame_shows_what_a_clip_begun_in_its_second_shows(
    left: int, passed: int, units: list[str]
) -> None:
    first = {"days": 86_400, "hours": 3_600, "seconds": 1}[units[0]]
    if left // first > 999 or passed > left:
        return
    params = {"deadline": at(timedelta(seconds=left)), "units": units, "frames": 30}
    design = compile_design("countdown", params, size=SMALL)

    before = frames(design.render({}, now=NOW))[passed]
    after = frames(design.render({}, now=NOW + timedelta(seconds=passed)))[0]

    # A third digit that has just become a nought keeps its place until the next open.
    rolled_over = (left - passed) // first < 100 <= left // first
    assert rolled_over or same(before, after)


def test_a_clip_that_reaches_its_end_shows_it_and_does_not_start_again() -> None:
    image = clip(timedelta(seconds=5), expired={"text": "Over"})

    every = frames(image)
    assert len(every) == 6
    assert "loop" not in opened(image).info
    assert same(every[-1], frames(clip(timedelta(0), expired={"text": "Over"}))[0])


def test_a_deadline_that_has_passed_shows_the_text_or_zeros() -> None:
    told = frames(clip(timedelta(days=-400), expired={"text": "Over"}))
    zeros = frames(clip(timedelta(seconds=-1)))

    assert len(told) == len(zeros) == 1
    assert not same(told[0], zeros[0])
    assert same(zeros[0], frames(clip(timedelta(seconds=1)))[-1])


def test_a_clip_may_stop_instead_of_starting_again() -> None:
    assert "loop" not in opened(clip(timedelta(days=3), loop=False)).info


def test_a_countdown_without_seconds_is_one_still_picture() -> None:
    image = clip(timedelta(days=3, hours=4), units=["days", "hours"])

    assert len(frames(image)) == 1


def test_a_local_deadline_is_taken_in_its_zone() -> None:
    local = drawn("countdown", deadline="2026-12-24T20:00:00", zone="America/New_York")
    fixed = drawn("countdown", deadline="2026-12-24T20:00:00-05:00", zone="Europe/Paris")

    assert local == fixed


def test_the_customers_own_deadline_zone_labels_and_ending_are_taken() -> None:
    params = {
        "deadline": "{{ customer.deadline }}",
        "zone": "{{ customer.timezone }}",
        "labels": {"days": "{{ customer.days }}"},
        "expired": {"text": "{{ customer.first_name }}"},
    }
    design = compile_design("countdown", params, size=SMALL)
    values = {
        "/deadline": "2026-12-24 20:00",
        "/zone": "Asia/Tokyo",
        "/labels/days": "Tage",
        "/expired/text": "Ana",
    }

    image = design.render(values, now=NOW)

    assert image == drawn(
        "countdown",
        size=SMALL,
        deadline="2026-12-24T20:00:00+09:00",
        labels={"days": "Tage"},
        expired={"text": "Ana"},
    )


@pytest.mark.parametrize(
    "deadline",
    [
        "",
        "NaN",
        "soon",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-12-24",
        "1e9",
        "20261224T2000",
        "٢٠٢٦-12-24T20:00",
    ],
)
def test_a_value_that_is_no_deadline_cannot_be_drawn(deadline: str) -> None:
    with pytest.raises(CannotRender, match="/deadline"):
        drawn("countdown", deadline="{{ x }}", values={"/deadline": deadline})


@pytest.mark.parametrize(
    "zone", ["", "Mars/Olympus", "../etc/passwd", "America", "/etc/localtime", "a" * 500]
)
def test_a_value_that_is_no_zone_cannot_be_drawn(zone: str) -> None:
    with pytest.raises(CannotRender, match="/zone"):
        drawn("countdown", deadline="2026-12-24T20:00", zone="{{ x }}", values={"/zone": zone})


def test_a_deadline_further_than_three_digits_cannot_be_drawn() -> None:
    with pytest.raises(CannotRender, match="more than 999 days away"):
        drawn("countdown", deadline="9999-12-31T23:59:59-12:00")


@pytest.mark.parametrize(
    "deadline", ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00"]
)
def test_a_deadline_of_another_age_has_passed(deadline: str) -> None:
    assert len(frames(drawn("countdown", deadline=deadline, zone="Asia/Tokyo"))) == 1


def test_wrong_parameters_are_named() -> None:
    problems = refused(
        "countdown",
        deadline="soon",
        units=["days", "seconds"],
        frames=3,
        loop="yes",
        labels={"weeks": "Weeks"},
    )

    assert problems == {
        "/units": "must list neighbours of days, hours, minutes, seconds, from the largest down",
        "/frames": "must be a whole number between 30 and 300",
        "/loop": "must be true or false",
        "/labels/weeks": "is not a parameter of this kind",
    }
    assert refused("countdown", deadline="soon") == {
        "/deadline": "must be a date and time like 2026-11-30T20:00:00+01:00"
    }
    assert refused("countdown", deadline="2026-12-24T20:00:00", zone="Mars") == {
        "/zone": "must be a time zone like Europe/Paris"
    }


def test_a_clip_of_a_photograph_keeps_to_one_palette() -> None:
    image = drawn("countdown", deadline=at(timedelta(days=3)), background="asset:photo", size=Size(600, 120))

    assert len(opened(image).getpalette() or []) <= 768
    assert len(frames(image)) == 60


def test_the_second_is_what_counts_not_its_parts() -> None:
    params = {"deadline": at(timedelta(days=1))}
    design = compile_design("countdown", params, size=SMALL, assets=assets())

    early, late = (design.render({}, now=NOW + timedelta(microseconds=part)) for part in (0, 999_999))

    assert early == late
    assert isinstance(NOW, datetime)


def test_a_picture_may_stand_for_what_is_over() -> None:
    over = clip(timedelta(seconds=-1), expired={"image": "asset:photo"})
    reached = frames(clip(timedelta(seconds=4), expired={"image": "asset:photo"}))

    assert over.mimetype == "image/jpeg"
    assert opened(over).size == (200, 50)
    difference = ImageChops.difference(reached[-1], opened(over).convert("RGB"))
    assert len(reached) == 5
    assert max(ImageStat.Stat(difference).mean) < 8


def test_what_is_over_may_take_no_room() -> None:
    assert clip(timedelta(0), expired={"collapse": True}) == PIXEL
    assert len(frames(clip(timedelta(seconds=4), expired={"collapse": True}))) == 5


@pytest.mark.parametrize(
    "expired", [{}, {"text": "Over", "collapse": True}, {"image": "asset:photo", "text": ""}]
)
def test_only_one_thing_stands_for_what_is_over(expired: dict[str, object]) -> None:
    assert refused("countdown", deadline=at(timedelta(0)), expired=expired) == {
        "/expired": "must have one of text, image, and collapse as true"
    }


def test_a_picture_for_what_is_over_must_be_there() -> None:
    assert "/expired/image" in refused("countdown", deadline=at(timedelta(0)), expired={"image": "asset:no"})


def test_counting_up_shows_how_long_ago_it_was() -> None:
    up = frames(clip(timedelta(seconds=-100), count="up", frames=30))
    down = frames(clip(timedelta(seconds=100), frames=30))

    assert len(up) == 30
    assert same(up[0], down[0])
    assert same(up[0], frames(clip(timedelta(seconds=-90), count="up"))[10])


def test_counting_up_over_a_minute_an_hour_and_a_hundred_days() -> None:
    for ago in (55, 3_595, 100 * 86_400 - 5):
        early = frames(clip(timedelta(seconds=-ago), count="up"))[20]
        late = frames(clip(timedelta(seconds=-ago - 20), count="up"))[0]

        assert same(early, late)


def test_counting_up_before_the_beginning_shows_noughts_that_stand() -> None:
    image = clip(timedelta(hours=1), count="up")

    assert len(frames(image)) == 1
    assert same(frames(image)[0], frames(clip(timedelta(0), count="up"))[0])


def test_counting_up_ends_at_three_digits() -> None:
    with pytest.raises(CannotRender, match="more than 999 days ago"):
        clip(timedelta(days=-1000), count="up")


def test_a_deadline_may_be_so_many_hours_after_a_moment_of_the_customers() -> None:
    own = {"deadline": "{{ touch.sent_at }}", "plus_hours": 48}
    sent = NOW - timedelta(hours=3)

    image = drawn("countdown", size=SMALL, values={"/deadline": sent.isoformat()}, **own)

    assert image == clip(timedelta(hours=45))


def test_a_text_may_stand_instead_of_a_clip_for_those_who_fetch_ahead() -> None:
    params = {"deadline": at(timedelta(days=1)), "instead": "{{ x }}"}

    told = drawn("countdown", size=SMALL, values={"/instead": "Ends on Sunday"}, **params)
    nothing = drawn("countdown", size=SMALL, values={"/instead": "  "}, **params)

    assert (len(frames(told)), told.mimetype) == (1, "image/gif")
    assert nothing == clip(timedelta(days=1))


@pytest.mark.parametrize("shape", ["rounded", "square", "pill", "plain"])
def test_every_shape_ticks(shape: str) -> None:
    every = frames(clip(timedelta(days=3), shape=shape, frames=30))

    assert len(every) == 30
    assert not same(every[0], every[1])


def test_digits_without_cells_need_a_background_of_one_colour() -> None:
    gradient = {"from": "#0e7c86", "to": "#0b2a3b"}

    assert refused("countdown", deadline=at(timedelta(0)), shape="plain", background=gradient) == {
        "/shape": "plain needs a background of one colour: take another shape"
    }


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("background", ["#0b2a3b", "asset:photo", {"from": "#0e7c86", "to": "#d6452b"}])
def test_a_design_holds_no_more_than_it_says_and_that_is_little(background: object, scale: int) -> None:
    params = {"deadline": at(timedelta(days=6, hours=5)), "background": background}
    design = compile_design("countdown", params, size=Size(600, 120, scale), assets=assets())

    for passed in range(0, 7_200, 31):
        design.render({}, now=NOW + timedelta(seconds=passed))

    drawing = design._drawing
    assert isinstance(drawing, CountdownDrawing)
    held = drawing.ground.held_bytes + sum(clip.held_bytes for clip in drawing._clips.values())
    assert held <= design.held_bytes <= 400_000
