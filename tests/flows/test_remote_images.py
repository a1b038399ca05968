"""Pictures of other servers in blocks: workers fetch them, opens show what is there in time."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest

from app.flows.fetching import Fetcher
from app.flows.image_fetching import FAILED_S, STALE_S, renew
from app.flows.pictures import Gallery
from app.flows.remote_images import RemoteImages
from app.flows.slow_work import Late, SlowWork
from app.stores.hot import images, leases
from app.stores.hot.server import HotStore
from app.workers.images import ImageFetcher
from renderers import CannotRender
from tests import make
from tests.desk import Desk
from tests.flows.files import drawing, exif, moving, saved
from tests.flows.receiver import Receiver, ok
from tests.servers import ValkeyServer

URL = "https://img.shop.example/ana.png"
HOSTS = ("img.shop.example",)
FRESH_S = 3_600.0
AVATAR = {"kind": "image", "params": {"source": "{{ customer.avatar_url }}", "fit": "contain"}}
VARIANTS = [{"id": "avatar", "creative": AVATAR, "link": "https://shop.example/you"}]


def picture(colour: str = "red") -> bytes:
    made = drawing((30, 10))
    made.paste(colour, (0, 0, 30, 10))
    return saved(made, "PNG")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    receiver.answers["/ana.png"] = ok(picture())
    yield receiver
    receiver.close()


@dataclass
class Street:
    """A web process and a worker on one hot store, the process's clock to be set, and its pictures."""

    hot: HotStore
    receiver: Receiver
    now_s: float = 1_000.0

    def __post_init__(self) -> None:
        self.log: list[str] = []
        self.remote = self.process()

    def process(self, **how: object) -> RemoteImages:
        return RemoteImages(self.hot, HOSTS, clock=lambda: self.now_s, **how)  # type: ignore[arg-type]

    def work(self, worker: str = "w-0") -> list[str]:
        """Fetch all that is wanted now, as a worker does; answers how each ended."""
        ended = []
        while url := images.next_wanted(self.hot, wait_s=0.01):
            ended.append(self.renew(url, worker))
        return ended

    def renew(self, url: str = URL, worker: str = "w-0", **how: int) -> str:
        fetcher = Fetcher(HOSTS, self.receiver.dial, self.receiver.trusting, within_s=2.0)
        return renew(
            self.hot,
            fetcher.fetch,
            url,
            worker=worker,
            log=lambda host, why: self.log.append(f"{host}: {why}"),
            **how,
        )

    def show(self, url: str = URL, process: RemoteImages | None = None) -> bytes | None:
        """The picture as an open sees it that waits for nothing; None while it is being fetched."""
        try:
            return (process or self.remote).picture(url, within_s=0.0).content
        except Late:
            return None

    def fetched(self, url: str = URL) -> bytes:
        assert self.show(url) is None
        self.work()
        content = self.show(url)
        assert content is not None
        return content

    def pass_by(self, seconds: float) -> None:
        """Time goes by, here and in Redis."""
        self.now_s += seconds
        for key in self.hot.client.scan_iter("{images}:p:*"):
            fresh_until = float(self.hot.client.hget(key, "f") or 0)
            self.hot.client.hset(key, "f", str(int(fresh_until - seconds * 1000)))
            left_ms = int(self.hot.client.pttl(key) - seconds * 1000)
            self.hot.client.pexpire(key, max(left_ms, 0))


@pytest.fixture
def street(hot: HotStore, receiver: Receiver) -> Iterator[Street]:
    street = Street(hot, receiver)
    yield street
    street.remote.close()


def test_a_picture_is_fetched_once_for_all_processes(street: Street) -> None:
    first = street.fetched()
    other = street.process()

    assert street.show(process=other) == first == street.show()
    assert street.receiver.asked == ["/ana.png"]
    assert street.work() == []
    other.close()


