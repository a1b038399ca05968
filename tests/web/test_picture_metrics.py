"""What /metrics tells of pictures: kept ones and drawn ones, their bytes, characters without a face."""

import pytest
from prometheus_client import REGISTRY

from app.web.picture_metrics import PictureMeter
from tests.desk import Desk, desk

__all__ = ["desk"]


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_pictures_are_counted_once_by_whether_they_were_kept(desk: Desk) -> None:
    meter = PictureMeter(desk.front.gallery)
    kept = figure("mailtide_pictures_total", found="kept")
    drawn = figure("mailtide_pictures_total", found="drawn")
    desk.save(tier="gold", points=1)

    for _ in range(3):
        desk.open()
        meter.read()
    meter.read()

    assert figure("mailtide_pictures_total", found="kept") == kept + 2
    assert figure("mailtide_pictures_total", found="drawn") == drawn + 1
    assert figure("mailtide_pictures_held_bytes") > 1_000
    assert figure("mailtide_designs_held_bytes") > 1_000


@pytest.mark.parametrize(
    ("name", "script", "count"),
    [
        ("\U00013191\U00013192\U00013193\U00013193", "egyptian", 3),
        ("Ana \U0002a6d0\U0002a6d0", "cjk", 1),
        ("\uf8f1", "symbols", 1),
    ],
)
def test_characters_without_a_face_are_counted_by_script(
    desk: Desk, name: str, script: str, count: int
) -> None:
    meter = PictureMeter(desk.front.gallery)
    meter.read()
    before = figure("mailtide_missing_characters_total", script=script)
    desk.save(tier="gold", first_name=name, points=1)

    desk.open()
    meter.read()

    assert figure("mailtide_missing_characters_total", script=script) == before + count
