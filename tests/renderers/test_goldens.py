"""Every kind still looks as it did when a person looked at it; gallery.py beside this makes them again."""

import pytest
from PIL import Image as Pictures
from PIL import ImageChops, ImageStat

from renderers.installed import folders_of_packages
from tests.renderers.gallery import FOLDER, Sample, samples

# Another FreeType moves the edges of letters a little; a letter moved or missing is far above both.
MEAN = 1.5
MOST_OFF = 0.01


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_picture_looks_as_it_did(sample: Sample) -> None:
    if sample.needs_fonts and not folders_of_packages():
        pytest.skip("needs the faces of mailtide[fonts]: make test EXTRAS=fonts")
    for name, picture in sample.pictures():
        with Pictures.open(FOLDER / name) as golden:
            difference = ImageChops.difference(picture, golden.convert("RGB")).convert("L")

        off = sum(difference.histogram()[48:]) / (picture.width * picture.height)
        assert picture.size == difference.size
        assert ImageStat.Stat(difference).mean[0] < MEAN, name
        assert off < MOST_OFF, name


def test_no_golden_is_left_over() -> None:
    wanted = {name for sample in samples() for name, _ in sample.pictures()}

    assert {path.name for path in FOLDER.iterdir()} == wanted
