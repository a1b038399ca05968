"""/v1/assets: pictures are decoded once, kept and published; everything else is refused."""

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image as Pictures
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests import make
from tests.flows.files import drawing, exif, noise, saved
from tests.renderers.fonts import blocks
from tests.web.conftest import Caller, Told


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20)) -> bytes:
    data = io.BytesIO()
    Pictures.new("RGB", size, "teal").save(data, kind)
    return data.getvalue()


def upload(call: Caller, content: bytes, name: str = "hero") -> Told:
    # Encoded here: the test client would leave a large body's temporary file open.
    file = FileStorage(io.BytesIO(content), "whatever.exe", "file")
    boundary, data = encode_multipart({"name": name, "file": file})
    return call("POST", "/v1/assets", data=data, content_type=f"multipart/form-data; boundary={boundary}")


@pytest.mark.parametrize(
    ("kind", "mimetype"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif")]
)
def test_a_picture_is_kept_and_every_process_has_it(call: Caller, kind: str, mimetype: str) -> None:
    content = picture(kind)

    answer = upload(call, content)

    told = answer.json
    assert answer.status == 200
    assert (told["mimetype"], told["width"], told["height"], told["bytes"]) == (
        mimetype,
        40,
        20,
        len(content),
    )
    assert told["reference"] == "asset:hero"
    call.house.snapshot.refresh()
    assert call.house.snapshot.asset("hero") == content


@pytest.mark.parametrize("side", [300, 500, 700])
def test_a_photograph_arrives_whole_whatever_bytes_are_in_it(call: Caller, side: int) -> None:
    content = saved(noise((side, side)), "JPEG", quality=90)

    answer = upload(call, content)

    assert (answer.status, answer.json["bytes"]) == (200, len(content))


def test_what_was_done_to_make_a_picture_plain_is_told(call: Caller) -> None:
    answer = upload(call, saved(drawing((400, 200)), "WEBP", lossless=True, exif=exif(6)))

    told = answer.json
    assert (told["mimetype"], told["width"], told["height"]) == ("image/png", 200, 400)
    assert told["changes"] == ["turned upright", "saved as PNG"]
    call.house.snapshot.refresh()
    assert hashlib.sha256(call.house.snapshot.asset("hero") or b"").hexdigest() == told["sha256"]


def test_a_block_with_an_uploaded_picture_can_be_published(call: Caller) -> None:
    upload(call, picture(size=(300, 100)))
    shown = {"creative": {"kind": "image", "params": {"source": "asset:hero"}}}
    call.ok("PUT", "/v1/blocks/hero", make.block(fallback=shown))

    assert call.ok("POST", "/v1/blocks/hero/publish", {})["version"] == 1
    seen = call.ok("POST", "/v1/blocks/hero/preview", {})
    assert seen["choice"]["why"] == "unknown_customer"


def bomb() -> bytes:
    """A PNG that says it is 60,000 pixels a side."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture("BMP"),
        picture()[:60],
        bomb(),
        b"%!PS-Adobe",
    ],
    ids=["empty", "text", "svg", "bmp", "torn", "bomb", "postscript"],
)
def test_what_is_no_picture_is_refused(call: Caller, content: bytes) -> None:
    answer = upload(call, content)

    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "/file"


def test_a_picture_over_10_mb_is_413(call: Caller) -> None:
    assert upload(call, b"\x89PNG" + b"x" * (10 * 2**20)).status == 413
    assert upload(call, b"x" * (12 * 2**20)).status == 413


@pytest.mark.parametrize("name", ["", "a/b", "../x", "a" * 101, "ü"])
def test_a_name_that_no_creative_could_use_is_refused(call: Caller, name: str) -> None:
    answer = upload(call, picture(), name)

    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "/name"


def test_a_form_without_a_file_and_a_body_of_json_are_refused(call: Caller) -> None:
    without = call("POST", "/v1/assets", data={"name": "hero"}, content_type="multipart/form-data")
    as_text = call(
        "POST", "/v1/assets", data={"name": "hero", "file": "text"}, content_type="multipart/form-data"
    )

    assert without.json["errors"] == [{"pointer": "/file", "detail": "this field is required"}]
    assert as_text.status == 422
    assert as_text.json["errors"] == [{"pointer": "/file", "detail": "must be a file, not a text"}]
    assert call("POST", "/v1/assets", {"name": "hero"}).status == 415


def test_a_font_is_kept_and_sets_the_words_of_a_block(call: Caller) -> None:
    answer = upload(call, blocks(), "brand")
    shown = {"creative": {"kind": "text", "params": {"text": "Abc", "font": "asset:brand"}}}
    call.ok("PUT", "/v1/blocks/hero", make.block(fallback=shown))

    assert (answer.json["mimetype"], answer.json["width"]) == ("font/ttf", 0)
    assert answer.json["changes"] == ["rebuilt with 17 characters and without hinting"]
    assert call.ok("POST", "/v1/blocks/hero/publish", {})["version"] == 1


def test_a_block_with_a_picture_for_a_font_is_not_published(call: Caller) -> None:
    upload(call, picture(), "brand")
    shown = {"creative": {"kind": "text", "params": {"text": "Abc", "font": "asset:brand"}}}

    answer = call("PUT", "/v1/blocks/hero", make.block(fallback=shown))

    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "/fallback/creative/params/font"