def test_a_heavy_moving_picture_is_made_lighter_as_an_upload_is(street: Street) -> None:
    heavy = moving(frames=30, size=(200, 100), disposal=2)
    street.receiver.answers["/ana.png"] = ok(heavy)

    assert street.show() is None
    assert street.renew(moving_bytes=len(heavy) // 2) == "fetched"
    content = street.show()

    assert content is not None
    assert content.startswith(b"GIF89a")
    assert len(content) <= len(heavy) // 2


def test_one_that_is_not_fresh_is_shown_while_a_worker_fetches_a_newer_one(street: Street) -> None:
    first = street.fetched()
    street.receiver.answers["/ana.png"] = ok(picture("blue"))
    street.pass_by(FRESH_S + 1)

    assert street.show() == first
    make.wait_until(lambda: images.figures(street.hot).wanted == 1)
    assert street.work() == ["fetched"]
    street.now_s += 3
    make.wait_until(lambda: street.show() != first)
    assert street.remote.found["stale"] >= 1


def test_a_server_that_says_how_long_is_believed(street: Street) -> None:
    named = b"\r\nCache-Control: max-age=7200\r\n\r\n"
    street.receiver.answers["/ana.png"] = ok(picture()).replace(b"\r\n\r\n", named, 1)
    street.fetched()

    street.pass_by(7_100)
    street.show()
    fresh = street.remote.found["stale"] == 0
    street.pass_by(200)
    street.show()

    assert fresh
    assert street.remote.found["stale"] == 1


def test_one_that_is_as_it_was_is_not_sent_again(street: Street) -> None:
    street.receiver.answers["/ana.png"] = ok(picture()).replace(b"\r\n\r\n", b'\r\nETag: "v1"\r\n\r\n', 1)
    first = street.fetched()
    street.receiver.answers["/ana.png"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    street.pass_by(FRESH_S + 1)

    assert street.renew() == "unchanged"

    assert street.receiver.requests[-1]["if-none-match"] == '"v1"'
    other = street.process()
    assert street.show(process=other) == first
    assert other.found == {"fresh": 0, "stale": 0, "waited": 1, "late": 0, "missing": 0}
    other.close()


def test_the_last_good_copy_is_shown_while_its_server_fails_and_for_a_day(street: Street) -> None:
    first = street.fetched()
    street.receiver.answers["/ana.png"] = b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"
    street.pass_by(FRESH_S + 1)

    assert street.renew() == "failed"
    other = street.process()
    assert (street.show(process=other), street.show()) == (first, first)
    assert street.log == ["img.shop.example: it answered 500"]

    street.pass_by(STALE_S)
    assert street.show(process=other) is None
    other.close()


def test_what_is_not_to_be_had_is_told_at_once_and_asked_for_again_a_minute_later(street: Street) -> None:
    missing = "https://img.shop.example/missing.png"
    assert street.show(missing) is None
    assert street.work() == ["failed"]

    for _ in range(3):
        with pytest.raises(CannotRender, match=r"^/source: it answered 404"):
            street.show(missing)
    assert street.work() == []
    street.receiver.answers["/missing.png"] = ok(picture())
    street.pass_by(FAILED_S + 1)

    assert street.fetched(missing) != b""


def test_the_pause_grows_while_it_is_not_to_be_had(street: Street) -> None:
    pauses = []
    for _ in range(6):
        assert street.renew("https://img.shop.example/missing.png") == "failed"
        _, fresh_s = images.held(street.hot, "https://img.shop.example/missing.png")
        pauses.append(round(fresh_s, -1))
        street.pass_by(fresh_s + 1)

    assert pauses == [60, 120, 240, 480, 600, 600]


@pytest.mark.parametrize("url", ["", "http://img.shop.example/a.png", "https://other.example/a.png"])
def test_an_address_that_is_not_allowed_is_wanted_of_nobody(street: Street, url: str) -> None:
    with pytest.raises(CannotRender, match=r"^/source: "):
        street.show(url)

    assert images.figures(street.hot).wanted == 0
    assert street.remote.found["missing"] == (url != "")


def test_an_open_waits_for_the_worker_no_longer_than_it_may(street: Street) -> None:
    began_s = time.monotonic()
    with pytest.raises(Late):
        street.process(wait_s=0.1).picture(URL, within_s=5)

    assert 0.05 < time.monotonic() - began_s < 0.3


def test_one_that_comes_in_time_is_shown_at_the_first_open(street: Street) -> None:
    waiting = street.process(wait_s=2.0)
    shown: list[bytes] = []
    thread = threading.Thread(target=lambda: shown.append(waiting.picture(URL, within_s=5).content))
    thread.start()
    make.wait_until(lambda: images.figures(street.hot).wanted == 1)
    street.work()
    thread.join(5)

    assert len(shown) == 1
    assert waiting.found["waited"] == 1
    waiting.close()


def test_what_somebody_fetches_is_fetched_by_nobody_else_and_wanted_no_more(street: Street) -> None:
    assert leases.take(street.hot, images.lease_name(URL), "w-1", ms=5_000)

    assert street.show() is None
    assert images.figures(street.hot).wanted == 0
    assert street.renew() == "busy"
    leases.leave(street.hot, images.lease_name(URL), "w-1")
    assert street.renew() == "fetched"
    assert street.renew() == "fresh"
    assert len(street.receiver.asked) == 1


def test_with_redis_away_what_the_process_has_is_shown(street: Street, valkey: ValkeyServer) -> None:
    first = street.fetched()
    valkey.kill()
    street.now_s += FRESH_S + 1

    assert street.show() == first
    with pytest.raises(CannotRender, match="Redis"):
        street.show("https://img.shop.example/other.png")
    street.now_s += STALE_S
    with pytest.raises(CannotRender, match="Redis"):
        street.show()


def test_what_a_process_keeps_is_bounded(street: Street) -> None:
    small = street.process(max_bytes=3_000)
    for number in range(10):
        street.receiver.answers[f"/{number}.png"] = ok(picture())
        url = f"https://img.shop.example/{number}.png"
        assert street.show(url, small) is None
        street.work()
        assert street.show(url, small)

    assert small._bytes <= 3_000
    assert 1 < len(small._held) < 6
    small.close()


def test_of_too_many_those_go_that_were_not_used_for_longest(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "COUNT_MAX", 3)
    urls = [f"https://img.shop.example/{number}.png" for number in range(4)]
    for number, url in enumerate(urls):
        street.receiver.answers[f"/{number}.png"] = ok(picture())
        street.renew(url)
        time.sleep(0.002)
        images.read(street.hot, urls[0])

    kept = [images.read(street.hot, url) is not None for url in urls]

    assert kept == [True, False, True, True]
    assert images.figures(street.hot).held == 3


def test_the_bytes_kept_for_all_are_bounded(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "BYTES_MAX", 2_000)
    for number in range(8):
        street.receiver.answers[f"/{number}.png"] = ok(picture())
        street.renew(f"https://img.shop.example/{number}.png")

    told = images.figures(street.hot)
    keys = list(street.hot.client.scan_iter("{images}:p:*"))

    assert told.held_bytes <= 2_000
    assert (len(keys), told.counts) == (told.held, {"fetched": 8})
    assert told.held_bytes == sum(500 + len(street.hot.client.hget(key, "c") or b"") for key in keys)


def test_what_waits_to_be_fetched_is_bounded(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "WANTED_MAX", 5)
    for number in range(9):
        street.show(f"https://img.shop.example/{number}.png")

    assert images.figures(street.hot).wanted == 5


@contextmanager
def working(hot: HotStore, fetch: Callable[..., object], threads: int = 3) -> Iterator[None]:
    """A worker's fetching threads at work."""
    stop = threading.Event()
    fetcher = ImageFetcher(hot, fetch, name="w-0", stop=stop, threads=threads)  # type: ignore[arg-type]
    fetcher.start()
    try:
        yield
    finally:
        stop.set()
        fetcher.join(3)


@pytest.fixture
def framed(desk: Desk, receiver: Receiver) -> Iterator[Desk]:
    """A desk whose block shows the customer's own picture, of a server that is ours, and a worker."""
    remote = RemoteImages(desk.hot, HOSTS)
    gallery = Gallery(desk.front.snapshot, slow=SlowWork(), remote=remote)
    desk.front = replace(desk.front, gallery=gallery)
    desk.publish(version=2, render_budget_ms=2_000, variants=VARIANTS)
    with working(desk.hot, Fetcher(HOSTS, receiver.dial, receiver.trusting).fetch):
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
        receiver.answers[f"/{name}.png"] = ok(picture(colour))
        framed.save(name, avatar_url=f"https://img.shop.example/{name}.png")
    ana, ben = framed.token(), framed.token(customer_id="ben", touch_id="t-2")

    for token in (ana, ben):
        make.wait_until(lambda token=token: framed.open(token).why == "rule_held")

    assert framed.open(ana).image.data != framed.open(ben).image.data
    assert sorted(receiver.asked) == ["/ana.png", "/ben.png"]


def test_a_slow_server_leaves_threads_for_the_others(hot: HotStore) -> None:
    go_on, asked = threading.Event(), []

    def fetch(url: str, _: object) -> object:
        asked.append(url)
        if "slow" in url:
            go_on.wait(5)
        raise ValueError("a bug that must end no thread")

    with working(hot, fetch, threads=5):
        for number in range(8):
            images.want(hot, f"https://slow.example/{number}.png")
        images.want(hot, "https://quick.example/a.png")
        make.wait_until(lambda: "https://quick.example/a.png" in asked)
        assert sum("slow" in url for url in asked) == 4
        go_on.set()
        make.wait_until(lambda: len(asked) == 9)
