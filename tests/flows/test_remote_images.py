"""Pictures of other servers in blocks: shown when they are there in time, and kept for a day."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from app.flows.fetching import Fetcher, Refused
from app.flows.pictures import Gallery
from app.flows.remote_images import FAILED_S, FRESH_S, STALE_S, RemoteImages, fetch_with
from app.flows.slow_work import Late, SlowWork
from renderers import CannotRender
from tests import make
from tests.desk import Desk
from tests.flows.files import drawing, exif, saved
from tests.flows.receiver import Receiver, ok

URL = "https://img.shop.example/ana.png"
AVATAR = {"kind": "image", "params": {"source": "{{ customer.avatar_url }}", "fit": "contain"}}
VARIANTS = [{"id": "avatar", "creative": AVATAR, "link": "https://shop.example/you"}]


@dataclass
class Shelf:
    """A server's pictures as they are at the moment; asked for, it may be told to wait."""

    pictures: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)
    now_s: float = 1_000.0

    def __post_init__(self) -> None:
        self.go_on.set()

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        self.go_on.wait(5)
        if url not in self.pictures:
            raise Refused("it answered 404")
        return self.pictures[url]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf({URL: b"first"})


@pytest.fixture
def remote(shelf: Shelf) -> Iterator[RemoteImages]:
    remote = RemoteImages(shelf.fetch, log=lambda *_: None, clock=lambda: shelf.now_s, max_bytes=10_000)
    yield remote
    shelf.go_on.set()
    remote.close()


def test_a_picture_is_fetched_once_and_kept(remote: RemoteImages, shelf: Shelf) -> None:
    for _ in range(3):
        assert remote.picture(URL, within_s=5).content == b"first"

    assert shelf.asked == [URL]


def test_one_that_is_an_hour_old_is_shown_while_a_newer_one_is_fetched(
    remote: RemoteImages, shelf: Shelf
) -> None:
    remote.picture(URL, within_s=5)
    shelf.pictures[URL] = b"second"
    shelf.now_s += FRESH_S + 1

    assert remote.picture(URL, within_s=5).content == b"first"
    make.wait_until(lambda: remote.picture(URL, within_s=5).content == b"second")
    assert shelf.asked == [URL, URL]


def test_one_that_is_a_day_old_is_not_shown_any_more(remote: RemoteImages, shelf: Shelf) -> None:
    remote.picture(URL, within_s=5)
    shelf.pictures[URL] = b"second"
    shelf.now_s += STALE_S + 1

    assert remote.picture(URL, within_s=5).content == b"second"


def test_one_that_went_away_is_shown_until_the_day_is_over(remote: RemoteImages, shelf: Shelf) -> None:
    remote.picture(URL, within_s=5)
    del shelf.pictures[URL]
    shelf.now_s += FRESH_S + 1

    remote.picture(URL, within_s=5)
    make.wait_until(lambda: remote.refused == 1)
    assert remote.picture(URL, within_s=5).content == b"first"
    assert len(shelf.asked) == 2, "and is not asked for at every open"
    shelf.now_s += STALE_S + 1
    with pytest.raises(CannotRender, match="404"):
        remote.picture(URL, within_s=5)


def test_one_that_is_not_to_be_had_is_asked_for_again_a_minute_later(
    remote: RemoteImages, shelf: Shelf
) -> None:
    missing = "https://img.shop.example/missing.png"
    for _ in range(3):
        with pytest.raises(CannotRender, match=r"^/source: it answered 404"):
            remote.picture(missing, within_s=5)
    assert len(shelf.asked) == 1
    shelf.pictures[missing] = b"here"
    shelf.now_s += FAILED_S + 1

    assert remote.picture(missing, within_s=5).content == b"here"


def test_nobody_waits_for_longer_than_they_may(remote: RemoteImages, shelf: Shelf) -> None:
    shelf.go_on.clear()

    with pytest.raises(Late):
        remote.picture(URL, within_s=0.02)
    shelf.go_on.set()
    make.wait_until(lambda: remote.fetched == 1)

    assert remote.picture(URL, within_s=0.02).content == b"first"


def test_what_is_kept_is_bounded(remote: RemoteImages, shelf: Shelf) -> None:
    for number in range(30):
        shelf.pictures[f"{URL}?{number}"] = bytes(1_000)
        remote.picture(f"{URL}?{number}", within_s=5)

    assert remote._bytes <= 10_000
    assert 3 < len(remote._held) < 9


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def framed(desk: Desk, receiver: Receiver) -> Iterator[Desk]:
    """A desk whose block shows the customer's own picture, of a server that is ours."""
    fetcher = Fetcher(("img.shop.example",), receiver.dial, receiver.trusting)
    remote = RemoteImages(fetch_with(fetcher), log=lambda *_: None)
    gallery = Gallery(desk.front.snapshot, slow=SlowWork(), remote=remote)
    desk.front = replace(desk.front, gallery=gallery)
    desk.publish(version=2, render_budget_ms=2_000, variants=VARIANTS)
    yield desk
    gallery.close()


def test_a_customers_own_picture_is_shown_upright_and_in_its_place(framed: Desk, receiver: Receiver) -> None:
    receiver.answers["/ana.jpg"] = ok(saved(drawing((200, 400)), "JPEG", exif=exif(6)), "image/jpeg")
    framed.save(avatar_url="https://img.shop.example/ana.jpg")

    make.wait_until(lambda: framed.open().why == "rule_held")

    shown = framed.open()
    assert (shown.image.width_px, shown.image.height_px) == (300, 100)
    assert receiver.asked == ["/ana.jpg"]
    assert framed.click().url == "https://shop.example/you"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nothing",
        "http://img.shop.example/a.png",
        "https://other.example/a.png",
        "asset:hero",
        "https://img.shop.example/none",
    ],
)
def test_without_a_picture_that_may_be_had_the_fallback_is_shown(framed: Desk, url: str) -> None:
    framed.save(avatar_url=url)

    make.wait_until(lambda: framed.open().why == "cannot_render")

    assert framed.open().image.mimetype == "image/png"
    assert framed.click().url == "https://shop.example/"


def test_a_hostile_file_of_another_server_is_refused_like_an_upload(framed: Desk, receiver: Receiver) -> None:
    receiver.answers["/a.png"] = ok(b"%!PS-Adobe-3.0 EPSF-3.0")
    framed.save(avatar_url="https://img.shop.example/a.png")

    make.wait_until(lambda: framed.open().why == "cannot_render")


def test_where_no_server_is_allowed_the_fallback_is_shown(desk: Desk) -> None:
    desk.publish(version=2, variants=VARIANTS)
    desk.save(avatar_url=URL)

    assert desk.open().why == "cannot_render"


def test_everybody_gets_their_own_picture(framed: Desk, receiver: Receiver) -> None:
    for name, colour in (("ana", "red"), ("ben", "blue")):
        picture = drawing((300, 100))
        picture.paste(colour, (0, 0, 300, 100))
        receiver.answers[f"/{name}.png"] = ok(saved(picture, "PNG"))
        framed.save(name, avatar_url=f"https://img.shop.example/{name}.png")
    ana, ben = framed.token(), framed.token(customer_id="ben", touch_id="t-2")

    for token in (ana, ben):
        make.wait_until(lambda token=token: framed.open(token).why == "rule_held")

    assert framed.open(ana).image.data != framed.open(ben).image.data
    assert len(receiver.asked) == 2
