"""Feeds: read whatever comes, kept when good, and the last good items stay."""

import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.catalogs.feeds import ANY_HOST, Feed
from app.flows import catalogs
from app.flows.catalogs import save_items
from app.flows.feeds import polling, reading, saying
from app.flows.feeds.reading import BadFeed, BadRecord, records_of
from app.flows.fetching import Fetcher, File, Refused, Validators
from app.stores.cold import catalogs as cold_catalogs
from app.stores.cold.engine import Cold, connect
from app.stores.hot import catalogs as hot_catalogs
from app.stores.hot.server import HotStore
from tests import make
from tests.flows.receiver import Receiver, dribbling, ok
from tests.servers import ValkeyServer

CSV = b"id,title,price,link\nmug,Tide mug,24.00 EUR,https://shop.example/mug\nbowl,Moss bowl,18 EUR,\n"
XML = b"""<?xml version="1.0"?><shop xmlns:g="http://base.example/1.0"><products>
<product sku="mug"><title>Tide mug</title><g:price>24.00 EUR</g:price><images><image>a.png</image>
<image>b.png</image></images></product><product sku="bowl"><title>Moss &lt;bowl&gt;</title></product>
</products></shop>"""
RSS = b"""<rss><channel><title>Paper</title><item><title>On tides</title><guid>a</guid>
<enclosure url="https://img.paper.example/a.jpg" type="image/jpeg"/></item></channel></rss>"""
ATOM = b"<feed><title>Paper</title><entry><id>a</id><title>On tides</title><link href='https://p.example/'/></entry></feed>"


def records(content: bytes, form: str = "csv", path: str = "") -> list[Any]:
    return list(records_of(content, Feed("https://shop.example/feed", form, path=path)))


def good(content: bytes, form: str = "csv", path: str = "") -> list[Any]:
    return [one for one in records(content, form, path) if not isinstance(one, BadRecord)]


@pytest.mark.parametrize(
    "content",
    [
        CSV,
        b"\xef\xbb\xbf" + CSV,
        CSV.replace(b",", b";"),
        CSV.replace(b",", b"\t").replace(b"\n", b"\r\n"),
        CSV.decode().encode("utf-16"),
        gzip.compress(CSV),
    ],
)
def test_csv_is_read_as_it_is_written(content: bytes) -> None:
    assert [(one["id"], one["title"]) for one in good(content)] == [
        ("mug", "Tide mug"),
        ("bowl", "Moss bowl"),
    ]


def test_letters_of_windows_are_read_where_they_are_no_utf8() -> None:
    assert good("id,title\na,Dünen\n".encode("windows-1252")) == [{"id": "a", "title": "Dünen"}]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ([{"id": "a", "image": {"url": "x"}}], ""),
        ({"shop": {"products": [{"id": "a", "image": {"url": "x"}}]}}, "shop/products"),
    ],
)
def test_json_is_a_list_or_has_one_at_a_path(document: object, path: str) -> None:
    assert good(json.dumps(document).encode(), "json", path) == [{"id": "a", "image/url": "x"}]


def test_json_may_come_line_by_line_and_one_bad_line_spoils_no_other() -> None:
    found = records(b'{"id":"a"}\n\n{"id":\n[1]\n{"id":"b"}\n', "json")

    assert [one if isinstance(one, dict) else "bad" for one in found] == [
        {"id": "a"},
        "bad",
        "bad",
        {"id": "b"},
    ]


