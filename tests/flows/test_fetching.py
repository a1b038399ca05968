"""Fetching somebody else's pictures: what is asked for, of whom, and what of the answer is taken."""

import time
from collections.abc import Iterator

import pytest

from app.flows.dialling import Unreachable, dial_public, is_public
from app.flows.fetching import FILE_BYTES, Fetcher, Refused, Validators
from tests.flows.files import drawing, saved
from tests.flows.receiver import Receiver, dribbling, moved, ok

PICTURE = saved(drawing(), "PNG")
HOSTS = ("img.shop.example", "*.shop.example")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def fetcher(receiver: Receiver) -> Fetcher:
    return Fetcher(HOSTS, receiver.dial, receiver.trusting, within_s=1.0)


def test_a_picture_of_an_allowed_host_is_fetched(receiver: Receiver, fetcher: Fetcher) -> None:
    receiver.answers["/a/ana.png?v=2"] = ok(PICTURE)

    assert fetcher.fetch("https://IMG.shop.example/a/ana.png?v=2#top").content == PICTURE
    assert receiver.dialled == ["img.shop.example"]


def test_an_address_with_letters_of_any_script_is_asked_for_as_bytes(
    receiver: Receiver, fetcher: Fetcher
) -> None:
    receiver.answers["/%C3%A4na%20b.png"] = ok(PICTURE)

    assert fetcher.fetch("https://img.shop.example/äna b.png").content == PICTURE


def test_a_redirect_within_the_allowed_hosts_is_followed(receiver: Receiver, fetcher: Fetcher) -> None:
    receiver.answers["/old"] = moved("https://cdn.shop.example/new")
    receiver.answers["/new"] = moved("/newer")
    receiver.answers["/newer"] = ok(PICTURE)

    assert fetcher.fetch("https://img.shop.example/old").content == PICTURE
    assert receiver.dialled == ["img.shop.example", "cdn.shop.example", "cdn.shop.example"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://img.shop.example/a",
        "ftp://img.shop.example/a",
        "file:///etc/passwd",
        "https://img.shop.example:8443/a",
        "https://ana@img.shop.example/a",
        "https://img.shop.example@other.example/a",
        "https://other.example/a",
        "https://shop.example/a",
        "https://shop.example.other.example/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://[fe80::1%25eth0]/a",
        "https://img.shop.example\\@other.example/a",
        "https:///a",
        "https://img.shop.example/" + "a" * 2_000,
        "//img.shop.example/a",
        "javascript:alert(1)",
        "https://img.shop.example:99999/a",
    ],
)
def test_an_address_that_is_not_allowed_is_not_asked_for(
    receiver: Receiver, fetcher: Fetcher, url: str
) -> None:
    with pytest.raises(Refused):
        fetcher.fetch(url)

    assert receiver.dialled == []


def test_what_the_server_calls_its_file_is_told_and_sent_back(receiver: Receiver, fetcher: Fetcher) -> None:
    named = ok(PICTURE).replace(
        b"\r\n\r\n", b'\r\nETag: "v1"\r\nLast-Modified: Fri, 20 Nov 2026 09:02:00 GMT\r\n\r\n', 1
    )
    receiver.answers["/a"] = named
    first = fetcher.fetch("https://img.shop.example/a")
    receiver.answers["/a"] = b"HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=7200\r\n\r\n"

    again = fetcher.fetch("https://img.shop.example/a", first.validators)

    assert first.validators == Validators('"v1"', "Fri, 20 Nov 2026 09:02:00 GMT")
    assert (again.content, again.validators, again.fresh_s) == (None, first.validators, 7200)
    assert receiver.requests[-1]["if-none-match"] == '"v1"'
    assert receiver.requests[-1]["if-modified-since"] == "Fri, 20 Nov 2026 09:02:00 GMT"


def test_unchanged_is_no_answer_to_who_knows_nothing(receiver: Receiver, fetcher: Fetcher) -> None:
    receiver.answers["/a"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"

    with pytest.raises(Refused, match="it answered 304"):
        fetcher.fetch("https://img.shop.example/a")


@pytest.mark.parametrize("etag", ["x" * 300, '"\xe4"', '"a\tb"'])
def test_a_name_that_cannot_be_sent_back_is_not_kept(receiver: Receiver, fetcher: Fetcher, etag: str) -> None:
    receiver.answers["/a"] = ok(PICTURE).replace(
        b"\r\n\r\n", f"\r\nETag: {etag}\r\n\r\n".encode("latin-1"), 1
    )

    assert fetcher.fetch("https://img.shop.example/a").validators == Validators()


@pytest.mark.parametrize(
    "target", ["http://img.shop.example/a", "https://other.example/a", "https://169.254.169.254/"]
)
def test_a_redirect_out_of_the_allowed_hosts_is_not_followed(
    receiver: Receiver, fetcher: Fetcher, target: str
) -> None:
    receiver.answers["/old"] = moved(target)

    with pytest.raises(Refused):
        fetcher.fetch("https://img.shop.example/old")

    assert receiver.dialled == ["img.shop.example"]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (moved("/a"), "redirected more than 3 times"),
        (b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", "answered 500"),
        (ok(b"<svg/>", "image/svg+xml"), "no picture"),
        (ok(b"<html>", "text/html"), "no picture"),
        (
            ok(PICTURE).replace(b"Content-Length: ", b"Content-Length: 9"),
            "did not answer well|ended early|longer",
        ),
        (
            f"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: {10**12}\r\n\r\n".encode(),
            "more than 5 MB",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + bytes(FILE_BYTES + 1), "more than 5 MB"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: x\r\n\r\n", "did not answer well"),
        (b"SSH-2.0-OpenSSH\r\n", "did not answer well"),
        (b"", "did not answer well"),
        (dribbling(b""), "did not answer well|longer than"),
        (dribbling(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"), "did not answer well|longer than"),
    ],
)
def test_an_answer_that_is_no_picture_in_time_is_not_taken(
    receiver: Receiver, fetcher: Fetcher, answer: bytes, says: str
) -> None:
    receiver.answers["/a"] = answer
    started = time.monotonic()

    with pytest.raises(Refused, match=says):
        fetcher.fetch("https://img.shop.example/a")

    assert time.monotonic() - started < 2.5


def test_a_server_that_cannot_prove_its_name_is_not_asked(receiver: Receiver) -> None:
    stranger = Fetcher(("unproven.example",), receiver.dial, receiver.trusting)
    unknown = Fetcher(HOSTS, receiver.dial)

    for fetcher, host in ((stranger, "unproven.example"), (unknown, "img.shop.example")):
        with pytest.raises(Refused, match="CERTIFICATE_VERIFY_FAILED"):
            fetcher.fetch(f"https://{host}/a")
    assert receiver.asked == []


PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "192.0.2.1", "240.0.0.1",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
    "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::",
    "2001:0:7f00:1::", "2001:db8::1", "", "x",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_of_the_public_internet_is_not_connected_to(address: str) -> None:
    assert not is_public(address)
    for answer in ([address], ["93.184.215.14", address]):
        with pytest.raises(Unreachable, match="not on the public internet"):
            dial_public("img.shop.example", 0.1, resolve=lambda _, answer=answer: answer)


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111"])
def test_an_address_of_the_public_internet_is_one(address: str) -> None:
    assert is_public(address)


def test_a_host_that_dns_does_not_know_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="not on the public internet"):
        dial_public("img.shop.example", 0.1, resolve=lambda _: [])
    with pytest.raises(Unreachable):
        dial_public("a" * 64 + ".example", 0.1)
