"""The kind order: what is done is ticked, what is under way is marked, by number or by name."""

import pytest

from renderers import CannotRender, Size
from renderers.colour import TIDE
from renderers.kinds.order import place_of
from tests.renderers.drawing import drawn, opened, refused

WIDE = Size(600, 130)
STEPS = ["Ordered", "Packed", "On its way", "Delivered"]


@pytest.mark.parametrize(
    ("current", "done"),
    [("1", 0), ("2", 1), ("4", 4), (" on its WAY ", 2), ("Delivered", 4), ("3.0", 2), ("٢", 1)],
)
def test_a_step_is_told_by_its_number_or_its_name(current: str, done: int) -> None:
    assert place_of(current, tuple(STEPS)) == done


@pytest.mark.parametrize("current", ["", "0", "5", "-1", "Lost", "nan", "1e9", "9" * 40])
def test_a_step_that_is_none_of_them_cannot_be_drawn(current: str) -> None:
    with pytest.raises(CannotRender, match=r"^/current: must be one of Ordered, .* from 1 to 4"):
        drawn("order", size=WIDE, values={"/current": current}, current="{{ x }}", steps=STEPS)


def test_a_step_that_is_none_of_them_is_refused_at_save() -> None:
    assert set(refused("order", size=WIDE, current="Lost", steps=STEPS)) == {"/current"}


def test_each_step_further_shows_more_of_the_accent() -> None:
    pictures = [
        opened(drawn("order", size=WIDE, current=str(at), steps=STEPS)).convert("RGB") for at in (1, 2, 3, 4)
    ]

    shown = [sum(n for n, colour in p.getcolors(1000) or () if colour == TIDE) for p in pictures]
    assert shown == sorted(set(shown))


def test_steps_read_from_the_right_begin_at_the_right() -> None:
    hebrew = ["הוזמן", "נארז", "בדרך", "נמסר"]

    latin, turned = (
        opened(drawn("order", size=WIDE, current="2", steps=steps)).convert("RGB")
        for steps in (STEPS, hebrew)
    )

    left, right = (0, 0, 150, 130), (450, 0, 600, 130)
    for picture, ticked, open_ in ((latin, left, right), (turned, right, left)):
        assert TIDE in {colour for _, colour in picture.crop(ticked).getcolors(1000) or ()}
        assert TIDE not in {colour for _, colour in picture.crop(open_).getcolors(1000) or ()}


def test_names_without_room_leave_that_of_the_step_under_way() -> None:
    long = [f"Donaudampfschifffahrt number {at}" for at in range(6)]
    narrow = Size(200, 60)

    one, other = (
        drawn("order", size=narrow, current="3", steps=steps)
        for steps in (long, [*long[:5], "Rindfleischetikettierung at the end"])
    )

    assert one == other


def test_the_note_may_be_a_template() -> None:
    said = drawn("order", size=WIDE, values={"/note": "Soon"}, current="1", steps=STEPS, note="{{ x }}")

    assert said == drawn("order", size=WIDE, current="1", steps=STEPS, note="Soon")


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"steps": STEPS[:2]}, "/steps"),
        ({"steps": [*STEPS, "a", "b", "c"]}, "/steps"),
        ({"steps": ["A", "b", "a "]}, "/steps"),
        ({"steps": ["A", "", "C"], "current": "1"}, "/steps/1"),
        ({"steps": ["A", 2, "C"], "current": "1"}, "/steps/1"),
        ({"steps": "A, B, C"}, "/steps"),
        ({"steps": ["{{ x }}", "B", "C"], "current": "1"}, "/steps/0"),
        ({"current": ""}, "/current"),
    ],
)
def test_steps_that_say_nothing_are_refused(params: dict[str, object], pointer: str) -> None:
    assert set(refused("order", size=WIDE, **{"current": "1", "steps": STEPS, **params})) == {pointer}
