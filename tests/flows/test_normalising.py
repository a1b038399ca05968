"""The process that reads uploads: what it takes, what it may not, and what is said when it is ended."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.flows import normalising
from app.flows.normalising import Unusable, normalise
from tests.flows.files import drawing, exif, png_of, saved


def test_a_file_comes_back_as_a_plain_picture() -> None:
    plain = normalise(saved(drawing((400, 200)), "JPEG", exif=exif(6)))

    assert (plain.mimetype, plain.width, plain.height) == ("image/jpeg", 200, 400)
    assert plain.changes == ["turned upright"]
    assert plain.content.startswith(b"\xff\xd8")


def test_several_at_once_do_not_mix() -> None:
    files = [saved(drawing((40 + number, 20)), "PNG") for number in range(6)]

    with ThreadPoolExecutor(6) as pool:
        plain = list(pool.map(normalise, files))

    assert [one.content for one in plain] == files


def test_what_cannot_be_used_says_why() -> None:
    with pytest.raises(Unusable, match="is TIFF: upload PNG, JPEG, GIF or WebP"):
        normalise(saved(drawing(), "TIFF"))


@pytest.mark.parametrize("size", [(60_000, 60_000), (10_000, 10_000), (5_000, 4_000)])
def test_a_small_file_of_many_pixels_is_refused_before_one_is_read(size: tuple[int, int]) -> None:
    with pytest.raises(Unusable, match=r"at most 16 million pixels|too many pixels"):
        normalise(png_of(*size))


def test_a_photograph_as_large_as_phones_take_them_is_made_smaller() -> None:
    plain = normalise(saved(drawing((6_000, 8_000)), "JPEG"))

    assert (plain.width, plain.height) == (1_500, 2_000)
    assert plain.changes == ["made smaller, from 6000 × 8000"]


LIMITED = "from app.flows.cleaning.__main__ import _limit; _limit(); "


@pytest.mark.parametrize(
    "program",
    [
        LIMITED + "bytearray(700 * 2**20)",
        LIMITED + "import sys; sys.stdout.buffer.write(bytes(8 * 2**20))",
        LIMITED + "open('/tmp/mailtide-too-large', 'wb').write(bytes(8 * 2**20))",
        LIMITED + "files = [open('/dev/null') for _ in range(64)]",
        "import time; time.sleep(60)",
        "import os; os.abort()",
    ],
    ids=["memory", "output", "file", "files", "time", "crash"],
)
def test_a_process_that_goes_over_its_limits_is_ended_and_the_file_refused(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(normalising, "_COMMAND", (sys.executable, "-c", program))
    monkeypatch.setattr(normalising, "WALL_S", 2)

    with pytest.raises(Unusable, match="more time or memory"):
        normalise(b"anything")


def test_a_process_knows_no_secret_of_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNING_KEYS", "a" * 32)
    tell = "import json, os; print(json.dumps({'unfit': ' '.join(os.environ)})); raise SystemExit(3)"
    monkeypatch.setattr(normalising, "_COMMAND", (sys.executable, "-c", tell))

    with pytest.raises(Unusable) as told:
        normalise(b"anything")

    assert "SIGNING_KEYS" not in str(told.value)
