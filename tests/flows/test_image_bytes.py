"""No picture that goes out is heavier than it may be, and what cannot be helped is counted."""

import base64
from dataclasses import replace

import pytest
from prometheus_client import REGISTRY

from app.flows.pictures import Gallery
from app.stores.hot.published import publish
from app.web.picture_metrics import PictureMeter
from renderers.gif import outline
from tests.desk import Desk
from tests.flows.files import moving, noise, saved

COUNTDOWN = {"kind": "countdown", "params": {"deadline": "2027-01-01T00:00:00Z", "background": "#0b2a3b"}}


def limit(desk: Desk, max_bytes: int) -> Gallery:
    gallery = Gallery(desk.front.snapshot, image_max_bytes=max_bytes)
    desk.front = replace(desk.front, gallery=gallery)
    return gallery


def show(desk: Desk, creative: dict[str, object], **fields: object) -> bytes:
    desk.publish(version=9, variants=[], fallback={"creative": creative}, **fields)
    return desk.open().image.data


def put(desk: Desk, content: bytes) -> dict[str, object]:
    publish(desk.hot, "a:noisy", {"data": base64.b64encode(content).decode()})
    return {"kind": "image", "params": {"source": "asset:noisy"}}


def test_a_noisy_photograph_goes_out_within_200_kb(desk: Desk) -> None:
    creative = put(desk, saved(noise((1_000, 400)), "PNG"))

    data = show(desk, creative, width=500, height=200, scale=2)

    assert data.startswith(b"\xff\xd8")
    assert len(data) <= 200_000
    assert desk.front.gallery.heavy == 0


@pytest.mark.parametrize(("share", "frames"), [(1.0, 120), (0.9, 60), (0.5, 30), (0.1, 30)])
def test_a_countdown_gets_shorter_and_still_starts_at_the_same_second(
    desk: Desk, share: float, frames: int
) -> None:
    creative = {**COUNTDOWN, "params": {**COUNTDOWN["params"], "frames": 120}}
    full = show(desk, creative, width=600, height=120)
    limit(desk, int(len(full) * share))

    data = show(desk, creative, width=600, height=120)

    assert outline(data).frames == frames
    assert desk.front.gallery.heavy == (share == 0.1)


def test_what_stays_too_heavy_goes_out_and_is_counted(desk: Desk) -> None:
    content = moving(size=(300, 100))
    gallery = limit(desk, 100)
    meter = PictureMeter(gallery)
    before = REGISTRY.get_sample_value("mailtide_heavy_pictures_total") or 0.0

    data = show(desk, put(desk, content))
    meter.read()
    meter.read()

    assert data == content
    assert gallery.heavy_blocks == {"hero": len(content)}
    assert REGISTRY.get_sample_value("mailtide_heavy_pictures_total") == before + 1
