"""A web process's housekeeping: news are taken, and drawn before anybody opens them."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.flows.places import Places
from app.web import keeper
from app.web.keeper import Keeper
from tests import make
from tests.desk import Desk, desk
from tests.flows import mmdb

__all__ = ["desk"]


def test_what_is_published_is_drawn_before_its_first_open(desk: Desk) -> None:
    gallery = desk.front.gallery
    at_work = Keeper(desk.front.snapshot, desk.hot, desk.spool, gallery)

    at_work.tick()
    first = set(gallery._designs)
    desk.publish(version=2)
    at_work.tick()

    assert {(block_id, version) for block_id, version, _ in first} == {("hero", 1)}
    assert ("hero", 2, "gold") in gallery._designs
    assert (gallery.hits, gallery.misses) == (0, 0), "nobody asked for a picture yet"


def test_much_that_is_new_is_drawn_bit_by_bit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "WARMING_S", 0.0)
    desk.publish("second")
    at_work = Keeper(desk.front.snapshot, desk.hot, desk.spool, desk.front.gallery)

    drawn = []
    for _ in range(3):
        at_work.tick()
        drawn.append(len(desk.front.gallery._designs))

    assert drawn == [2, 4, 4]


def test_a_picture_that_cannot_be_drawn_yet_does_not_stop_the_housekeeping(desk: Desk) -> None:
    timer = {"kind": "countdown", "params": {"deadline": "{{ customer.deadline }}"}}
    desk.publish("timer", variants=[{"id": "timer", "creative": timer}])
    at_work = Keeper(desk.front.snapshot, desk.hot, desk.spool, desk.front.gallery)

    at_work.tick()
    desk.publish("other", fallback={"creative": make.creative("Later")})
    at_work.tick()

    assert ("other", 1, "fallback") in desk.front.gallery._designs


def test_a_newer_file_of_places_is_taken_and_a_broken_one_is_told_once(desk: Desk, tmp_path: Path) -> None:
    file = mmdb.write(tmp_path / "places.mmdb", {"203.0.113.0/24": mmdb.PARIS})
    places = Places(file)
    at_work = Keeper(desk.front.snapshot, desk.hot, desk.spool, desk.front.gallery, places)
    mmdb.write(tmp_path / "new.mmdb", {"203.0.113.0/24": mmdb.NEW_YORK}).replace(file)

    with capture_logs() as told:
        at_work.tick()
        file.unlink()
        for _ in range(3):
            at_work.tick()

    assert places.place("203.0.113.9")["city"] == "New York"
    assert [entry["event"] for entry in told] == ["places_read", "no_places"]