def test_xml_is_read_by_the_name_of_its_items() -> None:
    first, second = good(XML, "xml")

    assert first == {
        "@sku": "mug",
        "title": "Tide mug",
        "g:price": "24.00 EUR",
        "images/image": ["a.png", "b.png"],
    }
    assert second["title"] == "Moss <bowl>"
    assert good(RSS, "rss")[0]["enclosure@url"] == "https://img.paper.example/a.jpg"
    assert good(ATOM, "rss")[0]["link@href"] == "https://p.example/"
    assert [one.keys() for one in good(XML, "xml", "shop/image")] == [set(), set()]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<x><product><title>&b;</title></product></x>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<x><product><title>&a;</title></product></x>"""


@pytest.mark.parametrize(
    ("content", "form", "says"),
    [
        (b"", "csv", "it is empty"),
        (b"  \n", "json", "it is empty"),
        (b"<!DOCTYPE html><html><body>Sorry</body></html>", "csv", "a web page"),
        (b"\n <HTML><body>Sorry</body></HTML>", "xml", "a web page"),
        (b"<?xml version='1.0'?><a/>", "csv", "not CSV"),
        (b'{"id": 1}', "csv", "not CSV"),
        (b"id,ti\0tle\n", "csv", "NUL"),
        (b"a," * 400 + b"\n", "csv", "more than 300 names"),
        (b"<a/>", "json", "no JSON"),
        (b"[" * 100_000, "json", "no JSON"),
        (BOMB, "xml", "declares an entity"),
        (OUTSIDE, "xml", "declares an entity"),
        (b"<a><b>", "xml", "no well-formed XML"),
        (b"<a>" * 50_000, "xml", "nested more than"),
        (b"<shop><item/></shop>", "xml", "without a single product"),
        (b"<?xml version='1.0' encoding='klingon'?><a/>", "xml", "encoding"),
        (b"<?xml version='1.0' encoding='utf-8'?><a>\xff\xfe</a>", "xml", "no well-formed XML"),
        (gzip.compress(CSV)[:-20], "csv", "ended early"),
        (b"\x1f\x8b" + b"x" * 50, "csv", "cannot be unpacked"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_sentence(content: bytes, form: str, says: str) -> None:
    with pytest.raises(BadFeed, match=says):
        records(content, form)


def test_a_small_file_that_unpacks_to_a_large_one_is_refused() -> None:
    with pytest.raises(BadFeed, match="256 MB when it is unpacked"):
        records(gzip.compress(bytes(reading.UNPACKED_MAX + 10)))


# --- looking at feeds ------------------------------------------------------------------------


class Source:
    """Somebody's server as the poller sees it."""

    def __init__(self, content: bytes = CSV) -> None:
        self.content = content
        self.etag = "1"
        self.refuses = ""
        self.asked: list[Validators] = []

    def __call__(self, _: str, known: Validators) -> File:
        self.asked.append(known)
        if self.refuses:
            raise Refused(self.refuses)
        is_known = bool(known.etag) and known.etag == self.etag
        return File(None if is_known else self.content, Validators(self.etag), 0.0)

    def gives(self, content: bytes) -> None:
        self.content = content
        self.etag = str(int(self.etag) + 1)


def lines(*item_ids: str, **fields: str) -> bytes:
    more = "".join(f",{value}" for value in fields.values())
    head = ",".join(["id", "title", *fields])
    return "\n".join([head, *(f"{one},{one.title()}{more}" for one in item_ids)]).encode()


@pytest.fixture
def source() -> Source:
    return Source()


class Desk:
    """A catalogue with a feed, looked at again and again."""

    def __init__(self, cold: Cold, hot: HotStore, source: Source) -> None:
        self.cold, self.hot, self.source = cold, hot, source
        self.now = make.NOW

    def say(self, **fields: Any) -> None:
        document = {"url": "https://shop.example/feed.csv", "format": "csv", **fields}
        saying.save(self.cold, self.hot, "shop", document, now=self.now)

    def look(self, hours: float = 0) -> dict[str, Any]:
        self.now += timedelta(hours=hours)
        polling.poll_due(self.cold, self.hot, self.source, now=self.now, is_over=lambda: False)
        return self.feed.state

    @property
    def feed(self) -> Any:
        return saying.fetch(self.cold, "shop")

    def items(self) -> list[str]:
        with self.cold.reading() as connection:
            return [one.item_id for one in cold_catalogs.page(connection, "shop")]

    def hot_items(self, *item_ids: str) -> list[str]:
        return [str(one["item_id"]) for one in hot_catalogs.fetch_items(self.hot, "shop", item_ids)]


@pytest.fixture
def desk(cold: Cold, hot: HotStore, source: Source) -> Desk:
    desk = Desk(cold, hot, source)
    desk.say()
    return desk


def test_items_of_a_feed_that_lead_to_hosts_not_named_are_refused(cold: Cold, hot: HotStore) -> None:
    content = lines("mug", "bowl", link="https://shop.example/")
    content += b"\ncup,Cup,https://elsewhere.example/"
    desk = Desk(cold, hot, Source(content))
    desk.say()

    polling.poll_due(
        cold, hot, desk.source, now=desk.now, is_over=lambda: False, link_hosts=("shop.example",)
    )

    assert desk.items() == ["bowl", "mug"]
    assert desk.feed.state["problems"] == [
        {"record": 3, "detail": "/url LINK_HOSTS does not name 'elsewhere.example'"}
    ]


def test_a_feeds_items_are_the_catalogues_and_opens_have_them(desk: Desk) -> None:
    state = desk.look()

    assert (state["status"], state["added"], state["removed"]) == ("good", 2, 0)
    assert desk.items() == ["bowl", "mug"]
    assert desk.hot_items("mug", "bowl") == ["mug", "bowl"]
    assert desk.feed.next_at == make.NOW + timedelta(hours=1)


