"""docs/rendering.md tells the truth: its examples are drawn, its tables name every parameter."""

import io
import re

import pytest
from PIL import Image as Pictures
from PIL import ImageChops, ImageStat

from renderers import KINDS
from tests.renderers.page import DOCS, Example, examples
from tests.renderers.test_goldens import MEAN


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.path.stem)
def test_an_example_looks_as_the_page_shows(example: Example) -> None:
    image = example.image()

    with Pictures.open(io.BytesIO(image.data)) as now, Pictures.open(example.path) as then:
        difference = ImageChops.difference(now.convert("RGB"), then.convert("RGB"))
    assert ImageStat.Stat(difference.convert("L")).mean[0] < MEAN
    assert (
        example.path.suffix
        == {"image/png": ".png", "image/gif": ".gif", "image/jpeg": ".jpg"}[image.mimetype]
    )


def test_every_kind_has_an_example() -> None:
    assert {example.told["kind"] for example in examples()} == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_the_table_of_a_kind_names_its_parameters_and_no_others(name: str) -> None:
    page = (DOCS / "rendering.md").read_text()
    part = page.split(f"## `{name}`")[1].split("\n## ")[0]

    named = {
        word
        for row in re.findall(r"^\| (`.*?) \|", part, re.MULTILINE)
        for word in re.findall(r"`(\w+)`", row)
    }

    # The font is every kind's, and told once below "Letters".
    assert named == set(KINDS[name].schema()["properties"]) - {"font"}  # type: ignore[call-overload]
