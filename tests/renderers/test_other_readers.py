"""What other people's programs say of the files: nothing is wrong with a picture of any kind."""

import shutil
import subprocess
from pathlib import Path

import pytest

from renderers import KINDS, Image, Size
from renderers import compile as compile_design
from tests.renderers.gallery import NOW, Sample, assets, samples

READERS = {
    "image/png": ("pngcheck", "-q"),
    "image/jpeg": ("jpeginfo", "-c", "-q"),
    "image/gif": ("gifsicle", "--optimize", "--output=/dev/null"),
}


def complaint(image: Image, path: Path) -> str:
    """What the format's reader finds; nothing for a file that is as it should be."""
    told = READERS[image.mimetype]
    if not shutil.which(told[0]):
        pytest.skip(f"{told[0]} is not installed: .ci/run installs it")
    path.write_bytes(image.data)
    done = subprocess.run([*told, str(path)], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode or done.stderr else ""


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_wrong_with_an_example(name: str, scale: int, tmp_path: Path) -> None:
    kind = KINDS[name]
    size, hero = Size(*kind.example_size, scale), {"hero": assets()["photo"]}

    image = compile_design(name, kind.example, size=size, assets=hero).render(kind.templatable, now=NOW)

    assert complaint(image, tmp_path / "picture") == ""


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_nothing_is_wrong_with_a_golden(sample: Sample, tmp_path: Path) -> None:
    assert complaint(sample.image(), tmp_path / "picture") == ""


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("image", {"source": "asset:photo"}),
        ("text", {"text": "Ana"}),
        ("countdown", {"deadline": "2026-12-24T20:00:00Z"}),
    ],
)
def test_the_readers_see_when_something_is_wrong(
    name: str, params: dict[str, object], tmp_path: Path
) -> None:
    whole = compile_design(name, params, size=Size(200, 80), assets=assets()).render({}, now=NOW)
    cut = Image(whole.data[:300], whole.mimetype, 200, 80)

    assert complaint(whole, tmp_path / "whole") == ""
    assert complaint(cut, tmp_path / "cut") != ""