def test_it_is_looked_at_again_at_its_interval_with_what_its_server_called_it(desk: Desk) -> None:
    desk.look()
    desk.look()
    desk.look(1)

    assert desk.source.asked == [Validators(), Validators("1")]
    assert desk.feed.state["good_at"] == desk.now.isoformat()


def test_what_is_gone_is_removed_and_what_changed_is_changed(desk: Desk) -> None:
    desk.look()
    desk.source.gives(CSV.replace(b"24.00", b"18.00").replace(b"bowl", b"vase"))

    state = desk.look(1)

    assert (state["added"], state["changed"], state["removed"], state["unchanged"]) == (1, 1, 1, 0)
    assert desk.items() == ["mug", "vase"]
    assert desk.hot_items("bowl", "mug", "vase") == ["mug", "vase"]
    [mug] = hot_catalogs.fetch_items(desk.hot, "shop", ["mug"])
    assert (mug["price"], mug["earlier_price"]) == (18, 24)


def test_what_the_api_saved_stays(desk: Desk) -> None:
    save_items(desk.cold, desk.hot, "shop", [{"item_id": "urn", "title": "Urn"}], now=make.NOW)
    desk.look()
    desk.source.gives(lines("mug"))
    desk.look(1)

    assert desk.items() == ["mug", "urn"]


def test_bad_records_are_told_and_the_good_ones_are_kept(desk: Desk) -> None:
    desk.source.gives(
        CSV + b"vase,Vase,free,\nmug,Again,1,\n,No id,1,\nlamp,Lamp,5,,,,\nurn,Urn,5,\ncup,Cup,5,\n"
    )

    state = desk.look()

    assert (state["status"], state["items"], state["refused"]) == ("good", 4, 4)
    assert [(one["record"], one["detail"][:9]) for one in state["problems"]] == [
        (3, "/price is"),
        (4, "/item_id "),
        (5, "/item_id "),
        (6, "has 7 fie"),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html>Sorry</html>", "a web page"),
        (b"id,title\n", "no items"),
        (b"id,name_of_it\na,b\nc,d\n", "2 of its 2 records cannot be used: record 1 /title is needed"),
        (b"", "it is empty"),
    ],
)
def test_a_broken_feed_leaves_the_last_good_items(desk: Desk, content: bytes, reason: str) -> None:
    desk.look()
    desk.source.gives(content)

    state = desk.look(1)

    assert (state["status"], state["failures"]) == ("failed", 1)
    assert reason in state["reason"]
    assert desk.items() == ["bowl", "mug"]
    assert state["good_at"] == make.NOW.isoformat()


def test_a_failing_feed_is_looked_at_ever_later_and_well_again_at_its_interval(desk: Desk) -> None:
    desk.source.refuses = "shop.example answered 500"
    pauses = []
    for _ in range(6):
        desk.look()
        pauses.append((desk.feed.next_at - desk.now) / timedelta(minutes=1))
        desk.now = desk.feed.next_at
    desk.source.refuses = ""

    state = desk.look()

    assert pauses == [5, 10, 20, 40, 60, 60]
    assert (state["status"], state["failures"], state["reason"]) == ("good", 0, "")


def test_a_feed_that_shrinks_by_more_than_half_waits_to_be_confirmed(desk: Desk) -> None:
    many = [f"item-{number}" for number in range(20)]
    desk.source.gives(lines(*many))
    desk.look()
    desk.source.gives(lines(*many[:9]))

    held = desk.look(1)
    still = desk.look(1)
    before = len(desk.items())
    saying.confirm(desk.cold, desk.hot, "shop", now=desk.now)
    confirmed = desk.look()

    assert (held["status"], held["held"], still["status"]) == ("held", {"had": 20, "has": 9}, "held")
    assert (before, len(desk.items())) == (20, 9)
    assert (confirmed["status"], confirmed["removed"], "held" in confirmed) == ("good", 11, False)


def test_a_feed_that_grew_again_needs_no_confirmation(desk: Desk) -> None:
    many = [f"item-{number}" for number in range(20)]
    desk.source.gives(lines(*many))
    desk.look()
    desk.source.gives(lines(*many[:3]))
    desk.look(1)
    desk.source.gives(lines(*many[:12]))

    state = desk.look(1)

    assert (state["status"], len(desk.items())) == ("good", 12)


def test_a_feed_of_many_is_copied_at_once(desk: Desk) -> None:
    desk.source.gives(lines(*(f"item-{number}" for number in range(2_500))))

    state = desk.look()

    assert state["added"] == 2_500
    assert len(desk.hot_items("item-0", "item-2499")) == 2
    assert catalogs.bring_along(desk.cold, desk.hot) == 0


