"""The kind countdown: what each second shows, and what happens at its end."""

from datetime import datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures

from renderers import CannotRender, Image, Size
from renderers import compile as compile_design
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
@example(left=3_610, passed=25, units=["hours", "minutes", "seconds"])
@example(left=10, passed=10, units=["days", "hours", "minutes", "seconds"])
def test_every_frame_shows_what_a_clip_begun_in_its_second_shows(
    left: int, passed: int, units: list[str]
) -> None:
    if left // {"days": 86_400, "hours": 3_600, "seconds": 1}[units[0]] > 999 or passed > left:
        return
    params = {"deadline": at(timedelta(seconds=left)), "units": units, "frames": 30}
    design = compile_design("countdown", params, size=SMALL)

    before = frames(design.render({}, now=NOW))[passed]
    after = frames(design.render({}, now=NOW + timedelta(seconds=passed)))[0]

    # A third digit that has just become a nought keeps its place until the next open.
    rolled_over = len(str(left // 86_400)) != len(str((left - passed) // 86_400)) == 2 and units[0] == "days"
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
        "/frames": "must be a whole number between 30 and 120",
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
