"""A countdown ticks in a browser as it was drawn."""

import base64
import io
import time
from datetime import timedelta

import pytest
from PIL import Image as Pictures
from PIL import ImageChops, ImageStat
from playwright.sync_api import Browser

from renderers import Size
from renderers import compile as compile_design
from tests.renderers.gallery import NOW, frames

pytestmark = pytest.mark.browser

LOOK_S = 3.4


def test_a_countdown_ticks_once_a_second(browser: Browser) -> None:
    # Over a minute's end, so that the widest rectangle is among what is seen.
    left = timedelta(days=2, minutes=3, seconds=1)
    design = compile_design("countdown", {"deadline": (NOW + left).isoformat()}, size=Size(400, 90))
    image = design.render({}, now=NOW)
    drawn = frames(image)
    page = browser.new_page(viewport={"width": 400, "height": 90})
    coded = base64.b64encode(image.data).decode()

    page.set_content(f'<body style="margin:0"><img id="clip" src="data:image/gif;base64,{coded}">')
    page.wait_for_function("document.getElementById('clip').complete")
    seen = []
    until = time.monotonic() + LOOK_S
    while time.monotonic() < until:
        with Pictures.open(io.BytesIO(page.screenshot())) as shot:
            seen.append(_which(shot.convert("RGB"), drawn))
        time.sleep(0.2)
    page.close()

    assert seen == sorted(seen)
    assert seen[0] <= 1
    assert 2 <= seen[-1] - seen[0] <= 4


def _which(shot: Pictures.Image, drawn: list[Pictures.Image]) -> int:
    """The frame that a screenshot shows, exactly."""
    for at, frame in enumerate(drawn):
        if sum(ImageStat.Stat(ImageChops.difference(shot, frame)).sum) == 0:
            return at
    raise AssertionError("the browser shows what was never drawn")