def test_a_feed_is_forgotten_and_its_items_stay(desk: Desk) -> None:
    desk.look()
    saying.remove(desk.cold, "shop")

    polling.poll_due(
        desk.cold, desk.hot, desk.source, now=desk.now + timedelta(days=1), is_over=lambda: False
    )

    assert len(desk.source.asked) == 1
    assert desk.items() == ["bowl", "mug"]


def test_a_feed_said_anew_while_it_is_fetched_is_looked_at_again(desk: Desk) -> None:
    def meanwhile(url: str, known: Validators) -> File:
        desk.now += timedelta(seconds=1)
        desk.say(every="P1D")
        return desk.source(url, known)

    polling.poll_due(desk.cold, desk.hot, meanwhile, now=desk.now, is_over=lambda: False)

    assert desk.feed.state == {}
    assert desk.look()["status"] == "good"


# --- over the wire, and killed ---------------------------------------------------------------


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


def fetcher(receiver: Receiver, **bounds: Any) -> polling.Fetch:
    how = {"within_s": 1.0, "types": polling.TYPES, "file_bytes": 50_000, **bounds}
    made = Fetcher(ANY_HOST, receiver.dial, receiver.trusting, **how)
    return made.fetch


URL = "https://img.shop.example/feed.csv"


@pytest.mark.parametrize("mimetype", ["text/csv; charset=utf-8", "application/octet-stream", "text/plain"])
def test_a_feed_is_fetched_by_https_whatever_its_server_calls_it(receiver: Receiver, mimetype: str) -> None:
    receiver.answers["/feed.csv"] = ok(CSV, mimetype)

    assert fetcher(receiver)(URL, Validators()).content == CSV


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (ok(b"<html>", "text/html"), "it is text/html, and "),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 5000000000\r\n\r\n", "more than"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n" + b"a,b\n" * 20_000, "more than"),
        (dribbling(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n"), "did not answer well|longer than"),
        (ok(CSV, "text/csv").replace(b"Content-Length: ", b"Content-Length: 9"), "well|ended early|longer"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://img.shop.example/\r\n\r\n", "https address"),
    ],
)
def test_a_feed_that_is_large_slow_or_something_else_is_refused(
    receiver: Receiver, answer: Any, says: str
) -> None:
    receiver.answers["/feed.csv"] = answer

    with pytest.raises(Refused, match=says):
        fetcher(receiver)(URL, Validators())


@pytest.mark.parametrize("url", ["https://127.0.0.1/feed", "https://localhost/feed", "https://[::1]/feed"])
def test_no_feed_is_fetched_from_inside(url: str) -> None:
    with pytest.raises(Refused):
        polling.fetch_public(url, Validators())


KILLED_HALFWAY = """
import os, signal, sys
from app.flows.feeds import keeping
from app.flows.feeds.polling import poll_due
from app.flows.fetching import File, Validators
from app.stores.cold import catalogs
from app.stores.cold.engine import connect
from app.stores.hot.server import connect as connect_hot
from tests import make

def dying(*told):
    kept(*told)
    os.kill(os.getpid(), signal.SIGKILL)

where = catalogs if sys.argv[3] == "save_items" else keeping.hot_catalogs
kept = getattr(where, "save_items")
where.save_items = dying if sys.argv[3] == "save_items" else (lambda *_: os.kill(os.getpid(), signal.SIGKILL))
content = b"id,title\\nmug,Another mug\\nvase,Vase\\n"
file = File(content, Validators(), 0.0)
hot = connect_hot(sys.argv[2], partitions=16)
poll_due(connect(sys.argv[1]), hot, lambda *_: file, now=make.NOW.replace(hour=23), is_over=lambda: False)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "items"), [("save_items", ["bowl", "mug"]), ("after_sql", ["mug", "vase"])]
)
def test_a_worker_killed_half_way_leaves_a_whole_catalogue(
    sqlite_url: str, valkey: ValkeyServer, hot: HotStore, place: str, items: list[str]
) -> None:
    cold = connect(sqlite_url)
    desk = Desk(cold, hot, Source())
    desk.say()
    desk.look()

    died = subprocess.run(
        [sys.executable, "-c", KILLED_HALFWAY, sqlite_url, valkey.url, place],
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    after = desk.items()
    catalogs.bring_along(cold, hot)
    titles = [one["title"] for one in hot_catalogs.fetch_items(hot, "shop", after)]
    desk.source.gives(b"id,title\nmug,Another mug\nvase,Vase\n")
    state = desk.look(24)

    assert died.returncode == -signal.SIGKILL
    assert after == items
    assert titles == (["Moss bowl", "Tide mug"] if place == "save_items" else ["Another mug", "Vase"])
    assert (state["status"], desk.items()) == ("good", ["mug", "vase"])
    cold.close()
