"""The boundary: compile, values, digests, problems with pointers, blanks."""

from datetime import timedelta

import pytest

from renderers import KINDS, PIXEL, BadParams, CannotRender, Size, assets_of, blank, render
from renderers import compile as compile_design
from tests.renderers.drawing import WIDE, drawn, opened, refused
from tests.renderers.gallery import NOW, assets


@pytest.mark.parametrize("kind", KINDS)
def test_every_example_compiles(kind: str) -> None:
    example = KINDS[kind].example

    design = compile_design(kind, example, size=_own_size(kind), assets={"hero": assets()["photo"]})

    assert design.is_timed == (kind == "countdown")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_describes_its_parameters(kind: str) -> None:
    schema = KINDS[kind].schema()

    assert schema["additionalProperties"] is False
    assert set(KINDS[kind].example) <= set(schema["properties"])


def test_a_template_takes_its_value_when_drawn() -> None:
    design = compile_design("text", {"text": "{{ customer.first_name }}"}, size=WIDE)

    ana, bo = (design.render({"/text": name}, now=NOW) for name in ("Ana", "Bo"))

    assert ana.data != bo.data
    assert ana.data == render("text", {"text": "Ana"}, size=WIDE, now=NOW).data


def test_a_template_without_its_value_cannot_be_drawn() -> None:
    design = compile_design("text", {"text": "{{ customer.first_name }}"}, size=WIDE)

    with pytest.raises(CannotRender, match="/text"):
        design.render({}, now=NOW)


def test_a_value_that_was_not_asked_for_changes_nothing() -> None:
    design = compile_design("text", {"text": "Ana"}, size=WIDE)

    assert design.render({"/text": "Bo"}, now=NOW) == design.render({}, now=NOW)


def test_the_same_input_gives_the_same_bytes() -> None:
    for kind in KINDS:
        one, two = (
            compile_design(
                kind, KINDS[kind].example, size=_own_size(kind), assets={"hero": assets()["photo"]}
            )
            for _ in "ab"
        )
        values = KINDS[kind].templatable

        assert one.digest == two.digest
        assert one.render(values, now=NOW) == two.render(values, now=NOW)


def test_a_digest_changes_with_whatever_changes_the_picture() -> None:
    def digest(size: Size = WIDE, photo: bytes = assets()["photo"], **params: object) -> str:
        whole = {"text": "Ana", "background": "asset:hero", **params}
        return compile_design("text", whole, size=size, assets={"hero": photo, "other": photo}).digest

    digests = [
        digest(),
        digest(text="Bo"),
        digest(size=Size(300, 100, 2)),
        digest(photo=assets()["drawing"]),
        digest(background="#000000"),
    ]

    assert len(set(digests)) == len(digests)


def test_a_digest_does_not_change_with_assets_that_are_not_used() -> None:
    digests = {
        compile_design("text", {"text": "Ana"}, size=WIDE, assets=held).digest for held in ({}, assets())
    }

    assert len(digests) == 1


def test_the_bitmap_is_as_large_as_the_scale_says() -> None:
    image = drawn("text", size=Size(300, 100, 2), text="Ana")

    assert (image.width_px, image.height_px) == opened(image).size == (600, 200)


@pytest.mark.parametrize(
    ("size", "pointer"),
    [
        (Size(0, 100), "/width"),
        (Size(300, -1), "/height"),
        (Size(1200, 100, 2), "/width"),
        (Size(300, 2001), "/height"),
        (Size(300, 100, 4), "/scale"),
    ],
)
def test_a_size_outside_the_bounds_is_refused(size: Size, pointer: str) -> None:
    assert pointer in refused("text", size=size, text="Ana")


def test_an_unknown_kind_is_refused() -> None:
    assert refused("hologram") == {
        "": f"there is no kind of picture 'hologram': take one of {', '.join(KINDS)}"
    }


def test_every_wrong_parameter_is_named_with_what_to_type() -> None:
    problems = refused(
        "text", text="Ana", size_px=4, weight="fat", background={"from": "red", "angle": 5}, shadow=1
    )

    assert problems == {
        "/size_px": "must be a whole number between 8 and 200",
        "/weight": "must be one of regular, semibold, bold",
        "/background/from": "must be a colour like #0e7c86",
        "/background/to": "is needed",
        "/shadow": "is not a parameter of this kind",
    }


def test_a_template_where_none_may_stand_is_refused() -> None:
    problems = refused("image", source="asset:{{ customer.tier }}")

    assert problems == {"/source": "may not be a template: give the value itself"}


def test_an_asset_that_was_not_uploaded_is_refused() -> None:
    assert refused("text", text="Ana", background="asset:nowhere") == {
        "/background": 'there is no asset named "nowhere": upload it first'
    }


def test_assets_are_found_wherever_they_are_named() -> None:
    params = {"a": "asset:one", "b": {"c": ["asset:two", 3]}, "d": "asset", "e": None}

    assert assets_of(params) == {"one", "two"}


def test_parameters_nested_without_end_are_refused() -> None:
    deep: dict[str, object] = {}
    for _ in range(500):
        deep = {"x": deep, "y": "text"}

    with pytest.raises(BadParams):
        compile_design("text", {"text": "Ana", "more": deep}, size=WIDE)


def test_a_countdown_changes_with_time_and_a_text_does_not() -> None:
    later = NOW + timedelta(seconds=1)

    assert drawn("countdown", deadline="2026-12-01T00:00:00Z") != drawn(
        "countdown", deadline="2026-12-01T00:00:00Z", now=later
    )
    assert drawn("text", text="Ana") == drawn("text", text="Ana", now=later)


def test_the_pixel_is_one_transparent_point_of_43_bytes() -> None:
    picture = opened(PIXEL)

    assert (len(PIXEL.data), PIXEL.mimetype, picture.size) == (43, "image/gif", (1, 1))
    assert picture.convert("RGBA").getpixel((0, 0))[3] == 0


def test_a_blank_is_transparent_and_of_the_size_asked_for() -> None:
    image = blank(Size(300, 100, 2))

    assert opened(image).size == (600, 200)
    assert opened(image).convert("RGBA").getextrema()[3] == (0, 0)
    assert blank() is PIXEL


def _own_size(kind: str) -> Size:
    return Size(*KINDS[kind].example_size)
