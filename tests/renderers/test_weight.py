"""Pictures within a budget of bytes: what is lowered, by which steps, and what is left alone."""

import io

import pytest
from PIL import Image as Pictures

from renderers import Image, Size, render
from renderers.encode import jpeg, png
from renderers.weight import lightened, with_fewer_frames
from tests.flows.files import moving, noise, saved, see_through
from tests.renderers.drawing import opened
from tests.renderers.gallery import NOW

BUDGET = 200_000


def test_what_fits_is_left_alone() -> None:
    image = jpeg(noise((300, 200)))

    assert lightened(image, BUDGET) is image


def test_a_noisy_photograph_goes_down_in_quality_until_it_fits() -> None:
    image = jpeg(noise((1_000, 400)))

    lighter = lightened(image, BUDGET)

    assert len(image.data) > 3 * BUDGET
    assert len(lighter.data) <= BUDGET
    assert opened(lighter).size == (1_000, 400)
    assert lighter.mimetype == "image/jpeg"
    assert lightened(image, BUDGET).data == lighter.data


def test_no_step_further_than_needed_is_taken() -> None:
    image = jpeg(noise((600, 400)))
    sizes = [len(jpeg(opened(image).convert("RGB"), quality=quality).data) for quality in (75, 65)]

    assert len(lightened(image, sizes[0]).data) == sizes[0]
    assert len(lightened(image, sizes[0] - 1).data) == sizes[1]


def test_a_drawing_loses_colours_until_it_fits() -> None:
    across = Pictures.linear_gradient("L").resize((1_200, 400))
    round_about = Pictures.radial_gradient("L").resize((1_200, 400))
    image = png(Pictures.merge("RGB", (across, round_about, across)))
    half = len(image.data) // 2

    lighter = lightened(image, half)

    assert len(lighter.data) <= half
    assert len(opened(lighter).convert("RGB").getcolors() or []) <= 256
    assert opened(lighter).size == (1_200, 400)


def test_what_can_be_seen_through_still_can() -> None:
    image = png(see_through(noise((300, 200))))

    lighter = lightened(image, 40_000)

    assert len(lighter.data) < len(image.data)
    assert opened(lighter).convert("RGBA").getpixel((10, 10))[3] == 0
    assert opened(lighter).convert("RGBA").getpixel((10, 190))[3] == 255


def test_what_no_step_makes_light_enough_is_as_light_as_it_gets() -> None:
    image = png(noise((600, 400)))

    lighter = lightened(image, 1_000)

    assert 1_000 < len(lighter.data) < len(image.data) / 4


def test_a_moving_picture_is_not_touched() -> None:
    image = Image(moving(), "image/gif", 40, 20)

    assert lightened(image, 10) is image


def test_a_clip_is_halved_as_long_as_half_a_minute_is_left() -> None:
    params: dict[str, object] = {"deadline": "{{ x }}", "frames": 120}

    assert with_fewer_frames("countdown", params) == {**params, "frames": 60}
    assert with_fewer_frames("countdown", {"deadline": "{{ x }}"}) == {"deadline": "{{ x }}", "frames": 30}
    assert with_fewer_frames("countdown", {**params, "frames": 59}) is None
    assert with_fewer_frames("text", {"text": "x"}) is None


@pytest.mark.parametrize("size", [(600, 200), (300, 300)])
def test_noise_is_encoded_although_it_takes_more_than_a_byte_a_pixel(size: tuple[int, int]) -> None:
    asset = saved(noise((2 * size[0], 2 * size[1])), "PNG")

    image = render("image", {"source": "asset:it"}, size=Size(*size, 2), now=NOW, assets={"it": asset})

    with Pictures.open(io.BytesIO(image.data)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (2 * size[0], 2 * size[1]))
